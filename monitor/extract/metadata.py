"""What a page says of itself: title, authors, dates, canonical address.

JSON-LD and meta elements first, since a template writes them; then the markup; then its words.
"""

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from db.records import Day
from monitor.extract import markup
from monitor.extract.authors import authors
from monitor.extract.dates import dateline, parse_day, parse_iso
from monitor.extract.headline import headline
from monitor.extract.markup import letters, line
from monitor.extract.normal import normalise

_ARTICLE_TYPES = re.compile(r"article|posting|report|review|webpage|liveblog", re.I)
_DATE_NAME = re.compile(r"date|time|publish|posted|submitted|tarix|meta|byline", re.I)
_DATELINES = (
    "time",
    "span",
    "div",
    "p",
    "i",
    "em",
    "small",
    "td",
    "li",
    "abbr",
    "footer",
    "h2",
    "h3",
)
_DATELINE = 80  # characters
_ADDRESS_DATE = re.compile(r"/((?:19|20)\d{2})[/-](\d{2})(?:[/-](\d{2}))?(?=[/-]|$)")
_PUBLISHED = (
    "article:published_time", "og:article:published_time", "datepublished", "dc.date.issued",
    "dcterms.created", "dc.date", "pubdate", "publish-date", "date", "sailthru.date",
    "parsely-pub-date",
)  # fmt: skip
_MODIFIED = (
    "article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "last-modified",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a page says of itself; `free` is False where its markup says that readers must pay."""

    title: str
    headings: str
    authors: tuple[str, ...]
    published: Day | None
    modified: Day | None
    canonical: str | None
    free: bool
    dated: bool


def facts(tree: HtmlElement, url: str, site_name: str | None, now: datetime) -> Facts:
    """Read what a page says of itself; `now` is when it was read, in the zone of its source: a time
    without a zone was written there.
    """
    nodes = list(markup.json_ld(tree))
    articles = [node for node in nodes if _is_article(node)]
    metas = markup.metas(tree)
    published = _machine_date(articles, "datePublished", metas, _PUBLISHED, now)
    return Facts(
        title=headline(tree, articles, metas, url, site_name),
        headings=_headings(tree),
        authors=authors(tree, articles, nodes, metas),
        published=published or _time_element(tree, now),
        modified=_machine_date(articles, "dateModified", metas, _MODIFIED, now),
        canonical=_canonical(tree, url),
        free=not any(str(node.get("isAccessibleForFree")).lower() == "false" for node in articles),
        dated=published is not None,
    )


def printed_date(tree: HtmlElement, title: str, lang: str | None, now: datetime) -> Day | None:
    """The date a page prints as its own: beside its heading, or in an element named so.

    Never one out of its prose: a list tells when people were arrested.
    """
    named = (e for e in tree.iter(*_DATELINES) if len(e) <= 6 and _DATE_NAME.search(_names(e)))
    texts = chain(_beside_heading(tree, title), (element.text_content() for element in named))
    days = (dateline(normalise(text).replace("\n", " "), lang, now) for text in texts)
    return next((day for day in days if day is not None and len(day) >= 10), None)


def _beside_heading(tree: HtmlElement, title: str) -> list[str]:
    """The pieces of text before and after the headline."""
    body = tree.find("body")
    pieces = [text for text in (tree if body is None else body).itertext() if text.strip()]
    wanted = letters(title)
    for place, piece in enumerate(pieces):
        if wanted and letters(piece) == wanted:
            return pieces[place + 1 : place + 7] + pieces[max(place - 2, 0) : place]
    return []


def address_date(url: str) -> Day | None:
    """The date in an address such as /2025/02/12/ or /2025/02/."""
    found = _ADDRESS_DATE.search(urlsplit(url).path)
    return parse_iso("-".join(filter(None, found.groups())), None) if found else None


def found_date(tree: HtmlElement, now: datetime) -> Day | None:
    """What htmldate makes of the page without its prose, lists and tables of data.

    It would else answer with the day somebody in a list was arrested.
    """
    from htmldate import find_date

    bare = deepcopy(tree)
    for element in list(bare.iter("p", "li", "tr")):
        if len(element.text_content()) > _DATELINE or element.tag == "tr":
            element.drop_tree()
    latest = now.strftime("%Y-%m-%d")
    try:
        found = find_date(bare, original_date=True, extensive_search=False, max_date=latest)
    except AssertionError:  # it may drop the root of a broken page, and lxml refuses
        return None
    return str(found) if found else None


# ---------------------------------------------------------------------- machine-readable words


def _is_article(node: Mapping[str, Any]) -> bool:
    return bool(_ARTICLE_TYPES.search(str(node.get("@type", ""))))


def _headings(tree: HtmlElement) -> str:
    return "\n".join(filter(None, (line(element) for element in tree.iter("h1", "title"))))


def _machine_date(
    articles: list[Mapping[str, Any]],
    key: str,
    metas: Mapping[str, str],
    names: tuple[str, ...],
    now: datetime,
) -> Day | None:
    said = [str(node.get(key) or "") for node in articles]
    said += [metas.get(name, "") for name in names]
    days = (_machine_day(text, now) for text in said if text)
    return next((day for day in days if day is not None), None)


def _machine_day(text: str, now: datetime) -> Day | None:
    day = parse_iso(text, now.tzinfo)
    if day is not None:
        return day
    words = parse_day(text, None, now)
    return words if words is not None and len(words) >= 10 else None


def _time_element(tree: HtmlElement, now: datetime) -> Day | None:
    """The `time` of the article: one marked as publication, else the first with a machine date."""
    times = [element for element in tree.iter("time") if element.get("datetime")]
    marked = [t for t in times if t.get("pubdate") is not None or "ublish" in _names(t)]
    for element in marked or times[:1]:
        day = _machine_day(element.get("datetime", ""), now)
        if day is not None:
            return day
    return None


def _canonical(tree: HtmlElement, url: str) -> str | None:
    """rel=canonical as an absolute address; one that points to the home page says nothing."""
    for link in tree.iter("link"):
        if (link.get("rel") or "").lower() == "canonical" and link.get("href"):
            address = _joined(url, link.get("href").strip())
            return address if address and urlsplit(address).path.strip("/") else None
    return None


def _joined(url: str, href: str) -> str | None:
    try:
        address = urljoin(url, href)
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def _names(element: HtmlElement) -> str:
    return " ".join((element.get("class", ""), element.get("itemprop", ""), element.get("id", "")))
