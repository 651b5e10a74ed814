"""Reading: the bytes of a page become a version, or a counted reason why not.

The libraries that do it are slow to load, so nothing here imports them before the first page:
reading happens in worker processes.
"""

import re
from importlib.metadata import version

from db.records import Version
from monitor.exceptions import Unreadable
from monitor.extract.boilerplate import learn_boilerplate
from monitor.extract.dates import parse_day
from monitor.extract.normal import line_hash, normalise, text_hash
from monitor.extract.not_article import refuse_response
from monitor.extract.rules import SourceRules
from monitor.items import Page

__all__ = [
    "EXTRACTOR", "SourceRules", "extract", "extract_hint", "learn_boilerplate", "line_hash",
    "normalise", "parse_day", "text_hash",
]  # fmt: skip

# The number grows whenever our own reading changes what a text is: stored snapshots are then read
# again as technical versions.
OPTIONS = 1
EXTRACTOR = (
    f"trafilatura {version('trafilatura')}, pypdfium2 {version('pypdfium2')}, options {OPTIONS}"
)

_MARKUP = re.compile(rb"<(!doctype|html|head|body|div|p|title|article|table|meta|h1|\?xml)\b", re.I)
_FEED = re.compile(rb"<(rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.I)
_BINARY = (
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)


def extract(page: Page, rules: SourceRules) -> Version:
    """Read a page; its first bytes decide what it is, whatever the server called it.

    Raises Unreadable with the outcome and reason of the run's ledger: "blocked" (challenge,
    consent, geo ...), "failed" (soft 404, extraction empty, bad encoding ...) or "filtered"
    (not an article).
    """
    refuse_response(page, rules.home)
    if not page.body.strip():
        raise Unreadable("failed", "extraction empty")
    head = page.body[:1024].lstrip()
    if head.startswith(_BINARY) or _FEED.search(head):
        raise Unreadable("filtered", "not an article")
    if b"%PDF-" in head:
        from monitor.extract.pdf import read_pdf

        return read_pdf(page, rules, EXTRACTOR)
    return _read_characters(page, rules)


def extract_hint(page: Page, rules: SourceRules) -> Version:
    """What the feed itself says of an article whose page is blocked: a partial version.

    Raises Unreadable where the feed carried no text.
    """
    from monitor.extract.feed import read_feed

    return read_feed(page, rules, EXTRACTOR)


def _read_characters(page: Page, rules: SourceRules) -> Version:
    if page.mime.startswith("text/plain") and not _MARKUP.search(page.body[:4096]):
        from monitor.extract.plain import read_text

        return read_text(page, rules, EXTRACTOR)
    from monitor.extract.html import read_html

    return read_html(page, rules, EXTRACTOR)
