"""Kinds of endpoints: how the articles of each are found."""

from collections.abc import AsyncIterator, Callable, Mapping

from monitor.config import Endpoint
from monitor.spiders.base import SourceSpider
from monitor.spiders.document import DocumentSpider, walk_document
from monitor.spiders.feed import FeedSpider, walk_feed
from monitor.spiders.listing import ListingSpider, walk_listing
from monitor.spiders.sitemap import SitemapSpider, walk_sitemap
from monitor.spiders.telegram import TelegramSpider, walk_telegram
from monitor.spiders.watched import WatchedSpider, walk_watched
from monitor.spiders.wordpress import WordpressSpider, walk_wordpress

# A walker enters what an endpoint shows into the ledger and yields after each body, so that new
# articles are asked for before the next one is read.
Walker = Callable[[SourceSpider, Endpoint], AsyncIterator[int]]

WALKERS: Mapping[str, Walker] = {
    "feed": walk_feed,
    "sitemap": walk_sitemap,
    "listing": walk_listing,
    "wordpress": walk_wordpress,
    "watched": walk_watched,
    "document": walk_document,
    "telegram": walk_telegram,
}
SPIDERS: Mapping[str, type[SourceSpider]] = {
    spider.name: spider
    for spider in (
        FeedSpider,
        SitemapSpider,
        ListingSpider,
        WordpressSpider,
        WatchedSpider,
        DocumentSpider,
        TelegramSpider,
    )
}
