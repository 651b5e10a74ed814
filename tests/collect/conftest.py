"""A web, and a process that crawls it: both live for the whole session, for a reactor runs once."""

import asyncio
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from db.records import Reading, Version
from db.store import connect
from monitor import clock
from monitor.config import Settings, SourceConfig
from monitor.ingest import record_missed, record_reading, record_unchanged
from monitor.items import Missed
from tests.collect.web import Web, serve


class PlainPipeline:
    """Records pages as the real pipeline does, but takes the bytes for the text."""

    @classmethod
    def from_crawler(cls, crawler: Any) -> "PlainPipeline":
        pipeline = cls()
        pipeline.crawler = crawler
        return pipeline

    crawler: Any

    def process_item(self, item: Any) -> Any:
        spider = self.crawler.spider
        conn = spider.resources.conn
        if isinstance(item, Missed):
            record_missed(conn, item, clock.now())
        elif item.status == 304:
            record_unchanged(conn, item)
        else:
            text = item.body.decode("utf-8", "replace")
            version = Version(title="t", text=text, text_hash=str(hash(text)), extractor="none")
            baseline = spider.ledger.baseline or item.hints.known_before
            reading = Reading(version=version)
            record_reading(conn, item, reading, spider.rules, baseline=baseline)
        return item


@pytest.fixture(scope="session")
def _web() -> Iterator[Web]:
    web = Web()
    server = serve(web)
    os.environ["http_proxy"] = f"http://127.0.0.1:{web.port}"
    yield web
    del os.environ["http_proxy"]
    server.shutdown()
    server.server_close()


@pytest.fixture
def web(_web: Web) -> Iterator[Web]:
    _web.clear()
    yield _web
    _web.clear()


@pytest.fixture(scope="session")
def _process(_web: Web) -> Iterator[Any]:
    from monitor.crawl import CrawlProcess

    started: Future[tuple[Any, Any]] = Future()

    def run() -> None:
        process = CrawlProcess(ITEM_PIPELINES={"tests.collect.conftest.PlainPipeline": 1})
        loop = asyncio.get_event_loop()
        loop.call_soon(started.set_result, (process, loop))
        process.start(stop_after_crawl=False, install_signal_handlers=False)
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    process, loop = started.result(timeout=30)
    yield process, loop
    from twisted.internet import reactor

    reactor.callFromThread(reactor.stop)  # type: ignore[attr-defined]
    thread.join()


@dataclass
class Collector:
    """Crawls sources into a database of its own."""

    path: Path
    conn: sqlite3.Connection
    settings: Settings
    process: Any
    loop: Any
    archive: Path
    pool: Any = None  # the plain pipeline reads without workers

    def crawl(self, *sources: SourceConfig, **options: Any) -> list[Any]:
        """Crawl the sources at the same time; their reports in the same order."""
        from monitor.crawl import run_source

        async def all_of_them() -> list[Any]:
            resources = self.resources()
            reports = await asyncio.gather(
                *(run_source(self.process, source, resources, **options) for source in sources)
            )
            resources.archive.close()
            return reports

        return asyncio.run_coroutine_threadsafe(all_of_them(), self.loop).result(timeout=60)

    def resources(self) -> Any:
        from monitor.archive import Archive
        from monitor.middlewares.politeness import Hosts
        from monitor.resources import Resources

        return Resources(
            settings=self.settings,
            conn=self.conn,
            hosts=Hosts(self.conn),
            pool=self.pool,
            archive=Archive(self.archive, 10_000_000),
        )

    def ledger(self, run: int) -> dict[str, tuple[str, str]]:
        """What the run's ledger says of each URL."""
        rows = self.conn.execute("select * from run_urls where run_id = ?", (run,))
        return {row["url"]: (row["outcome"], row["reason"]) for row in rows}

    def all(self, question: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in self.conn.execute(question)]


@pytest.fixture
def collector(tmp_path: Path, _process: Any) -> Iterator[Collector]:
    process, loop = _process
    conn = connect(tmp_path / "monitor.db")
    settings = Settings.model_validate({"crawl": {"delay": 0.0, "timeout": 2.0}})
    yield Collector(
        path=tmp_path,
        conn=conn,
        settings=settings,
        process=process,
        loop=loop,
        archive=tmp_path / "archive",
    )
    conn.close()


@pytest.fixture
def source() -> Callable[..., SourceConfig]:
    def make(name: str = "a", kind: str = "feed", path: str = "/feed", **more: Any) -> SourceConfig:
        home = more.pop("home", f"http://{name}.test/")
        table = {"name": name, "title": name, "home": home, "kind": kind, "url": home[:-1] + path}
        return SourceConfig.model_validate(table | more)

    return make
