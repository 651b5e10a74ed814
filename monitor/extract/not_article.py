"""What stands in the place of an article: block pages, consent walls, error pages.

The classes and their evidence are those of docs/reading.md; the phrases lie in phrases.toml. Hard
evidence (a status, a header, a redirect) is enough alone, a phrase only where there is little else.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from db.records import Outcome
from monitor.exceptions import Unreadable
from monitor.items import Page

PAYWALL = "paywall without text"
OUTCOMES: Mapping[str, Outcome] = {
    "challenge": "blocked",
    "consent": "blocked",
    PAYWALL: "blocked",
    "geo": "blocked",
    "soft 404": "failed",
    "needs JavaScript": "blocked",
    "parked domain": "failed",
}
SHORT = 1000  # characters; a longer text is never judged by a phrase in it
_CONSENT_HOSTS = re.compile(r"^(consent|guce|cmp|privacy-mgmt)\.")
_PARKING_HOSTS = re.compile(r"(^|\.)(sedoparking|parkingcrew|bodis|hugedomains|afternic|dan)\.\w+$")
_CDN = re.compile(r"cloudflare|akamai|incapsula|imperva|sucuri|ddos-guard|qrator|variti", re.I)
_STATUS: Mapping[int, Outcome] = {
    404: "failed",
    410: "failed",
    401: "blocked",
    403: "blocked",
    451: "blocked",
}
_MARK = re.compile(r"[^\w\s'’,./-]+")


def refuse_response(page: Page, home: str) -> None:
    """Raise Unreadable when status, headers or redirect already say that this is no article."""
    headers = {name.lower(): value.lower() for name, value in page.headers.items()}
    if "challenge" in headers.get("cf-mitigated", "") or headers.get("x-amzn-waf-action"):
        raise Unreadable("blocked", "challenge")
    server = " ".join([headers.get("server", ""), *(n for n in headers if n.startswith("cf-"))])
    if page.status in (403, 429, 503) and len(page.body) < 20_000 and _CDN.search(server):
        raise Unreadable("blocked", "challenge")
    if page.status in _STATUS:
        raise Unreadable(_STATUS[page.status], str(page.status))
    if page.status >= 400:
        raise Unreadable("failed", "5xx" if page.status >= 500 else str(page.status))
    _refuse_redirect(page, home)


def _refuse_redirect(page: Page, home: str) -> None:
    asked, got = urlsplit(page.url), urlsplit(page.final_url or page.url)
    host = got.hostname or ""
    if _CONSENT_HOSTS.search(host) and asked.hostname != got.hostname:
        raise Unreadable("blocked", "consent")
    if _PARKING_HOSTS.search(host) and asked.hostname != got.hostname:
        raise Unreadable("failed", "parked domain")
    homes = {"", urlsplit(home).path.strip("/")}
    deep = asked.path.strip("/") not in homes or bool(asked.query)
    if deep and not got.query and got.path.strip("/") in homes:
        raise Unreadable("failed", "soft 404")


def stands_for(title: str, headings: str, text: str, dated: bool) -> str | None:
    """The class (a key of OUTCOMES) of a page that is no article, or None.

    `text` is what was read of the page. A title or heading decides when it says little besides the
    phrase. `dated` pages say in their markup when they were published: there a phrase proves
    nothing but a paywall, it may be a short piece about a blocked site.
    """
    if len(text) >= SHORT:
        return None if dated else _said_by(_plain(title))
    body = _plain(text)
    if dated:
        return PAYWALL if _says(PAYWALL, body) else None
    heads = [_plain(head) for head in (title, *headings.split("\n")) if head]
    for reason, phrases in _phrases().items():
        if any(phrase in head and _mostly(phrase, head) for head in heads for phrase in phrases):
            return reason
        if _says_little(body, reason) and _says(reason, body):
            return reason
    return None


def _said_by(title: str) -> str | None:
    """The class of a title that is the phrase and nothing else, whatever stands below it."""
    bare = title.strip(" 0123456789.,-/")
    return next((reason for reason, phrases in _phrases().items() if bare in phrases), None)


def _mostly(phrase: str, head: str) -> bool:
    return len(head) <= len(phrase) + 40


def _says(reason: str, body: str) -> bool:
    return any(phrase in body for phrase in _phrases()[reason])


def _says_little(body: str, reason: str) -> bool:
    """A paywalled teaser may be longer than the notice of an error page."""
    return len(body) < (SHORT if reason == PAYWALL else SHORT // 2)


def _plain(text: str) -> str:
    return " ".join(_MARK.sub(" ", text.replace("İ", "i").casefold()).split())


@cache
def _phrases() -> Mapping[str, tuple[str, ...]]:
    table = tomllib.loads((files("monitor.extract") / "phrases.toml").read_text("utf-8"))
    return {
        reason: tuple(_plain(phrase) for words in by_language.values() for phrase in words)
        for reason, by_language in table.items()
    }
