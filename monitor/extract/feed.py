"""The text a feed carries, for an article whose page cannot be read."""

from db.records import Version
from monitor.exceptions import Unreadable
from monitor.extract import cleaning, lines, normal
from monitor.extract.language import language
from monitor.extract.rules import SourceRules
from monitor.items import Page


def read_feed(page: Page, rules: SourceRules, extractor: str) -> Version:
    """A partial version from the feed's full text, or its summary; the page itself is not asked.

    Raises Unreadable ("failed", "extraction empty") where the feed carries neither. Never compare
    such a version with one that was read from the page.
    """
    from lxml.html import fragment_fromstring

    hints = page.hints
    markup = hints.content or hints.summary or ""
    title = normal.normalise(hints.title or "").replace("\n", " ")
    tree = fragment_fromstring(normal.parseable(markup), create_parent="div")
    cleaning.clean(tree, title)
    read = normal.normalise(cleaning.block_text(tree))
    text = lines.article_lines(read, title, rules.strip_lines, page.fetched_at)
    text = normal.without_boilerplate(text, rules.boilerplate)
    if not text:
        raise Unreadable("failed", "extraction empty")
    return Version(
        title=title,
        text=text,
        text_hash=normal.text_hash(title, text, rules.boilerplate),
        extractor=f"feed, {extractor}",
        lang=language(f"{title}\n{text}") or rules.lang or hints.lang,
        authors=hints.authors,
        published=hints.published,
        modified=hints.modified,
        partial=True,
    )
