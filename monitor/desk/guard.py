"""What stands before every page: the right host, no foreign posts, headers that run nothing."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Everything comes from our own address: no inline script or style, nothing from elsewhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'none'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# A stored page is shown, never run: a frame without rights that can load nothing from anywhere.
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-dns-prefetch-control": "off",
    "cache-control": "no-store",
}
TRANSPORT = "max-age=31536000"
SAFE = ("GET", "HEAD", "OPTIONS")


class Guard:
    """Refuses requests to hosts that are not ours and posts that come from other sites."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str], origin: str | None) -> None:
        self._app = app
        self._hosts = {*hosts, *([urlsplit(origin).netloc] if origin else [])}
        self._origin = origin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        refusal = self._refusal(scope["method"], headers)
        app = self._app if refusal is None else refusal
        await app(scope, receive, self._dressed(send))

    def _refusal(self, method: str, headers: Headers) -> PlainTextResponse | None:
        # A page elsewhere may point its own name at 127.0.0.1 (DNS rebinding): the name tells.
        if not self._is_ours(headers.get("host", "")):
            return PlainTextResponse("This desk does not answer to that name.", 421)
        if method not in SAFE and not self._from_here(headers):
            return PlainTextResponse("Refused: this form was sent from another site.", 403)
        return None

    def _is_ours(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return host in self._hosts or name in self._hosts

    def _from_here(self, headers: Headers) -> bool:
        """Browsers say where a form comes from; programs, which need no guard, say nothing."""
        site = headers.get("sec-fetch-site")
        if site is not None:
            return site in ("same-origin", "none")
        origin = headers.get("origin")
        if origin is None:
            return True
        if self._origin is not None:
            return origin == self._origin
        return urlsplit(origin).netloc == headers.get("host")

    def _dressed(self, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if self._origin and self._origin.startswith("https:"):
                    headers.setdefault("strict-transport-security", TRANSPORT)
            await send(message)

        return dressed


class JsonAddresses:
    """`/rules.json` is `/rules` for those who want JSON; files keep their names."""

    FILES = ("/static/", "/exports/", "/snapshots/")

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] == "http" and path.endswith(".json") and not path.startswith(self.FILES):
            bare = path.removesuffix(".json").removesuffix("/index") or "/"
            scope = {**scope, "path": bare, "raw_path": None, "json": True}
        await self._app(scope, receive, send)
