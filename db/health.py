"""The health of sources: what their runs say, what is remembered, and the flags that tell it."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from db.health_rows import Arrivals, Health, Problem, RunFacts, Seen
from monitor.isoday import last_day, moment, parse_moment

_RUNS, _READINGS, _USUAL, _ARRIVALS = 20, 10, 50, 2000
_RHYTHM = timedelta(days=90)
_BEGINS_AGAIN = timedelta(days=30)

_HEALTH = ("state", "since", "score", "last_failure_at", "last_failure", "usual_gap_days",
           "last_new_at")  # fmt: skip
_PROBLEM = ("cause", "severity", "words", "mend", "weight", "first_seen", "last_seen", "count",
            "good_runs", "closed_at")  # fmt: skip
_LAST_GOOD = """(select id from fetches where source = ?1 and status = 200 and error is null
    and warc_file is not null order by at desc, id desc limit 1)"""


# ---------------------------------------------------------------------- what a run says


def run_facts(conn: sqlite3.Connection, run: int, seen: Seen, now: datetime) -> RunFacts:
    """What a finished run tells about its source."""
    source, started = conn.execute(
        "select source, started_at from runs where id = ?", (run,)
    ).fetchone()
    lengths, earlier = _lengths(conn, source)
    return RunFacts(
        endpoints=_endpoints(conn, source, started),
        visits=_visits(conn, run),
        empty=seen.empty,
        windows_missed=seen.windows_missed,
        behind=_behind(conn, source, run, now) if seen.whole else 0,
        lengths=lengths,
        usual=_usual_lengths(conn, source, earlier) if lengths else (),
        error=seen.error,
    )


def arrivals(conn: sqlite3.Connection, source: str, now: datetime) -> Arrivals:
    """When the source published in the last 90 days, as far as we saw it.

    An article that came with the first reading counts at the date it bears; one without a date
    says nothing about the rhythm.
    """
    began, baseline = conn.execute(
        "select first_run_at, coalesce(baseline_done_at, '9999') from sources where name = ?",
        (source,),
    ).fetchone()
    rows = conn.execute(
        "select a.first_seen, v.published from articles a"
        " left join versions v on v.article_id = a.id and v.number = 1"
        " where a.source = ? order by a.first_seen desc limit ?",
        (source, _ARRIVALS),
    )
    times, newest = [], []
    for seen, published in rows:
        at = _arrived(parse_moment(seen), published, seen <= baseline)
        if at is not None:
            times.append(at)
            newest.append(parse_moment(seen) if seen > baseline else at)
    return Arrivals(
        times=tuple(sorted(at for at in times if now - at <= _RHYTHM)),
        last=max(newest, default=None),
        since=None if began is None else parse_moment(began),
    )


def changes(conn: sqlite3.Connection, source: str, now: datetime) -> Arrivals:
    """The same of watched pages: when their text changed."""
    rows = conn.execute(
        "select v.fetched_at from versions v join articles a on a.id = v.article_id"
        " where a.source = ? order by v.id desc limit ?",
        (source, _ARRIVALS),
    )
    times = sorted(parse_moment(row[0]) for row in rows)
    recent = tuple(at for at in times if now - at <= _RHYTHM)
    return Arrivals(times=recent, last=times[-1] if times else None)


def _arrived(seen: datetime, published: str | None, in_baseline: bool) -> datetime | None:
    if published is None:
        return None if in_baseline else seen
    if len(published) > 10:
        return min(seen, parse_moment(published))
    if len(published) < 10:
        return None
    return min(seen, parse_moment(f"{last_day(published)}T12:00:00Z"))


def _endpoints(conn: sqlite3.Connection, source: str, started: str) -> dict[str, str | None]:
    """Endpoints asked for since then; those that were never fetched are pages, not lists."""
    rows = conn.execute(
        "select url, error from endpoints where source = ? and visited_at >= ?"
        " and (error is not null or unconditional_at is not null)",
        (source, started),
    )
    return dict(rows.fetchall())


def _visits(conn: sqlite3.Connection, run: int) -> dict[tuple[str, str], int]:
    rows = conn.execute(
        "select outcome, coalesce(reason, ''), count(*) from run_urls where run_id = ?"
        " group by outcome, reason",
        (run,),
    )
    return {(outcome, reason): n for outcome, reason, n in rows}


def _lengths(conn: sqlite3.Connection, source: str) -> tuple[tuple[int, ...], int]:
    """Characters of the newest reading of each of the last ten articles; the run of the oldest.

    A page that later answered "not modified" is what it was, so its bad reading is taken back.
    """
    rows = conn.execute(
        """with newest as (
            select url, outcome, reason, run_id,
                row_number() over (partition by url order by run_id desc) as nth
            from run_urls where outcome in ('stored', 'unchanged', 'failed') and run_id in
                (select id from runs where source = ? order by id desc limit ?))
        select run_id, reason = 'extraction empty' as is_empty,
            (select length(v.text) from article_urls u
                join versions v on v.article_id = u.article_id
                where u.url = newest.url order by v.number desc limit 1) as length
        from newest where nth = 1 and (outcome = 'stored'
            or reason in ('same text', 'cosmetic only', 'extraction empty'))
        order by run_id desc limit ?""",
        (source, _RUNS, _READINGS),
    ).fetchall()
    lengths = tuple(0 if row["is_empty"] else row["length"] or 0 for row in rows)
    return lengths, rows[-1]["run_id"] if rows else 0


def _usual_lengths(conn: sqlite3.Connection, source: str, before_run: int) -> tuple[int, ...]:
    rows = conn.execute(
        "select length(v.text) from articles a"
        " join versions v on v.article_id = a.id and v.number = 1 where a.source = ?1"
        " and a.first_seen < (select started_at from runs where id = ?2)"
        " order by a.first_seen desc limit ?3",
        (source, before_run, _USUAL),
    )
    return tuple(row[0] for row in rows)


def _behind(conn: sqlite3.Connection, source: str, run: int, now: datetime) -> int:
    """Articles of the last week that were not visited for a day, and not in this run either."""
    row = conn.execute(
        """select count(*) from articles a where source = ? and state = 'live' and misses = 0
        and changed_at > ? and visited_at < ?
        and not exists (select 1 from run_urls u where u.run_id = ? and u.url = a.url
            and coalesce(u.reason, '') <> 'not reached')""",
        (source, moment(now - timedelta(days=7)), moment(now - timedelta(days=1)), run),
    ).fetchone()
    return int(row[0])


# ---------------------------------------------------------------------- what is remembered


def health_of(conn: sqlite3.Connection, source: str) -> Health:
    """How a source was after its last run; of one never judged, that all is well."""
    row = conn.execute("select * from health where source = ?", (source,)).fetchone()
    return Health() if row is None else Health(**_timed(row, _HEALTH))


def open_problems(conn: sqlite3.Connection, source: str) -> list[Problem]:
    """The open problems of one source, oldest first."""
    rows = conn.execute(
        "select * from problems where source = ? and closed_at is null order by id", (source,)
    )
    return [problem_of(row) for row in rows]


def problem_of(row: sqlite3.Row) -> Problem:
    """A row of `problems` as a record."""
    return Problem(**_timed(row, _PROBLEM), id=row["id"])


def scores(conn: sqlite3.Connection) -> dict[str, float]:
    """The score of failures of each source that has one."""
    return dict(conn.execute("select source, score from health where score > 0").fetchall())


def keep(
    conn: sqlite3.Connection, source: str, health: Health, problems: Iterable[Problem], at: datetime
) -> None:
    """Store what a run made of a source's health; call it in the transaction that ends the run."""
    row = {"source": source, **_stored(health, _HEALTH), "checked_at": moment(at)}
    marks = ", ".join("?" * len(row))
    conn.execute(
        f"insert or replace into health ({', '.join(row)}) values ({marks})",  # noqa: S608
        tuple(row.values()),
    )
    for problem in problems:
        _keep_problem(conn, source, problem)


