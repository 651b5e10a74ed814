"""Documents: PDF and DOCX reports, by the page that links them or by their own address."""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial

from monitor.config import Endpoint
from monitor.readers.listing import read_listing
from monitor.spiders.base import SourceSpider
from monitor.spiders.listing import listing_rules
from monitor.spiders.watched import walk_watched


class DocumentSpider(SourceSpider):
    """A source whose main endpoint leads to documents."""

    name = "document"


async def walk_document(spider: SourceSpider, endpoint: Endpoint) -> AsyncIterator[int]:
    """The documents that a page links; the endpoint itself, if it is one."""
    if endpoint.url.lower().partition("?")[0].endswith((".pdf", ".docx")):
        async for unknown in walk_watched(spider, endpoint):
            yield unknown
        return
    answer = await spider.ask(endpoint, spider.resources.settings.crawl.max_html)
    if answer.body is None:
        spider.unchanged(answer)
        return
    rules = replace(listing_rules(spider), documents=True)
    mime = answer.headers.get("Content-Type", "")
    reader = partial(read_listing, answer.body, answer.fetch.final_url, rules, mime)
    yield await spider.listed(answer, await spider.read(answer, reader))
