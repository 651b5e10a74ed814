"""The ledger of an import: one row in `runs` for each source, its sums counted line by line."""

import sqlite3
from collections.abc import Mapping
from datetime import datetime

from db.records import Outcome
from monitor.isoday import moment
from monitor.items import Page

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


def is_known(conn: sqlite3.Connection, page: Page, body_sha256: str, text_hash: str) -> bool:
    """Whether these bytes of this address, of that moment, were recorded with this very text.

    The article may have changed since: taken in again, its old text would look like an edit.
    """
    row = conn.execute(
        """select 1 from fetches f where f.url = ? and f.at = ? and f.body_sha256 = ?
        and exists (select 1 from article_urls u join versions v on v.article_id = u.article_id
            where u.url = ? and v.text_hash = ?)""",
        (page.url, moment(page.fetched_at), body_sha256, page.discovered_as, text_hash),
    ).fetchone()
    return row is not None
