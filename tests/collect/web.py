"""A small scriptable web on loopback, spoken to as a proxy so that it can play any host.

`web.page("http://a.test/x", ...)` says what an address answers; `web.log` tells what was asked.
"""

import socketserver
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer; `raw` replaces it by these very bytes, `hang` seconds pass before it."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    hang: float = 0.0

    def written(self) -> bytes:
        if self.raw is not None:
            return self.raw
        given = {name.lower() for name, _ in self.headers}
        headers = list(self.headers)
        if "content-length" not in given:
            headers.append(("Content-Length", str(len(self.body))))
        if "content-type" not in given:
            headers.append(("Content-Type", "text/html; charset=utf-8"))
        head = "".join(f"{name}: {value}\r\n" for name, value in headers)
        return f"HTTP/1.1 {self.status} X\r\n{head}\r\n".encode("latin-1") + self.body


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as the server saw it; times are monotonic."""

    host: str
    path: str
    headers: dict[str, str]
    began: float
    ended: float


@dataclass
class Web:
    """What each address answers, and all that was asked."""

    replies: dict[str, list[Reply]] = field(default_factory=dict)
    wild: dict[str, Reply] = field(default_factory=dict)  # by what the address begins with
    log: list[Asked] = field(default_factory=list)
    port: int = 0

    def page(self, url: str, *replies: Reply) -> None:
        """Answers in turn, the last one for ever."""
        self.replies[url] = list(replies)

    def text(self, url: str, body: str | bytes, mime: str = "text/html", **headers: str) -> None:
        """A page of 200; keywords are headers with `_` for `-`."""
        named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        raw = body.encode() if isinstance(body, str) else body
        self.page(url, Reply(body=raw, headers=(("Content-Type", mime), *named)))

    def clear(self) -> None:
        """Forget all; a request still under way is noted where nobody looks."""
        self.replies, self.wild = {}, {}
        self.log = []

    def asked(self, host: str) -> list[str]:
        """The paths asked of a host, in order."""
        return [one.path for one in self.log if one.host == host]

    def answer(self, url: str, headers: dict[str, str]) -> Reply:
        replies = self.replies.get(url)
        if not replies:
            for beginning, reply in self.wild.items():
                if url.startswith(beginning):
                    return reply
            return Reply(status=404, body=b"<title>404</title>")
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        etag = dict(reply.headers).get("ETag")
        if etag and headers.get("if-none-match") == etag:
            return Reply(status=304, headers=(("ETag", etag),))
        return reply


class _Handler(socketserver.StreamRequestHandler):
    web: Web

    def handle(self) -> None:
        while self._one():
            pass

    def _one(self) -> bool:
        try:
            line = self.rfile.readline().decode("latin-1")
            if not line.strip():
                return False
            headers = dict(self._headers())
            url = line.split(" ")[1]
            if not url.startswith("http"):
                url = f"http://{headers['host']}{url}"
            return self._answer(url, headers)
        except ConnectionError:
            return False

    def _answer(self, url: str, headers: dict[str, str]) -> bool:
        began, log = time.monotonic(), self.web.log
        parts = urlsplit(url)
        reply = self.web.answer(url, headers)
        time.sleep(reply.hang)
        log.append(
            Asked(
                host=parts.hostname or "",
                path=parts.path + (f"?{parts.query}" if parts.query else ""),
                headers=headers,
                began=began,
                ended=time.monotonic(),
            )
        )
        self.wfile.write(reply.written())
        return reply.raw is None

    def _headers(self) -> Iterator[tuple[str, str]]:
        while (line := self.rfile.readline().decode("latin-1")).strip():
            name, _, value = line.partition(":")
            yield name.strip().lower(), value.strip()


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is part of the tests."""


def serve(web: Web) -> _Server:
    """Start the web on a free port; the caller shuts the server down."""
    handler = type("Handler", (_Handler,), {"web": web})
    server = _Server(("127.0.0.1", 0), handler)
    web.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def rss(*links: str, title: str = "t") -> str:
    """A feed with these links, newest first."""
    items = "".join(f"<item><title>{title} {n}</title><link>{link}</link></item>"
                    for n, link in enumerate(links))  # fmt: skip
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>'
    )


def article(text: str) -> str:
    return f"<html><head><title>{text}</title></head><body><article>{text}</article></body></html>"
