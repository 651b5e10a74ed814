"""Running crawls: one source, or many at once in one process."""

import asyncio
import contextlib
import gc
import logging
import sqlite3
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urljoin

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings as ScrapySettings

from db import crawling
from db.records import RunCounts
from db.store import connect, writing
from monitor import clock
from monitor.config import Settings, SourceConfig
from monitor.exceptions import BadInput, ConfigError
from monitor.items import Missed, Page
from monitor.ledger import Revisit, RunLedger
from monitor.lock import hold
from monitor.logs import source_name
from monitor.middlewares.politeness import Hosts
from monitor.middlewares.turns import users_folder
from monitor.pool import ReadingPool
from monitor.reading import Knowledge
from monitor.resources import Resources
from monitor.spiders.base import STOPPED, SourceSpider
from monitor.spiders.kinds import SPIDERS
from monitor.workspace import Workspace

# Sources read at the same time. They wait for their hosts most of the time; each holds at most two
# bodies.
AT_ONCE = 16

_NOTHING = RunCounts()

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class RunReport:
    """How a run ended: the sums of its ledger, and one sentence if something went wrong.

    `run` is None if the crawl could not even begin.
    """

    source: str
    run: int | None
    counts: RunCounts = _NOTHING
    error: str | None = None

    @property
    def failed(self) -> bool:
        """Whether the run brought nothing because of an error."""
        return self.error is not None and not self.counts.discovered

    @property
    def stopped(self) -> bool:
        """Whether somebody ended the run before its end."""
        return self.error is not None and STOPPED in self.error


class CrawlProcess(AsyncCrawlerProcess):
    """Runs all crawls of this process; `stopping` once it was asked to end (SIGINT, SIGTERM)."""

    def __init__(self, **changes: Any) -> None:
        """`changes` are settings of Scrapy that differ from `monitor.settings`."""
        settings = ScrapySettings()
        settings.setmodule("monitor.settings", priority="project")
        settings.update(changes, priority="cmdline")
        level = logging.getLogger("scrapy").level  # ours to say (monitor.logs); it is reset below
        super().__init__(settings)
        logging.getLogger("scrapy").setLevel(level)
        self.stopping = False

    async def stop(self) -> None:
        self.stopping = True
        await super().stop()

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the event loop until it ends or a signal ends it; once a process."""
        from twisted.internet import reactor  # installed by now; an import at the top would do it

        async def to_its_end() -> None:
            try:
                await work
            finally:
                if reactor.running and not self.stopping:
                    reactor.stop()  # type: ignore[misc]  # so typed by Twisted

        gc.freeze()  # what is loaded by now lives as long as the process: 5 % of its time is saved
        loop = asyncio.get_event_loop()
        task = loop.create_task(to_its_end())
        self.start(stop_after_crawl=False)
        if not task.done():  # a signal came first: let the work end what it holds open
            task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            loop.run_until_complete(task)


async def run_source(
    process: CrawlProcess,
    source: SourceConfig,
    resources: Resources,
    *,
    revisit: Revisit = "all",
    limit: int | None = None,
) -> RunReport:
    """Crawl one source to its end and report; an error of ours is logged and reported, not raised.

    `revisit` says whether all known articles are visited again or those due by the ladder, within
    the budget of the source; `limit` caps the articles of this run.
    """
    source_name.set(source.name)
    error, crawler = None, None
    try:
        crawler = process.create_crawler(spider_class(source))
        await process.crawl(
            crawler, source=source, resources=resources, revisit=revisit, limit=limit
        )
    except Exception as crash:
        logger.exception("the crawl of %s ended with an error", source.name)
        error = f"{type(crash).__name__}: {crash}"
    return _report(source, crawler and crawler.spider, error)


def crawl(
    workspace: Workspace,
    sources: Sequence[SourceConfig],
    *,
    revisit: Revisit = "all",
    limit: int | None = None,
    on_report: Callable[[RunReport], None] | None = None,
) -> list[RunReport]:
    """Crawl sources, many at once but one request at a time for each host; blocks until done.

    Runs that a crash left open are closed first. Raises LockHeld if another process collects into
    the same data directory.
    """
    with hold(workspace.data_dir), Resources.of(workspace) as resources:
        with writing(resources.conn):
            crawling.abandon_runs(resources.conn, clock.now())
            mirror_paused(resources.conn, workspace)
        process = CrawlProcess()
        gate = asyncio.Semaphore(AT_ONCE)
        reports: list[RunReport] = []

        async def one(source: SourceConfig) -> None:
            async with gate:
                if process.stopping:
                    return
                report = await run_source(process, source, resources, revisit=revisit, limit=limit)
            reports.append(report)
            if on_report is not None:
                on_report(report)

        async def all_of_them() -> None:
            await asyncio.gather(*(one(source) for source in sources))

        process.run(all_of_them())
        return reports


def fetch_once(settings: Settings, url: str) -> Page:
    """One page, asked for like any other (robots.txt, guard, limits); nothing is kept.

    Raises BadInput with the reason if there is no page to be had.
    """
    root = urljoin(url, "/")
    source = SourceConfig(name="once", title="once", home=root, kind="watched", url=url)
    with TemporaryDirectory(prefix="monitor-once-") as folder:
        conn = connect(Path(folder) / "monitor.db")
        pool = ReadingPool(Knowledge(), 1)  # never started: the page is read by whoever asked
        hosts = Hosts(conn, users_folder())
        resources = Resources(settings=settings, conn=conn, hosts=hosts, pool=pool)
        process = CrawlProcess(ITEM_PIPELINES={"monitor.crawl.CatchPipeline": 1})
        crawler = process.create_crawler(spider_class(source))

        async def once() -> None:
            await process.crawl(crawler, source=source, resources=resources)

        process.run(once())
        conn.close()
    caught = getattr(crawler.spider, "caught", None)
    if isinstance(caught, Page):
        return caught
    reason = caught.reason if isinstance(caught, Missed) else "no answer"
    raise BadInput(f"{url}: {reason}")


class CatchPipeline:
    """Keeps what a spider brought on the spider itself."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "CatchPipeline":
        return cls(crawler)

    def process_item(self, item: Any) -> Any:
        self._crawler.spider.caught = item  # type: ignore[union-attr]
        return item


def mirror_paused(conn: sqlite3.Connection, workspace: Workspace) -> None:
    """Note which sources are paused: none of their runs would, and every digest shows them."""
    for source in workspace.sources:
        if not source.enabled:
            crawling.keep_source(conn, source.record())


def spider_class(source: SourceConfig) -> type[SourceSpider]:
    """The spider of a source's kind, or the one it names as `module:Class`.

    Raises ConfigError if that one cannot be imported or is none of ours.
    """
    if source.spider is None:
        return SPIDERS[source.kind]
    module, _, name = source.spider.partition(":")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise ConfigError(f"source {source.name}: spider {source.spider}: {error}") from error
    if not (isinstance(found, type) and issubclass(found, SourceSpider)):
        raise ConfigError(f"source {source.name}: {source.spider} is no SourceSpider")
    return found


def _report(source: SourceConfig, spider: Any, error: str | None) -> RunReport:
    ledger: RunLedger | None = getattr(spider, "ledger", None)
    if ledger is None:
        return RunReport(source=source.name, run=None, error=error or "the crawl did not begin")
    told = [error] if error else ledger.errors
    return RunReport(
        source=source.name, run=ledger.run, counts=ledger.counts, error="; ".join(told) or None
    )
