"""The ledger of a run: what it discovers, what it asks for, and the one outcome of each URL.

    discovered = stored + unchanged + duplicate + blocked + filtered + failed

A row of `run_urls` is written open when a URL is discovered or planned, and closed once. What is
open when a run ends becomes `failed: not reached`. New articles wait in `pending` until they were
read, so a crash, a budget or a host that rests loses none.
"""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from hashlib import sha256

from db.fetches import add_fetch
from db.hosts import save_endpoint
from db.records import EndpointState, Fetch, Outcome, RunCounts, Source, Validators
from monitor.isoday import moment, parse_moment
from monitor.items import Hints, Link, Target

NOT_REACHED = "not reached"
OVER_BUDGET = "over budget"
# Reasons that speak of the article itself: asked for three times, it is left alone. All others
# (a host that is down, a challenge, robots) may pass, and the article stays queued.
_SPEAKS_OF_ARTICLE = frozenset(
    ("404", "410", "soft 404", "extraction empty", "extraction time-out", "too big", "bad encoding")
)
_MOST_TRIES = 3
_LONGEST_BASELINE = timedelta(days=7)
# Nothing was asked for: these articles come first again.
_NOT_TRIED = frozenset((NOT_REACHED, OVER_BUDGET, "Retry-After rest", "robots unreachable"))

# Seconds since first seen or last change, and after how many seconds an article is visited again.
_HOUR, _DAY = 3600, 86400
LADDER: Sequence[tuple[int, int]] = (
    (3 * _HOUR, _HOUR),
    (_DAY, 3 * _HOUR),
    (7 * _DAY, 12 * _HOUR),
    (30 * _DAY, 3 * _DAY),
    (365 * _DAY, 30 * _DAY),
    (5 * 365 * _DAY, 180 * _DAY),
)
_OLDEST_RUNG = 365 * _DAY
# A server may go on saying "not modified" for ever: every tenth visit does not ask it.
UNCONDITIONAL_EVERY = 10
# After the first, second, third miss; a fourth visit makes sure (docs/collecting.md, removal).
_AFTER_MISS = (_HOUR, 6 * _HOUR, 24 * _HOUR, 72 * _HOUR)


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
        (source, _MOST_TRIES, OVER_BUDGET, json.dumps([*_NOT_TRIED])),
    ).fetchone()
    conn.execute(
        "update sources set last_success_at = ?1, baseline_done_at = coalesce(baseline_done_at,"
        " iif(?2 and first_run_at > ?3, null, ?1)) where name = ?4",
        (moment(at), waiting is not None, moment(at - _LONGEST_BASELINE), source),
    )


# ---------------------------------------------------------------------- discovery


def discover(
    conn: sqlite3.Connection, run: int, source: str, links: Iterable[Link], at: datetime
) -> None:
    """Enter what an endpoint showed: unknown articles into the ledger and the queue.

    Known articles are seen again; one whose hints changed (a new title or date in the feed, a
    later `lastmod`) is visited in this run. One that shows up under a new address keeps its
    identity: the address joins its history, and the ledger says duplicate.
    """
    shown: set[str] = set()
    for position, link in enumerate(links):
        if link.filtered:
            _enter(conn, run, link.address, "filtered", link.filtered)
        elif link.url in shown:
            if link.address != link.url:
                _enter(conn, run, link.address, "duplicate", "same URL in this run")
        elif (article := known_article(conn, link.url, source, link.number)) is not None:
            _see_again(conn, run, article, link, at)
        else:
            _queue(conn, run, source, link, at, position)
        shown.add(link.url)


def listed(
    conn: sqlite3.Connection,
    run: int,
    source: str,
    endpoint: EndpointState,
    fetch: Fetch | None,
    links: Iterable[Link] = (),
) -> None:
    """All that one reading of an endpoint brought; call it in one write transaction."""
    at = endpoint.visited_at
    assert at is not None
    if fetch is not None:
        add_fetch(conn, fetch, run)
    discover(conn, run, source, links, at)
    save_endpoint(conn, source, endpoint)


