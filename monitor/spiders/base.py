"""What all spiders share: reading the endpoints of a source, then asking for its articles.

A spider collects: it yields a `Page` or a `Missed` for each URL of its run's ledger and parses no
prose. A kind of source is a function from an endpoint to `Contents` (see `monitor.spiders.kinds`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.python.failure import Failure

from db.records import EndpointState, Fetch, Outcome
from monitor import clock
from monitor.canonical import article_number, canonical, in_scope, resolve, url_rules
from monitor.config import Endpoint, SourceConfig
from monitor.exceptions import StoreError, Unreadable
from monitor.extract.not_article import refuse_response
from monitor.items import Link, Missed, Page, Target
from monitor.ledger import Revisit, RunLedger, seen_now
from monitor.middlewares.outcomes import PASSING, REST, Refused, outcome_of
from monitor.middlewares.record import header
from monitor.readers.contents import Contents, Entry, NotReadable
from monitor.resources import Resources

# New articles come before second looks, a second try comes last.
_NEW, _AGAIN, _RETRY = 10, 0, -20
_SMALL = 64 * 1024  # bodies of endpoints up to this are parsed at once, larger ones in a thread
_ENDS = (b"</html>", b"</body>", b"</rss>", b"</feed>", b"</urlset>", b"%%EOF", b"}")

logger = logging.getLogger(__name__)


class EndpointFailed(Exception):
    """Raised when an endpoint cannot be read; the ledger knows why already."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an endpoint answered: `body` is None if it has not changed since the last run."""

    state: EndpointState
    fetch: Fetch
    body: bytes | None
    headers: dict[str, str]


