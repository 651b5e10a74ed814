"""Runs and their ledgers: the one outcome of each URL, and how articles stand after a visit.

    discovered = stored + unchanged + duplicate + blocked + filtered + failed

A row of `run_urls` is written open when a URL is discovered or planned, and closed once. What is
open when a run ends becomes `failed: not reached`. New articles wait in `pending` until they were
read, so a crash, a budget or a host that rests loses none.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta

from db.discovery import hints_of, hints_sha256, known_article
from db.records import Outcome, RunCounts, Source, Validators
from monitor.isoday import moment, parse_moment

NOT_REACHED = "not reached"
OVER_BUDGET = "over budget"
# Reasons that speak of the article itself: asked for three times, it is left alone. All others
# (a host that is down, a challenge, robots) may pass, and the article stays queued.
SPEAKS_OF_ARTICLE = frozenset(
    ("404", "410", "soft 404", "extraction empty", "extraction time-out", "too big", "bad encoding")
)
MOST_TRIES = 3
_LONGEST_BASELINE = timedelta(days=7)
# Nothing was asked for: these articles come first again.
_NOT_TRIED = frozenset((NOT_REACHED, OVER_BUDGET, "Retry-After rest", "robots unreachable"))


def keep_source(conn: sqlite3.Connection, source: Source) -> None:
    """Mirror a source's table of sources.toml, keeping its state."""
    row = asdict(source) | {"languages": json.dumps(source.languages)}
    names = ", ".join(row)
    changes = ", ".join(f"{name} = excluded.{name}" for name in row)
    conn.execute(
        f"insert into sources ({names}) values ({', '.join('?' * len(row))})"  # noqa: S608
        f" on conflict (name) do update set {changes}",
        tuple(row.values()),
    )


# ---------------------------------------------------------------------- runs


def is_baseline(conn: sqlite3.Connection, source: str) -> bool:
    """Whether the source's first complete crawl is still to be finished: nothing is told yet."""
    row = conn.execute("select baseline_done_at from sources where name = ?", (source,)).fetchone()
    return row is None or row[0] is None


def start_run(conn: sqlite3.Connection, source: str, at: datetime, baseline: bool) -> int:
    """Open a run and return its id."""
    conn.execute(
        "update sources set last_run_at = ?1, first_run_at = coalesce(first_run_at, ?1)"
        " where name = ?2",
        (moment(at), source),
    )
    run = conn.execute(
        "insert into runs (source, started_at, baseline) values (?, ?, ?)",
        (source, moment(at), int(baseline)),
    ).lastrowid
    assert run is not None
    return run


def finish_run(
    conn: sqlite3.Connection, run: int, at: datetime, error: str | None = None
) -> RunCounts:
    """Close what is open as not reached, count the ledger, and close the run.

    The run counts as failed if its sums do not add up, or if it has an error and discovered
    nothing. A source's baseline ends with its first run that leaves nothing untried.
    """
    conn.execute(
        "update run_urls set outcome = 'failed', reason = ? where run_id = ? and outcome is null",
        (NOT_REACHED, run),
    )
    counts = _counts(conn, run)
    wrong = counts.discovered != sum(asdict(counts).values()) - counts.discovered
    error = "the ledger does not add up" if wrong else error
    state = "failed" if wrong or (error and not counts.discovered) else "finished"
    sums = ", ".join(f"{field.name} = ?" for field in fields(RunCounts))
    conn.execute(
        f"update runs set finished_at = ?, state = ?, error = ?, {sums} where id = ?",  # noqa: S608
        (moment(at), state, error, *asdict(counts).values(), run),
    )
    if state == "finished":
        _note_success(conn, run, at)
    return counts


def abandon_runs(conn: sqlite3.Connection, at: datetime) -> int:
    """Close the runs a crash left open, as failed; their new articles are still queued."""
    left = [row[0] for row in conn.execute("select id from runs where state = 'running'")]
    for run in left:
        finish_run(conn, run, at, "the process ended before the run did")
        conn.execute("update runs set state = 'failed' where id = ?", (run,))
    return len(left)


