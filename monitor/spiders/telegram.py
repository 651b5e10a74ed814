"""Public Telegram channels, by the preview that t.me shows to everyone."""

from collections.abc import AsyncIterator
from functools import partial
from typing import ClassVar

from monitor.canonical import in_scope
from monitor.config import Endpoint
from monitor.ledger import Revisit
from monitor.readers.telegram import read_channel
from monitor.spiders.base import SourceSpider


class TelegramSpider(SourceSpider):
    """A source whose main endpoint is the preview of a channel."""

    name = "telegram"
    # A message's own page is made up otherwise: asking for it would look like an edit.
    revisits_only: ClassVar[Revisit | None] = "nudged"


async def walk_telegram(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """The newest messages, and older ones until a page shows nothing unknown."""
    resumed = spider.is_resumed(endpoint)
    address: str | None = endpoint.url
    for _ in range(spider.source.max_pages):
        if address is None or not in_scope(address, spider.rules):
            break
        answer = await spider.ask(
            endpoint,
            spider.resources.settings.crawl.max_html,
            address=address,
            even_unchanged=True,
        )
        assert answer.body is not None
        contents = await spider.read(answer, partial(read_channel, answer.body, address))
        unknown = await spider.listed(answer, contents, more=contents.following is not None)
        yield unknown
        address = contents.following if unknown or resumed else None
    spider.completed(endpoint)