def last_good(conn: sqlite3.Connection, source: str) -> dict[str, Any] | None:
    """The last stored answer of a source that was good: its fetch, address and time."""
    row = conn.execute(
        f"select id as fetch, url, at from fetches where id = {_LAST_GOOD}",  # noqa: S608
        (source,),
    ).fetchone()
    return None if row is None else dict(row)


def begin_again(conn: sqlite3.Connection, source: str, at: datetime) -> None:
    """A source taken up again after a pause of more than 30 days starts with a baseline.

    Call it before the source is mirrored as enabled.
    """
    conn.execute(
        "update sources set baseline_done_at = null, first_run_at = null"
        " where name = ? and enabled = 0 and last_run_at < ?",
        (source, moment(at - _BEGINS_AGAIN)),
    )


def _keep_problem(conn: sqlite3.Connection, source: str, problem: Problem) -> None:
    values = _stored(problem, _PROBLEM)
    if problem.id is None:
        conn.execute(
            f"insert into problems (source, {', '.join(values)}, last_good_fetch)"  # noqa: S608
            f" values (?1, {', '.join(f'?{n}' for n in range(2, len(values) + 2))}, {_LAST_GOOD})",
            (source, *values.values()),
        )
        return
    changes = ", ".join(f"{name} = ?" for name in values)
    conn.execute(
        f"update problems set {changes} where id = ?",  # noqa: S608
        (*values.values(), problem.id),
    )


