"""Plain text, as it is imported: what others extracted, or a text file."""

from db.records import Version
from monitor.exceptions import Unreadable
from monitor.extract import charset, normal
from monitor.extract.language import language
from monitor.extract.rules import SourceRules
from monitor.items import Page


def read_text(page: Page, rules: SourceRules, extractor: str) -> Version:
    """The text as it stands; its title is the hint, or else its first line, which stays in it."""
    text = normal.normalise(charset.decode(page.body, page.headers.get("Content-Type", "")))
    text = normal.without_boilerplate(text, rules.boilerplate)
    if not text:
        raise Unreadable("failed", "extraction empty")
    title = page.hints.title or text.split("\n", 1)[0][:200]
    return Version(
        title=title,
        text=text,
        text_hash=normal.text_hash(title, text, rules.boilerplate),
        extractor=extractor,
        lang=language(text) or rules.lang or page.hints.lang,
        authors=page.hints.authors,
        published=page.hints.published,
        modified=page.hints.modified,
    )
