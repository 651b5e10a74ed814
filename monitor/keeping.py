"""Looking after what is stored: whole, and read by today's extractor."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from db.boilerplate import learned
from db.checks import integrity_problems
from db.fetches import snapshots, verify_chain
from db.versions import Stale, stale_versions
from monitor.archive import read_snapshot, verify_snapshots
from monitor.exceptions import StoreError, Unreadable
from monitor.extract import EXTRACTOR, SourceRules
from monitor.ingest import page_again, record_technical
from monitor.pool import ReadingPool, result
from monitor.reading import Setting
from monitor.workspace import Workspace


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
    conn: sqlite3.Connection,
    archive: Path,
    pool: ReadingPool,
    source: str | None,
    rules_of: Callable[[Stale], SourceRules],
) -> Reread:
    """Read the newest snapshot of every article again that an older extractor has read.

    What comes out differently is stored as a technical version: it raises no flag. `rules_of` says
    how the pages of a source are read.
    """
    read = changed = failed = 0
    for stale in stale_versions(conn, EXTRACTOR, source):
        try:
            page = page_again(stale, *read_snapshot(archive, stale.snapshot))
            reading = result(pool.submit(page, rules_of(stale), _setting(stale)))
        except (StoreError, Unreadable):
            failed += 1
            continue
        read += 1
        changed += record_technical(conn, stale, page, reading)
    return Reread(read=read, changed=changed, failed=failed)


def rules_by_source(space: Workspace, conn: sqlite3.Connection) -> Callable[[Stale], SourceRules]:
    """How a crawl would read a page now; of a source that sources.toml does not have, plainly."""
    from monitor.pipelines import reading_rules

    zone = str(space.settings.timezone)
    configured = space.sources if space.sources_file.is_file() else ()  # all may be imported
    named = {
        source.name: reading_rules(source, learned(conn, source.name), zone)
        for source in configured
    }
    return lambda stale: named.get(stale.source) or SourceRules(home=stale.home)


def _setting(stale: Stale) -> Setting:
    return Setting(source=stale.source, place=stale.place, publisher_org=stale.publisher_org)
