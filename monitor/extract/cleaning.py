"""What is taken off a page before it is read: furniture that changes by itself, and layout tables.

The extractor drops most of it. What is listed here was seen to leak: a related headline carries a
stale count, a view counter makes every visit an edit.
"""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

# Matched against each word of class and id, whole or after a hyphen or underscore.
FURNITURE = {
    "related": r"related(-?(posts?|articles?|news|stories|content|links))?|relatedposts|yarpp"
    r"|crp_related|see-?also|read-?(more|also|next)|more-?(news|stories|articles|posts)"
    r"|recommended|recommendations?|popular(-?posts)?|most-?(read|viewed)|trending|media-block-wrap"
    r"|wsw__embed|block-views|latest-?(news|posts)|other-?news|oxsar(-xeberler)?|diger-xeberler"
    r"|ilgili-haberler",
    "counter": r"(post|page|article|entry|news)[-_]?views?|views|hits"
    r"|(view|read|hit)s?[-_]?count(er)?|baxis(-sayi)?|prosmotr(y|ov)?|c-clock|reading-?time|statistics-counter",
    "share": r"shares?|sharing|sharedaddy|share-?(buttons?|bar|box|count|links)|addtoany\w*"
    r"|addthis\w*|social|social-?(bar|links|share|media|icons)|a2a_kit",
    "consent": r"cookies?|cookie-?(bar|banner|notice|consent|law\w*)|cookieconsent|gdpr|cmplz\w*"
    r"|cc-window|onetrust\S*",
    "response": r"comments?|comments-area|comment-?(list|respond|form)|disqus\w*|newsletter\w*"
    r"|subscription-?(box|form)",
    "place": r"breadcrumbs?|pagination|pager|post-?navigation|tag-?(list|cloud)|tags-links"
    r"|skip-?link|doc_navigation",
}  # fmt: skip
# Characters; what is longer bears the name for another reason ("share" may be a share of a story).
_LIMITS = {"counter": 80, "share": 400, "place": 400}
_ROLES = frozenset(("navigation", "banner", "complementary", "contentinfo", "search"))
_FURNITURE = re.compile(
    r"(?:^|\s)(?:[\w-]*?[-_])?(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in FURNITURE.items())
    + r")(?=\s|$)",
    re.I,
)
_FURNITURE_TAGS = (
    "div", "section", "aside", "ul", "ol", "span", "p", "nav", "form", "figure", "footer", "header",
    "h2", "h3", "h4", "a", "i", "small",
)  # fmt: skip
_READ_ALSO = re.compile(
    r"(read (also|more)|see also|related|more on this|also read|читайте также|читать также|по теме|"
    r"материалы по теме|смотрите также|həmçinin (oxuyun|bax)|bax|oxşar xəbərlər|əlaqəli xəbərlər|"
    r"mövzu üzrə|ayrıca oku|ilgili haber(ler)?|bunu da oku|წაიკითხეთ ასევე|ასევე წაიკითხეთ|"
    r"կարդացեք նաև|lesen sie auch|à lire aussi)\b",
    re.I,
)
_PARAGRAPHS = frozenset(("p", "div", "li", "span", "strong", "em", "blockquote", "h2", "h3", "h4"))
_MAIN_SHARE = 0.5
_PROSE = 200
_SENTENCE = 80
_LONG_CELL = 1000
_BLOCKS = (
    "p", "div", "li", "br", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dt", "dd", "blockquote",
    "section", "article", "ul", "ol", "table", "pre", "figcaption",
)  # fmt: skip
# RFE/RL, WordPress, Drupal, schema.org, and the names that home-made templates give it; the most
# certain first.
_CONTAINERS = (
    "[itemprop=articleBody]", ".entry-content", ".wsw", ".field--name-body", ".field-name-body",
    ".post-content", ".post_content", ".post--content", ".article-content", ".article-body",
    ".article__body", ".article-text", ".article__text", ".news-text", ".news-content",
    ".full-text", ".story-body", ".content-text", "article",
)  # fmt: skip
_NAVIGATION_LINKS = 3
_NAVIGATION_SHARE = 0.6


def clean(tree: HtmlElement, title: str) -> None:
    """Take furniture off the tree, in place; nothing that holds most of the page's own words."""
    drop_silent(tree)
    _drop_before(_headline(tree, title))
    whole = prose_length(tree)
    for element in _furniture(tree):
        if element.getparent() is not None and prose_length(element) < _MAIN_SHARE * whole:
            element.drop_tree()
    for element in list(tree.iter(*_PARAGRAPHS)):
        if element.getparent() is not None and _is_read_also(element):
            element.drop_tree()
    for table in list(tree.iter("table")):
        _unfold_layout(table)
    for table in list(tree.iter("table")):
        _write_rows(table)


def _headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The heading whose words are the title; a second-rank one only where no first-rank one is."""
    rank = "h2" if tree.find(".//h1") is None else "h1"
    return next((e for e in tree.iter(rank) if title and _words(e) == title), None)


def _drop_before(headline: HtmlElement | None) -> None:
    """What stands before the headline and is no sentence is the site's head and menus."""
    element = headline
    while element is not None and element.tag != "body":
        for before in list(element.itersiblings("div", "ul", "nav", "header", preceding=True)):
            if prose_length(before) < min(_SENTENCE, link_length(before)):
                before.drop_tree()
        element = element.getparent()


