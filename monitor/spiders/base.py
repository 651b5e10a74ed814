"""What all spiders share: reading the endpoints of a source, then asking for its articles.

A spider collects: it yields a `Page` or a `Missed` for each URL of its run's ledger and parses no
prose. A kind of source is a function from an endpoint to `Contents` (see `monitor.spiders.kinds`).
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import CloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from db.records import EndpointState, Fetch
from monitor import clock
from monitor.canonical import article_number, canonical, host_of
from monitor.config import Endpoint, SourceConfig
from monitor.exceptions import StoreError, Unreadable
from monitor.items import Link, Missed, Page, Target
from monitor.ledger import Revisit, RunLedger, seen_now
from monitor.middlewares.conditional import contradicts
from monitor.middlewares.outcomes import PASSING, Refused, outcome_of
from monitor.readers.contents import Contents, Entry, NotReadable
from monitor.resources import Resources
from monitor.spiders.answers import (
    Missing,
    endpoint_refusal,
    headers_of,
    is_told_by_feed,
    lost,
    not_a_page,
    page_of,
    shown_page,
    without_known_bytes,
)
from monitor.spiders.links import link_of, rules_of

# New articles come before second looks, a second try comes last.
_NEW, _AGAIN, _RETRY = 10, 0, -20
_SMALL = 64 * 1024  # bodies of endpoints up to this are parsed at once, larger ones in a worker
_AT_A_TIME = 500  # links entered at once: some 30 ms
_SHOWN = 200  # links of an endpoint that are remembered until its next reading

# What an endpoint's state says between its first page and its last one.
NOT_TO_ITS_END = "not read to its end"
# What a run says that somebody has ended.
STOPPED = "the run was stopped; the rest stays queued"

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
        # Articles that an endpoint showed whole, and when.
        self._shown: dict[str, tuple[bytes, datetime]] = {}
        self._ended = False
        self._is_first_reading = False  # of an endpoint that was added to a known source
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
        """All requests of the run. Scrapy only logs what is raised here; the run must say it."""
        try:
            async for request in self._requests():
                yield request
        except Exception as error:
            self.ledger.fault(f"crash: {error!r}")
            raise

    async def _requests(self) -> AsyncIterator[Any]:
        """Read the endpoints in turn, asking for what they show; then look again at the known."""
        for endpoint in self.source.endpoints:
            if self._ended:
                return
            self._is_first_reading = not self.ledger.baseline and self._is_new(endpoint)
            try:
                async for _ in self.walk(endpoint):
                    for target in self.ledger.new_targets():
                        yield self.visit(target, _NEW)
            except EndpointFailed:
                continue
        if self._ended:
            return
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
                "conditional": not even_unchanged and state.error is None and _is_recent(state),
                "download_maxsize": max_bytes,
            },
        )
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as error:
            if self._ended:  # the engine was closed while we waited
                raise EndpointFailed("the run has ended") from error
            if isinstance(error, StoreError):
                self.ledger.fault(str(error))
                raise CloseSpider("storage") from error
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
        """Parse what an endpoint answered; if it is large, in a worker that can be killed.

        Raises EndpointFailed if it is not what was promised.
        """
        assert answer.body is not None
        try:
            if len(answer.body) <= _SMALL:
                return reader()
            return await self.resources.pool.call(reader)
        except (NotReadable, Unreadable) as error:
            raise self.endpoint_failed(answer.state, answer.fetch, str(error)) from error

    async def listed(
        self, answer: Answer, contents: Contents, *, kind: str | None = None, more: bool = False
    ) -> int:
        """Enter all that an endpoint showed; returns how many of its links were unknown.

        With `more` to come of it the endpoint counts as not read to its end, until `completed`.
        """
        entries, unknown = contents.entries, 0
        at = clock.now()  # of all parts: what was entered last would be asked for first
        shown: list[str] = []
        starts = range(0, max(len(entries), 1), _AT_A_TIME)
        for start in starts:
            links = self._links(answer, entries[start : start + _AT_A_TIME])
            shown += [link.url for link in links if not link.filtered][: _SHOWN - len(shown)]
            if start != starts[-1]:  # between two parts the other crawls have their turn
                unknown += self.ledger.discovered(links, start, at)
                await asyncio.sleep(0)
        if tuple(shown) != answer.state.links and contradicts(
            answer.state.validators, answer.fetch
        ):
            host = host_of(answer.state.url)
            self.resources.hosts.note(host, validators_trusted=False)
        if contents.note:
            logger.info("%s: %s", answer.state.url, contents.note)
        state = replace(
            seen_now(answer.state, answer.fetch, at),
            kind=kind or answer.state.kind,
            links=tuple(shown),
            depth_seconds=contents.depth_seconds,
            error=NOT_TO_ITS_END if more else None,
        )
        return unknown + self.ledger.listed(state, answer.fetch, links, start)

    def _links(self, answer: Answer, entries: Sequence[Entry]) -> list[Link]:
        links = [self.link(entry, answer.state.url) for entry in entries]
        for entry, link in zip(entries, links, strict=True):
            if entry.body is not None:
                self._shown[link.url] = entry.body, answer.fetch.at
        return links

    def is_resumed(self, endpoint: Endpoint) -> bool:
        """Whether the last run could not read all of the endpoint: then nothing of it is known."""
        return self.ledger.endpoint(endpoint.url, endpoint.kind).error is not None

    def completed(self, endpoint: Endpoint) -> None:
        """Enter that the endpoint was read to its end."""
        state = self.ledger.endpoint(endpoint.url, endpoint.kind)
        if state.error == NOT_TO_ITS_END:
            self.ledger.listed(replace(state, error=None), None, ())

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
        link = link_of(entry, found_by, self.source, self.rules)
        if not self._is_first_reading:
            return link
        return replace(link, hints=replace(link.hints, known_before=True))

    def _is_new(self, endpoint: Endpoint) -> bool:
        """Whether the endpoint was never read: what it shows first has been there before."""
        state = self.ledger.endpoint(endpoint.url, endpoint.kind)
        failed_only = state.error is not None and state.unconditional_at is None
        return state.visited_at is None or failed_only

    def _answer(self, state: EndpointState, response: Response) -> Answer:
        fetch: Fetch = response.meta["fetch"]
        headers = headers_of(response)
        if response.status == 304 and fetch.conditional:
            return Answer(state=state, fetch=fetch, body=None, headers=headers)
        reason = endpoint_refusal(response, self.source.name, self.source.home)
        if reason is not None:
            raise self.endpoint_failed(state, replace(fetch, error=reason), reason)
        return Answer(state=state, fetch=fetch, body=response.body, headers=headers)

    # ------------------------------------------------------------------ articles

    def visit(self, target: Target, priority: int) -> Request | Page:
        """The request for an article, or its page if the endpoint showed it whole."""
        shown = self._shown.pop(target.url, None)
        if shown is None:
            return self.request(target, priority)
        body, at = shown
        return shown_page(body, target, self.source.name, self.ledger.run, at)

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
                "conditional": target.conditional
                and target.article is not None
                and not self.source.browser,
                "download_maxsize": crawl.max_pdf if document else crawl.max_html,
            },
        )

    def article(self, response: Response, target: Target) -> Iterator[Any]:
        """One answer, one outcome."""
        page = page_of(response, target, self.source.name, self.ledger.run)
        missing = not_a_page(response, page, self.source.home)
        if missing is None and self._landed_elsewhere(page, target):
            missing = ("duplicate", "same target after redirect")
        if missing is None or is_told_by_feed(missing, page):
            # Under the same bytes the scripts of a page may write something else.
            yield page if self.source.browser else without_known_bytes(page, target)
        elif page.status != 503 and (again := self._again(response.request, missing[1])):
            yield again
        else:
            fetch: Fetch = response.meta["fetch"]
            yield self._missed(target, missing, replace(fetch, error=missing[1]))

    def missed(self, failure: Failure) -> Iterator[Any]:
        """A request that brought no answer."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error = failure.value
        assert error is not None
        if isinstance(error, StoreError):
            self.ledger.fault(str(error))
            raise CloseSpider("storage")  # a full disk is full for the next page, too
        outcome, reason = outcome_of(error)
        self._log_crash(reason, error)
        if (again := self._again(request, reason)) is not None:
            yield again
            return
        # What we refused ourselves never reached a server; of a second try the first one counts.
        refused = isinstance(error, Refused)
        if refused and (first := request.meta.get("first_reason")):
            outcome, reason = "failed", first
        fetch = None if refused else lost(request, self.source.name, reason)
        yield self._missed(request.meta["target"], (outcome, reason), fetch)

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

    def _missed(self, target: Target, missing: Missing, fetch: Fetch | None) -> Missed:
        return Missed(
            source=self.source.name,
            discovered_as=target.url,
            outcome=missing[0],
            reason=missing[1],
            run=self.ledger.run,
            fetch=fetch,
            article=target.article,
        )

    # ------------------------------------------------------------------ the run

    def _begin(self) -> None:
        self.ledger = RunLedger(self.resources, self.source, self._revisit, self._limit)

    def _end(self, reason: str) -> None:
        self._ended = True
        if reason == "closespider_timeout":
            self.ledger.errors.append("the run's time limit was reached; the rest stays queued")
        elif reason != "finished":
            self.ledger.errors.append(STOPPED)
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
        "DEFAULT_REQUEST_HEADERS": _asked_for(spider.source),
    }.items():
        crawler.settings.set(name, value, priority="spider")


def _asked_for(source: SourceConfig) -> dict[str, str]:
    """What we ask of a server: the source's own languages, or some would answer in English."""
    headers = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
    if source.languages:
        headers["Accept-Language"] = ", ".join([*source.languages, "*;q=0.5"])
    return headers


def _is_recent(state: EndpointState) -> bool:
    """Whether the endpoint was read unconditionally within a day: some servers lie about 304."""
    last = state.unconditional_at
    return last is not None and (clock.now() - last).total_seconds() < 86400
