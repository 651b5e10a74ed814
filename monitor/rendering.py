"""Pages whose text is written by their own scripts, read with a browser (optional extra `browser`).

The browser has no network. Its page is what we have fetched already; each script or datum the page
asks for is fetched by the crawl itself, so that the guard, robots.txt, the scope of the source and
its delay hold as for every other request, and all else is refused. What would get around that
(WebSockets, workers, look-ups of names, connections made ahead) ends at a proxy that is not there.
"""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from monitor.exceptions import MonitorError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright, Route

# Gives the bytes of an address with their type, or None if it must not or cannot be had.
Fetcher = Callable[[str], Awaitable[tuple[bytes, str] | None]]

RENDER_SECONDS = 60
MOST_REQUESTS = 50
_FETCHED = frozenset(("script", "xhr", "fetch"))  # what can bring text; pictures cannot
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_NO_NETWORK = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
)
_NO_PROXY = {"server": "http://127.0.0.1:9", "bypass": "<-loopback>"}  # nobody listens on discard

_one_at_a_time = asyncio.Lock()


class BrowserMissing(MonitorError):
    """Raised when there is no browser to read with; the text says how to get one."""


class NotRendered(MonitorError):
    """Raised when a page could not be rendered in its time."""


def is_there() -> bool:
    """Whether the extra and a Chromium are installed."""
    from importlib.util import find_spec

    return find_spec("playwright") is not None and _chromium() is not None


async def render(url: str, body: bytes, mime: str, fetch: Fetcher, user_agent: str) -> bytes:
    """The page as its scripts have left it, in UTF-8.

    One page at a time in a browser of its own, which keeps nothing. Raises BrowserMissing and
    NotRendered.
    """
    try:
        from playwright.async_api import Error, async_playwright
    except ImportError:
        raise BrowserMissing(
            "browser = true, but the extra is missing: pip install 'prisoner-monitor[browser]'"
        ) from None
    async with _one_at_a_time, async_playwright() as playwright:
        browser = await _launched(playwright)
        try:
            async with asyncio.timeout(RENDER_SECONDS):
                return await _rendered(browser, url, (body, mime), fetch, user_agent)
        except (Error, TimeoutError) as error:
            raise NotRendered(f"{url}: {str(error).partition(chr(10))[0] or 'time-out'}") from error
        finally:
            await browser.close()


async def _launched(playwright: "Playwright") -> "Browser":
    from playwright.async_api import Error

    chromium = _chromium()
    if chromium is None:
        raise BrowserMissing(
            "browser = true, but there is no Chromium: install it, or name it in CHROMIUM"
        )
    try:
        return await playwright.chromium.launch(
            executable_path=chromium,
            args=list(_NO_NETWORK),
            proxy=_NO_PROXY,  # type: ignore[arg-type]  # a TypedDict of playwright's own
            chromium_sandbox=os.geteuid() != 0,  # it refuses to start as root with one
        )
    except Error as error:
        first = str(error).strip().partition("\n")[0]
        raise BrowserMissing(
            f"browser = true, but {chromium} could not be started: {first}"
        ) from error


async def _rendered(
    browser: "Browser", url: str, given: tuple[bytes, str], fetch: Fetcher, user_agent: str
) -> bytes:
    from playwright.async_api import TimeoutError as TooLate

    context = await browser.new_context(
        user_agent=user_agent, service_workers="block", accept_downloads=False
    )
    await context.route_web_socket("**", lambda socket: socket.close())
    await context.route("**", _answers(given, fetch))
    page = await context.new_page()
    await page.goto(url, wait_until="domcontentloaded")
    with suppress(TooLate):  # a page that never rests is read as it is by then
        await page.wait_for_load_state("networkidle", timeout=RENDER_SECONDS * 500)
    return (await page.content()).encode("utf-8", "replace")


def _answers(given: tuple[bytes, str], fetch: Fetcher) -> "Callable[[Route], Awaitable[None]]":
    """What the browser gets in place of a network: first the page, then what its scripts need."""
    asked = 0

    async def answer(route: "Route") -> None:
        nonlocal asked
        asked += 1
        wanted = route.request
        found: tuple[bytes, str] | None = None
        if asked == 1:
            found = given
        elif wanted.resource_type in _FETCHED and wanted.method == "GET" and asked <= MOST_REQUESTS:
            found = await fetch(wanted.url)
        if found is None and wanted.is_navigation_request():
            await _quietly(route.fulfill(status=204))  # the page stays where it is
        elif found is None:
            await _quietly(route.abort())
        else:
            await _quietly(route.fulfill(body=found[0], content_type=found[1]))

    return answer


async def _quietly(answer: Awaitable[Any]) -> None:
    """The page may be gone by the time it is answered."""
    from playwright.async_api import Error

    with suppress(Error):
        await answer


def _chromium() -> str | None:
    named = os.environ.get("CHROMIUM")
    return named or next((found for name in _NAMES if (found := shutil.which(name))), None)
