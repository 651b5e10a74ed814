"""Every answer becomes a Fetch, and its bytes go into the archive, before anyone looks at it."""

from hashlib import sha256
from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from db.records import Fetch
from monitor import clock


class RecordMiddleware:
    """Puts the Fetch of an answer into `meta["fetch"]`; spiders and pipelines pass it on."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self._source = spider.source.name
        self._resources = spider.resources

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RecordMiddleware":
        return cls(crawler)

    def process_response(self, request: Request, response: Response) -> Response:
        body = response.body
        fetch = Fetch(
            url=(request.meta.get("redirect_urls") or [request.url])[0],
            at=clock.now(),
            source=self._source,
            status=response.status,
            final_url=response.url,
            redirects=tuple(request.meta.get("redirect_urls", ())),
            etag=header(response, b"ETag"),
            last_modified=header(response, b"Last-Modified"),
            conditional=bool(request.meta.get("sent_validators")),
            body_sha256=sha256(body).hexdigest() if body else None,
            body_bytes=len(body),
            mime=(header(response, b"Content-Type") or "").partition(";")[0].strip().lower(),
            ip=_server(request, response),
        )
        request.meta["fetch"] = self._resources.keep(fetch, response)
        return response


def _server(request: Request, response: Response) -> str | None:
    """The address of the server; behind a proxy only the proxy knows it."""
    behind_proxy = request.meta.get("proxy") is not None
    return None if behind_proxy or response.ip_address is None else str(response.ip_address)


def header(response: Response, name: bytes) -> str | None:
    """A header as text; bytes that are no ASCII are shown escaped."""
    value = response.headers.get(name)
    return None if value is None else value.decode("ascii", "backslashreplace")
