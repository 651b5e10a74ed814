"""Watched pages: a page that is itself the record, such as a list of prisoners."""

from collections.abc import AsyncIterator

from monitor.config import Endpoint
from monitor.readers.contents import Contents, Entry
from monitor.spiders.base import SourceSpider


class WatchedSpider(SourceSpider):
    """A source whose main endpoint is the page that is watched."""

    name = "watched"


async def walk_watched(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """Nothing to find: the page is asked for in every run."""
    yield spider.shown(endpoint, Contents(entries=(Entry(address=endpoint.url, watched=True),)))
