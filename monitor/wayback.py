"""Asking the Internet Archive to keep a copy of each new version: a favour, never a gate.

It stands outside of runs: what is asked here belongs to no source, delays nothing and can fail no
run. Save Page Now (https://web.archive.org/save/ADDRESS) answers with the address of its copy.
"""

import ipaddress
import logging
import re
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from http.client import HTTPException, HTTPMessage
from itertools import islice
from typing import IO
from urllib.error import HTTPError
from urllib.parse import quote, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener, getproxies, proxy_bypass

from db import wayback
from db.health_rows import Copies
from db.wayback import Unsaved
from monitor import clock
from monitor.canonical import host_of
from monitor.config import Settings
from monitor.exceptions import LockHeld
from monitor.health.causes import WAYBACK_MEND, wayback_words
from monitor.lock import hold
from monitor.middlewares.guard import Allowed, is_public, is_reserved, refusal
from monitor.middlewares.outcomes import PRIVATE
from monitor.middlewares.politeness import Hosts
from monitor.printable import printable
from monitor.workspace import Workspace

A_ROUND = 20
TRIES = 6
FIRST_RETRY = timedelta(hours=1)  # doubling
IN_A_ROW = 3  # failures that end a round: it has trouble of its own
# Seconds between two pages: who is not signed in may hand in three a minute.
PAUSE = 20.0
TIMEOUT = 30.0
LOCK_FILE = "wayback.lock"

_MEMENTO = re.compile(r"/web/(\d{14})(?:[a-z]{2}_)?/")
_RESTING = (429, 503)
_AS_WRITTEN = "%:/?#[]@!$&'()*+,;=~"  # these stay in an address, the rest is percent-encoded

logger = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came of asking: saved unless there is an `error`; `rests` asks to be left alone."""

    memento: str | None = None
    error: str | None = None
    rests: bool = False
    retry_after: str | None = None


def keep_copies(
    space: Workspace,
    *,
    pause: float = PAUSE,
    timeout: float = TIMEOUT,
    is_stopping: Callable[[], bool] = lambda: False,
) -> int:
    """Ask for copies of at most 20 versions, if `[crawl] wayback` is on; how many were saved.

    Blocks for `pause` seconds between two of them. Raises nothing that a crawl would have to fear:
    what could not be saved is tried again by a later call.
    """
    settings = space.settings
    if not settings.crawl.wayback:
        return 0
    try:
        with hold(space.data_dir, LOCK_FILE, "asking the Internet Archive"):
            conn = space.open()
            try:
                return _round(conn, settings, pause, timeout, is_stopping)
            finally:
                conn.close()
    except LockHeld:
        return 0
    except Exception:
        logger.exception("copies could not be asked for; they are tried again later")
        return 0


def _round(
    conn: sqlite3.Connection,
    settings: Settings,
    pause: float,
    timeout: float,
    is_stopping: Callable[[], bool],
) -> int:
    hosts, host = Hosts(conn), host_of(settings.crawl.wayback_url)
    before = wayback.copies(conn, clock.now())
    saved = in_a_row = 0
    for number, page in enumerate(_wanted(conn, settings)):
        if _rests(hosts, host):
            break
        if number:
            _wait(pause, is_stopping)
        if is_stopping():
            break
        answer = _checked(_ask(settings, page.url, timeout), page)
        in_a_row = 0 if answer.error is None else in_a_row + 1
        if answer.rests or in_a_row == IN_A_ROW:
            hosts.rest(host, answer.retry_after, clock.now())
        elif answer.error is None:
            hosts.answered(host)
            saved += 1
        _note(conn, page, answer, hosts.state(host).not_before)
    _tell(before, wayback.copies(conn, clock.now()))
    return saved


def _wanted(conn: sqlite3.Connection, settings: Settings) -> Iterator[Unsaved]:
    """What is due; pages that the operator reads inside of a private network are nobody's news."""
    private = Allowed(settings.crawl.allow_addresses)
    due = wayback.unsaved(conn, clock.now())
    return islice((page for page in due if _is_everybodys(page, private)), A_ROUND)


def _is_everybodys(page: Unsaved, private: Allowed) -> bool:
    host = host_of(page.url)
    if private.host(host) or refusal(host, Allowed()) is not None:
        return False
    return page.ip is None or not private.address(ipaddress.ip_address(page.ip))


