"""Fields of one page as others give them, and the Page that is made of them.

A page has `url`, `fetched_at`, and `text` or `html` (or a file of its own); optional are `source`,
`published`, `modified`, `title`, `lang`, `authors`, `publisher_org` and `place`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.canonical import canonical, url_rules
from monitor.exceptions import BadInput
from monitor.isoday import first_day, parse_moment
from monitor.items import Hints, Page

KEYS = frozenset((
    "url", "fetched_at", "text", "html", "source", "published", "modified", "title", "lang",
    "authors", "publisher_org", "place",
))  # fmt: skip
LONGEST_NAME = 200

Fields = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Defaults:
    """What holds where the input itself says nothing.

    `url_prefix` stands before the path of a saved file; without it the address is made up.
    """

    source: str
    now: datetime
    url_prefix: str | None = None
    fetched_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Given:
    """One page to take in, and where in the input it stood."""

    page: Page
    place: str


@dataclass(frozen=True, kw_only=True)
class Rejected:
    """A part of the input that is no page: where, what is wrong, how to mend it."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


Part = Given | Rejected


def page_of(fields: Fields, defaults: Defaults) -> Page:
    """The page of fields that hold its text or HTML; raises BadInput with what is wrong."""
    body, mime = _body(fields)
    return page_with(fields, defaults, body, mime)


def page_with(fields: Fields, defaults: Defaults, body: bytes, mime: str) -> Page:
    """The page of fields whose bytes lie elsewhere; raises BadInput with what is wrong."""
    url = known_url(fields.get("url"))
    return Page(
        source=_name(fields, "source") or defaults.source,
        url=url,
        final_url=url,
        fetched_at=_fetched_at(fields.get("fetched_at"), defaults),
        status=200,
        body=body,
        mime=mime,
        discovered_as=url,
        hints=_hints(fields),
    )


def known_url(url: Any) -> str:
    """The canonical form of an address; raises BadInput for anything else."""
    if not isinstance(url, str):
        raise BadInput("needs a url")
    known = canonical(url, url_rules(home=url))
    if known is None:
        raise BadInput(f"{url!r} is no http or https address")
    return known


def whole(value: Any) -> Any:
    """A value of JSON without halves of characters, which no database takes.

    >>> whole({"title": "a\\ud83d"})
    {'title': 'a�'}
    """
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [whole(each) for each in value]
    if isinstance(value, dict):
        return {whole(key): whole(each) for key, each in value.items()}
    return value


def _body(fields: Fields) -> tuple[bytes, str]:
    for key, mime in (("html", "text/html"), ("text", "text/plain")):
        value = fields.get(key)
        if isinstance(value, str) and value.strip():
            return value.encode("utf-8"), f"{mime}; charset=utf-8"
    raise BadInput("needs a text or html that is not empty")


def _hints(fields: Fields) -> Hints:
    return Hints(
        title=_line(fields, "title"),
        published=_day(fields, "published"),
        modified=_day(fields, "modified"),
        lang=_line(fields, "lang"),
        authors=_authors(fields.get("authors")),
        place=_line(fields, "place"),
        publisher_org=_line(fields, "publisher_org"),
    )


def _line(fields: Fields, key: str) -> str | None:
    """Words on one line, or None."""
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} must be text, not {value!r}")
    return " ".join(value.split()) or None if value else None


def _name(fields: Fields, key: str) -> str | None:
    name = _line(fields, key)
    if name is not None and (len(name) > LONGEST_NAME or not name.isprintable()):
        raise BadInput(f"{key} must be a short name, not {name[:40]!r}")
    return name


def _authors(value: Any) -> tuple[str, ...]:
    names = [value] if isinstance(value, str) else value or []
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadInput(f"authors must be a name or a list of names, not {value!r}")
    return tuple(name for name in names if name)


def _fetched_at(value: Any, defaults: Defaults) -> datetime:
    if value in (None, "") and defaults.fetched_at is not None:
        return defaults.fetched_at
    try:
        return parse_moment(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput("fetched_at must be an ISO time like 2026-06-14T10:00:00Z") from None


def _day(fields: Fields, key: str) -> str | None:
    value = _line(fields, key)
    if value is None:
        return None
    try:
        first_day(value)
    except ValueError:
        raise BadInput(f"{key} must be an ISO date like 2026-06-14, not {value!r}") from None
    return value
