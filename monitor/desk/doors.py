"""Who is asking: by session, by a trusted proxy's header, or nobody else's machine."""

from datetime import datetime
from threading import BoundedSemaphore

from db import accounts
from db.accounts import Account
from db.passwords import is_password
from monitor.desk.ask import Answer, Ask, Moved
from monitor.desk.house import House
from monitor.exceptions import BadInput

HASHING = BoundedSemaphore(2)  # a hash costs 16 MB and a quarter of a second of one core
LOCAL = Account(name="local", role="admin")  # who sits at this machine while there are no accounts


def cookie_name(house: House) -> str:
    """With TLS the `__Host-` prefix keeps the cookie from being set for us by a neighbour."""
    return "__Host-desk" if house.doors.secure else "desk"


def cookie(house: House, token: str, seconds: int) -> str:
    """The Set-Cookie header that carries a session."""
    secure = "; Secure" if house.doors.secure else ""
    name = cookie_name(house)
    return f"{name}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"


def who(house: House, token: str | None, header: str | None, now: datetime) -> Account | None:
    """The account of a request; None if it must sign in first."""
    if house.is_private:
        return LOCAL
    with house.accounts() as conn:
        if house.doors.user_header is not None:
            return accounts.account(conn, header) if header else None
        return accounts.session_account(conn, token, now) if token else None


def show(ask: Ask) -> Answer | Moved:
    """The form to sign in; nothing to do for who is in already."""
    if ask.account.name:
        return Moved(to="/")
    return Answer(template="login.html", data={"next": ask.said("next") or "/", "error": None})


def sign_in(ask: Ask) -> Answer | Moved:
    """Check name and password; a new session replaces whatever token the browser had."""
    name, password = ask.written("name"), "".join(ask.form.get("password", ()))[:1000]
    house = ask.house
    with house.accounts() as conn:
        if accounts.must_wait(conn, name, ask.address, ask.now):
            return _refused(ask, "wait", 429)
        # Counted before it is checked: many tries at once are many tries.
        accounts.note_try(conn, name, ask.address, ask.now)
        stored = accounts.password_of(conn, name)
    with HASHING:
        fits = is_password(stored, password)
    if not fits:
        return _refused(ask, "wrong", 401)
    with house.accounts() as conn:
        if ask.token:
            accounts.end_session(conn, ask.token)
        agent = ask.written("agent")
        token = accounts.begin_session(conn, name, address=ask.address, agent=agent, at=ask.now)
    seconds = int(accounts.ABSOLUTE.total_seconds())
    return Moved(to=ask.back(), cookies={"session": cookie(house, token, seconds)})


def sign_out(ask: Ask) -> Moved:
    """End this session."""
    if ask.token:
        with ask.house.accounts() as conn:
            accounts.end_session(conn, ask.token)
    return Moved(to="/login", cookies={"session": cookie(ask.house, "", 0)})


def _refused(ask: Ask, error: str, status: int) -> Answer:
    data = {"next": ask.back(), "error": error}
    return Answer(template="login.html", data=data, status=status)


def own(ask: Ask) -> Answer:
    """One's own account: where it is signed in."""
    with ask.house.accounts() as conn:
        sessions = accounts.sessions(conn, ask.account.name)
    return Answer(template="account.html", data={"sessions": sessions})


def change_password(ask: Ask) -> Moved:
    """Set one's own password, knowing the old one; ends all sessions, this one too."""
    with ask.house.accounts() as conn:
        stored = accounts.password_of(conn, ask.account.name)
    with HASHING:
        if not is_password(stored, ask.needed("old")):
            raise BadInput("the old password is another one")
    with ask.house.accounts() as conn:
        accounts.set_password(
            conn, ask.account.name, ask.needed("new"), who=ask.account.name, at=ask.now
        )
    return Moved(to="/login")


def revoke(ask: Ask) -> Moved:
    """Sign out elsewhere; only one's own sessions."""
    with ask.house.accounts() as conn:
        accounts.revoke_session(conn, ask.account.name, int(ask.part["session"]))
    return Moved(to="/account")