class SourceSpider(Spider):
    """Crawls one source. Kinds subclass it to have a name: `scrapy crawl feed -a source=NAME`."""

    # Which known articles are visited again, whatever was asked for; None for what was asked for.
    revisits_only: ClassVar[Revisit | None] = None

    def __init__(
        self,
        source: SourceConfig,
        resources: Resources,
        *,
        revisit: Revisit = "all",
        limit: int | None = None,
    ) -> None:
        super().__init__()
        self.source = source
        self.resources = resources
        self.rules = rules_of(source)
        self.delay = max(source.delay or 0, resources.settings.crawl.delay)
        self._revisit: Revisit = revisit
        self._limit = limit
        self._shown: dict[str, tuple[bytes, Fetch]] = {}  # articles that an endpoint showed whole
        self._opened = ExitStack()
        self.ledger: RunLedger

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> "SourceSpider":
        """Take a `SourceConfig` and `Resources`, or open them by the name of the source."""
        opened = ExitStack()
        if isinstance(kwargs.get("source"), str):
            from monitor.spiders.standalone import open_by_name

            kwargs = open_by_name(kwargs, opened)
        spider = cls(**kwargs)
        spider._opened = opened
        _configure(crawler, spider)
        spider._set_crawler(crawler)
        crawler.signals.connect(spider._begin, signals.spider_opened)
        crawler.signals.connect(spider._end, signals.spider_closed)
        crawler.signals.connect(spider._crashed, signals.item_error)
        crawler.signals.connect(spider._failed, signals.spider_error)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Read the endpoints in turn, asking for what they show; then look again at the known."""
        for endpoint in self.source.endpoints:
            try:
                async for _ in self.walk(endpoint):
                    for target in self.ledger.new_targets():
                        yield self.visit(target, _NEW)
            except EndpointFailed:
                continue
        for target in self.ledger.new_targets():
            yield self.visit(target, _NEW)
        for target in self.ledger.revisits(self.revisits_only):
            yield self.visit(target, _AGAIN)

    def walk(self, endpoint: Endpoint) -> AsyncIterator[int]:
        """Enter what an endpoint shows into the ledger, yielding after each body.

        A site-specific spider may do this in its own way for its endpoints of kind `spider`.
        """
        from monitor.spiders.kinds import WALKERS

        return WALKERS[endpoint.kind](self, endpoint)

    # ------------------------------------------------------------------ endpoints

    async def ask(
        self,
        endpoint: Endpoint,
        max_bytes: int,
        *,
        address: str | None = None,
        even_unchanged: bool = False,
    ) -> Answer:
        """Fetch an endpoint, conditionally but for once a day (or `even_unchanged`: always whole).

        `address` is asked for in its place, where a query says what is wanted of it.

        Raises EndpointFailed, with the reason in the ledger.
        """
        state = self.ledger.endpoint(endpoint.url, endpoint.kind)
        request = Request(
            address or endpoint.url,
            dont_filter=True,
            meta={
                "validators": state.validators,
                "conditional": not even_unchanged and _is_recent(state),
                "download_maxsize": max_bytes,
            },
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            _, reason = outcome_of(error)
            self._log_crash(reason, error)
            raise self.endpoint_failed(state, None, reason) from error
        answer = self._answer(state, response)
        known = state.validators.body_sha256
        same = known is not None and answer.fetch.body_sha256 == known and state.error is None
        return replace(answer, body=None) if same and not even_unchanged else answer

    def endpoint_failed(
        self, state: EndpointState, fetch: Fetch | None, reason: str
    ) -> EndpointFailed:
        """Enter the failure of an endpoint; returns the error to raise."""
        self.ledger.endpoint_failed(state, fetch, reason)
        return EndpointFailed(reason)

    async def read(self, answer: Answer, reader: Callable[[], Contents]) -> Contents:
        """Parse what an endpoint answered, off the event loop if it is large.

        Raises EndpointFailed if it is not what was promised.
        """
        assert answer.body is not None
        try:
            if len(answer.body) <= _SMALL:
                return reader()
            return await asyncio.to_thread(reader)
        except NotReadable as error:
            raise self.endpoint_failed(answer.state, answer.fetch, str(error)) from error

    def listed(self, answer: Answer, contents: Contents, kind: str | None = None) -> int:
        """Enter all that an endpoint showed; returns how many of its links were unknown."""
        links = [self.link(entry, answer.state.url) for entry in contents.entries]
        for entry, link in zip(contents.entries, links, strict=True):
            if entry.body is not None:
                self._shown[link.url] = entry.body, answer.fetch
        shown = tuple(link.url for link in links if not link.filtered)
        if contents.note:
            logger.info("%s: %s", answer.state.url, contents.note)
        state = replace(
            seen_now(answer.state, answer.fetch, clock.now()),
            kind=kind or answer.state.kind,
            links=shown[:200],
            depth_seconds=contents.depth_seconds,
        )
        return self.ledger.listed(state, answer.fetch, links)

    def shown(self, endpoint: Endpoint, contents: Contents) -> int:
        """Enter what an endpoint is known to hold without asking; how much of it was unknown."""
        state = replace(self.ledger.endpoint(endpoint.url, endpoint.kind), visited_at=clock.now())
        links = [self.link(entry, endpoint.url) for entry in contents.entries]
        return self.ledger.listed(state, None, links)

    def unchanged(self, answer: Answer) -> None:
        """Enter that an endpoint shows what it showed before."""
        self.ledger.listed(seen_now(answer.state, answer.fetch, clock.now()), answer.fetch, ())

    def link(self, entry: Entry, found_by: str) -> Link:
        """An entry with its identity, or with the reason why it is not asked for."""
        address = resolve(entry.address, found_by)
        url = canonical(address, self.rules) if address else None
        reason = "scheme" if address is None or url is None else self._unwanted(address, entry)
        return Link(
            address=address or entry.address[:500],
            url=url or "",
            number=article_number(address, self.rules) if address else None,
            hints=entry.hints,
            found_by=found_by,
            filtered=reason,
            watched=entry.watched,
        )

    def _unwanted(self, address: str, entry: Entry) -> str | None:
        source = self.source
        if not in_scope(address, self.rules):
            return "off-site"
        if source.follow and not source.follow.search(address):
            return "pattern"
        if source.skip and source.skip.search(address):
            return "pattern"
        said = entry.hints.modified or entry.hints.published
        if source.backfill_from and said and said[:10] < source.backfill_from.isoformat():
            return "too old"
        return None

    def _answer(self, state: EndpointState, response: Response) -> Answer:
        fetch: Fetch = response.meta["fetch"]
        headers = _headers(response)
        if response.status == 304 and fetch.conditional:
            return Answer(state=state, fetch=fetch, body=None, headers=headers)
        reason = self._refused(response, headers)
        if reason is not None:
            raise self.endpoint_failed(state, replace(fetch, error=reason), reason)
        return Answer(state=state, fetch=fetch, body=response.body, headers=headers)

    def _refused(self, response: Response, headers: dict[str, str]) -> str | None:
        """Why an endpoint's answer is of no use, or None."""
        if _is_cut(response):
            return "truncated"
        page = Page(
            source=self.source.name,
            url=response.url,  # a feed may well have moved to the front page's address
            final_url=response.url,
            fetched_at=clock.now(),
            status=response.status,
            body=response.body,
            discovered_as=response.url,
            headers=headers,
        )
        try:
            refuse_response(page, self.source.home)
        except Unreadable as refused:
            return REST if response.status in (429, 503) else refused.reason
        return None if 200 <= response.status < 300 else str(response.status)

    # ------------------------------------------------------------------ articles

    def visit(self, target: Target, priority: int) -> Request | Page:
        """The request for an article, or its page if the endpoint showed it whole."""
        shown = self._shown.pop(target.url, None)
        if shown is None:
            return self.request(target, priority)
        body, fetch = shown
        return Page(
            source=self.source.name,
            url=target.address,
            final_url=target.address,
            fetched_at=fetch.at,
            status=200,
            body=body,
            discovered_as=target.url,
            mime="text/html",
            ip=fetch.ip,
            snapshot=fetch.snapshot,
            found_by=target.found_by,
            run=self.ledger.run,
            hints=target.hints,
            article=target.article,
        )

    def request(self, target: Target, priority: int) -> Request:
        crawl = self.resources.settings.crawl
        document = ".pdf" in target.address.lower() or self.source.kind == "document"
        return Request(
            target.address,
            callback=self.article,
            errback=self.missed,
            cb_kwargs={"target": target},
            priority=priority,
            dont_filter=True,  # the ledger has each article once already
            meta={
                "target": target,
                "validators": target.validators,
                "conditional": target.conditional and target.article is not None,
                "download_maxsize": crawl.max_pdf if document else crawl.max_html,
            },
        )

    def article(self, response: Response, target: Target) -> Iterator[Any]:
        """One answer, one outcome."""
        fetch: Fetch = response.meta["fetch"]
        page = self._page(response, target, fetch)
        missed = self._not_a_page(response, page)
        if missed is None and self._landed_elsewhere(page, target):
            missed = ("duplicate", "same target after redirect")
        if missed is None or _is_told_by_feed(missed, page):
            yield _without_known_bytes(page, target)
        elif page.status != 503 and (again := self._again(response.request, missed[1])):
            yield again
        else:
            yield self._missed(target, missed, replace(fetch, error=missed[1]))

    def missed(self, failure: Failure) -> Iterator[Any]:
        """A request that brought no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        outcome, reason = outcome_of(error)
        self._log_crash(reason, error)
        if isinstance(error, StoreError):
            self.ledger.fault(str(error))
        if (again := self._again(request, reason)) is not None:
            yield again
            return
        # What we refused ourselves never reached a server; of a second try the first one counts.
        refused = isinstance(error, Refused)
        if refused and (first := request.meta.get("first_reason")):
            outcome, reason = "failed", first
        fetch = None if refused else self._lost(request, reason)
        yield self._missed(request.meta["target"], (outcome, reason), fetch)

    def _page(self, response: Response, target: Target, fetch: Fetch) -> Page:
        return Page(
            source=self.source.name,
            url=target.address,
            final_url=response.url,
            fetched_at=fetch.at,
            status=response.status,
            body=response.body,
            discovered_as=target.url,
            headers=_headers(response),
            mime=fetch.mime,
            redirects=fetch.redirects,
            ip=fetch.ip,
            conditional=fetch.conditional,
            snapshot=fetch.snapshot,
            found_by=target.found_by,
            run=self.ledger.run,
            hints=target.hints,
            fetch=fetch,
            article=target.article,
            moved=_is_permanent(response),
        )

    def _not_a_page(self, response: Response, page: Page) -> tuple[Outcome, str] | None:
        """The outcome of an answer that is no page, by what its head says alone."""
        if _is_cut(response):
            return "failed", "truncated"
        if page.status == 304:
            return None if page.conditional else ("failed", "304 without a condition")
        try:
            refuse_response(page, self.source.home)
        except Unreadable as refused:
            if page.status == 429 and refused.reason != "challenge":
                return "blocked", "429"
            return refused.outcome, refused.reason  # type: ignore[return-value]
        if 300 <= page.status < 400:
            return _bad_redirect(page)
        if not 200 <= page.status < 300:
            return "failed", "malformed answer"
        return None

    def _landed_elsewhere(self, page: Page, target: Target) -> bool:
        if not page.redirects:
            return False
        final = canonical(page.final_url, self.rules)
        number = article_number(page.final_url, self.rules)
        return final is not None and self.ledger.lands_on_known(target, final, number)

    def _again(self, request: Request | None, reason: str) -> Request | None:
        """The same request once more at the end of the run, where the cause may have passed."""
        if request is None or reason not in PASSING or request.meta.get("first_reason"):
            return None
        target: Target = request.meta["target"]
        again = self.request(target, _RETRY)
        again.meta["first_reason"] = reason
        return again

    def _missed(self, target: Target, missed: tuple[Outcome, str], fetch: Fetch | None) -> Missed:
        return Missed(
            source=self.source.name,
            discovered_as=target.url,
            outcome=missed[0],
            reason=missed[1],
            run=self.ledger.run,
            fetch=fetch,
            article=target.article,
        )

    def _lost(self, request: Request, reason: str) -> Fetch:
        redirects = tuple(request.meta.get("redirect_urls", ()))
        return Fetch(
            url=redirects[0] if redirects else request.url,
            at=clock.now(),
            source=self.source.name,
            status=0,
            final_url=request.url,
            redirects=redirects,
            conditional=bool(request.meta.get("sent_validators")),
            error=reason,
        )

    # ------------------------------------------------------------------ the run

    def _begin(self) -> None:
        self.ledger = RunLedger(self.resources, self.source, self._revisit, self._limit)

    def _end(self, reason: str) -> None:
        if reason == "closespider_timeout":
            self.ledger.errors.append("the run's time limit was reached; the rest stays queued")
        self.resources.hosts.save()
        self.ledger.finish()
        self._opened.close()

    def _crashed(self, item: Any) -> None:
        """A pipeline raised: Scrapy has logged why, the URL must not stay open."""
        if isinstance(item, Page | Missed):
            self.ledger.crashed(item.discovered_as)

    def _failed(self, failure: Failure, response: Response | None) -> None:
        """A callback raised."""
        target = response.meta.get("target") if response is not None else None
        if target is not None:
            self.ledger.crashed(target.url)
        else:
            self.ledger.fault(f"crash: {failure.value!r}")

    def _log_crash(self, reason: str, error: BaseException) -> None:
        if reason == "crash":
            logger.error("%s: %r", self.source.name, error, exc_info=error)


def rules_of(source: SourceConfig) -> Any:
    """The URL rules of a configured source."""
    return url_rules(
        home=source.home,
        endpoints=[endpoint.url for endpoint in source.endpoints],
        aliases=source.aliases,
        offsite=source.allow_offsite,
        keep=source.keep_parameters,
        drop=source.drop_parameters,
        number=source.article_number,
    )


def _configure(crawler: Crawler, spider: SourceSpider) -> None:
    """What monitor.toml and sources.toml say of Scrapy's settings."""
    settings, crawl = spider.resources.settings, spider.resources.settings.crawl
    verify = spider.source.verify_tls
    for name, value in {
        "USER_AGENT": settings.user_agent,
        "DOWNLOAD_TIMEOUT": crawl.timeout,
        "DOWNLOAD_MAXSIZE": crawl.max_html,
        "CLOSESPIDER_TIMEOUT": crawl.run_limit.total_seconds(),
        "DOWNLOAD_VERIFY_CERTIFICATES": crawl.verify_tls if verify is None else verify,
    }.items():
        crawler.settings.set(name, value, priority="spider")


