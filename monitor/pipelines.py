"""The path of a page: read in a worker, recorded whole. Order and transaction, no judgement."""

import logging
from typing import Any

from scrapy.crawler import Crawler

from db.boilerplate import learned
from monitor import clock
from monitor.config import SourceConfig
from monitor.exceptions import Unreadable
from monitor.extract import SourceRules
from monitor.ingest import (
    record_missed,
    record_reading,
    record_unchanged,
    record_unreadable,
)
from monitor.items import Missed, Page
from monitor.learning import learn
from monitor.reading import Setting
from monitor.spiders.base import SourceSpider

logger = logging.getLogger(__name__)


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
        try:
            reading = await spider.resources.pool.read(page, self._rules, self._setting)
        except Unreadable as why:
            record_unreadable(self._conn, page, why)
            return
        record_reading(self._conn, page, reading, spider.rules, baseline=spider.ledger.baseline)

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
