"""Opening the database, and the one way to write to it."""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.exceptions import StoreError

OLDEST_SQLITE = (3, 37, 0)  # STRICT tables
WAIT_SECONDS = 30
_MIGRATIONS = Path(__file__).with_name("migrations.py")


def connect(path: Path | str, *, read_only: bool = False) -> sqlite3.Connection:
    """Open (and if need be create and migrate) the database.

    Raises StoreError if SQLite is too old, the file cannot be opened, is no database of ours, or is
    locked for longer than 30 seconds.
    """
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"SQLite {sqlite3.sqlite_version} is too old: this Python needs SQLite 3.37 or newer"
        )
    try:
        conn = _open(Path(path), read_only)
        if not read_only:
            _migrate(conn)
    except sqlite3.Error as error:
        raise StoreError(f"{path}: {error}; check the path, its rights and the disk") from error
    return conn


@contextmanager
def writing(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One write transaction: all of it is stored, or nothing.

    `BEGIN IMMEDIATE` takes the write lock at once: a transaction that reads first and upgrades
    later fails when another process has written in between. Raises StoreError if the database stays
    locked for 30 seconds or the disk is full; what was begun is then undone.
    """
    try:
        conn.execute("BEGIN IMMEDIATE")
        try:
            yield conn
        except BaseException:
            conn.rollback()
            raise
        conn.commit()
    except sqlite3.OperationalError as error:
        raise StoreError(f"database: {error}; {_mend(str(error))}") from error


def _mend(error: str) -> str:
    if "locked" in error:
        return f"another process has been writing for {WAIT_SECONDS} seconds; try again"
    return "make room on the disk" if "full" in error or "disk" in error else "see `monitor verify`"


def _open(path: Path, read_only: bool) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    conn = sqlite3.connect(uri, uri=True, timeout=WAIT_SECONDS, check_same_thread=False)
    conn.row_factory = sqlite3.Row
    conn.execute("pragma foreign_keys = on")
    if not read_only:
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = normal")
        _keep_private(path)
    return conn


def _keep_private(path: Path) -> None:
    """Readable by its owner only: what is watched for is itself sensitive."""
    if path.exists():
        os.chmod(path, 0o600)


def _migrate(conn: sqlite3.Connection) -> None:
    """Bring the schema up to date; what does so is a slow import, so only where it must be."""
    if _is_current(conn):
        return
    from sqlite_utils import Database

    from db.migrations import migrations

    db = Database(conn, execute_plugins=False)
    if migrations.pending(db):
        migrations.apply(db)


def _is_current(conn: sqlite3.Connection) -> bool:
    """Whether every migration named in migrations.py was applied."""
    named = re.findall(r'^@migrations\(name="(\w+)"', _MIGRATIONS.read_text("utf-8"), re.M)
    if not conn.execute("select 1 from sqlite_master where name = '_sqlite_migrations'").fetchall():
        return False
    rows = conn.execute("select name from _sqlite_migrations where migration_set = 'monitor'")
    return set(named) <= {row[0] for row in rows}
