"""RSS, RDF, Atom (by feedparser) and JSON Feed (by ourselves).

The defects of real feeds that this survives are listed in docs/collecting.md. Identity is the link,
never the guid: large outlets give all their items one guid, others none.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from monitor.isoday import moment, parse_moment
from monitor.items import Hints
from monitor.readers.contents import MOST_ENTRIES, Contents, Entry, NotReadable

_CDATA = re.compile(r"^\s*<!\[CDATA\[(.*?)(\]\]>)?\s*$", re.DOTALL)
_TAGS = re.compile(r"<[^>]*>")


def read_feed(body: bytes, url: str, headers: Mapping[str, str], now: datetime) -> Contents:
    """The entries of a feed. Raises NotReadable if the body is no feed (an HTML page, nothing).

    A feed without entries is valid and gives empty `Contents`. Links are resolved against the
    feed's own link, then its address.
    """
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _read_json(body, url, now)
    return _read_xml(body, url, headers, now)


def _read_xml(body: bytes, url: str, headers: Mapping[str, str], now: datetime) -> Contents:
    parsed = _parsed(body, url, headers)
    if not parsed.get("version") and not parsed.entries:
        raise NotReadable(f"not a feed: {_what_it_is(body)}")
    base = urljoin(url, parsed.feed.get("link") or "")
    lang = parsed.feed.get("language")
    entries = [_entry(raw, base, lang, now) for raw in parsed.entries[:MOST_ENTRIES]]
    return _contents([entry for entry in entries if entry], _note(body, parsed))


def _parsed(body: bytes, url: str, headers: Mapping[str, str]) -> Any:
    import feedparser

    if not body.strip():
        raise NotReadable("not a feed: an empty answer")
    try:
        # Cleaning the HTML of summaries is the costly half of feedparser; we drop all markup.
        return feedparser.parse(
            body,
            response_headers={"content-location": url, "content-type": _mime(headers)},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise NotReadable(f"not a feed: {type(error).__name__} in its reader") from error


def _mime(headers: Mapping[str, str]) -> str:
    """The type as sent; `text/xml` alone once meant ASCII (RFC 3023) and no longer does."""
    sent = {name.lower(): value for name, value in headers.items()}.get("content-type", "")
    return sent if "charset" in sent.lower() else "application/xml"


def _entry(raw: Any, base: str, lang: str | None, now: datetime) -> Entry | None:
    link = raw.get("link") or _first_link(raw) or _permalink(raw)
    if not link:
        return None
    content = max((part.get("value") or "" for part in raw.get("content", ())), key=len, default="")
    published = _day(raw, "published", lang, now) or _day(raw, "created", lang, now)
    updated = _day(raw, "updated", lang, now)
    return Entry(
        address=urljoin(base, link.strip()),
        hints=Hints(
            title=plain(raw.get("title")),
            summary=plain(raw.get("summary")),
            content=content or None,
            published=published or updated,
            modified=updated,
            lang=None,  # declared languages of feeds are wrong too often: the text decides
            authors=tuple(
                name for author in raw.get("authors", ()) if (name := plain(author.get("name")))
            ),
        ),
    )


def _first_link(raw: Any) -> str | None:
    links: Sequence[Any] = raw.get("links", ())
    return next((link.get("href") for link in links if link.get("href")), None)


def _permalink(raw: Any) -> str | None:
    """An id that is an address, where an entry has no link at all."""
    guid = raw.get("id") or ""
    return guid if guid.startswith(("http://", "https://")) else None


def _day(raw: Any, name: str, lang: str | None, now: datetime) -> str | None:
    if name not in raw:  # asked outright, feedparser would offer another date with a warning
        return None
    parsed = raw.get(f"{name}_parsed")
    if parsed:
        year, month, day, hour, minute, second = parsed[:6]
        return moment(datetime(year, month, day, hour, minute, second, tzinfo=UTC))
    from monitor.extract.dates import parse_day

    return parse_day(raw[name], lang, now)


def plain(markup: str | None) -> str | None:
    """Text of a title or summary: nested CDATA unwrapped, markup dropped, one space a gap."""
    text = markup or ""
    while wrapped := _CDATA.match(text):
        text = wrapped[1]
    text = html.unescape(_TAGS.sub(" ", html.unescape(text)))
    return " ".join(text.split()) or None


def _read_json(body: bytes, url: str, now: datetime) -> Contents:
    try:
        feed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotReadable("not a feed: JSON that cannot be read") from error
    if not isinstance(feed, dict) or "jsonfeed.org" not in str(feed.get("version")):
        raise NotReadable("not a feed: JSON, but not JSON Feed")
    items = feed.get("items")
    listed = items[:MOST_ENTRIES] if isinstance(items, list) else []
    entries = [_json_entry(item, url, now) for item in listed if isinstance(item, dict)]
    return _contents([entry for entry in entries if entry], None)


def _json_entry(item: Mapping[str, Any], url: str, now: datetime) -> Entry | None:
    link = item.get("url") or item.get("external_url") or item.get("id")
    if not isinstance(link, str):
        return None
    authors = item.get("authors") or [item.get("author")]
    return Entry(
        address=urljoin(url, link),
        hints=Hints(
            title=plain(_text(item.get("title"))),
            summary=plain(_text(item.get("summary"))),
            content=_text(item.get("content_html")) or _text(item.get("content_text")),
            published=_iso(item.get("date_published"), now),
            modified=_iso(item.get("date_modified"), now),
            authors=tuple(
                author["name"]
                for author in (authors if isinstance(authors, list) else [])
                if isinstance(author, dict) and isinstance(author.get("name"), str)
            ),
        ),
    )


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _iso(value: Any, now: datetime) -> str | None:
    if not isinstance(value, str):
        return None
    from monitor.extract.dates import parse_day

    return parse_day(value, None, now)


def _contents(entries: list[Entry], note: str | None) -> Contents:
    days = [day for entry in entries if (day := entry.hints.published)]
    return Contents(entries=tuple(entries), depth_seconds=_depth(days), note=note)


def _depth(days: list[str]) -> int | None:
    """Seconds between oldest and newest entry; months and years alone say nothing."""
    moments = [parse_moment(day) for day in days if len(day) >= len("2026-01-01")]
    if len(moments) < 2:
        return None
    return int((max(moments) - min(moments)).total_seconds())


def _note(body: bytes, parsed: Any) -> str | None:
    if b"<!DOCTYPE" in body[:2000] and b"<!ENTITY" in body[:5000]:
        return "the feed declares entities; they were not expanded"
    if parsed.bozo:
        return f"the feed is ill-formed ({type(parsed.bozo_exception).__name__}) and was read so"
    return None


def _what_it_is(body: bytes) -> str:
    start = body[:1000].lstrip().lower()
    if not start:
        return "an empty answer"
    return "an HTML page" if b"<html" in start or b"<!doctype html" in start else "not XML we know"
