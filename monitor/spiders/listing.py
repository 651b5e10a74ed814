"""Listing pages, turned until one shows nothing unknown."""

from collections.abc import AsyncIterator
from functools import partial

from monitor.canonical import in_scope, resolve
from monitor.config import Endpoint
from monitor.readers.contents import Contents
from monitor.readers.listing import ListingRules, read_listing
from monitor.spiders.base import SourceSpider


class ListingSpider(SourceSpider):
    """A source whose main endpoint is a page with links to articles."""

    name = "listing"


async def walk_listing(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """The page and those that follow it, at most `max_pages`."""
    page: Endpoint | None = endpoint
    seen: set[str] = set()
    while page is not None and len(seen) < spider.source.max_pages:
        seen.add(page.url)
        contents, unknown = await _read(spider, page)
        yield unknown
        following = contents.following if unknown else None
        address = resolve(following, page.url) if following else None
        turn = address is not None and address not in seen and in_scope(address, spider.rules)
        page = Endpoint(kind="listing", url=address) if turn and address else None


async def _read(spider: SourceSpider, page: Endpoint) -> tuple[Contents, int]:
    answer = await spider.ask(page, spider.resources.settings.crawl.max_html)
    if answer.body is None:
        spider.unchanged(answer)
        return Contents(), 0
    mime = answer.headers.get("Content-Type", "")
    rules = listing_rules(spider)
    reader = partial(read_listing, answer.body, answer.fetch.final_url, rules, mime)
    contents = await spider.read(answer, reader)
    return contents, spider.listed(answer, contents)


def listing_rules(spider: SourceSpider) -> ListingRules:
    """How the source's lists are read."""
    source = spider.source
    return ListingRules(
        link_selector=source.link_selector,
        next_selector=source.next_selector,
        follow=source.follow,
    )
