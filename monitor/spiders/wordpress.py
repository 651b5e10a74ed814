"""WordPress sites: edits of old posts are seen by their modified date, in one request."""

from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from urllib.parse import urljoin

from monitor.config import Endpoint
from monitor.readers.wordpress import PER_PAGE, posts_address, read_posts
from monitor.spiders.base import EndpointFailed, SourceSpider
from monitor.spiders.feed import walk_feed

# Clocks differ, and a post may be changed while we read.
_OVERLAP = timedelta(hours=1)


class WordpressSpider(SourceSpider):
    """A source whose main endpoint is WordPress's REST interface."""

    name = "wordpress"


async def walk_wordpress(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """Posts changed since the last run; where the interface is switched off, the feed."""
    try:
        async for unknown in _posts(spider, endpoint):
            yield unknown
    except EndpointFailed:
        feed = Endpoint(kind="feed", url=urljoin(spider.source.home, "feed/"))
        async for unknown in walk_feed(spider, feed):
            yield unknown


async def _posts(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    state = spider.ledger.endpoint(endpoint.url, endpoint.kind)
    since = None
    if state.visited_at is not None and state.error is None:
        since = f"{state.visited_at - _OVERLAP:%Y-%m-%dT%H:%M:%S}"
    for number in range(1, spider.source.max_pages + 1):
        answer = await spider.ask(
            endpoint,
            spider.resources.settings.crawl.max_html,
            address=posts_address(endpoint.url, number, since),
            even_unchanged=True,
        )
        assert answer.body is not None
        contents = await spider.read(answer, partial(read_posts, answer.body))
        more = len(contents.entries) == PER_PAGE and number < spider.source.max_pages
        yield await spider.listed(answer, contents, more=more)
        if not more:
            return