def last_runs(conn: sqlite3.Connection) -> dict[str, datetime]:
    """When the last finished run of each source began; the scheduler starts from there."""
    rows = conn.execute(
        "select source, max(started_at) from runs where finished_at is not null group by source"
    )
    return {source: parse_moment(at) for source, at in rows}


def _counts(conn: sqlite3.Connection, run: int) -> RunCounts:
    rows = conn.execute(
        "select outcome, count(*) from run_urls where run_id = ? group by outcome", (run,)
    )
    sums: dict[str, int] = dict(rows.fetchall())
    return RunCounts(discovered=sum(sums.values()), **sums)


def _note_success(conn: sqlite3.Connection, run: int, at: datetime) -> None:
    """The run read something: note when, and whether the baseline is done with it.

    It is when no article waits that was never asked for, or after a week of a host's refusing.
    """
    source, error, discovered = conn.execute(
        "select source, error, discovered from runs where id = ?", (run,)
    ).fetchone()
    if error and not discovered:
        return
    waiting = conn.execute(
        "select 1 from pending where source = ? and tries < ? and coalesce(reason, ?) in"
        " (select value from json_each(?)) limit 1",
        (source, MOST_TRIES, OVER_BUDGET, json.dumps([*_NOT_TRIED])),
    ).fetchone()
    conn.execute(
        "update sources set last_success_at = ?1, baseline_done_at = coalesce(baseline_done_at,"
        " iif(?2 and first_run_at > ?3, null, ?1)) where name = ?4",
        (moment(at), waiting is not None, moment(at - _LONGEST_BASELINE), source),
    )


# ---------------------------------------------------------------------- outcomes


def close_url(conn: sqlite3.Connection, run: int, url: str, outcome: Outcome, reason: str) -> bool:
    """Give a URL of the run its one outcome; False if it had one, or is none of the run's.

    What was read leaves the queue; what failed for a reason of its own is tried three times.
    """
    closed = conn.execute(
        "update run_urls set outcome = ?, reason = ?"
        " where run_id = ? and url = ? and outcome is null",
        (outcome, reason, run, url),
    ).rowcount
    if closed:
        _leave_queue(conn, run, url, outcome, reason)
    return bool(closed)


def _leave_queue(
    conn: sqlite3.Connection, run: int, url: str, outcome: Outcome, reason: str
) -> None:
    where = "where url = ? and source = (select source from runs where id = ?)"
    if outcome in ("stored", "unchanged", "duplicate"):
        row = conn.execute(f"select hints from pending {where}", (url, run)).fetchone()  # noqa: S608
        if row is not None and (article := known_article(conn, url)) is not None:
            conn.execute(
                "update articles set hints_sha256 = ? where id = ?",
                (hints_sha256(hints_of(row["hints"])), article),
            )
        conn.execute(f"delete from pending {where}", (url, run))  # noqa: S608
    elif outcome == "filtered" and reason != OVER_BUDGET:
        conn.execute(
            f"update pending set tries = ?, reason = ? {where}",  # noqa: S608
            (MOST_TRIES, reason, url, run),
        )
    else:
        one = int(outcome == "failed" and reason in SPEAKS_OF_ARTICLE)
        started = "(select started_at from runs where id = ?2)"
        conn.execute(
            f"update pending set tries = tries + ?3, reason = ?4,"  # noqa: S608
            f" tried_at = iif(?5, {started}, tried_at)"
            " where url = ?1 and source = (select source from runs where id = ?2)",
            (url, run, one, reason, int(reason not in _NOT_TRIED)),
        )


def set_validators(
    conn: sqlite3.Connection,
    article: int,
    at: datetime,
    validators: Validators,
    conditional: bool,
) -> None:
    """Note a visit that found the article, in the transaction that stores what it brought.

    Stored earlier, a crash would mean that the content is never sent again. A 304 that names no
    validators keeps the old ones.
    """
    conn.execute(
        "update articles set visited_at = ?1, last_seen = ?1, nudged_at = null,"
        " visits = visits + 1,"
        " etag = case when ?4 is null then coalesce(?2, etag) else ?2 end,"
        " last_modified = case when ?4 is null then coalesce(?3, last_modified) else ?3 end,"
        " body_sha256 = coalesce(?4, body_sha256),"
        " unconditional_at = case when ?5 then unconditional_at else ?1 end where id = ?6",
        (
            moment(at),
            validators.etag,
            validators.last_modified,
            validators.body_sha256,
            int(conditional),
            article,
        ),
    )


