"""What is taken off a page before it is read: furniture that changes by itself, and layout tables.

The extractor drops most of it. What is listed here was seen to leak: a related headline carries a
stale count, a view counter makes every visit an edit.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from lxml.html import HtmlElement

from monitor.extract.furniture import announcing_words, first_word, read_also, related

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
    "advert": r"ads?|advert(isement|ising)?s?|ad-?(slot|unit|block|box|wrapper|container)|a-rec"
    r"|adsbygoogle|reklam\w*",
    "place": r"breadcrumbs?|pagination|pager|post-?navigation|tag-?(list|cloud)|tags-links"
    r"|skip-?link|doc_navigation",
}  # fmt: skip
# Characters; what is longer bears the name for another reason ("share" may be a share of a story).
_LIMITS = {"counter": 80, "share": 400, "place": 400, "advert": 300}
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
_PARAGRAPHS = ("p", "div", "li", "span", "strong", "b", "em", "blockquote", "h2", "h3", "h4", "h5")
_HEADLINE = 300  # characters
_LINK_LIST = 1500
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
    for table in list(tree.iter("table")):
        _write_table(table)
    _drop_related(tree)


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
    kind = _kind(f"{element.get('class', '')} {element.get('id', '')}")
    if kind is None:
        return False
    limit = _LIMITS.get(kind)
    return limit is None or len(_words(element)) <= limit


@lru_cache(maxsize=10_000)
def _kind(names: str) -> str | None:
    """The kind of furniture a class and id name; the pages of a site share most of theirs."""
    found = _FURNITURE.search(names)
    return None if found is None else found.lastgroup


def _drop_related(tree: HtmlElement) -> None:
    """ "Read also: <a>headline</a>", and a heading of such words with the links under it."""
    for element in list(tree.iter(*_PARAGRAPHS)):
        if element.getparent() is None:
            continue
        first = next((text for text in element.itertext() if text.strip()), "").strip()
        if first_word(first) not in announcing_words():
            continue
        if related().fullmatch(first) and related().fullmatch(_words(element)):
            dropped = _drop_links_after(element)
        else:
            dropped = read_also().match(first) is not None and _is_one_link(element)
        if dropped:
            element.drop_tree()


def _is_one_link(element: HtmlElement) -> bool:
    words, linked = _words(element), link_length(element)
    found = read_also().match(words)
    rest = len(words) - (found.end() if found else 0)
    return 0 < linked < _HEADLINE and linked >= 0.8 * rest


def _drop_links_after(heading: HtmlElement) -> bool:
    """Drop the siblings after a heading for as long as they are links; whether there were any."""
    element, words = heading, _words(heading)
    while (parent := element.getparent()) is not None and _words(parent) == words:
        element = parent
    dropped = False
    for after in list(element.itersiblings()):
        length = len(_words(after))
        if length and not 0.8 * length <= link_length(after) <= _LINK_LIST:
            break
        dropped = dropped or length > 0
        after.drop_tree()
    return dropped


def drop_silent(tree: HtmlElement) -> None:
    """Take off what is in the markup and not on the screen, in place."""
    for silent in list(tree.iter("script", "style", "noscript", "template")):
        silent.drop_tree()


# ---------------------------------------------------------------------- layout tables


def _write_table(table: HtmlElement) -> None:
    """A table of data becomes lines, one that lays out a page gives way to its cells."""
    if table.getparent() is None:
        return
    cells = list(_cells(table))
    if _is_page(table, cells):
        _replace(table, _article_cells(cells))
    elif _is_layout(table, cells):
        _replace(table, cells)
    else:
        _write_rows(table)


def _is_page(table: HtmlElement, cells: list[HtmlElement]) -> bool:
    """One cell with most of the words and one of links: a table of prisoners has neither."""
    lengths = [prose_length(cell) for cell in cells]
    if table.find(".//th") is not None or not cells:
        return False
    most = max(lengths) >= max(_SENTENCE, _MAIN_SHARE * sum(lengths))
    return most and any(_is_navigation(cell) for cell in cells)


def _is_layout(table: HtmlElement, cells: list[HtmlElement]) -> bool:
    """One column, tables within, or a cell that is a text of its own."""
    columns = max((len(row) for row in table.iter("tr")), default=0)
    nested = table.find(".//table") is not None
    return columns < 2 or nested or any(len(_words(cell)) > _LONG_CELL for cell in cells)


def _article_cells(cells: list[HtmlElement]) -> list[HtmlElement]:
    lengths = [prose_length(cell) for cell in cells]
    least = max(_SENTENCE, min(_PROSE, max(lengths) / 2))
    return [cell for cell, length in zip(cells, lengths, strict=True) if length >= least]


def _replace(table: HtmlElement, cells: list[HtmlElement]) -> None:
    """Put cells in the place of their table."""
    _empty(table)
    for cell in cells:
        cell.tag = "div"
        cell.tail = None
        _break_paragraphs(cell)
        table.append(cell)


def _empty(table: HtmlElement) -> None:
    tail = table.tail
    table.clear()
    table.tag, table.tail = "div", tail


def _cells(table: HtmlElement) -> Iterator[HtmlElement]:
    """The table's own cells, not those of tables within."""
    for part in (table, *table.iterchildren("thead", "tbody", "tfoot")):
        for row in part.iterchildren("tr"):
            yield from row.iterchildren("td", "th")


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
    rows = [[_words(cell) for cell in row] for row in table.iter("tr")]
    _empty(table)
    for row in rows:
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
        _write_table(table)
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
