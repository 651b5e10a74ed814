"""What a page says of itself: title, authors, dates, canonical address.

JSON-LD and meta elements first, since a template writes them; then the markup; then its words.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from db.records import Day
from monitor.extract.dates import dateline, parse_day, parse_iso
from monitor.extract.normal import normalise

_ARTICLE_TYPES = re.compile(r"article|posting|report|review|webpage|liveblog", re.I)
_TAG = re.compile(r"<[^<>]{1,200}>")
_SEPARATOR = re.compile(r"\s+[|–—»:·•-]+\s+|\s*\|\s*")
_LONG_WORD = re.compile(r"\w{4,}")
_LETTERS = re.compile(r"[\W_]+")
_NO_AUTHOR = re.compile(r"https?:|@|^(admin|editor|author|staff|redaktor)$", re.I)
_AUTHOR_PARTS = re.compile(r"\s*(?:,|;|\band\b|\bvə\b| и )\s*")
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
    articles = [node for node in _json_ld(tree) if _is_article(node)]
    metas = _metas(tree)
    published = _machine_date(articles, "datePublished", metas, _PUBLISHED, now)
    return Facts(
        title=_title(tree, articles, metas, url, site_name),
        headings=_headings(tree),
        authors=_authors(tree, articles, metas),
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
    headline = _letters(title)
    for place, piece in enumerate(pieces):
        if headline and _letters(piece) == headline:
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
    found = find_date(
        bare, original_date=True, extensive_search=False, max_date=now.strftime("%Y-%m-%d")
    )
    return str(found) if found else None


# ---------------------------------------------------------------------- machine-readable words


def _json_ld(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            yield from _nodes(json.loads(html.unescape(script.text or ""), strict=False), 0)
        except ValueError:
            continue  # broken JSON-LD is common, and the page says the rest elsewhere


def _nodes(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list) and depth < 5:
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _nodes([data.get("@graph"), data.get("mainEntity")], depth + 1)


def _is_article(node: Mapping[str, Any]) -> bool:
    return bool(_ARTICLE_TYPES.search(str(node.get("@type", ""))))


def _metas(tree: HtmlElement) -> Mapping[str, str]:
    """The first value of each meta element, by small-letter name, property or itemprop."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


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


# ---------------------------------------------------------------------- title and authors


def _title(
    tree: HtmlElement,
    articles: list[Mapping[str, Any]],
    metas: Mapping[str, str],
    url: str,
    site_name: str | None,
) -> str:
    """The headline: the heading of the page where another witness repeats it, else the witness."""
    site_names = [site_name or "", metas.get("og:site_name", ""), urlsplit(url).hostname or ""]
    headings = [_line(element) for element in tree.iter("h1")]
    headings = headings or [_line(element) for element in tree.iter("h2", "h3")]
    said = [str(node.get("headline") or "") for node in articles]
    said += [metas.get("og:title", ""), metas.get("title", ""), *_title_elements(tree)]
    witnesses = [_without_site(_plain(text), site_names) for text in said if text.strip()]
    for heading in headings:
        if any(_agree(heading, witness) for witness in witnesses):
            return heading
    lone = [_line(element) for element in tree.iter("h1")]
    if len(lone) == 1 and any(_akin(lone[0], witness) for witness in witnesses):
        return lone[0]
    return next((text for text in [*witnesses, *lone] if text), "")


def _agree(heading: str, witness: str) -> bool:
    one, other = _letters(heading), _letters(witness)
    return 4 <= len(one) <= len(other) + 80 and (
        one in other or (len(other) >= 10 and other in one)
    )


def _akin(heading: str, witness: str) -> bool:
    """Whether both share a third of the shorter one's longer words: one is written for search."""
    one, other = ({w.casefold() for w in _LONG_WORD.findall(text)} for text in (heading, witness))
    return min(len(one), len(other)) >= 2 and 3 * len(one & other) >= min(len(one), len(other))


def _title_elements(tree: HtmlElement) -> list[str]:
    return [element.text_content() for element in tree.iterfind(".//title")][:1]


def _without_site(title: str, site_names: list[str]) -> str:
    """The title without the site's name at its end or beginning.

    >>> _without_site("357 names on the list - Caspian Monitor", ["", "Caspian Monitor", ""])
    '357 names on the list'
    """
    names = [_letters(name) for name in site_names if name]
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = title[: parts[0].start()], title[parts[-1].end() :]
    barred = "|" in parts[-1].group() and len(last.split()) <= 3
    if _is_site(last, names) or (barred and _is_site(last.split()[0], names)):
        return title[: parts[-1].start()]
    return title[parts[0].end() :] if _is_site(first, names) else title


def _is_site(part: str, names: list[str]) -> bool:
    letters = _letters(part)
    return len(letters) >= 3 and any(letters in name or name in letters for name in names if name)


def _headings(tree: HtmlElement) -> str:
    return "\n".join(filter(None, (_line(element) for element in tree.iter("h1", "title"))))


def _authors(
    tree: HtmlElement, articles: list[Mapping[str, Any]], metas: Mapping[str, str]
) -> tuple[str, ...]:
    said = [name for node in articles for name in _names_of(node.get("author"), 0)]
    said = said or [metas.get("author", "") or metas.get("article:author", "")]
    if not any(map(_is_author, said)):
        said = [_line(link) for link in tree.iter("a", "span") if _is_byline(link)]
    names = (part for text in said for part in _AUTHOR_PARTS.split(_plain(text)))
    return tuple(dict.fromkeys(name for name in names if _is_author(name)))


def _is_byline(element: HtmlElement) -> bool:
    return "author" in (element.get("rel"), element.get("itemprop"))


def _names_of(author: Any, depth: int) -> Iterator[str]:
    if isinstance(author, str):
        yield author
    elif isinstance(author, list) and depth < 3:
        for one in author:
            yield from _names_of(one, depth + 1)
    elif isinstance(author, dict) and "rganization" not in str(author.get("@type")):
        yield from _names_of(author.get("name"), depth + 1)


def _is_author(name: str) -> bool:
    return 2 < len(name) < 80 and not _NO_AUTHOR.search(name)


def _line(element: HtmlElement) -> str:
    return _plain(element.text_content())


def _plain(text: str) -> str:
    """One line without tags that a template wrote into an attribute or a title."""
    return normalise(_TAG.sub("", html.unescape(text))).replace("\n", " ")


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _names(element: HtmlElement) -> str:
    return " ".join((element.get("class", ""), element.get("itemprop", ""), element.get("id", "")))
