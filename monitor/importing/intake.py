"""Taking pages in: read by the workers, recorded in the order given."""

import sqlite3
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from hashlib import sha256
from urllib.parse import urlsplit

from db.crawling import keep_source
from db.imports import is_known, keep_import
from db.known import load_source
from db.records import Outcome, Reading, Source
from db.store import writing
from monitor import clock
from monitor.canonical import url_rules
from monitor.exceptions import Unreadable
from monitor.extract import SourceRules
from monitor.importing.records import Part, Rejected
from monitor.ingest import Recorded, record_reading, record_unreadable
from monitor.items import Page
from monitor.pool import ReadingPool, result
from monitor.reading import Setting

IN_FLIGHT = 64  # pages read ahead: enough to keep the workers busy, few enough to stay small


@dataclass
class ImportReport:
    """What became of the input: outcomes by source, and how many parts were no page."""

    outcomes: dict[str, Counter[Outcome]] = field(default_factory=dict)
    rejected: int = 0

    @property
    def total(self) -> Counter[Outcome]:
        return sum(self.outcomes.values(), Counter())


def take_in(
    conn: sqlite3.Connection,
    pool: ReadingPool,
    given: Iterable[Part],
    *,
    baseline: bool = False,
    tell: Callable[[Rejected], None] = lambda _part: None,
    tick: Callable[[int], None] = lambda _pages: None,
) -> ImportReport:
    """Record every page of the input in its order; `tell` hears of bad parts, which are skipped.

    One page is one transaction. However an import ends, what it stored until then is in the
    ledger; the same input again stores nothing twice. With `baseline` nothing is flagged out: the
    texts become the known past. `tick` hears of each page.
    """
    report = ImportReport()
    started = clock.now()
    try:
        pages = _pages(conn, given, report, tell)
        for page, recorded in _recorded(conn, pool, pages, baseline):
            report.outcomes.setdefault(page.source, Counter())[recorded.outcome] += 1
            tick(1)
    finally:
        with writing(conn):
            for source, outcomes in report.outcomes.items():
                keep_import(conn, source, started, clock.now(), outcomes)
    return report


def _pages(
    conn: sqlite3.Connection,
    given: Iterable[Part],
    report: ImportReport,
    tell: Callable[[Rejected], None],
) -> Iterator[Page]:
    known: set[str] = set()
    for part in given:
        if isinstance(part, Rejected):
            report.rejected += 1
            tell(part)
            continue
        if part.page.source not in known:
            _know_source(conn, part.page)
            known.add(part.page.source)
        yield part.page


def _know_source(conn: sqlite3.Connection, page: Page) -> None:
    """A source that sources.toml does not declare exists from its first import on."""
    if load_source(conn, page.source) is not None:
        return
    parts = urlsplit(page.url)
    home = f"{parts.scheme}://{parts.netloc}/"
    with writing(conn):
        keep_source(conn, Source(name=page.source, title=page.source, kind="import", home=home))


def _recorded(
    conn: sqlite3.Connection, pool: ReadingPool, pages: Iterable[Page], baseline: bool
) -> Iterator[tuple[Page, Recorded]]:
    """Workers read ahead; recording keeps the order, for order is the order of learning."""
    ahead: deque[tuple[Page, Future[Reading]]] = deque()
    for page in pages:
        ahead.append((page, _submit(pool, page)))
        if len(ahead) >= IN_FLIGHT:
            yield _record(conn, *ahead.popleft(), baseline)
    while ahead:
        yield _record(conn, *ahead.popleft(), baseline)


def _submit(pool: ReadingPool, page: Page) -> "Future[Reading]":
    rules = SourceRules(home=f"{urlsplit(page.url).scheme}://{urlsplit(page.url).netloc}/")
    return pool.submit(page, rules, Setting(source=page.source))


def _record(
    conn: sqlite3.Connection, page: Page, task: "Future[Reading]", baseline: bool
) -> tuple[Page, Recorded]:
    try:
        reading = result(task)
    except Unreadable as why:
        return page, record_unreadable(conn, page, why)
    digest = sha256(page.body).hexdigest()
    if is_known(conn, page, digest, reading.version.text_hash):
        return page, Recorded(outcome="unchanged", reason="imported before")
    rules = url_rules(home=page.url)
    return page, record_reading(conn, page, reading, rules, baseline=baseline)
