"""Listing pages: article links by selector, by pattern, or by what article links look like."""

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml import html as lxml_html
from lxml.etree import ParserError
from lxml.html import HtmlElement

from monitor.exceptions import Unreadable
from monitor.extract.charset import decode
from monitor.items import Hints
from monitor.readers.contents import MOST_ENTRIES, Contents, Entry, NotReadable

# Words in the path of pages that only list or serve; a path with one of them is no article.
_NO_ARTICLE = re.compile(
    r"/(tags?|category|categories|kateqoriya|rubric|rubrika|author|authors|muellif|topics?|page|"
    r"archive|arxiv|search|axtar|login|signin|register|admin|wp-admin|wp-login\.php|feed|rss|"
    r"contacts?|elaqe|about|haqqimizda|privacy|terms|advert\w*|reklam|subscribe|donate|"
    r"cdn-cgi|uploads?|static|assets)(/|$|\.)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|ico|css|js|xml|rss|mp[34]|m4a|webm|avi|zip|rar|exe|apk)$", re.I
)
# What an article's address has: a number, a date, or a slug of several words.
_ARTICLE = re.compile(r"\d{3,}|/\d{4}/\d{1,2}/|[^/]+-[^/]+-[^/]+|\.(html?|php|pdf)$|[?&]\w*id=\d+")
_MANY_WORDS = 4
_HEADINGS = frozenset(("h1", "h2", "h3", "h4"))


@dataclass(frozen=True, kw_only=True)
class ListingRules:
    """How a source's lists are read: its selectors, and the patterns of article addresses."""

    link_selector: str | None = None
    next_selector: str | None = None
    follow: re.Pattern[str] | None = None
    documents: bool = False


def read_listing(body: bytes, url: str, rules: ListingRules, mime: str = "") -> Contents:
    """The article links of a page in document order, and the next page; `mime` as it was sent.

    Raises NotReadable if the page has no links at all. A selector that finds nothing gives a note.
    """
    tree = _tree(body, mime)
    base = urljoin(url, _attribute(tree, "//base/@href") or "")
    anchors = _anchors(tree, rules)
    entries: dict[str, Entry] = {}
    for anchor in anchors:
        address = urljoin(base, anchor.get("href").strip())
        if _is_article(address, anchor, url, rules):
            known = entries.get(address)
            title = (known and known.hints.title) or _words(anchor) or None
            entries[address] = Entry(address=address, hints=Hints(title=title))
    note = None
    if rules.link_selector and not anchors:
        note = "link_selector finds nothing on the page"
    return Contents(
        entries=tuple(entries.values())[:MOST_ENTRIES],
        following=_next(tree, base, rules),
        note=note,
    )


def _tree(body: bytes, mime: str) -> HtmlElement:
    try:
        known = decode(body, mime).encode("utf-8", "replace")
        return lxml_html.document_fromstring(known, parser=lxml_html.HTMLParser(encoding="utf-8"))
    except (ParserError, ValueError) as error:
        raise NotReadable("not a list: no HTML") from error
    except Unreadable as error:
        raise NotReadable(error.reason) from error


def _anchors(tree: HtmlElement, rules: ListingRules) -> list[HtmlElement]:
    if not rules.link_selector:
        return list(tree.iterfind(".//a[@href]"))
    found: list[HtmlElement] = []
    for element in tree.cssselect(rules.link_selector):
        inside = [element] if element.get("href") else element.iterfind(".//a[@href]")
        found.extend(inside)
    return found


def _is_article(address: str, anchor: HtmlElement, page: str, rules: ListingRules) -> bool:
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https"):
        return rules.link_selector is not None  # the ledger shall say what was refused
    if rules.link_selector or rules.follow:
        return rules.follow is None or rules.follow.search(address) is not None
    path = parts.path.rstrip("/")
    same = address.partition("#")[0].rstrip("/") == page.partition("#")[0].rstrip("/")
    if not path or same or _NO_ARTICLE.search(parts.path) or _FILE.search(path):
        return False
    if rules.documents:
        return path.lower().endswith((".pdf", ".docx"))
    beyond_host = address.partition("://")[2].partition("/")[2]
    return (
        _ARTICLE.search(f"/{beyond_host}") is not None
        or len(_words(anchor).split()) >= _MANY_WORDS
        or any(parent.tag in _HEADINGS for parent in anchor.iterancestors())
        or any(child.tag in _HEADINGS for child in anchor.iterdescendants())
    )


def _next(tree: HtmlElement, base: str, rules: ListingRules) -> str | None:
    if rules.next_selector:
        found = tree.cssselect(rules.next_selector)
        href = found[0].get("href") if found else None
    else:
        href = _attribute(
            tree,
            "//link[@rel='next']/@href | //a[contains(concat(' ', @rel, ' '), ' next ')]/@href",
        )
    return urljoin(base, href.strip()) if href else None


def _attribute(tree: HtmlElement, path: str) -> str | None:
    found = tree.xpath(path)
    return str(found[0]) if found else None


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