def known_article(
    conn: sqlite3.Connection, url: str, source: str | None = None, number: str | None = None
) -> int | None:
    """The article known under this canonical URL, or under this number at this source.

    `http` and `https` are one address.
    """
    both = (url, _other_scheme(url))
    row = conn.execute(
        "select id from articles where url in (?1, ?2)"
        " union all select article_id from article_urls where url in (?1, ?2) limit 1",
        both,
    ).fetchone()
    if row is None and number is not None:
        row = conn.execute(
            "select id from articles where source = ? and number = ?", (source, number)
        ).fetchone()
    return None if row is None else int(row[0])


def add_address(conn: sqlite3.Connection, article: int, url: str, at: datetime) -> None:
    """Add a canonical URL to the history of an article."""
    conn.execute(
        "insert or ignore into article_urls (url, article_id, first_seen) values (?, ?, ?)",
        (url, article, moment(at)),
    )


def open_urls(conn: sqlite3.Connection, run: int) -> int:
    """How many URLs of the run have no outcome yet."""
    row = conn.execute(
        "select count(*) from run_urls where run_id = ? and outcome is null", (run,)
    ).fetchone()
    return int(row[0])


def _enter(
    conn: sqlite3.Connection, run: int, url: str, outcome: Outcome | None, reason: str | None
) -> None:
    conn.execute(
        "insert or ignore into run_urls (run_id, url, outcome, reason) values (?, ?, ?, ?)",
        (run, url, outcome, reason),
    )


def _queue(
    conn: sqlite3.Connection, run: int, source: str, link: Link, at: datetime, position: int
) -> None:
    waiting = conn.execute(
        "select 1 from pending where source = ? and url = ?", (source, _other_scheme(link.url))
    ).fetchone()
    if waiting is not None:
        return
    hints = _hints_json(link.hints)
    conn.execute(
        "insert into pending (source, url, address, hints, found_by, discovered_at, position)"
        " values (?, ?, ?, ?, ?, ?, ?) on conflict do update"
        " set address = excluded.address, hints = excluded.hints",
        (source, link.url, link.address, hints, link.found_by, moment(at), position),
    )
    _enter(conn, run, link.url, None, None)


def _see_again(conn: sqlite3.Connection, run: int, article: int, link: Link, at: datetime) -> None:
    hints = _hints_sha256(link.hints)
    before, visited, url = conn.execute(
        "select hints_sha256, visited_at, url from articles where id = ?", (article,)
    ).fetchone()
    moved = link.url not in (url, _other_scheme(url))
    later = (link.hints.modified or "") > visited
    changed = before is not None and before != hints
    conn.execute(
        "update articles set last_seen = max(last_seen, ?1), hints_sha256 = ?2,"
        " nudged_at = case when ?3 then ?1 else nudged_at end where id = ?4",
        (moment(at), hints, int(changed or later or link.watched), article),
    )
    if moved:
        _note_new_address(conn, run, article, link, at)


def _note_new_address(
    conn: sqlite3.Connection, run: int, article: int, link: Link, at: datetime
) -> None:
    new = conn.execute(
        "insert or ignore into article_urls (url, article_id, first_seen) values (?, ?, ?)",
        (link.url, article, moment(at)),
    ).rowcount
    if new:
        conn.execute(
            "update articles set address = ?, nudged_at = ? where id = ?",
            (link.address, moment(at), article),
        )
        _enter(conn, run, link.url, "duplicate", "alias of a known article")


def _hints_sha256(hints: Hints) -> str:
    """Of what is a reason to look again when it changes; a full text may carry counters."""
    telling = Hints(title=hints.title, published=hints.published, modified=hints.modified)
    return sha256(_hints_json(telling).encode()).hexdigest()


