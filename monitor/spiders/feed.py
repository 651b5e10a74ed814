"""Feeds: RSS, RDF, Atom, JSON Feed."""

from collections.abc import AsyncIterator
from functools import partial

from monitor import clock
from monitor.config import Endpoint
from monitor.readers.feed import read_feed
from monitor.spiders.base import SourceSpider


class FeedSpider(SourceSpider):
    """A source whose main endpoint is a feed."""

    name = "feed"


async def walk_feed(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """One request, all entries."""
    answer = await spider.ask(endpoint, spider.resources.settings.crawl.max_html)
    if answer.body is None:
        spider.unchanged(answer)
        return
    reader = partial(read_feed, answer.body, answer.fetch.final_url, answer.headers, clock.now())
    yield spider.listed(answer, await spider.read(answer, reader))
