"""The title of a page: its headline, without the site's name."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from monitor.extract.markup import letters, line, plain

_SEPARATOR = re.compile(r"\s+[|–—»:·•-]+\s+|\s*\|\s*")
_LONG_WORD = re.compile(r"\w{4,}")


def headline(
    tree: HtmlElement,
    articles: list[Mapping[str, Any]],
    metas: Mapping[str, str],
    url: str,
    site_name: str | None,
) -> str:
    """The headline: the heading of the page where another witness repeats it, else the witness."""
    site_names = [site_name or "", metas.get("og:site_name", ""), urlsplit(url).hostname or ""]
    headings = [line(element) for element in tree.iter("h1")]
    headings = headings or [line(element) for element in tree.iter("h2", "h3")]
    said = [str(node.get("headline") or "") for node in articles]
    said += [metas.get("og:title", ""), metas.get("title", ""), *_title_elements(tree)]
    witnesses = [_without_site(plain(text), site_names) for text in said if text.strip()]
    for heading in headings:
        if any(_agree(heading, witness) for witness in witnesses):
            return heading
    lone = [line(element) for element in tree.iter("h1")]
    if len(lone) == 1 and any(_akin(lone[0], witness) for witness in witnesses):
        return lone[0]
    return next((text for text in [*witnesses, *lone] if text), "")


def _agree(heading: str, witness: str) -> bool:
    one, other = letters(heading), letters(witness)
    return 4 <= len(one) <= len(other) + 80 and (
        one in other or (len(other) >= 10 and other in one)
    )


def _akin(heading: str, witness: str) -> bool:
    """Whether both share a third of the shorter one's longer words: one is written for search."""
    one, other = ({w.casefold() for w in _LONG_WORD.findall(text)} for text in (heading, witness))
    return min(len(one), len(other)) >= 2 and 3 * len(one & other) >= min(len(one), len(other))


def _title_elements(tree: HtmlElement) -> list[str]:
    return [element.text_content() for element in tree.iterfind(".//title")][:1]


def _without_site(title: str, site_names: list[str]) -> str:
    """The title without the site's name at its end or beginning.

    >>> _without_site("357 names on the list - Caspian Monitor", ["", "Caspian Monitor", ""])
    '357 names on the list'
    """
    names = [letters(name) for name in site_names if name]
    parts = list(_SEPARATOR.finditer(title))
    if not parts:
        return title
    first, last = title[: parts[0].start()], title[parts[-1].end() :]
    barred = "|" in parts[-1].group() and len(last.split()) <= 3
    if _is_site(last, names) or (barred and _is_site(last.partition(" ")[0], names)):
        return title[: parts[-1].start()]
    return title[parts[0].end() :] if _is_site(first, names) else title


def _is_site(part: str, names: list[str]) -> bool:
    own = letters(part)
    return len(own) >= 3 and any(own in name or name in own for name in names if name)
