"""The demo's news web: six invented outlets on one loopback port, a day older whenever told.

Crawl it through proxy mode (`http_proxy=http://127.0.0.1:PORT`, then `http://seher-xeber.test/`) or
look at it with a Host header (`curl -H 'Host: seher-xeber.test' http://127.0.0.1:PORT/`).
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from monitor.demo import stories
from monitor.demo.pages import Answer, answer


@dataclass(frozen=True, kw_only=True)
class Request:
    """One line of the web's log; `at` is real time, `conditional` a request with a validator."""

    host: str
    path: str
    status: int
    conditional: bool
    user_agent: str
    at: datetime


class NewsWeb:
    """The web as it stands on `day` (0 to 4), and the log of what was asked of it."""

    def __init__(self, day: int = 0, port: int = 0) -> None:
        self.port = port
        self.requests: list[Request] = []
        self.set_day(day)

    @property
    def proxy_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def watchlist_csv(self) -> Path:
        return _packaged("watchlist.csv")

    def set_day(self, day: int) -> None:
        """Age the web to `day`; raises ValueError where the stories end."""
        if not 0 <= day <= stories.LAST_DAY:
            raise ValueError(f"the demo has days 0 to {stories.LAST_DAY}, not {day}")
        self.day = day

    def now(self, day: int) -> datetime:
        """The moment to crawl at on simulated `day`: 09:00 UTC, for `--now`."""
        return stories.now(day)

    def sources_toml(self) -> str:
        """The configuration that reads every outlet of this web."""
        return _packaged("sources.toml").read_text(encoding="utf-8")

    def respond(self, host: str, path: str, headers: Message) -> tuple[Answer, dict[str, str]]:
        """Answer one request, as 304 where its validators still hold, and log it."""
        outlet = stories.outlets().get(host)
        found = answer(outlet, path, self.day) if outlet else Answer(status=404)
        validators = _validators(found)
        if found.status == 200 and _still_valid(headers, validators):
            found = Answer(status=304, type=found.type)
        self.requests.append(
            Request(
                host=host,
                path=path,
                status=found.status,
                conditional="If-None-Match" in headers or "If-Modified-Since" in headers,
                user_agent=headers.get("User-Agent", ""),
                at=datetime.now(UTC),
            )
        )
        return found, validators


@contextmanager
def serve(day: int = 0, port: int = 0) -> Iterator[NewsWeb]:
    """Serve the web on 127.0.0.1 (any free port by default) until the block ends."""
    web = NewsWeb(day)
    with _Server(("127.0.0.1", port), _Handler) as server:
        server.web = web
        web.port = server.server_address[1]
        thread = Thread(target=server.serve_forever, args=(0.05,), name="demo web", daemon=True)
        thread.start()
        try:
            yield web
        finally:
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    web: NewsWeb
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A reader that hangs up is no news; anything else is a fault of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    server_version = "demo"
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # one packet for head and body, or Nagle's wait makes every answer 40 ms late
    timeout = 15

    def do_GET(self) -> None:
        host, path = _address(self.path, self.headers)
        found, validators = self.server.web.respond(host, path, self.headers)
        self.send_response_only(found.status)
        self.send_header("Date", _http_date(stories.now(self.server.web.day)))
        for name, value in (_headers(found) | validators).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(found.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing on stderr: `NewsWeb.requests` is the log."""


def _address(target: str, headers: Message) -> tuple[str, str]:
    """Host and path of a request line, absolute (as proxies are asked) or not."""
    parts = urlsplit(target)
    host = parts.hostname or headers.get("Host", "").partition(":")[0]
    path = unquote(parts.path or "/")
    return host, f"{path}?{parts.query}" if parts.query else path


def _headers(found: Answer) -> dict[str, str]:
    always = {"Content-Type": found.type, "Content-Length": str(len(found.body))}
    if found.status == 304:
        return {}
    return always | ({"Location": found.location} if found.location else {})


def _validators(found: Answer) -> dict[str, str]:
    if found.status != 200:
        return {}
    etag = {"ETag": f'"{sha256(found.body).hexdigest()[:16]}"'}
    return etag | ({"Last-Modified": _http_date(found.changed)} if found.changed else {})


def _still_valid(headers: Message, validators: dict[str, str]) -> bool:
    """If-None-Match decides alone where it is sent (RFC 9110, 13.2.2)."""
    if "If-None-Match" in headers:
        return validators["ETag"] in headers["If-None-Match"]
    if "If-Modified-Since" not in headers or "Last-Modified" not in validators:
        return False
    since = parsedate_to_datetime(headers["If-Modified-Since"])
    return parsedate_to_datetime(validators["Last-Modified"]) <= since


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def _packaged(name: str) -> Path:
    return Path(str(files(__package__) / name))
