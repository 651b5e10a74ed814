"""Who wrote an article: what its markup says, else its byline."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lxml.html import HtmlElement

from monitor.extract.markup import letters, line, plain

Nodes = list[Mapping[str, Any]]
_NOBODY = re.compile(
    r"https?:|@|^(admin|editor|author|staff|redaktor|redaksiya\w*|redaction|newsroom|editorial|редактор|редакция)$|\d",
    re.I,
)
_PARTS = re.compile(r"\s*(?:,|;|\||\band\b|\bvə\b| и )\s*")
_LABEL = re.compile(
    r"^((?i:by|article by|author|written by|müəllif|yazar|автор|текст)\b|By(?=[A-Z]))[\s:]*"
)
_BYLINE = re.compile(r"(^|\s)([\w-]*[-_])?(author|byline)s?([-_]*(name|link|vcard))?(\s|$)", re.I)
_LONGEST = 60  # characters of a name


def authors(
    tree: HtmlElement, articles: Nodes, nodes: Nodes, metas: Mapping[str, str]
) -> tuple[str, ...]:
    """The names, each once; a site that signs for itself is no author.

    `articles` are the JSON-LD nodes of the article, `nodes` all of the page: an article may name
    its author by the `@id` of another node.
    """
    known = {str(node.get("@id")): node.get("name") for node in nodes if node.get("name")}
    said = [name for node in articles for name in _names(node.get("author"), known, 0)]
    said = said or [metas.get("author", ""), metas.get("article:author", "")]
    found = _clean(said, metas)
    return found or _clean([line(element) for element in _bylines(tree)][:3], metas)


def _names(author: Any, known: Mapping[str, Any], depth: int) -> Iterator[str]:
    if isinstance(author, str):
        yield author
    elif isinstance(author, list) and depth < 3:
        for one in author:
            yield from _names(one, known, depth + 1)
    elif isinstance(author, dict) and "rganization" not in str(author.get("@type")):
        yield from _names(author.get("name") or known.get(str(author.get("@id"))), known, depth + 1)


def _bylines(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Short elements that say they are one; the innermost where one holds another."""
    for element in tree.iter("a", "span", "p", "div", "address"):
        said = " ".join(element.get(name, "") for name in ("rel", "itemprop", "class"))
        if len(element) <= 1 and _is_byline(said) and line(element):
            yield element


@lru_cache(maxsize=10_000)
def _is_byline(names: str) -> bool:
    return _BYLINE.search(names) is not None


def _clean(said: list[str], metas: Mapping[str, str]) -> tuple[str, ...]:
    site = letters(metas.get("og:site_name", ""))
    parts = (part for text in said for part in _PARTS.split(_LABEL.sub("", plain(text))))
    names = (_LABEL.sub("", part).strip() for part in parts)
    return tuple(dict.fromkeys(name for name in names if _is_name(name) and letters(name) != site))


def _is_name(name: str) -> bool:
    short = 2 < len(name) < _LONGEST and len(name.split()) <= 5
    return short and not name[0].islower() and not _NOBODY.search(name)
