"""Accounts, for admins: who may come in, and as what."""

import secrets

from db import accounts
from monitor.desk.ask import Answer, Ask, Missing, Moved


def index(ask: Ask) -> Answer:
    """All accounts."""
    return _page(ask, None)


def add(ask: Ask) -> Answer:
    """Add an account; its first password is shown once, to be handed over."""
    password = secrets.token_urlsafe(12)
    name = ask.needed("name")
    with ask.house.accounts() as conn:
        accounts.add_account(
            conn, name, ask.needed("role"), password, who=ask.account.name, at=ask.now
        )
    return _page(ask, {"name": name, "password": password})


def change(ask: Ask) -> Answer | Moved:
    """Another role, a new password, locked out or let in again."""
    name, what = ask.part["name"], ask.needed("change")
    with ask.house.accounts() as conn:
        if all(row["name"] != name for row in accounts.list_accounts(conn)):
            raise Missing("account")
        who, now = ask.account.name, ask.now
        if what == "role":
            accounts.change_role(conn, name, ask.needed("role"), who=who, at=now)
        elif what in ("disable", "enable"):
            accounts.set_disabled(conn, name, what == "disable", who=who, at=now)
        elif what == "password":
            password = secrets.token_urlsafe(12)
            accounts.set_password(conn, name, password, who=who, at=now)
        else:
            raise Missing("change")
    if what == "password":
        return _page(ask, {"name": name, "password": password})
    return Moved(to="/accounts")


def _page(ask: Ask, fresh: dict[str, str] | None) -> Answer:
    with ask.house.accounts() as conn:
        rows = accounts.list_accounts(conn)
    data = {"accounts": rows, "fresh": fresh, "roles": list(accounts.ROLES)}
    return Answer(template="accounts.html", data=data)
