"""What templates write for machines: JSON-LD and meta elements."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml.html import HtmlElement

from monitor.extract.normal import normalise

_TAG = re.compile(r"<[^<>]{1,200}>")
_NOT_LETTERS = re.compile(r"[\W_]+")


def json_ld(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    for script in tree.iterfind(".//script[@type='application/ld+json']"):
        try:
            yield from _nodes(json.loads(html.unescape(script.text or ""), strict=False), 0)
        except ValueError:
            continue  # broken JSON-LD is common, and the page says the rest elsewhere


def _nodes(data: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    if isinstance(data, list) and depth < 5:
        for item in data:
            yield from _nodes(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        yield from _nodes([data.get("@graph"), data.get("mainEntity")], depth + 1)


def metas(tree: HtmlElement) -> Mapping[str, str]:
    """The first value of each meta element, by small-letter name, property or itemprop."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = (element.get("content") or "").strip()
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def line(element: HtmlElement) -> str:
    return plain(element.text_content())


def plain(text: str) -> str:
    """One line without tags that a template wrote into an attribute or a title."""
    return normalise(_TAG.sub("", html.unescape(text))).replace("\n", " ")


def letters(text: str) -> str:
    return _NOT_LETTERS.sub("", text).casefold()
