"""A web page, read: its article without what stands around it."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from db.records import Version
from monitor.exceptions import Unreadable
from monitor.extract import charset, cleaning, lines, metadata, normal, not_article
from monitor.extract.language import language
from monitor.extract.rules import SourceRules
from monitor.items import Page

SHORT = 250  # characters; below, the slow path of the extractor may find more
PARTIAL = 600  # characters; a paywalled page with more than that gave its text all the same
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_html(page: Page, rules: SourceRules, extractor: str) -> Version:
    """The article of a page; raises Unreadable with the ledger's words where there is none."""
    text = charset.decode(page.body, page.headers.get("Content-Type", "") or page.mime)
    tree = _tree(text)
    zone = ZoneInfo(rules.timezone)
    said = metadata.facts(tree, page.final_url or page.url, rules.site_name, zone)
    visible = None if rules.content_selector is None else _selected(tree, rules.content_selector)
    read = visible if visible is not None else _article(tree)
    return _version(page, rules, said, read, tree, extractor)


def _version(
    page: Page,
    rules: SourceRules,
    said: metadata.Facts,
    read: str,
    tree: Any,
    extractor: str,
) -> Version:
    title = said.title or page.hints.title or ""
    text = lines.article_lines(normal.normalise(read), title, rules.strip_lines)
    text = normal.without_boilerplate(text, rules.boilerplate)
    _refuse(said, text, tree)
    lang = language(f"{title}\n{text}") or rules.lang or page.hints.lang
    now = page.fetched_at.astimezone(ZoneInfo(rules.timezone))
    published = said.published or metadata.printed_date(tree, lang, now) or page.hints.published
    return Version(
        title=title,
        text=text,
        text_hash=normal.text_hash(title, text, rules.boilerplate),
        extractor=extractor,
        lang=lang,
        authors=said.authors or page.hints.authors,
        published=published,
        modified=said.modified or page.hints.modified,
        canonical=said.canonical,
        partial=not said.free and len(text) < PARTIAL,
    )


def _refuse(said: metadata.Facts, text: str, tree: Any) -> None:
    """Raise Unreadable for a page in the place of an article, or without a text."""
    seen = text or normal.normalise(tree.text_content())
    reason = not_article.stands_for(said.title, said.headings, seen, said.dated)
    if reason is not None:
        raise Unreadable(not_article.OUTCOMES[reason], reason)
    if text:
        return
    if not said.free:
        raise Unreadable("blocked", "paywall without text")
    if _is_shell(tree):
        raise Unreadable("blocked", "needs JavaScript")
    raise Unreadable("failed", "extraction empty")


def _tree(text: str) -> Any:
    from trafilatura.utils import load_html

    tree = load_html(_DECLARATION.sub("", text.replace("\x00", "")))
    if tree is None:
        raise Unreadable("failed", "extraction empty")
    return tree


def _article(tree: Any) -> str:
    """The main text: the fast path, and the slow one where the fast one finds little."""
    cleaning.clean(tree)
    fast = _extracted(tree, fast=True)
    return fast if len(fast) >= SHORT else max(fast, _extracted(tree, fast=False), key=len)


def _extracted(tree: Any, *, fast: bool) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(tree, fast=fast, include_comments=False, with_metadata=False)
    return str(getattr(found, "text", None) or "")


def _selected(tree: Any, selector: str) -> str | None:
    """All the text of the elements a source's selector names, or None where it finds nothing."""
    found = tree.cssselect(selector)
    return "\n".join(cleaning.block_text(element) for element in found) or None


def _is_shell(tree: Any) -> bool:
    """An application's empty root, or a notice for browsers without JavaScript."""
    roots = tree.xpath("//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt']")
    return any(not root.text_content().strip() for root in roots) or (
        tree.find(".//noscript") is not None and tree.find(".//script") is not None
    )
