"""Looking after what is stored: whole, and read by today's extractor."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from db.checks import integrity_problems
from db.fetches import snapshots, verify_chain
from db.versions import Stale, stale_versions
from monitor.archive import read_snapshot, verify_snapshots
from monitor.exceptions import StoreError, Unreadable
from monitor.extract import EXTRACTOR, SourceRules
from monitor.ingest import record_technical
from monitor.items import Page
from monitor.pool import ReadingPool, result
from monitor.reading import Setting


@dataclass(frozen=True, kw_only=True)
class Reread:
    """How many snapshots were read again, how many texts changed, how many could not be read."""

    read: int
    changed: int
    failed: int


def problems(conn: sqlite3.Connection, archive: Path) -> Iterator[str]:
    """One sentence for everything in database or archive that is not as it was written."""
    yield from integrity_problems(conn)
    yield from verify_chain(conn)
    yield from verify_snapshots(archive, snapshots(conn))


def reread(
    conn: sqlite3.Connection, archive: Path, pool: ReadingPool, source: str | None
) -> Reread:
    """Read the newest snapshot of every article again that an older extractor has read.

    What comes out differently is stored as a technical version: it raises no flag.
    """
    read = changed = failed = 0
    for stale in stale_versions(conn, EXTRACTOR, source):
        try:
            page = _page(stale, archive)
            reading = result(pool.submit(page, SourceRules(home=stale.home), _setting(stale)))
        except (StoreError, Unreadable):
            failed += 1
            continue
        read += 1
        changed += record_technical(conn, stale.article, page, reading)
    return Reread(read=read, changed=changed, failed=failed)


def _setting(stale: Stale) -> Setting:
    return Setting(source=stale.source, place=stale.place, publisher_org=stale.publisher_org)


def _page(stale: Stale, archive: Path) -> Page:
    headers, body = read_snapshot(archive, stale.snapshot)
    return Page(
        source=stale.source,
        url=stale.url,
        final_url=stale.url,
        fetched_at=stale.fetched_at,
        status=200,
        body=body,
        headers=headers,
        mime=stale.mime,
        discovered_as=stale.url,
    )