def _hints_json(hints: Hints) -> str:
    told = {name: value for name, value in asdict(hints).items() if value}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _hints(text: str) -> Hints:
    told = json.loads(text)
    return Hints(**told | {"authors": tuple(told.get("authors", ()))})


def _other_scheme(url: str) -> str:
    if url.startswith("https://"):
        return "http://" + url[8:]
    return "https://" + url[7:] if url.startswith("http://") else url


# ---------------------------------------------------------------------- what to ask for


def new_targets(
    conn: sqlite3.Connection, run: int, source: str, budget: int, asked: frozenset[str]
) -> list[Target]:
    """Queued articles to ask for now, enters them in the ledger: untried ones first, then newest.

    What was tried comes last, longest ago first, so that an address that makes its host ask for
    rest holds up no other.

    `asked` are those this run asked for before. What it discovered beyond the budget is entered as
    filtered and stays queued.
    """
    _close_given_up(conn, run, source)
    rows = conn.execute(
        "select url, address, hints, found_by from pending where source = ? and tries < ?"
        " and url not in (select value from json_each(?))"
        " order by coalesce(tried_at, ''), discovered_at desc, position limit ?",
        (source, _MOST_TRIES, json.dumps([*asked]), budget + 1),
    ).fetchall()
    chosen = rows[:budget]
    for row in chosen:
        _enter(conn, run, row["url"], None, None)
    if len(rows) > budget:
        _close_over_budget(conn, run, source, [*asked, *(row["url"] for row in chosen)])
    return [
        Target(
            url=row["url"],
            address=row["address"],
            hints=_hints(row["hints"]),
            found_by=row["found_by"],
        )
        for row in chosen
    ]


def _close_given_up(conn: sqlite3.Connection, run: int, source: str) -> None:
    """Addresses an endpoint goes on showing, although they were tried to the end before."""
    reasons = json.dumps([*_SPEAKS_OF_ARTICLE])
    conn.execute(
        "update run_urls set outcome = 'filtered', reason = (select iif(p.reason in"
        " (select value from json_each(?3)), ?4, p.reason)"
        " from pending p where p.source = ?2 and p.url = run_urls.url)"
        " where run_id = ?1 and outcome is null and url in"
        " (select url from pending where source = ?2 and tries >= ?5)",
        (run, source, reasons, f"given up after {_MOST_TRIES} tries", _MOST_TRIES),
    )


def _close_over_budget(
    conn: sqlite3.Connection, run: int, source: str, asked: Sequence[str]
) -> None:
    conn.execute(
        "update run_urls set outcome = 'filtered', reason = ? where run_id = ? and outcome is null"
        " and url in (select url from pending where source = ?)"
        " and url not in (select value from json_each(?))",
        (OVER_BUDGET, run, source, json.dumps(asked)),
    )


def known_targets(
    conn: sqlite3.Connection, run: int, source: str, budget: int, asked: frozenset[str]
) -> list[Target]:
    """Every known article of the source, longest unvisited first, within the budget."""
    rows = conn.execute(
        f"select {_TARGET} from articles where source = ? order by visited_at, id limit ?",  # noqa: S608
        (source, budget + len(asked)),
    )
    return _planned(conn, run, rows.fetchall(), budget, asked)


def due_articles(
    conn: sqlite3.Connection,
    run: int,
    source: str,
    now: datetime,
    budget: int,
    asked: frozenset[str] = frozenset(),
) -> list[Target]:
    """Known articles due by the ladder, those with news of themselves first, then most overdue.

    Overdue is the time since the last visit over the interval of the rung. Articles that raised a
    flag are visited at the rate of the rung above; missing ones until the removal is sure.
    """
    rows = conn.execute(
        f"select {_TARGET}, {_INTERVAL} as interval, ?1 - {_AT.format('visited_at')} as since"  # noqa: S608
        " from articles a where source = ?2 and (since >= interval or nudged_at is not null)"
        " order by nudged_at is not null desc, since * 1.0 / interval desc, id"
        " limit ?3",
        (int(now.timestamp()), source, budget + len(asked)),
    )
    return _planned(conn, run, rows.fetchall(), budget, asked)


