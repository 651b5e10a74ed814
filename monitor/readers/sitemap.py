"""Sitemaps: index, plain, gzip and news, by a pull parser that forgets what it has read."""

import gzip
import io
import zlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import urljoin

from lxml import etree

from monitor.isoday import moment
from monitor.items import Hints
from monitor.readers.contents import MOST_URLS, Contents, Entry, NotReadable

NEWS_DAYS = 2  # a news sitemap holds the last two days by its definition
# Some systems write the time of the request into every lastmod: then it says nothing.
_ALL_ALIKE = 20


def read_sitemap(body: bytes, url: str, max_bytes: int, now: datetime) -> Contents:
    """The addresses of a sitemap, latest `lastmod` first, or the parts of an index.

    Raises NotReadable if the body is no sitemap, or larger than `max_bytes` when unpacked. A body
    cut short gives what was read before the cut, with a note.
    """
    stream = io.BytesIO(unpack(body, max_bytes))
    entries: list[Entry] = []
    parts: list[tuple[str, str | None]] = []
    note = None
    try:
        for element in _elements(stream):
            address = _text(element, "loc")
            if not address:
                continue
            if element.tag.endswith("}sitemap") or element.tag == "sitemap":
                parts.append((urljoin(url, address), _text(element, "lastmod")))
            else:
                entries.append(_entry(element, urljoin(url, address), now))
            if len(entries) >= MOST_URLS:
                note = f"only the first {MOST_URLS} addresses were read"
                break
    except etree.XMLSyntaxError:
        if not entries and not parts:
            raise NotReadable("not a sitemap: not XML we know") from None
        note = "the sitemap is ill-formed and was read to its fault"
    return Contents(entries=_latest_first(_trusted(entries, now)), parts=tuple(parts), note=note)


def unpack(body: bytes, max_bytes: int) -> bytes:
    """The body, unpacked if it is gzip; raises NotReadable beyond `max_bytes` or if broken."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(body)) as packed:
            plain = packed.read(max_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise NotReadable("broken gzip") from error
    if len(plain) > max_bytes:
        raise NotReadable("too big")
    return plain


def _elements(stream: io.BytesIO) -> Iterator[etree._Element]:
    walk = etree.iterparse(
        stream, events=("start", "end"), recover=False, resolve_entities=False, no_network=True,
        huge_tree=False,
    )  # fmt: skip
    event, root = next(walk)
    if etree.QName(root).localname not in ("urlset", "sitemapindex"):
        raise NotReadable(f"not a sitemap: it begins with <{etree.QName(root).localname}>")
    for event, element in walk:
        if event == "end" and etree.QName(element).localname in ("url", "sitemap"):
            yield element
            root.clear()


def _text(element: etree._Element, name: str) -> str | None:
    found = element.find(f".//{{*}}{name}")
    return found.text.strip() if found is not None and found.text else None


def _entry(element: etree._Element, address: str, now: datetime) -> Entry:
    return Entry(
        address=address,
        hints=Hints(
            title=_text(element, "title"),
            published=_day(_text(element, "publication_date"), now),
            modified=_day(_text(element, "lastmod"), now),
            lang=None,
        ),
    )


def _day(written: str | None, now: datetime) -> str | None:
    if not written:
        return None
    from monitor.extract.dates import parse_iso

    return parse_iso(written, now.tzinfo)


def _trusted(entries: list[Entry], now: datetime) -> list[Entry]:
    """Without `lastmod` where nearly all are of the last hour: the site writes its clock there."""
    hour_ago = moment(now - timedelta(hours=1))
    recent = sum((entry.hints.modified or "") > hour_ago for entry in entries)
    if len(entries) < _ALL_ALIKE or recent < 0.9 * len(entries):
        return entries
    return [
        Entry(
            address=entry.address,
            hints=Hints(title=entry.hints.title, published=entry.hints.published),
        )
        for entry in entries
    ]


def _latest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda e: e.hints.modified or "", reverse=True))