def _furniture(tree: HtmlElement) -> list[HtmlElement]:
    return [element for element in tree.iter(*_FURNITURE_TAGS) if _is_furniture(element)]


def _is_furniture(element: HtmlElement) -> bool:
    if element.get("role") in _ROLES:
        return True
    names = f"{element.get('class', '')} {element.get('id', '')}"
    found = _FURNITURE.search(names) if len(names) > 1 else None
    if found is None:
        return False
    limit = _LIMITS.get(str(found.lastgroup))
    return limit is None or len(_words(element)) <= limit


def _is_read_also(element: HtmlElement) -> bool:
    """ "Read also: <a>headline</a>": the phrase, then a link and nothing else."""
    if not _READ_ALSO.match(next((t for t in element.itertext() if t.strip()), "").strip()):
        return False
    text = _words(element)
    found = _READ_ALSO.match(text)
    if not found or len(text) > 300:
        return False
    rest = len(text) - found.end()
    return link_length(element) >= 0.8 * rest and link_length(element) > 0


def drop_silent(tree: HtmlElement) -> None:
    """Take off what is in the markup and not on the screen, in place."""
    for silent in list(tree.iter("script", "style", "noscript", "template")):
        silent.drop_tree()


# ---------------------------------------------------------------------- layout tables


def _unfold_layout(table: HtmlElement) -> None:
    """Put the article's cells in the place of a table that only lays out a page.

    Such a table has one cell with most of the words and one column of links; a table of prisoners
    has neither.
    """
    if table.getparent() is None or table.find(".//th") is not None:
        return
    cells = list(_cells(table))
    lengths = [prose_length(cell) for cell in cells]
    if not cells or max(lengths) < max(_SENTENCE, _MAIN_SHARE * sum(lengths)):
        return
    if not any(_is_navigation(cell) for cell in cells):
        return
    table.tag = "div"
    least = max(_SENTENCE, min(_PROSE, max(lengths) / 2))
    kept = [cell for cell, length in zip(cells, lengths, strict=True) if length >= least]
    for child in list(table):
        table.remove(child)
    for cell in kept:
        cell.tag = "div"
        cell.tail = None
        _break_paragraphs(cell)
        table.append(cell)


def _cells(table: HtmlElement) -> Iterator[HtmlElement]:
    for row in table.iterfind("./tr"):
        yield from row.iterfind("./td")
    for row in table.iterfind("./tbody/tr"):
        yield from row.iterfind("./td")


def _is_navigation(cell: HtmlElement) -> bool:
    links = sum(1 for _ in cell.iter("a"))
    return links >= _NAVIGATION_LINKS and link_length(cell) >= _NAVIGATION_SHARE * len(_words(cell))


def _break_paragraphs(cell: HtmlElement) -> None:
    """Old pages part paragraphs by line breaks: make the runs between them paragraphs."""
    if cell.find("br") is None:
        return
    paragraph = cell.makeelement("p")
    paragraph.text, cell.text = cell.text, None
    paragraphs = [paragraph]
    for child in list(cell):
        if child.tag == "br" or child.tag in ("div", "p", "table", "ul", "ol"):
            if child.tag != "br":
                paragraphs.append(child)
            paragraph = cell.makeelement("p")
            paragraph.text, child.tail = child.tail, None
            paragraphs.append(paragraph)
        else:
            paragraph.append(child)
    cell[:] = paragraphs


# ---------------------------------------------------------------------- data tables


def _write_rows(table: HtmlElement) -> None:
    """A table of data as one paragraph a row, its cells parted by " | ".

    So a name keeps its number and its charge, and no extractor takes the table for layout.
    """
    rows = [row for row in table.iter("tr") if len(row)]
    cells = [[_words(cell) for cell in row] for row in rows]
    if len(rows) < 2 or max(map(len, cells)) < 2 or table.find(".//table") is not None:
        return
    if max(len(cell) for row in cells for cell in row) > _LONG_CELL:
        return
    tail = table.tail
    table.clear()
    table.tag, table.tail = "div", tail
    for row in cells:
        paragraph = table.makeelement("p")
        paragraph.text = " | ".join(filter(None, row))
        table.append(paragraph)


# ---------------------------------------------------------------------- measures


def container(tree: HtmlElement) -> HtmlElement | None:
    """The element that a common template names as the article's body, if there is just one."""
    for path in _CONTAINERS:
        found = tree.cssselect(path)
        if len(found) == 1:
            return found[0]
    return None


def block_text(element: HtmlElement) -> str:
    """All words under an element, one line a block."""
    for table in list(element.iter("table")):
        _write_rows(table)
    for block in element.iter(*_BLOCKS):
        block.tail = "\n" + (block.tail or "")
        block.text = "\n" + (block.text or "")
    return str(element.text_content())


def prose_length(element: HtmlElement) -> int:
    """Characters of the element's words that are not links."""
    return len(_words(element)) - link_length(element)


def link_length(element: HtmlElement) -> int:
    """Characters of the words of the element's links."""
    return sum(len(_words(link)) for link in element.iter("a"))


def is_link_list(tree: HtmlElement) -> bool:
    """Whether a page is two or more links and next to nothing else."""
    links = sum(1 for _ in tree.iter("a"))
    return links >= 2 and prose_length(tree) < min(_SENTENCE, link_length(tree))


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
