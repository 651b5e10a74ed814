"""robots.txt by RFC 9309, and Crawl-delay, which is no part of it and obeyed all the same.

2xx: the rules hold. 4xx: no rules. 5xx, time-out, no connection: nothing is asked for; a copy read
within the last 30 days holds instead. A copy is kept for a day.
"""

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from protego import Protego
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response

from db.records import HostState
from monitor import clock
from monitor.exceptions import StoreError
from monitor.middlewares.outcomes import ROBOTS, ROBOTS_UNREACHABLE, Refused

KEPT = timedelta(hours=24)
KEPT_WHILE_UNREACHABLE = timedelta(days=30)
MOST_BYTES = 500 * 1024  # what must be read of a file; the rest is ignored
_MOST_DOWNLOADED = 10_000_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rules:
    """What a host's robots.txt says to us; None means it could not be read."""

    parsed: Protego | None

    def refuse(self, url: str, name: str) -> None:
        """Raise Refused if the rules forbid the address, or are unknown."""
        if self.parsed is None:
            raise Refused("blocked", ROBOTS_UNREACHABLE)
        if not self.parsed.can_fetch(url, name):
            raise Refused("blocked", ROBOTS)


class RobotsMiddleware:
    """Asks for a host's robots.txt before anything else of it, and obeys."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self._crawler = crawler
        self._hosts = spider.resources.hosts
        self._name = spider.resources.settings.bot_name
        self._overridden = spider.source.robots_override is not None
        self._rules: dict[str, Rules] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> "RobotsMiddleware":
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots"):
            return
        parts = urlsplit(request.url)
        site = f"{parts.scheme}://{parts.netloc}"
        if site not in self._rules:
            self._rules[site] = await self._read_once(site)
        if not self._overridden:
            self._rules[site].refuse(request.url, self._name)

    async def _read_once(self, site: str) -> Rules:
        """One request, however many requests of however many crawls wait for it."""
        reading: dict[str, asyncio.Task[Rules]] = self._hosts.robots_under_way
        if site not in reading:
            reading[site] = asyncio.ensure_future(self._read_robots(site))
            reading[site].add_done_callback(lambda _: reading.pop(site))
        return await asyncio.shield(reading[site])

    async def _read_robots(self, site: str) -> Rules:
        key = urlsplit(site).netloc  # a port is a site of its own
        state: HostState = self._hosts.state(key)
        if _is_fresh(state.robots_fetched_at, KEPT) and state.robots_body is not None:
            return Rules(read_robots(state.robots_body)[0])
        try:
            response = await self._ask(f"{site}/robots.txt")
        except (Refused, StoreError):
            raise
        except Exception as error:  # whatever kept us from reading it: RFC 9309, 2.3.1.4
            return self._unreachable(key, state, type(error).__name__)
        if response.status >= 500 or response.status == 429 or 300 <= response.status < 400:
            return self._unreachable(key, state, str(response.status))
        return self._noted(key, response)

    async def _ask(self, url: str) -> Response:
        request = Request(
            url,
            dont_filter=True,
            meta={"is_robots": True, "any_host": True, "download_maxsize": _MOST_DOWNLOADED},
        )
        response = await self._crawler.engine.download_async(request)
        if {"partial", "dataloss"} & set(response.flags):
            raise IgnoreRequest("robots.txt was cut short")
        return response

    def _noted(self, host: str, response: Response) -> Rules:
        body = response.body[:MOST_BYTES] if response.status < 300 else b""
        parsed, note = read_robots(body)
        delay = parsed.crawl_delay(self._name)
        self._hosts.note(
            host,
            robots_status=response.status,
            robots_body=body,
            robots_fetched_at=clock.now(),
            robots_note=note,
            crawl_delay=float(delay) if delay is not None else None,
        )
        if host != (plain := host.partition(":")[0]) and delay is not None:
            self._hosts.note(plain, crawl_delay=float(delay))  # turns are by host, without port
        return Rules(parsed)

    def _unreachable(self, host: str, state: HostState, why: str) -> Rules:
        logger.info("%s: robots.txt is unreachable (%s)", host, why)
        self._hosts.note(
            host, robots_note=f"unreachable ({why}) since {clock.now():%Y-%m-%d %H:%M}"
        )
        if state.robots_body is not None and _is_fresh(
            state.robots_fetched_at, KEPT_WHILE_UNREACHABLE
        ):
            return Rules(read_robots(state.robots_body)[0])
        return Rules(None)


def read_robots(body: bytes) -> tuple[Protego, str | None]:
    """The rules of a robots.txt, and a note on what is odd about it.

    A byte-order mark is skipped, a line cut by the size limit dropped, and a web page in its place
    has no rules.
    """
    text = body.decode("utf-8-sig", "replace")
    if len(body) >= MOST_BYTES:
        text = text[: text.rfind("\n") + 1]
    if text.lstrip()[:1] == "<":
        return Protego.parse(""), "a web page instead of rules"
    return Protego.parse(text), "longer than 500 KiB" if len(body) >= MOST_BYTES else None


def _is_fresh(at: datetime | None, kept: timedelta) -> bool:
    return at is not None and timedelta() <= clock.now() - at < kept
