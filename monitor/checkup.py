"""The end of a run: what it says about its source's health is judged, stored and told."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from db import health as memory
from db.apply import raise_flag
from db.health_rows import Arrivals, Health, Problem, Seen, Trouble
from db.records import Flag
from monitor import health
from monitor.config import SourceConfig
from monitor.decide.priority import explain, priority
from monitor.isoday import moment

_STILL_PAGES = ("watched", "document")  # they bring nothing new for long, and need not


def check(
    conn: sqlite3.Connection, source: SourceConfig, run: int, seen: Seen, now: datetime
) -> Health:
    """Judge a finished run; call it in the transaction that ends it.

    A change of state raises one flag: `source_failing` (another one if it fails in another way),
    `source_silent` or `source_recovered`.
    """
    facts = memory.run_facts(conn, run, seen, now)
    found = health.troubles(facts, only_watched=_is_watched(source))
    came = _arrivals(conn, source, now)
    if health.failure(found) is None:  # of what cannot be read nobody knows whether it is silent
        found += _rhythm(came, source, now)
    before = memory.health_of(conn, source.name)
    known = memory.open_problems(conn, source.name)
    problems = health.advance(known, found, now)
    usual = health.usual_gap(came.times)
    after = replace(
        health.after_run(before, problems, found, now),
        usual_gap_days=None if usual is None else round(usual / timedelta(days=1), 1),
        last_new_at=came.last,
    )
    memory.keep(conn, source.name, after, problems, now)
    kind = health.told_by(before.state, after.state)
    if kind is None and after.state == "failing" and _leads(known) != _leads(problems):
        kind = "source_failing"  # it fails in another way now
    if kind is not None:
        _tell(conn, source, kind, after, problems, now)
    return after


def _arrivals(conn: sqlite3.Connection, source: SourceConfig, now: datetime) -> Arrivals:
    came = memory.arrivals(conn, source.name, now)
    if source.kind not in _STILL_PAGES:
        return came
    return replace(memory.changes(conn, source.name, now), since=came.since)


def _rhythm(came: Arrivals, source: SourceConfig, now: datetime) -> tuple[Trouble, ...]:
    if source.kind in _STILL_PAGES and source.expected_every is None:
        return ()
    found = (health.silence(came, source.expected_every, now), health.volume(came, now))
    return tuple(trouble for trouble in found if trouble is not None)[:1]


def _is_watched(source: SourceConfig) -> bool:
    return all(endpoint.kind == "watched" for endpoint in source.endpoints)


def _leads(problems: Sequence[Problem]) -> str | None:
    problem = health.leading(problems)
    return None if problem is None else problem.cause


def _tell(
    conn: sqlite3.Connection,
    source: SourceConfig,
    kind: str,
    after: Health,
    problems: Sequence[Problem],
    now: datetime,
) -> None:
    closed = [problem for problem in problems if problem.closed_at is not None]
    problem = closed[-1] if kind == "source_recovered" and closed else health.leading(problems)
    assert problem is not None, "a state changes because a problem opened or closed"
    detail = {
        "cause": problem.words,
        "mend": "" if kind == "source_recovered" else problem.mend,
        "since": moment(_since(kind, problem, after)),
        "usual_gap_days": after.usual_gap_days if kind == "source_silent" else None,
        "last_good": memory.last_good(conn, source.name),
    }
    flag = Flag(
        kind=kind,
        key=f"{kind}:{source.name}:{problem.cause}:{moment(problem.first_seen)}",
        priority=priority(kind, rank=source.rank),
        why=explain(kind, rank=source.rank),
        detail=detail,
    )
    raise_flag(conn, flag, moment(now), source=source.name)


def _since(kind: str, problem: Problem, after: Health) -> datetime:
    if kind == "source_silent" and after.last_new_at is not None:
        return after.last_new_at
    return problem.first_seen
