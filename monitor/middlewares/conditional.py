"""Conditional requests with our own validators.

Not Scrapy's HTTP cache: it holds pages fresh by its own guess and hides errors behind old copies.
The validators are stored with the content they belong to, in one transaction.
"""

from typing import Any

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response

from db.records import Fetch, Validators
from monitor.canonical import host_of
from monitor.middlewares.politeness import Hosts


class ConditionalMiddleware:
    """Sends ETag and Last-Modified of `meta["validators"]` where `meta["conditional"]` says so.

    A host whose articles or lists changed under the same ETag is not asked conditionally again.
    """

    def __init__(self, hosts: Hosts) -> None:
        self._hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "ConditionalMiddleware":
        spider: Any = crawler.spider
        return cls(spider.resources.hosts)

    def process_request(self, request: Request) -> None:
        # After a redirect another page answers: the validators are not its own.
        request.headers.pop(b"If-None-Match", None)
        request.headers.pop(b"If-Modified-Since", None)
        validators: Validators | None = request.meta.get("validators")
        conditional = (
            validators is not None
            and request.meta.get("conditional", True)
            and not request.meta.get("redirect_times")
            and self._hosts.state(host_of(request.url)).validators_trusted
        )
        request.meta["sent_validators"] = False
        if not conditional or validators is None:
            return
        if validators.etag:
            request.headers[b"If-None-Match"] = validators.etag
        if validators.last_modified:
            request.headers[b"If-Modified-Since"] = validators.last_modified
        request.meta["sent_validators"] = bool(validators.etag or validators.last_modified)

    def process_response(self, request: Request, response: Response) -> Response:
        # Of a list the spider judges: its own date may change although it shows nothing new.
        is_article = request.meta.get("target") is not None
        before: Validators | None = request.meta.get("validators")
        fetch: Fetch | None = request.meta.get("fetch")
        if is_article and before is not None and fetch is not None and contradicts(before, fetch):
            self._hosts.note(host_of(request.url), validators_trusted=False)
        return response


def contradicts(before: Validators, fetch: Fetch) -> bool:
    """Whether other bytes came with the ETag of the old ones."""
    return (
        fetch.status == 200
        and before.etag is not None
        and _strong(before.etag) == _strong(fetch.etag)
        and before.body_sha256 not in (None, fetch.body_sha256)
    )


def _strong(etag: str | None) -> str | None:
    return None if etag is None else etag.removeprefix("W/")
