"""One request at a time for each host, over all sources and processes, with a delay between.

It stands at the socket (a download handler), because only there all requests meet: pages, feeds,
robots.txt, every hop of a redirect, of every crawl in the process. The lock on a data directory
keeps a second crawl of it away; with previews and other data directories `turns` keeps turns.
"""

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.http import Response

from db.hosts import host_state, save_host
from db.records import HostState
from db.store import writing
from monitor import clock
from monitor.canonical import host_of
from monitor.middlewares.outcomes import REST, Refused
from monitor.middlewares.turns import machine_turn

JITTER = 0.3  # upwards only: a delay is a promise
FIRST_REST = 5 * 60
LONGEST_REST = 6 * 3600
LONGEST_ASKED_REST = 24 * 3600  # no source is given up: each is asked once a day at least
# A rest this short is waited for; after a longer one the host is asked again by a later run.
WAITED_FOR = 60

logger = logging.getLogger(__name__)


class Hosts:
    """The hosts of this process: whose turn it is, and what must be remembered of each."""

    def __init__(self, conn: sqlite3.Connection, turns: Path | None = None) -> None:
        """`turns` is the folder where the processes of a machine take turns, if they do."""
        self._conn = conn
        self._folder = turns
        self._states: dict[str, HostState] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._last: dict[str, float] = {}  # monotonic end of the last request
        self._asked: set[str] = set()  # whose last request is not saved yet
        self.robots_under_way: dict[str, asyncio.Task[Any]] = {}

    def state(self, host: str) -> HostState:
        if host not in self._states:
            self._states[host] = host_state(self._conn, host)
        return self._states[host]

    def note(self, host: str, **changes: Any) -> HostState:
        """Remember something of a host, now and in the database."""
        state = self._states[host] = replace(self.state(host), **changes)
        with writing(self._conn):
            save_host(self._conn, state)
        return state

    @asynccontextmanager
    async def turn(self, host: str, delay: float) -> AsyncIterator[None]:
        """Wait until the host may be asked, and keep it for the time of one request.

        Raises Refused while the host rests, unless the rest is short enough to wait for.
        """
        async with self._turns.setdefault(host, asyncio.Lock()):
            await self._rested(host)
            pause = self._pause(host, delay)
            await asyncio.sleep(self._due(host, pause) - time.monotonic())
            async with machine_turn(self._folder, host, pause):
                self._asked.add(host)
                try:
                    yield
                finally:
                    self._last[host] = time.monotonic()

    def rest(self, host: str, retry_after: str | None, now: datetime) -> None:
        """Leave a host alone as long as it asks, or 5 minutes, doubling up to 6 hours."""
        seconds = rest_seconds(retry_after, now)
        chosen = None
        if seconds is None:
            before = self.state(host).rest_seconds
            chosen = FIRST_REST if before is None else min(2 * before, LONGEST_REST)
            seconds = chosen
        logger.info("%s asks for a rest of %d seconds", host, seconds)
        self.note(host, not_before=now + timedelta(seconds=seconds), rest_seconds=chosen)

    def answered(self, host: str) -> None:
        """A host that answers again gets a short rest the next time."""
        if self.state(host).rest_seconds is not None:
            self.note(host, rest_seconds=None)

    def save(self) -> None:
        """Store when each host was asked last; called at the end of a run."""
        at = clock.now()
        with writing(self._conn):
            for host in self._asked & self._last.keys():
                ago = time.monotonic() - self._last[host]
                state = replace(self.state(host), last_request_at=at - timedelta(seconds=ago))
                self._states[host] = state
                save_host(self._conn, state)
        self._asked.clear()

    async def _rested(self, host: str) -> None:
        until = self.state(host).not_before
        if until is None:
            return
        left = (until - clock.now()).total_seconds()
        if left > WAITED_FOR:
            raise Refused("blocked", REST)
        await asyncio.sleep(left)
        self._states[host] = replace(self.state(host), not_before=None)

    def _pause(self, host: str, delay: float) -> float:
        delay = max(delay, self.state(host).crawl_delay or 0)
        return delay * (1 + random.uniform(0, JITTER))  # noqa: S311 - spreads load, guards nothing

    def _due(self, host: str, delay: float) -> float:
        """The monotonic time from which the host may be asked again."""
        if host in self._last:
            return self._last[host] + delay
        before = self.state(host).last_request_at
        if before is None:
            return time.monotonic()
        ago = max(0.0, (clock.now() - before).total_seconds())
        return time.monotonic() - ago + delay


def rest_seconds(retry_after: str | None, now: datetime) -> int | None:
    """Seconds from a Retry-After header: a number or an HTTP date; None if it says nothing.

    >>> rest_seconds("120", datetime(2026, 3, 1, tzinfo=UTC))
    120
    >>> rest_seconds("Sun, 01 Mar 2026 00:02:00 GMT", datetime(2026, 3, 1, tzinfo=UTC))
    120
    >>> rest_seconds("soon", datetime(2026, 3, 1, tzinfo=UTC)) is None
    True
    """
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return min(int(retry_after), LONGEST_ASKED_REST)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    left = int((until - now).total_seconds())
    return min(left, LONGEST_ASKED_REST) if left > 0 else None


class PoliteHandler(HTTP11DownloadHandler):
    """Downloads when it is this request's turn; the time-out begins only then.

    After 429 and 503 the host rests, which must be known before the next request has its turn.
    """

    async def download_request(self, request: Request) -> Response:
        spider: Any = self._crawler.spider
        hosts: Hosts = spider.resources.hosts
        host = host_of(request.url)
        async with hosts.turn(host, spider.delay):
            response = await super().download_request(request)
            if response.status in (429, 503):
                asked = response.headers.get(b"Retry-After")
                hosts.rest(host, asked.decode("latin-1") if asked else None, clock.now())
            elif response.status < 500:
                hosts.answered(host)
            return response