def _timed(row: sqlite3.Row, names: Sequence[str]) -> dict[str, Any]:
    times = {"since", "first_seen", "last_seen"}
    return {
        name: parse_moment(row[name])
        if row[name] is not None and (name in times or name.endswith("_at"))
        else row[name]
        for name in names
    }


def _stored(record: Health | Problem, names: Sequence[str]) -> dict[str, Any]:
    values: Mapping[str, Any] = asdict(record)
    return {
        name: moment(values[name]) if isinstance(values[name], datetime) else values[name]
        for name in names
    }


# ---------------------------------------------------------------------- for people


def overview(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every source with its health, its open problems and its last run."""
    rows = conn.execute(
        """select s.name, s.title, s.kind, s.enabled, s.reason, s.first_run_at, s.last_run_at,
            s.last_success_at, s.baseline_done_at, coalesce(h.state, 'ok') as health, h.since,
            h.score, h.last_failure_at, h.last_failure, h.usual_gap_days, h.last_new_at,
            (select count(*) from articles a where a.source = s.name) as articles,
            coalesce(h.last_new_at, (select max(a.first_seen) from articles a
                where a.source = s.name)) as newest,
            r.state, r.error, r.discovered, r.stored, r.unchanged, r.duplicate, r.blocked,
            r.filtered, r.failed
        from sources s left join health h on h.source = s.name
        left join runs r on r.id = (select max(q.id) from runs q where q.source = s.name)
        order by s.name"""
    )
    problems = open_by_source(conn)
    return [dict(row) | {"problems": problems.get(row["name"], [])} for row in rows]


def open_by_source(conn: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """The open problems of all sources, the worst and newest first."""
    rows = conn.execute(
        """select source, cause, severity, words, mend, first_seen, last_seen, count, good_runs,
            (select f.url from fetches f where f.id = last_good_fetch) as last_good
        from problems where closed_at is null
        order by severity = 'failing' desc, severity = 'silent' desc, last_seen desc, id"""
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["source"], []).append(dict(row))
    return found


def last_digest(conn: sqlite3.Connection) -> dict[str, Any] | None:
    """Number, window and time of the newest digest."""
    row = conn.execute(
        "select number, since, until, built_at from digests order by number desc limit 1"
    ).fetchone()
    return None if row is None else dict(row)
