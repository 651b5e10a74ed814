"""Who may use the desk: accounts, logins and failed tries, in a file of their own.

Passwords are kept as scrypt hashes, session tokens as sha256: a copy of the file opens no door.
"""

import os
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from db.passwords import NOTHING_FITS, hash_password
from db.store import writing
from monitor.exceptions import BadInput
from monitor.isoday import moment, parse_moment

FILE = "accounts.db"
ROLES = ("reader", "reviewer", "admin")
IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
TOUCHED_EVERY = timedelta(minutes=1)
TRIES, TRIES_PER_ADDRESS, TRIES_WITHIN = 5, 30, timedelta(minutes=15)

migrations = Migrations("accounts")


@migrations(name="0001_accounts", transactional=True)
def initial(db: Database) -> None:
    """Accounts, their sessions, tries to sign in, and what was changed by whom."""
    for statement in (
        """create table accounts (
            name text primary key, role text not null, password text, language text,
            created_at text not null, disabled_at text, last_shift_at text) strict""",
        """create table sessions (
            id integer primary key, token text not null unique,
            name text not null references accounts(name), created_at text not null,
            used_at text not null, address text not null, agent text not null) strict""",
        "create index sessions_name on sessions(name, used_at)",
        """create table tries (
            id integer primary key, at text not null, name text not null,
            address text not null) strict""",
        "create index tries_at on tries(at)",
        """create table changes (
            id integer primary key, at text not null, who text not null, name text not null,
            change text not null) strict""",
    ):
        db.execute(statement)


@dataclass(frozen=True, kw_only=True)
class Account:
    """Somebody who may sign in; `last_shift_at` is when their session before this one ended."""

    name: str
    role: str
    language: str | None = None
    last_shift_at: datetime | None = None

    def may(self, role: str) -> bool:
        """Whether this account's role includes the other."""
        return ROLES.index(self.role) >= ROLES.index(role)


def open_accounts(path: Path) -> sqlite3.Connection:
    """Open the file of accounts, made if there is none, readable by its owner only."""
    conn = sqlite3.connect(path, timeout=30, check_same_thread=False)
    conn.row_factory = sqlite3.Row
    conn.execute("pragma foreign_keys = on")
    conn.execute("pragma journal_mode = wal")
    os.chmod(path, 0o600)
    migrations.apply(Database(conn, execute_plugins=False))
    return conn


def add_account(
    conn: sqlite3.Connection, name: str, role: str, password: str | None, *, who: str, at: datetime
) -> None:
    """Add an account, without password if a proxy signs it in.

    Raises BadInput for a name in use or unfit, an unknown role or a short password.
    """
    if not name.strip() or len(name) > 60 or not name.isprintable() or name != name.strip():
        raise BadInput("name: 1 to 60 printable characters, no blank at either end")
    _check_role(role)
    hashed = None if password is None else hash_password(password)
    try:
        with writing(conn):
            conn.execute(
                "insert into accounts (name, role, password, created_at) values (?, ?, ?, ?)",
                (name, role, hashed, moment(at)),
            )
            _note(conn, who, name, f"added as {role}", at)
    except sqlite3.IntegrityError:
        raise BadInput(f"{name}: there is an account of that name") from None


def change_role(conn: sqlite3.Connection, name: str, role: str, *, who: str, at: datetime) -> None:
    """Give an account another role; raises BadInput if no admin would be left."""
    _check_role(role)
    with writing(conn):
        conn.execute("update accounts set role = ? where name = ?", (role, name))
        _check_admin_left(conn)
        _note(conn, who, name, f"role {role}", at)


def set_password(
    conn: sqlite3.Connection, name: str, password: str, *, who: str, at: datetime
) -> None:
    """Set a password and end all sessions of the account; raises BadInput if it is short."""
    hashed = hash_password(password)
    with writing(conn):
        conn.execute("update accounts set password = ? where name = ?", (hashed, name))
        conn.execute("delete from sessions where name = ?", (name,))
        _note(conn, who, name, "password set", at)


def set_disabled(
    conn: sqlite3.Connection, name: str, disabled: bool, *, who: str, at: datetime
) -> None:
    """Lock an account out at once, or let it in again; raises BadInput for the last admin."""
    with writing(conn):
        conn.execute(
            "update accounts set disabled_at = ? where name = ?",
            (moment(at) if disabled else None, name),
        )
        conn.execute("delete from sessions where name = ?", (name,))
        _check_admin_left(conn)
        _note(conn, who, name, "disabled" if disabled else "enabled", at)


def prefer(conn: sqlite3.Connection, name: str, language: str) -> None:
    """Keep the language somebody chose; nothing for who has no account."""
    with writing(conn):
        conn.execute("update accounts set language = ? where name = ?", (language, name))


