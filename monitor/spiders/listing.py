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
    """The page and those that follow it, at most `max_pages`, until one shows nothing unknown.

    If the last run was cut short between two pages, all are turned: what is known of the first
    says nothing about the next.
    """
    resumed = spider.is_resumed(endpoint)
    page: Endpoint | None = endpoint
    seen: set[str] = set()
    while page is not None:
        seen.add(page.url)
        contents, unknown = await _read(spider, page, endpoint, resumed)
        yield unknown
        turn = (unknown or resumed) and len(seen) < spider.source.max_pages
        page = _following(spider, contents, page, seen) if turn else None
    spider.completed(endpoint)


async def _read(
    spider: SourceSpider, page: Endpoint, first: Endpoint, resumed: bool
) -> tuple[Contents, int]:
    answer = await spider.ask(
        page, spider.resources.settings.crawl.max_html, even_unchanged=resumed
    )
    if answer.body is None:
        spider.unchanged(answer)
        return Contents(), 0
    mime = answer.headers.get("Content-Type", "")
    rules = listing_rules(spider)
    reader = partial(read_listing, answer.body, answer.fetch.final_url, rules, mime)
    contents = await spider.read(answer, reader)
    # Only the first page stands for the list: the others come and go.
    more = page.url == first.url and contents.following is not None
    return contents, await spider.listed(answer, contents, more=more)


def _following(
    spider: SourceSpider, contents: Contents, page: Endpoint, seen: set[str]
) -> Endpoint | None:
    address = resolve(contents.following, page.url) if contents.following else None
    if address is None or address in seen or not in_scope(address, spider.rules):
        return None
    return Endpoint(kind="listing", url=address)


def listing_rules(spider: SourceSpider) -> ListingRules:
    """How the source's lists are read."""
    source = spider.source
    return ListingRules(
        link_selector=source.link_selector,
        next_selector=source.next_selector,
        follow=source.follow,
    )
