"""What a feed no longer shows: articles between its last reading and the oldest entry of now."""

from collections.abc import AsyncIterator
from datetime import datetime

from protego import Protego

from db.records import EndpointState
from monitor.canonical import in_scope, resolve
from monitor.config import Endpoint
from monitor.middlewares.robots import read_robots
from monitor.readers.contents import Contents
from monitor.spiders.base import EndpointFailed, SourceSpider
from monitor.spiders.sitemap import walk_sitemap

MOST_SITEMAPS = 3


def misses_window(before: EndpointState, now: Contents, shown: set[str]) -> bool:
    """Whether nothing of the last reading is left: entries came and went unseen between.

    `shown` are the canonical addresses of now. A feed that was empty then or is now says nothing.
    """
    return bool(before.links) and bool(now.entries) and not shown & set(before.links)


async def backfill(spider: SourceSpider, since: datetime) -> AsyncIterator[int]:
    """Read the sitemaps that the site's robots.txt names, for articles dated after `since`.

    Sources with a sitemap or listing of their own among their endpoints have no need of it.
    """
    if any(
        endpoint.kind in ("sitemap", "listing", "wordpress") for endpoint in spider.source.endpoints
    ):
        return
    for url in _named_sitemaps(spider):
        try:
            async for unknown in walk_sitemap(spider, Endpoint(kind="sitemap", url=url), since):
                yield unknown
        except EndpointFailed:
            continue


def _named_sitemaps(spider: SourceSpider) -> list[str]:
    body = spider.resources.hosts.state(spider.rules.home).robots_body
    parsed: Protego = read_robots(body or b"")[0]
    found = (resolve(url, spider.source.home) for url in parsed.sitemaps)
    return [url for url in found if url and in_scope(url, spider.rules)][:MOST_SITEMAPS]
