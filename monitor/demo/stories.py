"""What the demo's outlets have published by a given day: content is data, read from outlets/*.toml.

Every person, outlet and event in it is invented. A *story* is one article over its whole life; an
*edition* is that article as it stands on one simulated day.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

FIRST_DAY = datetime(2025, 2, 10, 9, tzinfo=UTC)
"""One in the afternoon in Baku on day 0, two days before the real list of 357 names came out."""
LAST_DAY = 4


@dataclass(frozen=True, kw_only=True)
class Change:
    """What an outlet did to a published story on `day`; `replace` pairs old and new wording.

    A change without `modified` is a silent one. `status` 404 or 410 takes the story away.
    """

    day: int
    replace: tuple[tuple[str, str], ...] = ()
    title: str | None = None
    slug: str | None = None
    modified: datetime | None = None
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Story:
    """One article: the text of its first day and the changes that follow."""

    number: int
    slug: str
    day: int
    published: datetime
    title: str
    body: str
    section: str
    author: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """A feed or sitemap: the template that writes it and its media type."""

    template: str
    type: str


@dataclass(frozen=True, kw_only=True)
class Outlet:
    """One website: how its addresses look, what it serves and all its stories.

    `article` is a format string over `published`, `slug` and `number`. A `busy` outlet changes
    view counters, advertisements and related headlines on every page every day.
    """

    host: str
    title: str
    tagline: str
    language: str
    article: str
    older: str
    robots: str
    about: str
    sections: tuple[str, ...]
    encoding: str = "utf-8"
    per_page: int = 6
    busy: bool = False
    ads: tuple[str, ...] = ()
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    stories: tuple[Story, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Edition:
    """A story as it stands on one day; `changed` is the server's idea of its last change."""

    path: str
    former_paths: tuple[str, ...]
    number: int
    section: str
    author: str
    title: str
    body: str
    published: datetime
    modified: datetime | None
    changed: datetime
    status: int

    @property
    def lead(self) -> str:
        return blocks(self.body)[0][1][0]


def now(day: int) -> datetime:
    """The moment at which the demo crawls on that simulated day, 09:00 UTC."""
    return FIRST_DAY + timedelta(days=day)


def blocks(body: str) -> list[tuple[str, list[str]]]:
    """Split a body at blank lines into (element, lines).

    >>> blocks("Bir.\\nDavamı.\\n\\n## Ara başlıq\\n\\n- alma\\n- armud\\n\\n> Sitat")
    [('p', ['Bir. Davamı.']), ('h2', ['Ara başlıq']), ('ul', ['alma', 'armud']), \
('blockquote', ['Sitat'])]
    """
    return [_block(part) for part in body.strip().split("\n\n")]


def _block(part: str) -> tuple[str, list[str]]:
    if part.startswith("- "):
        return "ul", [line.removeprefix("- ") for line in part.split("\n")]
    line = " ".join(part.split("\n"))
    for mark, element in (("## ", "h2"), ("> ", "blockquote")):
        if line.startswith(mark):
            return element, [line.removeprefix(mark)]
    return "p", [line]


def edition(outlet: Outlet, story: Story, day: int) -> Edition:
    """The story as `outlet` shows it on `day`, all changes up to then applied in order."""
    current = Edition(
        path=_path(outlet, story, story.slug),
        former_paths=(),
        number=story.number,
        section=story.section,
        author=story.author,
        title=story.title,
        body=story.body,
        published=story.published,
        modified=None,
        changed=story.published,
        status=200,
    )
    for change in story.changes:
        if change.day <= day:
            current = _changed(current, change, _path(outlet, story, change.slug or story.slug))
    return current


def editions(outlet: Outlet, day: int) -> list[Edition]:
    """Everything published by `day`, newest first; withdrawn stories included."""
    shown = [edition(outlet, story, day) for story in outlet.stories if story.day <= day]
    return sorted(shown, key=lambda each: each.published, reverse=True)


def _path(outlet: Outlet, story: Story, slug: str) -> str:
    return outlet.article.format(published=story.published, slug=slug, number=story.number)


def _changed(before: Edition, change: Change, path: str) -> Edition:
    body = before.body
    for old, new in change.replace:
        if body.count(old) != 1:
            raise ValueError(f"{before.path}: {old!r} stands {body.count(old)} times in the text")
        body = body.replace(old, new)
    moved = (before.path,) if path != before.path else ()
    return replace(
        before,
        path=path,
        former_paths=before.former_paths + moved,
        title=change.title or before.title,
        body=body,
        modified=change.modified or before.modified,
        changed=now(change.day) - timedelta(hours=1),
        status=change.status,
    )


@cache
def outlets() -> Mapping[str, Outlet]:
    """All outlets by host; raises TypeError on an unknown key in their files."""
    found = sorted((files(__package__) / "outlets").iterdir(), key=lambda file: file.name)
    read = [_outlet(tomllib.loads(file.read_text(encoding="utf-8"))) for file in found]
    return {outlet.host: outlet for outlet in read}


def _outlet(table: dict[str, Any]) -> Outlet:
    stories = tuple(_story(each) for each in table.pop("story"))
    endpoints = {path: Endpoint(**each) for path, each in table.pop("endpoints").items()}
    for key in ("sections", "ads"):
        table[key] = tuple(table.get(key, ()))
    return Outlet(**table, endpoints=endpoints, stories=stories)


def _story(table: dict[str, Any]) -> Story:
    changes = tuple(_change(each) for each in table.pop("change", ()))
    return Story(**table, changes=changes)


def _change(table: dict[str, Any]) -> Change:
    pairs = tuple((old, new) for old, new in table.pop("replace", ()))
    return Change(**table, replace=pairs)