def _is_permanent(response: Response) -> bool:
    reasons = response.meta.get("redirect_reasons", ())
    return bool(reasons) and all(reason in (301, 308) for reason in reasons)


def _headers(response: Response) -> dict[str, str]:
    return {name.decode("latin-1"): header(response, name) or "" for name in response.headers}


def _is_recent(state: EndpointState) -> bool:
    """Whether the endpoint was read unconditionally within a day: some servers lie about 304."""
    last = state.unconditional_at
    return last is not None and (clock.now() - last).total_seconds() < 86400


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


def _is_told_by_feed(missed: tuple[Outcome, str], page: Page) -> bool:
    """Whether the feed carries the text of a new article whose page is blocked: read that."""
    return missed[0] == "blocked" and page.article is None and bool(page.hints.content)


def _bad_redirect(page: Page) -> tuple[Outcome, str]:
    location = page.headers.get("Location", "")
    elsewhere = "://" in location and not location.lower().startswith(("http://", "https://"))
    return ("filtered", "scheme") if elsewhere else ("failed", "bad redirect")


def _without_known_bytes(page: Page, target: Target) -> Page:
    """A page whose bytes are those of the last visit needs no reading."""
    known = target.validators.body_sha256
    if page.status == 200 and page.fetch and known and page.fetch.body_sha256 == known:
        return replace(page, status=304, body=b"")
    return replace(page, body=b"") if page.status == 304 else page
