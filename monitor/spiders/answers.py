"""Answers of servers: pages, or the outcome that an answer has in the place of one."""

from dataclasses import replace
from datetime import datetime

from scrapy import Request
from scrapy.http import Response

from db.records import Fetch, Outcome
from monitor import clock
from monitor.exceptions import Unreadable
from monitor.extract.not_article import refuse_response
from monitor.items import Page, Target
from monitor.middlewares.outcomes import REST
from monitor.middlewares.record import header

Missing = tuple[Outcome, str]

_ENDS = (b"</html>", b"</body>", b"</rss>", b"</feed>", b"</urlset>", b"%%EOF", b"}")


def page_of(response: Response, target: Target, source: str, run: int) -> Page:
    """The page of an answer for an article, whatever its status."""
    fetch: Fetch = response.meta["fetch"]
    return Page(
        source=source,
        url=target.address,
        final_url=response.url,
        fetched_at=fetch.at,
        status=response.status,
        body=response.body,
        discovered_as=target.url,
        headers=headers_of(response),
        mime=fetch.mime,
        redirects=fetch.redirects,
        ip=fetch.ip,
        conditional=fetch.conditional,
        snapshot=fetch.snapshot,
        found_by=target.found_by,
        run=run,
        hints=target.hints,
        fetch=fetch,
        article=target.article,
        moved=_is_permanent(response),
    )


def shown_page(body: bytes, target: Target, source: str, run: int, at: datetime) -> Page:
    """The page of an article that its endpoint showed whole: no request of its own, no snapshot."""
    return Page(
        source=source,
        url=target.address,
        final_url=target.address,
        fetched_at=at,
        status=200,
        body=body,
        discovered_as=target.url,
        mime="text/html",
        found_by=target.found_by,
        run=run,
        hints=target.hints,
        article=target.article,
    )


def not_a_page(response: Response, page: Page, home: str) -> Missing | None:
    """The outcome of an answer that is no page, by what its head says alone."""
    if _is_cut(response):
        return "failed", "truncated"
    if page.status == 304:
        return None if page.conditional else ("failed", "304 without a condition")
    try:
        refuse_response(page, home)
    except Unreadable as refused:
        if page.status == 429 and refused.reason != "challenge":
            return "blocked", "429"
        return refused.outcome, refused.reason  # type: ignore[return-value]
    if 300 <= page.status < 400:
        return _bad_redirect(page)
    return None if 200 <= page.status < 300 else ("failed", "malformed answer")


def endpoint_refusal(response: Response, source: str, home: str) -> str | None:
    """Why an endpoint's answer is of no use, or None."""
    if _is_cut(response):
        return "truncated"
    page = Page(
        source=source,
        url=response.url,  # a feed may well have moved to the front page's address
        final_url=response.url,
        fetched_at=clock.now(),
        status=response.status,
        body=response.body,
        discovered_as=response.url,
        headers=headers_of(response),
    )
    try:
        refuse_response(page, home)
    except Unreadable as refused:
        return REST if response.status in (429, 503) else refused.reason
    return None if 200 <= response.status < 300 else str(response.status)


def lost(request: Request, source: str, reason: str) -> Fetch:
    """The fetch of a request that brought no answer."""
    redirects = tuple(request.meta.get("redirect_urls", ()))
    return Fetch(
        url=redirects[0] if redirects else request.url,
        at=clock.now(),
        source=source,
        status=0,
        final_url=request.url,
        redirects=redirects,
        conditional=bool(request.meta.get("sent_validators")),
        error=reason,
    )


def is_told_by_feed(missing: Missing, page: Page) -> bool:
    """Whether the feed carries the text of a new article whose page is blocked: read that."""
    return missing[0] == "blocked" and page.article is None and bool(page.hints.content)


def without_known_bytes(page: Page, target: Target) -> Page:
    """A page whose bytes are those of the last visit needs no reading."""
    known = target.validators.body_sha256
    if page.status == 200 and page.fetch and known and page.fetch.body_sha256 == known:
        return replace(page, status=304, body=b"")
    return replace(page, body=b"") if page.status == 304 else page


def headers_of(response: Response) -> dict[str, str]:
    """The headers as text, the last of each name."""
    return {name.decode("latin-1"): header(response, name) or "" for name in response.headers}


def _is_permanent(response: Response) -> bool:
    reasons = response.meta.get("redirect_reasons", ())
    return bool(reasons) and all(reason in (301, 308) for reason in reasons)


def _is_cut(response: Response) -> bool:
    """Whether a body ended before its end.

    Without a length or chunks the end of the connection is the end of the body, by design or by
    accident: then a closing tag must be there.
    """
    if "dataloss" in response.flags:
        return True
    if "partial" not in response.flags:
        return False
    tail = response.body[-2048:].rstrip()
    return not any(end in tail for end in _ENDS)


def _bad_redirect(page: Page) -> Missing:
    location = page.headers.get("Location", "")
    elsewhere = "://" in location and not location.lower().startswith(("http://", "https://"))
    return ("filtered", "scheme") if elsewhere else ("failed", "bad redirect")