def nudged_articles(
    conn: sqlite3.Connection, run: int, source: str, budget: int, asked: frozenset[str]
) -> list[Target]:
    """Known articles of which an endpoint had news, or which are watched."""
    rows = conn.execute(
        f"select {_TARGET} from articles where source = ? and nudged_at is not null"  # noqa: S608
        " order by nudged_at, id limit ?",
        (source, budget + len(asked)),
    )
    return _planned(conn, run, rows.fetchall(), budget, asked)


def overdue(conn: sqlite3.Connection, source: str, now: datetime) -> int:
    """How many known articles of the source are due for a visit."""
    row = conn.execute(
        f"select count(*) from articles a where source = ?2"  # noqa: S608
        f" and (?1 - {_AT.format('visited_at')} >= {_INTERVAL} or nudged_at is not null)",
        (int(now.timestamp()), source),
    ).fetchone()
    return int(row[0])


def _planned(
    conn: sqlite3.Connection,
    run: int,
    rows: Iterable[sqlite3.Row],
    budget: int,
    asked: frozenset[str],
) -> list[Target]:
    targets = [_target(row) for row in rows if row["url"] not in asked][:budget]
    for target in targets:
        _enter(conn, run, target.url, None, None)
    return targets


def _target(row: sqlite3.Row) -> Target:
    return Target(
        url=row["url"],
        address=row["address"] or row["url"],
        found_by=row["found_by"],
        article=row["id"],
        validators=Validators(
            etag=row["etag"], last_modified=row["last_modified"], body_sha256=row["body_sha256"]
        ),
        conditional=row["visits"] % UNCONDITIONAL_EVERY != UNCONDITIONAL_EVERY - 1,
    )


def _interval_sql() -> str:
    """The ladder as an SQL expression over `articles a`, in seconds; `?1` is now."""
    age = f"(?1 - {_AT.format('max(changed_at, first_seen)')})"
    flagged = "exists (select 1 from flags f where f.article_id = a.id)"
    plain = " ".join(f"when {age} < {limit} then {every}" for limit, every in LADDER)
    eager = " ".join(
        f"when {age} < {limit} then {every}"
        for (limit, _), every in zip(
            LADDER, [LADDER[0][1], *(every for _, every in LADDER)], strict=False
        )
    )
    missing = " ".join(
        f"when {misses} then {every}" for misses, every in enumerate(_AFTER_MISS, start=1)
    )
    return (
        f"(case when state = 'removed' then {7 * _DAY} when state = 'blocked' then {_DAY}"
        f" when misses > 0 then case misses {missing} else {_AFTER_MISS[-1]} end"
        f" when {flagged} then case {eager} else {LADDER[-1][1]} end"
        f" else case {plain} else {_OLDEST_RUNG} end end)"
    )


_AT = "cast(strftime('%s', {}) as integer)"
_TARGET = "id, url, address, found_by, etag, last_modified, body_sha256, visits"
_INTERVAL = _interval_sql()


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
                (_hints_sha256(_hints(row["hints"])), article),
            )
        conn.execute(f"delete from pending {where}", (url, run))  # noqa: S608
    elif outcome == "filtered" and reason != OVER_BUDGET:
        conn.execute(
            f"update pending set tries = ?, reason = ? {where}",  # noqa: S608
            (_MOST_TRIES, reason, url, run),
        )
    else:
        one = int(outcome == "failed" and reason in _SPEAKS_OF_ARTICLE)
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
    conn: sqlite3.Connection, source: str, but_for: str, now: datetime
) -> dict[str, int]:
    """How the source answered in the last day, as `SiteHealth` takes it.

    `visits` and `answered` count its last 200 requests without those of one URL; `visited` and
    `turned_missing` its articles.
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
    return {
        "visits": visits,
        "answered": answered,
        "visited": visited,
        "turned_missing": missing,
    }
