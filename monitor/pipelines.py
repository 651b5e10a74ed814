"""The path of a page: read in a worker, recorded whole. Order and transaction, no judgement."""

import logging
from dataclasses import replace
from functools import partial
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler

from db.boilerplate import learned
from db.fetches import add_fetch
from db.records import Reading
from db.store import writing
from monitor import clock
from monitor.config import SourceConfig
from monitor.exceptions import StoreError, Unreadable
from monitor.extract import SourceRules
from monitor.ingest import (
    page_again,
    read_otherwise,
    record_missed,
    record_reading,
    record_technical,
    record_unchanged,
    record_unreadable,
)
from monitor.items import Missed, Page
from monitor.learning import learn
from monitor.reading import Setting
from monitor.rendering import BrowserMissing, NotRendered, is_there, render
from monitor.spiders.base import SourceSpider

logger = logging.getLogger(__name__)

NEEDS_JAVASCRIPT = "needs JavaScript"
_PAGES = ("text/html", "application/xhtml+xml", "")


class RecordPipeline:
    """Extract and Detect in the pool, then Record: one page, one transaction."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RecordPipeline":
        return cls(crawler)

    def open_spider(self) -> None:
        spider = self._spider
        self._conn = spider.resources.conn
        self._setting = _setting(spider.source)
        lines = learned(self._conn, spider.source.name)
        zone = str(spider.resources.settings.timezone)
        self._rules = reading_rules(spider.source, lines, zone)

    async def process_item(self, item: Any) -> Any:
        """Give the URL of a page or a miss its outcome."""
        if isinstance(item, Missed):
            record_missed(self._conn, item, clock.now())
        elif item.status == 304:
            record_unchanged(self._conn, item)
        else:
            await self._read_and_record(item)
        return item

    def close_spider(self) -> None:
        learn(self._conn, self._spider.source.name)

    async def _read_and_record(self, page: Page) -> None:
        spider = self._spider
        if spider.source.browser:
            page = await self._rendered(page)
        try:
            page, reading = await self._read(page)
        except Unreadable as why:
            record_unreadable(self._conn, page, why)
            return
        await self._reread_known(page, reading)
        baseline = spider.ledger.baseline or page.hints.known_before
        record_reading(self._conn, page, reading, spider.rules, baseline=baseline)

    async def _reread_known(self, page: Page, reading: Reading) -> None:
        """Compare like with like: what another extractor read of the page is read anew first.

        Without its snapshot, or where that cannot be read now, the texts are compared as they are.
        """
        spider = self._spider
        stale = read_otherwise(self._conn, page, reading, spider.rules)
        archive = spider.resources.archive
        if stale is None or archive is None:
            return
        # The same witnesses as for the new bytes, but for the text: that of today is not in them.
        hints = replace(page.hints, content=None)
        try:
            known = replace(page_again(stale, *archive.read(stale.snapshot)), hints=hints)
            again = await spider.resources.pool.read(known, self._rules, self._setting)
        except (StoreError, Unreadable) as why:
            logger.info("%s: not read again by the extractor of today: %s", page.url, why)
            return
        record_technical(self._conn, stale, known, again)

    async def _read(self, page: Page) -> tuple[Page, Reading]:
        """What a page says; one that says nothing without its scripts is read in the browser."""
        read = partial(self._spider.resources.pool.read, rules=self._rules, setting=self._setting)
        try:
            return page, await read(page)
        except Unreadable as why:
            if why.reason != NEEDS_JAVASCRIPT or self._spider.source.browser or not is_there():
                raise
            rendered = await self._rendered(page)
            if rendered is page:
                raise
        return rendered, await read(rendered)

    async def _rendered(self, page: Page) -> Page:
        """The page as a browser shows it; as it was sent, if there is none or it cannot."""
        ledger, agent = self._spider.ledger, self._spider.resources.settings.user_agent
        if page.fetch is None or page.status != 200 or page.mime not in _PAGES:
            return page
        sent = page.headers.get("Content-Type", "text/html")
        try:
            body = await render(page.final_url, page.body, sent, self._fetch, agent)
        except BrowserMissing as missing:
            if str(missing) not in ledger.faults:  # once a run
                ledger.fault(str(missing))
            return page
        except NotRendered as late:
            logger.warning("not rendered: %s", late)
            return page
        with writing(self._conn):
            add_fetch(self._conn, page.fetch, page.run)
        return self._spider.resources.as_rendered(page, body)

    async def _fetch(self, url: str) -> tuple[bytes, str] | None:
        """What a page being rendered asks for, by the rules of every other request."""
        request = Request(url, dont_filter=True)
        engine = self._crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except Exception as error:  # whatever kept us from it, the page does without
            logger.debug("%s: %r", url, error)
            return None
        kind = response.headers.get(b"Content-Type") or b"text/plain"
        return (response.body, kind.decode("latin-1")) if response.status == 200 else None

    @property
    def _spider(self) -> SourceSpider:
        spider = self._crawler.spider
        assert isinstance(spider, SourceSpider)
        return spider


def reading_rules(source: SourceConfig, boilerplate: frozenset[str], zone: str) -> SourceRules:
    """How the pages of a source are read: what its table says, and what was learned."""
    return SourceRules(
        home=source.home,
        content_selector=source.content_selector,
        strip_lines=tuple(pattern.pattern for pattern in source.strip_lines),
        boilerplate=boilerplate,
        lang=source.languages[0] if len(source.languages) == 1 else None,
        site_name=source.title,
        timezone=zone,
    )


def _setting(source: SourceConfig) -> Setting:
    return Setting(source=source.name, place=source.place, publisher_org=source.publisher_org)
