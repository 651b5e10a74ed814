"""The ledger of an import: one row in `runs` for each source, its sums counted line by line."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from db.records import Outcome
from monitor.isoday import moment

OUTCOMES: tuple[Outcome, ...] = (
    "stored", "unchanged", "duplicate", "blocked", "filtered", "failed",
)  # fmt: skip


def keep_import(
    conn: sqlite3.Connection,
    source: str,
    started: datetime,
    finished: datetime,
    counts: Mapping[Outcome, int],
) -> None:
    """Enter a finished import of one source among the runs."""
    sums = [counts.get(outcome, 0) for outcome in OUTCOMES]
    conn.execute(
        f"""insert into runs (source, started_at, finished_at, state, discovered,
            {", ".join(OUTCOMES)}) values (?, ?, ?, 'imported', ?, ?, ?, ?, ?, ?, ?)""",  # noqa: S608
        (source, moment(started), moment(finished), sum(sums), *sums),
    )
