"""A web page, read: its article without what stands around it."""

import re
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from db.records import Day, Version
from monitor.exceptions import Unreadable
from monitor.extract import charset, cleaning, lines, metadata, normal, not_article
from monitor.extract.language import language
from monitor.extract.rules import SourceRules
from monitor.items import Page

SHORT = 500  # characters
NAMELESS = 80  # characters that a page without a title must have
TEASER = 200  # characters; less beside a demand to pay is no text
COVERED = 0.45  # of a page's words outside links; the fast path finds more in a plain article
PARTIAL = 600  # characters; a paywalled page with more than that gave its text all the same
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")


def read_html(page: Page, rules: SourceRules, extractor: str) -> Version:
    """The article of a page; raises Unreadable with the ledger's words where there is none."""
    markup = charset.decode(page.body, page.headers.get("Content-Type", "") or page.mime)
    tree = _tree(markup)
    now = page.fetched_at.astimezone(ZoneInfo(rules.timezone))
    said = metadata.facts(tree, page.final_url or page.url, rules.site_name, now)
    published = said.published or _printed(page, rules, said.title, tree, now)
    scripted = _is_scripted(tree)
    cleaning.drop_silent(tree)
    read = _selected(tree, rules.content_selector) or _article(tree, said.title)
    text = lines.article_lines(normal.normalise(read), said.title, rules.strip_lines, now)
    text = normal.without_boilerplate(text, rules.boilerplate)
    partial = _is_partial(said, text, tree, scripted)
    title = said.title or page.hints.title or ""
    return Version(
        title=title,
        text=text,
        text_hash=normal.text_hash(title, text, rules.boilerplate),
        extractor=extractor,
        lang=language(f"{title}\n{text}") or rules.lang or page.hints.lang,
        authors=said.authors or page.hints.authors,
        published=published,
        modified=said.modified or page.hints.modified,
        canonical=said.canonical,
        partial=partial,
    )


def _printed(page: Page, rules: SourceRules, title: str, tree: Any, now: datetime) -> Day | None:
    """When the article was published, where its markup does not say."""
    words = (element.text_content() for element in tree.iter("p", "td", "div"))
    lang = rules.lang or language("\n".join([title, *islice(words, 20)]))
    return (
        metadata.printed_date(tree, title, lang, now)
        or page.hints.published
        or metadata.address_date(page.final_url or page.url)
        or metadata.found_date(tree, now)
    )


def _is_partial(said: metadata.Facts, text: str, tree: Any, scripted: bool) -> bool:
    """Whether the text is only the teaser of a paid article.

    Raises Unreadable for a page in the place of an article, or without a text.
    """
    seen = text or normal.normalise(tree.text_content())
    reason = not_article.stands_for(said.title, said.headings, seen, said.dated)
    if reason == not_article.PAYWALL and len(text) >= TEASER:
        return True
    if reason is not None:
        raise Unreadable(not_article.OUTCOMES[reason], reason)
    if text and (said.title or len(text) >= NAMELESS):
        return not said.free and len(text) < PARTIAL
    if text and cleaning.is_link_list(tree):
        raise Unreadable("filtered", "not an article")
    if not said.free:
        raise Unreadable("blocked", "paywall without text")
    if scripted or _is_shell(tree):
        raise Unreadable("blocked", "needs JavaScript")
    raise Unreadable("failed", "extraction empty")


def _tree(text: str) -> Any:
    from lxml.etree import ParserError
    from lxml.html import document_fromstring
    from trafilatura.utils import load_html

    markup = _DECLARATION.sub("", normal.parseable(text))
    tree = load_html(markup)
    if tree is not None and tree.tag == "html":
        return tree
    try:
        return document_fromstring(markup)  # a fragment, or what has no structure
    except (ParserError, ValueError) as error:
        raise Unreadable("failed", "extraction empty") from error


def _article(tree: Any, title: str) -> str:
    """The main text: the fast path, and the slow one where the fast one left most of the page.

    On 60 real pages five fast texts covered under 20 % of the page and were wrong; all others
    covered over 45 % and equalled the slow ones. An item of two sentences is too short for
    either, they take the whole page: there the template's own word on its body is better.
    """
    cleaning.clean(tree, title)
    fast = _extracted(tree, fast=True)
    if len(fast) < SHORT and (body := cleaning.container(tree)) is not None:
        return cleaning.block_text(body)
    if len(fast) >= COVERED * cleaning.prose_length(tree):
        return fast
    return max(fast, _extracted(tree, fast=False), key=len)


def _extracted(tree: Any, *, fast: bool) -> str:
    from trafilatura import bare_extraction

    found = bare_extraction(tree, fast=fast, include_comments=False, with_metadata=False)
    return str(getattr(found, "text", None) or "")


def _selected(tree: Any, selector: str | None) -> str:
    """All the text of the elements a source's selector names; empty where it finds nothing."""
    if selector is None:
        return ""
    return "\n".join(cleaning.block_text(element) for element in tree.cssselect(selector)).strip()


def _is_scripted(tree: Any) -> bool:
    """A page with scripts and a notice for browsers without."""
    return all(next(tree.iter(tag), None) is not None for tag in ("noscript", "script"))


def _is_shell(tree: Any) -> bool:
    """An application's empty root."""
    roots = tree.xpath("//*[@id='root' or @id='app' or @id='__next' or @id='__nuxt']")
    return any(not root.text_content().strip() for root in roots)