def validators(conn: sqlite3.Connection, urls: Sequence[str]) -> dict[str, Validators]:
    """The validators of known articles by canonical URL."""
    marks = ", ".join("?" * len(urls))
    rows = conn.execute(
        f"select url, etag, last_modified, body_sha256 from articles where url in ({marks})",  # noqa: S608
        tuple(urls),
    )
    return {
        row["url"]: Validators(
            etag=row["etag"], last_modified=row["last_modified"], body_sha256=row["body_sha256"]
        )
        for row in rows
    }


# ---------------------------------------------------------------------- presence


def misses_of(conn: sqlite3.Connection, article: int) -> int:
    """How many visits in a row did not find the article."""
    row = conn.execute("select misses from articles where id = ?", (article,)).fetchone()
    return int(row[0])


def note_presence(
    conn: sqlite3.Connection,
    article: int,
    at: datetime,
    state: str,
    missing_since: datetime | None,
    misses: int,
) -> None:
    """Store how an article stands after a visit, also one that did not find it."""
    conn.execute(
        "update articles set state = ?, missing_since = ?, misses = ?, visited_at = ? where id = ?",
        (
            state,
            None if missing_since is None else moment(missing_since),
            misses,
            moment(at),
            article,
        ),
    )


def site_visits(
    conn: sqlite3.Connection,
    source: str,
    but_for: str,
    now: datetime,
    missing_since: datetime | None = None,
) -> dict[str, int]:
    """How the source answered in the last day, as `SiteHealth` takes it.

    `visits` and `answered` count its last 200 requests without those of one URL; `visited` and
    `turned_missing` its articles; `missed_together` the other addresses that were not found
    since the one was missed.
    """
    day_ago = moment(now - timedelta(days=1))
    visits, answered = conn.execute(
        "select count(*), coalesce(sum(status in (200, 304) and error is null), 0) from"
        " (select status, error from fetches where source = ? and at >= ? and url != ?"
        " order by at desc limit 200)",
        (source, day_ago, but_for),
    ).fetchone()
    visited, missing = conn.execute(
        "select count(*), coalesce(sum(missing_since >= ?1), 0) from articles"
        " where source = ?2 and visited_at >= ?1",
        (day_ago, source),
    ).fetchone()
    (together,) = conn.execute(
        "select count(distinct url) from fetches where source = ? and at >= ?"
        " and status in (404, 410) and url != ?",
        (source, moment(missing_since or now), but_for),
    ).fetchone()
    return {
        "visits": visits,
        "answered": answered,
        "visited": visited,
        "turned_missing": missing,
        "missed_together": together,
    }


def blocked_articles(conn: sqlite3.Connection, run: int) -> list[tuple[int, str]]:
    """The known articles in whose place the run was shown something else, each with the reason."""
    rows = conn.execute(
        "select distinct a.article_id, u.reason from run_urls u"
        " join article_urls a on a.url = u.url"
        " where u.run_id = ? and u.outcome = 'blocked' order by a.article_id",
        (run,),
    )
    return [(article, reason) for article, reason in rows]


def run_visits(conn: sqlite3.Connection, run: int) -> dict[str, int]:
    """How the source answered in one run, as `SiteHealth` takes it: articles and endpoints."""
    articles, read = conn.execute(
        "select count(*), coalesce(sum(outcome in ('stored', 'unchanged')), 0) from run_urls"
        " where run_id = ? and outcome in ('stored', 'unchanged', 'blocked', 'failed')",
        (run,),
    ).fetchone()
    endpoints, listed = conn.execute(
        "select count(*), coalesce(sum(e.error is null), 0) from endpoints e join runs r"
        " on r.source = e.source and e.visited_at >= r.started_at"
        " where r.id = ? and (e.error is not null or e.unconditional_at is not null)",
        (run,),
    ).fetchone()
    return {"visits": articles + endpoints, "answered": read + listed}