def _ask(settings: Settings, url: str, timeout: float) -> Answer:
    endpoint = settings.crawl.wayback_url
    request = Request(  # noqa: S310 (the configuration takes http and https only)
        endpoint + quote(url, safe=_AS_WRITTEN),
        headers={"User-Agent": settings.user_agent, "Accept": "text/html"},
    )
    try:
        refused = _refused(endpoint, settings)
        if refused is not None:
            return Answer(error=refused)
        with build_opener(_UntilSaved).open(request, timeout=timeout) as response:
            return _read(endpoint, response.status, response.headers)
    except HTTPError as error:
        with error:
            return _read(endpoint, error.code, error.headers)
    except (OSError, HTTPException, ValueError) as error:
        return Answer(error=str(getattr(error, "reason", None) or error) or type(error).__name__)


def _refused(endpoint: str, settings: Settings) -> str | None:
    """Why the endpoint itself may not be asked: the rules of every other request hold."""
    host, allowed = host_of(endpoint), Allowed(settings.crawl.allow_addresses)
    if refusal(host, allowed) is not None:
        return PRIVATE
    if allowed.host(host):
        return None
    if settings.has_placeholder_contact and not is_reserved(host):
        return "no contact configured"
    if urlsplit(endpoint).scheme in getproxies() and not proxy_bypass(host):
        return None  # the operator's proxy resolves the name
    found = {ipaddress.ip_address(one[4][0]) for one in socket.getaddrinfo(host, None)}
    return None if all(is_public(one) or allowed.address(one) for one in found) else PRIVATE


def _read(endpoint: str, status: int, headers: Message) -> Answer:
    error = headers.get("X-Archive-Wayback-Runtime-Error")
    memento = _memento(endpoint, headers)
    if status in _RESTING:
        return Answer(error=f"HTTP {status}", rests=True, retry_after=headers.get("Retry-After"))
    if error is not None or not (200 <= status < 300 or memento):
        return Answer(error=printable(error)[:200] if error else f"HTTP {status}")
    return Answer(memento=memento)


def _memento(endpoint: str, headers: Message) -> str | None:
    """The address of the copy (RFC 7089), as the answer names it; only one at the same archive."""
    for name in ("Location", "Content-Location"):
        named = quote(urljoin(endpoint, headers.get(name, "")), safe=_AS_WRITTEN)
        if _MEMENTO.search(named) and _is_within(endpoint, named):
            return named
    return None


def _is_within(endpoint: str, url: str) -> bool:
    """Whether an address lies at the same archive and is asked for no less privately."""
    schemes = ("https", urlsplit(endpoint).scheme)
    return urlsplit(url).scheme in schemes and host_of(url) == host_of(endpoint)


def _checked(answer: Answer, page: Unsaved) -> Answer:
    """A copy that is older than the version does not show it: of late copies none is made anew."""
    found = _MEMENTO.search(answer.memento or "")
    if found is None or found[1] >= f"{page.fetched_at:%Y%m%d%H%M%S}":
        return answer
    return Answer(error=f"it shows an older copy, of {found[1]}")


def _note(
    conn: sqlite3.Connection, page: Unsaved, answer: Answer, rests_until: datetime | None
) -> None:
    now = clock.now()
    if answer.error is None:
        wayback.mark_saved(conn, page.version, now, answer.memento)
        return
    next_try = now + FIRST_RETRY * 2**page.attempts if page.attempts + 1 < TRIES else None
    wayback.mark_unsaved(
        conn, page.version, now, answer.error, rests_until if answer.rests else next_try
    )


def _rests(hosts: Hosts, host: str) -> bool:
    until = hosts.state(host).not_before
    return until is not None and until > clock.now()


def _wait(seconds: float, is_stopping: Callable[[], bool]) -> None:
    until = time.monotonic() + seconds
    while not is_stopping() and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 1.0))


def _tell(before: Copies, after: Copies) -> None:
    """Say once that several pages in a row were not saved, and once that they are again."""
    if wayback_words(after) is not None and wayback_words(before) is None:
        logger.warning("%s; mend: %s", wayback_words(after), WAYBACK_MEND)
    elif wayback_words(before) is not None and wayback_words(after) is None:
        logger.info("the Internet Archive saves our pages again")


class _UntilSaved(HTTPRedirectHandler):
    """Follows redirects within the archive, but does not fetch the copy they lead to."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        if _MEMENTO.search(newurl) or not _is_within(req.full_url, newurl):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)
