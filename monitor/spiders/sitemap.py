"""Sitemaps: an index leads to sitemaps, the latest first; unchanged ones are not read again."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial

from monitor import clock
from monitor.canonical import in_scope, resolve
from monitor.config import Endpoint
from monitor.readers.contents import Contents, Entry
from monitor.readers.sitemap import read_sitemap
from monitor.spiders.base import EndpointFailed, SourceSpider

MOST_PARTS = 200
INDEX = "sitemap index"  # how the database remembers it
DEEPEST = 2  # an index of indexes is the most that occurs; one that names itself would not end


class SitemapSpider(SourceSpider):
    """A source whose main endpoint is a sitemap."""

    name = "sitemap"


async def walk_sitemap(
    spider: SourceSpider, endpoint: Endpoint, since: datetime | None = None
) -> AsyncIterator[int]:
    """The sitemap, or those an index names. A part that fails leaves the others their turn.

    With `since`, entries dated before it or not at all are left out.
    """
    seen = {endpoint.url}
    waiting = [(endpoint, 0)]
    while waiting:
        part, depth = waiting.pop(0)
        try:
            contents = await _read(spider, part, since)
        except EndpointFailed:
            if part is endpoint:
                raise
            continue
        yield len(contents.entries)
        for address in _further(spider, contents, part) if depth < DEEPEST else ():
            if address not in seen and len(seen) < MOST_PARTS:
                seen.add(address)
                waiting.append((Endpoint(kind="sitemap", url=address), depth + 1))


async def _read(spider: SourceSpider, part: Endpoint, since: datetime | None) -> Contents:
    most = spider.resources.settings.crawl.max_sitemap
    # Of an index the parts must be known, changed or not.
    is_index = spider.ledger.endpoint(part.url, part.kind).kind == INDEX
    answer = await spider.ask(part, most, even_unchanged=is_index)
    if answer.body is None:
        spider.unchanged(answer)
        return Contents()
    reader = partial(read_sitemap, answer.body, answer.fetch.final_url, most, clock.now())
    contents = await spider.read(answer, reader)
    if since is not None:
        late = tuple(entry for entry in contents.entries if _date(entry) >= f"{since:%Y-%m-%d}")
        contents = replace(contents, entries=late)
    await spider.listed(answer, contents, kind=INDEX if contents.parts else part.kind)
    return contents


def _date(entry: Entry) -> str:
    return entry.hints.published or entry.hints.modified or ""


def _further(spider: SourceSpider, index: Contents, found_in: Endpoint) -> Iterator[str]:
    """The parts of an index that may hold something new, latest first."""
    for written, changed in sorted(index.parts, key=lambda part: part[1] or "", reverse=True):
        address = resolve(written, found_in.url)
        if address is None or not in_scope(address, spider.rules):
            continue
        read_at = spider.ledger.endpoint(address, "sitemap").visited_at
        if changed is None or read_at is None or changed[:10] >= f"{read_at:%Y-%m-%d}":
            yield address