def list_accounts(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """All accounts by name, without their passwords, with when each was last seen."""
    rows = conn.execute(
        """select name, role, created_at, disabled_at, password is not null as has_password,
            (select max(used_at) from sessions s where s.name = a.name) as used_at
        from accounts a order by name"""
    )
    return [dict(row) for row in rows]


def any_account(conn: sqlite3.Connection) -> bool:
    """Whether there is any account: without one the desk serves only this machine."""
    return conn.execute("select 1 from accounts limit 1").fetchone() is not None


def changes(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """What was changed about accounts, newest first."""
    rows = conn.execute("select * from changes order by id desc limit ?", (limit,))
    return [dict(row) for row in rows]


# ---------------------------------------------------------------------- signing in


def password_of(conn: sqlite3.Connection, name: str) -> str:
    """The stored hash of an account; one that nothing fits for a name that may not sign in."""
    row = conn.execute(
        "select password from accounts where name = ? and disabled_at is null", (name,)
    ).fetchone()
    return row["password"] if row and row["password"] else NOTHING_FITS


def note_try(conn: sqlite3.Connection, name: str, address: str, at: datetime) -> None:
    """Count a try to sign in until one succeeds, and forget those that no longer count."""
    with writing(conn):
        conn.execute("delete from tries where at <= ?", (moment(at - TRIES_WITHIN),))
        conn.execute(
            "insert into tries (at, name, address) values (?, ?, ?)", (moment(at), name, address)
        )


def must_wait(conn: sqlite3.Connection, name: str, address: str, at: datetime) -> bool:
    """Whether there were too many tries in vain for this name or from this address of late."""
    since = moment(at - TRIES_WITHIN)
    row = conn.execute(
        "select count(*) filter (where name = ?), count(*) filter (where address = ?)"
        " from tries where at > ?",
        (name, address, since),
    ).fetchone()
    return int(row[0]) >= TRIES or int(row[1]) >= TRIES_PER_ADDRESS


def begin_session(
    conn: sqlite3.Connection, name: str, *, address: str, agent: str, at: datetime
) -> str:
    """A new token for a signed-in account; every sign-in gets one of its own."""
    token = secrets.token_urlsafe(32)
    with writing(conn):
        conn.execute(
            """update accounts set last_shift_at =
                (select max(used_at) from sessions s where s.name = accounts.name)
            where name = ?""",
            (name,),
        )
        conn.execute("delete from tries where name = ?", (name,))
        conn.execute("delete from sessions where created_at <= ?", (moment(at - ABSOLUTE),))
        conn.execute(
            """insert into sessions (token, name, created_at, used_at, address, agent)
            values (?, ?, ?, ?, ?, ?)""",
            (_hidden(token), name, moment(at), moment(at), address, agent[:200]),
        )
    return token


def session_account(conn: sqlite3.Connection, token: str, at: datetime) -> Account | None:
    """Whose session it is; None if it was idle for two hours, is twelve hours old, or revoked."""
    row = conn.execute(
        """select s.id, s.used_at, a.* from sessions s join accounts a on a.name = s.name
        where s.token = ? and s.used_at > ? and s.created_at > ? and a.disabled_at is null""",
        (_hidden(token), moment(at - IDLE), moment(at - ABSOLUTE)),
    ).fetchone()
    if row is None:
        return None
    if parse_moment(row["used_at"]) < at - TOUCHED_EVERY:
        with writing(conn):
            conn.execute("update sessions set used_at = ? where id = ?", (moment(at), row["id"]))
    return _account(row)


def account(conn: sqlite3.Connection, name: str) -> Account | None:
    """An account that may sign in, by name."""
    row = conn.execute(
        "select * from accounts where name = ? and disabled_at is null", (name,)
    ).fetchone()
    return None if row is None else _account(row)


def sessions(conn: sqlite3.Connection, name: str) -> list[dict[str, Any]]:
    """Where an account is signed in, latest used first."""
    rows = conn.execute(
        "select id, created_at, used_at, address, agent from sessions where name = ?"
        " order by used_at desc",
        (name,),
    )
    return [dict(row) for row in rows]


def end_session(conn: sqlite3.Connection, token: str) -> None:
    """Sign out."""
    with writing(conn):
        conn.execute("delete from sessions where token = ?", (_hidden(token),))


def revoke_session(conn: sqlite3.Connection, name: str, session: int) -> bool:
    """End one of an account's own sessions; False if it has no such session."""
    with writing(conn):
        ended = conn.execute("delete from sessions where id = ? and name = ?", (session, name))
    return ended.rowcount == 1


def _account(row: sqlite3.Row) -> Account:
    shift = row["last_shift_at"]
    return Account(
        name=row["name"],
        role=row["role"],
        language=row["language"],
        last_shift_at=None if shift is None else parse_moment(shift),
    )


def _hidden(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput(f"{role}: no such role; one of {', '.join(ROLES)}")


def _check_admin_left(conn: sqlite3.Connection) -> None:
    row = conn.execute(
        "select 1 from accounts where role = 'admin' and disabled_at is null limit 1"
    ).fetchone()
    if row is None:
        raise BadInput("one admin must be left; make somebody else admin first")


def _note(conn: sqlite3.Connection, who: str, name: str, change: str, at: datetime) -> None:
    conn.execute(
        "insert into changes (at, who, name, change) values (?, ?, ?, ?)",
        (moment(at), who, name, change),
    )
