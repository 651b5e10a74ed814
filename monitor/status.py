"""How an installation is, for people and for programs: sources, database, archive, digest, lock."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from db import health, queries, wayback
from db.health_rows import Copies
from monitor import clock
from monitor.config import SourceConfig
from monitor.exceptions import ConfigError
from monitor.health.causes import WAYBACK_MEND, wayback_words
from monitor.isoday import parse_moment
from monitor.lock import holder
from monitor.printable import printable
from monitor.workspace import Workspace

_ORDER = ("failing", "silent", "degraded", "new", "ok", "paused", "import")
_UNITS = ("B", "kB", "MB", "GB", "TB")


def status(space: Workspace) -> dict[str, Any]:
    """Everything `monitor status` tells; raises StoreError if nothing was collected yet."""
    conn = space.open_to_read()
    digest, totals, known = health.last_digest(conn), queries.totals(conn), health.overview(conn)
    copies = wayback.copies(conn, clock.now())
    conn.close()
    return {
        "totals": totals,
        "sources": _sources(known, _configured(space)),
        "database_bytes": _size([space.database, space.database.with_suffix(".db-wal")]),
        "archive_bytes": _size(space.archive.rglob("*.warc.gz")),
        "copies": _copies(space, copies),
        "last_digest": digest,
        "collecting_process": holder(space.data_dir),
    }


def in_words(told: Mapping[str, Any], zone: ZoneInfo) -> str:
    """The same as a page for a terminal: troubled sources first, each with cause and mend."""
    sources = sorted(told["sources"], key=lambda one: (_ORDER.index(one["health"]), one["name"]))
    width = max((len(one["name"]) for one in sources), default=6)
    lines = [_summary(sources), ""]
    header = ("source", "state", "last run", "newest article", "usual gap")
    lines.append(_row(header, width))
    for one in sources:
        lines += _source(one, width, zone)
    return "\n".join([*lines, "", *_installation(told, zone)])


def _sources(known: list[dict[str, Any]], configured: tuple[SourceConfig, ...]) -> list[Any]:
    """What the database knows, and what sources.toml adds: pauses, and sources never read."""
    by_name = {one["name"]: one for one in known}
    for source in configured:
        one = by_name.setdefault(source.name, _never_read(source))
        one["enabled"], one["reason"] = int(source.enabled), source.reason
    for one in by_name.values():
        if not one["enabled"]:
            one["health"] = "paused"
        elif one["kind"] == "import":
            one["health"] = "import"
        elif one["last_run_at"] is None:
            one["health"] = "new"
    return sorted(by_name.values(), key=lambda one: str(one["name"]))


def _never_read(source: SourceConfig) -> dict[str, Any]:
    return {"name": source.name, "title": source.title, "kind": source.kind, "last_run_at": None,
            "newest": None, "usual_gap_days": None, "problems": [], "articles": 0}  # fmt: skip


def _copies(space: Workspace, copies: Copies) -> dict[str, Any]:
    """Copies at the Internet Archive; nothing is wrong with them where nobody asks for any."""
    asked = space.settings.crawl.wayback
    problem = wayback_words(copies) if asked else None
    return asdict(copies) | {
        "asked": asked,
        "waiting": copies.waiting if asked else 0,
        "problem": problem,
        "mend": WAYBACK_MEND if problem else None,
    }


def _configured(space: Workspace) -> tuple[SourceConfig, ...]:
    try:
        return space.sources
    except ConfigError:
        return ()  # a database may be looked at without its configuration


def _summary(sources: list[dict[str, Any]]) -> str:
    counts = {state: sum(one["health"] == state for one in sources) for state in _ORDER}
    told = [f"{n} {state}" for state, n in counts.items() if n]
    return f"{len(sources)} sources: {', '.join(told) or 'none'}"


def _source(one: Mapping[str, Any], width: int, zone: ZoneInfo) -> list[str]:
    gap = one["usual_gap_days"]
    cells = (
        one["name"],
        one["health"],
        _time(one["last_run_at"], zone),
        _time(one["newest"], zone),
        "-" if gap is None else f"{gap:g} d",
    )
    lines = [_row(cells, width)]
    if one["health"] == "paused":
        return [*lines, f"    {printable(one['reason'])}"] if one["reason"] else lines
    for problem in one["problems"]:
        lines.append(f"    {printable(problem['words'])}")
        since = f"since {_time(problem['first_seen'], zone)}, seen {problem['count']} ×"
        lines.append(f"    {since}; mend: {printable(problem['mend'])}")
    return lines


def _row(cells: Iterable[object], width: int) -> str:
    name, state, run, newest, gap = cells
    return f"{name:{width}}  {state:8}  {run:16}  {newest:16}  {gap}"


def _installation(told: Mapping[str, Any], zone: ZoneInfo) -> list[str]:
    totals = ", ".join(f"{number} {what}" for what, number in told["totals"].items())
    digest, process = told["last_digest"], told["collecting_process"]
    last = "none yet" if digest is None else (
        f"no. {digest['number']}, built {_time(digest['built_at'], zone)}"
    )  # fmt: skip
    copies = told["copies"]
    return [
        f"database  {_bytes(told['database_bytes'])}: {totals}",
        f"archive   {_bytes(told['archive_bytes'])}",
        *(_wayback(copies) if copies["asked"] or copies["saved"] else []),
        f"digest    {last}",
        f"lock      {'free' if process is None else f'process {process} is collecting'}",
        f"times     {zone.key}",
    ]


def _wayback(copies: Mapping[str, Any]) -> list[str]:
    given_up = f", {copies['given_up']} given up" if copies["given_up"] else ""
    state = f"{copies['waiting']} wait" if copies["asked"] else "switched off"
    lines = [f"wayback   {copies['saved']} copies at the Internet Archive, {state}{given_up}"]
    if copies["problem"]:
        lines += [f"    {printable(copies['problem'])}", f"    mend: {copies['mend']}"]
    return lines


def _time(stored: str | None, zone: ZoneInfo) -> str:
    if stored is None:
        return "-"
    when: datetime = parse_moment(stored)
    return f"{when.astimezone(zone):%Y-%m-%d %H:%M}"


def _size(files: Iterable[Path]) -> int:
    return sum(file.stat().st_size for file in files if file.is_file())


def _bytes(size: int) -> str:
    """A size as people read it.

    >>> _bytes(999), _bytes(2_140_000)
    ('999 B', '2.1 MB')
    """
    number = float(size)
    for unit in _UNITS[:-1]:
        if number < 1000:
            return f"{number:.0f} {unit}" if unit == "B" else f"{number:.1f} {unit}"
        number /= 1000
    return f"{number:.1f} {_UNITS[-1]}"
