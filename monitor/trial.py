"""`monitor detect`: understanding a text without storing anything, as JSON lines or in words."""

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from db.records import LEADS_TO, Mention, Observation, Passage
from monitor.clock import now
from monitor.detect.counts import read_counts
from monitor.detect.names import find_candidates
from monitor.exceptions import BadInput, Unreadable
from monitor.items import Page
from monitor.reading import Knowledge, Reader
from monitor.workspace import Workspace

logger = logging.getLogger(__name__)

KEYS = {"text", "lang", "published", "source", "publisher_org", "place", "title"}
OBSERVATION_KEYS = (
    "value", "value_high", "qualifier", "category", "subset", "kind", "role", "place", "org",
    "as_of", "since", "direction", "part_of",
)  # fmt: skip


def reader(space: Workspace, watchlist: Path | None) -> Reader:
    """A reader with the given watchlist, else the installation's, else the shipped one."""
    if watchlist is None:
        entities = space.entities()
    else:
        from monitor.watchlist import read_watchlist

        entities = read_watchlist(watchlist)
    return Reader(Knowledge(entities=entities, registries=space.registries()))


def answers(reader: Reader, lines: Iterable[str]) -> Iterator[str]:
    """One JSON line for each line in; a line that cannot be read is answered with its error."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            identity, given = _given(line, number)
        except BadInput as error:
            yield _dump({"id": None, "error": str(error)})
            continue
        yield _dump({"id": identity} | findings(reader, given))


def findings(reader: Reader, given: Passage) -> dict[str, Any]:
    """Mentions and counts of a passage in the stable format; offsets are code points."""
    return {
        "mentions": [_mention(m) for m in reader.matcher.find(given.text, given.lang)],
        "counts": [_count(o) for o in read_counts(given, reader.registry)],
    }


def explain(reader: Reader, given: Passage) -> str:
    """What would be found, in words."""
    mentions = reader.matcher.find(given.text, given.lang)
    candidates = find_candidates(given.text, mentions, given.lang)
    counts = read_counts(given, reader.registry)
    parts = [
        _section("Names", [f"{m.surface} → {m.entity} ({LEADS_TO[m.tier]}): {_words(m)}"
                           for m in mentions]),
        _section("Counts", [f"{o.value} {o.category} ({o.role}, {o.kind}): {o.why}"
                            for o in counts]),
        _section("Not tracked, in an arrest context", [f"{c.name}: {c.why}" for c in candidates]),
    ]  # fmt: skip
    return "\n\n".join(parts)


def passage(
    space: Workspace, name: str, *, lang: str | None, published: str | None, place: str
) -> Passage:
    """A text from standard input, a file (text, HTML or PDF) or the web.

    Raises BadInput if it cannot be had or read.
    """
    if name == "-":
        return Passage(text=sys.stdin.read(), lang=lang, published=published, place=place)
    version = _extracted(space, name)
    return Passage(
        text=version.text,
        title=version.title,
        lang=lang or version.lang,
        published=published or version.published,
        place=place,
    )


def _extracted(space: Workspace, name: str) -> Any:
    from monitor.extract import SourceRules, extract

    page = _fetched(space, name) if "://" in name else _opened(name)
    try:
        return extract(page, SourceRules(home=page.url))
    except Unreadable as error:
        raise BadInput(f"{name}: no article could be read from it: {error.reason}") from None


def _opened(name: str) -> Page:
    path = Path(name)
    try:
        body = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{name}: {error.strerror}; give a file, a URL or - for a text") from None
    mime = {".txt": "text/plain", ".pdf": "application/pdf"}.get(path.suffix.lower(), "text/html")
    return _page(path.absolute().as_uri(), body, mime)


def _fetched(space: Workspace, url: str) -> Page:
    from monitor.crawl import fetch_once

    return fetch_once(space.settings, url)


def _page(url: str, body: bytes, mime: str) -> Page:
    return Page(
        source="trial",
        url=url,
        final_url=url,
        fetched_at=now(),
        status=200,
        body=body,
        mime=mime,
        discovered_as=url,
    )


def _given(line: str, number: int) -> tuple[Any, Passage]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise BadInput(f"line {number}: not JSON: {error}") from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise BadInput(f"line {number}: needs an object with a text")
    unknown = given.keys() - KEYS - {"id"}
    if unknown:
        logger.warning("line %d: ignoring unknown keys %s", number, ", ".join(sorted(unknown)))
    known = {key: value for key, value in given.items() if key in KEYS}
    return given.get("id", number), Passage(**known)


def _mention(m: Mention) -> dict[str, Any]:
    return {
        "entity": m.entity,
        "start": m.start,
        "end": m.end,
        "surface": m.surface,
        "tier": m.tier,
        "score": m.score,
        "why": m.why,
        "alias": m.alias,
        "leads_to": m.leads_to,
        "status": m.status,
    }


def _count(o: Observation) -> dict[str, Any]:
    return {key: getattr(o, key) for key in OBSERVATION_KEYS} | {
        "span": list(o.spans[0]),
        "quote": o.quote,
        "rule": o.rule,
        "confidence": o.confidence,
        "id": o.id,
        "spans": [list(span) for span in o.spans],
        "why": o.why,
    }


def _words(m: Mention) -> str:
    return str(m.why.get("words", m.alias))


def _section(title: str, lines: list[str]) -> str:
    return "\n".join([f"{title}:", *(f"  {line}" for line in lines or ["none"])])


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
