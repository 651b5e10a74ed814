"""Rows in, Digest out: what is told of a window, in which order, and what is left to the desk."""

import sqlite3
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import TypeVar
from zoneinfo import ZoneInfo

from db import digest_inputs, digests
from db.digest_rows import FlagRow, Inputs
from monitor.digest.evidence import by_flag
from monitor.digest.model import Beyond, CountItem, Digest, PeopleItem, Totals
from monitor.digest.ranking import SHARES, Section, place
from monitor.digest.sections.counts import Known, by_series, count_items, without_repeats
from monitor.digest.sections.coverage import coverage
from monitor.digest.sections.edits import edit_items, state_items
from monitor.digest.sections.people import people_items
from monitor.digest.sections.review import confirm_items, corrections, problems, quiet

CAP = 200
FIRST_WINDOW = timedelta(hours=24)
PERIODS = {"daily": timedelta(days=1), "weekly": timedelta(days=7)}
LATE_AFTER = timedelta(hours=1)

T = TypeVar("T")

# Control characters, line ends, and marks that turn the direction of what follows them: a title
# may not break a line of the mail, end a header or show a name backwards. One for one, so that
# offsets stay.
_UNPRINTABLE = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " "),
    **dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], " "),
    **dict.fromkeys([*range(0xD800, 0xE000), 0xFFFE, 0xFFFF], "\ufffd"),
}


def window(
    conn: sqlite3.Connection,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    frequency: str = "daily",
) -> tuple[datetime, datetime]:
    """The window to tell: since the end of the last digest (the first: one period) until now.

    Asked again at the moment the last digest ended, it is that digest's window again.
    """
    until = (until or now).replace(microsecond=0)
    if since is not None:
        return since, until
    last = digests.last(conn, frequency)
    if last is None:
        return until - PERIODS[frequency], until
    return (last.since, last.until) if last.until >= until else (last.until, until)


def weekly_is_due(conn: sqlite3.Connection, now: datetime, zone: str) -> bool:
    """Whether a Monday has begun since the last weekly digest; the first one waits for a Monday."""
    today = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    last = digests.last(conn, "weekly")
    if last is None:
        return today.weekday() == 0
    return last.until < today - timedelta(days=today.weekday())


def build(
    conn: sqlite3.Connection,
    since: datetime,
    until: datetime,
    *,
    now: datetime,
    zone: str = "Asia/Baku",
    cap: int = CAP,
) -> Digest:
    """The daily digest of `(since, until]` as the database knows it now; nothing is written.

    `zone` is an IANA name; `cap` the most items told one by one. For another frequency replace
    it in the digest.
    """
    return assemble(digest_inputs.inputs(conn, since, until), now=now, zone=zone, cap=cap)


def assemble(inputs: Inputs, *, now: datetime, zone: str, cap: int = CAP) -> Digest:
    """Pure: the same rows make the same digest."""
    told = [flag for flag in inputs.flags if flag.state not in digest_inputs.OVERTURNED]
    sections = _by_section(told)
    known = known_of(inputs)
    reprints = known.reprints
    counts = count_items(sections["counts"], known)
    disagreements = without_repeats(count_items(sections["disagreements"], known), counts)
    people = people_items(sections["people"], reprints)
    edits = edit_items(sections["edits"], reprints)
    states = state_items(sections["states"], reprints)
    confirm = confirm_items(sections["confirm"], reprints)
    shown = {name: max(3, int(cap * share)) for name, share in SHARES.items()}
    digest = Digest(
        number=None,
        frequency="daily",
        since=inputs.since,
        until=inputs.until,
        built_at=now.replace(microsecond=0),
        last_flag=inputs.last_flag,
        zone=zone,
        late_hours=_late_hours(inputs.until, now),
        coverage=coverage(inputs),
        counts=counts[: shown["counts"]],
        disagreements=disagreements[: shown["counts"]],
        people=people[: shown["people"]],
        edits=edits[: shown["edits"]],
        states=states[: shown["edits"]],
        confirm=confirm[: shown["confirm"]],
        operator=problems(inputs),
        quiet=quiet(inputs, len(inputs.flags) - len(told)),
        corrections=corrections(inputs.corrections),
        beyond=Beyond(
            counts=_over(counts, shown["counts"]) + _over(disagreements, shown["counts"]),
            people=_over(people, shown["people"]),
            edits=_over(edits, shown["edits"]) + _over(states, shown["edits"]),
            confirm=_over(confirm, shown["confirm"]),
        ),
        totals=_totals(sections, people),
        organisations=_organisations(inputs, (*counts, *disagreements)),
        flags=tuple(flag.id for flag in told),
    )
    return printable(digest)


