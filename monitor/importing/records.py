"""What can be imported: JSON lines, saved pages, PDF, plain text and WARC, as pages.

A JSON line has `url`, `fetched_at`, and `text` or `html`; optional are `source`, `published`,
`modified`, `title`, `lang`, `publisher_org` and `place`.
"""

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from monitor.canonical import canonical, host_of, url_rules
from monitor.exceptions import BadInput
from monitor.isoday import first_day, parse_moment
from monitor.items import Hints, Page

if TYPE_CHECKING:
    from monitor.importing.warc import Response

KEYS = {
    "url", "fetched_at", "text", "html", "source", "published", "modified", "title", "lang",
    "publisher_org", "place",
}  # fmt: skip
MIMES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}
LINES = (".jsonl", ".ndjson", ".json")
WARCS = (".warc", ".warc.gz")


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


def read_paths(paths: Iterable[str], source: str, now: datetime) -> Iterator[Given | Rejected]:
    """Everything in the given files, folders or `-`, in order; bad parts come as Rejected.

    `source` names the source of what names none itself. Raises BadInput if a path is not there or
    of no known kind.
    """
    for name in paths:
        yield from _read_path(name, source, now)


def _read_path(name: str, source: str, now: datetime) -> Iterator[Given | Rejected]:
    if name == "-":
        yield from _read_lines("standard input", sys.stdin, source)
        return
    path = Path(name)
    if path.is_dir():
        known = (f for f in sorted(path.rglob("*")) if f.is_file() and _kind(f) is not None)
        for file in known:
            yield from _read_file(file, source, now)
        return
    if not path.is_file():
        raise BadInput(f"{name}: no such file or folder; give JSONL, WARC, HTML, PDF or text")
    if _kind(path) is None:
        known_kinds = ", ".join([*LINES, *WARCS, *MIMES])
        raise BadInput(f"{name}: not a kind of file that can be imported ({known_kinds})")
    yield from _read_file(path, source, now)


def _read_file(path: Path, source: str, now: datetime) -> Iterator[Given | Rejected]:
    kind = _kind(path)
    if kind == "lines":
        with path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
            yield from _read_lines(str(path), lines, source)
    elif kind == "warc":
        yield from _read_warc(path, source)
    elif kind is not None:
        yield _read_saved(path, kind, source, now)


def _kind(path: Path) -> str | None:
    name = path.name.lower()
    if name.endswith(LINES):
        return "lines"
    if name.endswith(WARCS):
        return "warc"
    return MIMES.get(path.suffix.lower())


def _read_lines(name: str, lines: Iterable[str], source: str) -> Iterator[Given | Rejected]:
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        place = f"{name}:{number}"
        try:
            yield Given(page=page_of(_object(line), source), place=place)
        except BadInput as error:
            yield Rejected(place=place, reason=str(error))


def _object(line: str) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise BadInput(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise BadInput("not a JSON object; write one object a line")
    unknown = sorted(given.keys() - KEYS)
    if unknown:
        raise BadInput(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(KEYS))}")
    return given


def page_of(given: dict[str, Any], source: str) -> Page:
    """The page of one JSON object; raises BadInput if it is not as it should be."""
    url = _canonical(given.get("url"))
    body, mime = _body(given)
    fetched_at = _moment(given.get("fetched_at"), "fetched_at")
    return Page(
        source=_text(given, "source") or source,
        url=url,
        final_url=url,
        fetched_at=fetched_at,
        status=200,
        body=body,
        mime=mime,
        discovered_as=url,
        hints=Hints(
            title=_text(given, "title"),
            published=_day(given, "published"),
            modified=_day(given, "modified"),
            lang=_text(given, "lang"),
            place=_text(given, "place"),
            publisher_org=_text(given, "publisher_org"),
        ),
    )


def _canonical(url: Any) -> str:
    if not isinstance(url, str):
        raise BadInput("needs a url")
    known = canonical(url, url_rules(home=url))
    if known is None:
        raise BadInput(f"{url!r} is no http or https address")
    return known


def _body(given: dict[str, Any]) -> tuple[bytes, str]:
    text, html = given.get("text"), given.get("html")
    if isinstance(html, str) and html.strip():
        return html.encode("utf-8", "replace"), "text/html; charset=utf-8"
    if isinstance(text, str) and text.strip():
        return text.encode("utf-8", "replace"), "text/plain; charset=utf-8"
    raise BadInput("needs a text or html that is not empty")


def _text(given: dict[str, Any], key: str) -> str | None:
    value = given.get(key)
    if value is not None and not isinstance(value, str):
        raise BadInput(f"{key} must be text, not {value!r}")
    return value or None


def _moment(value: Any, key: str) -> datetime:
    try:
        return parse_moment(value)
    except (TypeError, ValueError):
        raise BadInput(f"{key} must be an ISO time like 2026-06-14T10:00:00Z") from None


def _day(given: dict[str, Any], key: str) -> str | None:
    value = _text(given, key)
    if value is None:
        return None
    try:
        first_day(value)
    except ValueError:
        raise BadInput(f"{key} must be an ISO date like 2026-06-14, not {value!r}") from None
    return value


def _read_saved(path: Path, mime: str, source: str, now: datetime) -> Given | Rejected:
    """A saved page; it was fetched when the file was written, as far as anyone can tell."""
    try:
        body = path.read_bytes()
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError as error:
        return Rejected(place=str(path), reason=error.strerror or "cannot be read")
    url = f"http://{source}.invalid/{path.name}"
    page = Page(
        source=source,
        url=url,
        final_url=url,
        fetched_at=min(written, now),
        status=200,
        body=body,
        mime=mime,
        discovered_as=_canonical(url),
    )
    return Given(page=page, place=str(path))


def _read_warc(path: Path, source: str) -> Iterator[Given | Rejected]:
    from monitor.importing.warc import responses

    try:
        for response in responses(path):
            place = f"{path}@{response.offset}"
            if host_of(response.url) == "":
                yield Rejected(place=place, reason=f"{response.url!r} is no web address")
            else:
                yield Given(page=_archived(response, source), place=place)
    except BadInput as error:
        yield Rejected(place=str(path), reason=str(error))


def _archived(response: "Response", source: str) -> Page:
    return Page(
        source=source,
        url=response.url,
        final_url=response.url,
        fetched_at=response.at,
        status=response.status,
        body=response.body,
        mime=response.mime,
        headers=response.headers,
        discovered_as=_canonical(response.url),
    )
