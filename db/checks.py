"""Is the database whole, and a safe copy of it."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from db.store import connect
from monitor.exceptions import StoreError


def integrity_problems(conn: sqlite3.Connection) -> Iterator[str]:
    """One sentence for every damage, broken reference, or run whose ledger does not add up."""
    for (finding,) in conn.execute("pragma integrity_check"):
        if finding != "ok":
            yield f"database: {finding}"
    for table, row, parent, _ in conn.execute("pragma foreign_key_check"):
        yield f"database: row {row} of {table} refers to a missing row of {parent}"
    rows = conn.execute(
        "select id, source from run_ledger where not adds_up and finished_at is not null"
    )
    for run in rows:
        yield f"run {run['id']} of {run['source']}: its outcomes do not add up to what it saw"


def back_up(conn: sqlite3.Connection, target: Path) -> None:
    """Copy the database while it is in use, and check the copy.

    Raises StoreError if the target exists, cannot be written, or the copy is not whole.
    """
    if target.exists():
        raise StoreError(f"{target}: exists; choose a new name for the copy")
    try:
        copy = sqlite3.connect(target)
        target.chmod(0o600)
        conn.backup(copy)
        copy.execute("pragma journal_mode = delete")
        copy.close()
    except (sqlite3.Error, OSError) as error:
        raise StoreError(f"{target}: {error}; check the folder, its rights and the disk") from error
    broken = list(integrity_problems(connect(target, read_only=True)))
    if broken:
        raise StoreError(f"{target}: the copy is not whole: {broken[0]}")
