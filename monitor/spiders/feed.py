"""Feeds: RSS, RDF, Atom, JSON Feed."""

import logging
from collections.abc import AsyncIterator
from functools import partial

from monitor import clock
from monitor.config import Endpoint
from monitor.readers.feed import read_feed
from monitor.spiders.backfill import backfill, misses_window
from monitor.spiders.base import SourceSpider

logger = logging.getLogger(__name__)


class FeedSpider(SourceSpider):
    """A source whose main endpoint is a feed."""

    name = "feed"


async def walk_feed(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """One request, all entries; if the feed's window was missed, what the sitemaps know besides."""
    answer = await spider.ask(endpoint, spider.resources.settings.crawl.max_html)
    if answer.body is None:
        spider.unchanged(answer)
        return
    reader = partial(read_feed, answer.body, answer.fetch.final_url, answer.headers, clock.now())
    contents = await spider.read(answer, reader)
    yield await spider.listed(answer, contents)
    before = answer.state
    shown = {spider.link(entry, endpoint.url).url for entry in contents.entries}
    if misses_window(before, contents, shown) and before.visited_at is not None:
        logger.warning("%s shows nothing of its last reading: some went unseen", endpoint.url)
        async for unknown in backfill(spider, before.visited_at):
            yield unknown