def known_of(inputs: Inputs) -> Known:
    """What is known around the flags of a window."""
    return Known(
        points=by_series(inputs.points),
        reprints=by_flag(inputs.evidence),
        titles={source.name: source.title for source in inputs.sources},
        today=inputs.until.date(),
    )


def printable(record: T) -> T:
    """A record with every character that could break a line or a header made a space."""
    cleaned = _printable(record)
    assert isinstance(cleaned, type(record))
    return cleaned


def _printable(value: object) -> object:
    if isinstance(value, str):
        return value.translate(_UNPRINTABLE)
    if isinstance(value, tuple):
        return tuple(_printable(one) for one in value)
    if isinstance(value, list):
        return [_printable(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _printable(one) for key, one in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        changes = {one.name: _printable(getattr(value, one.name)) for one in fields(value)}
        return replace(value, **changes)
    return value


def _by_section(flags: Iterable[FlagRow]) -> dict[Section, list[FlagRow]]:
    sections: dict[Section, list[FlagRow]] = {
        "counts": [],
        "disagreements": [],
        "people": [],
        "edits": [],
        "states": [],
        "confirm": [],
        "operator": [],
    }
    for flag in flags:
        sections[place(flag).section].append(flag)
    return sections


def organisation_names(inputs: Inputs) -> dict[str, str]:
    """The names of those who count, by id: as their own site calls itself, else as registered."""
    own = {one.publisher_org: one.title for one in inputs.sources if one.publisher_org}
    return {**_registered_names(), **own}


def _organisations(inputs: Inputs, items: Iterable[CountItem]) -> tuple[tuple[str, str], ...]:
    """The names of the organisations these items speak of."""
    found = {org for item in items for org in (item.org, *(peer.org for peer in item.peers)) if org}
    found |= {item.against.org for item in items if item.against and item.against.org}
    names = organisation_names(inputs)
    return tuple((org, names[org]) for org in sorted(found) if org in names)


@cache
def _registered_names() -> Mapping[str, str]:
    """The names of the shipped registry of organisations, by id."""
    registry = files("monitor.defaults") / "registries" / "organisations.toml"
    entries = tomllib.loads(registry.read_text("utf-8"))
    return {org: entry["name"] for org, entry in entries.items() if "name" in entry}


def _totals(
    sections: dict[Section, list[FlagRow]],
    people: Sequence[PeopleItem],
) -> Totals:
    kinds = [flag.kind for section in sections.values() for flag in section]
    edited = {flag.article for flag in sections["edits"] if flag.kind == "article_edited"}
    newly = [kind for item in people if item.news == "first_ever" for kind in item.kinds]
    return Totals(
        counts=len(sections["counts"]),
        newly_named=newly.count("person"),
        others_newly_named=len(newly) - newly.count("person"),
        named=sum(len(p.entities) for p in people),
        names_removed=kinds.count("mention_removed"),
        edited=len(edited),
        removed=kinds.count("article_removed"),
        blocked=kinds.count("article_blocked"),
        moved=kinds.count("article_moved"),
        restored=kinds.count("article_restored"),
        disagreements=len(sections["disagreements"]),
        to_confirm=len(sections["confirm"]),
    )


def _over(items: Sequence[object], shown: int) -> int:
    return max(0, len(items) - shown)


def _late_hours(until: datetime, now: datetime) -> int:
    late = now - until
    return int(late / timedelta(hours=1)) if late >= LATE_AFTER else 0
