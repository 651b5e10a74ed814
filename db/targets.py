"""What a run asks for: new articles from the queue, known ones by a ladder of visits."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from db.crawling import MOST_TRIES, OVER_BUDGET, SPEAKS_OF_ARTICLE
from db.discovery import enter, hints_of
from db.records import Validators
from monitor.items import Target

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
        (source, MOST_TRIES, json.dumps([*asked]), budget + 1),
    ).fetchall()
    chosen = rows[:budget]
    for row in chosen:
        enter(conn, run, row["url"], None, None)
    if len(rows) > budget:
        _close_over_budget(conn, run, source, [*asked, *(row["url"] for row in chosen)])
    return [
        Target(
            url=row["url"],
            address=row["address"],
            hints=hints_of(row["hints"]),
            found_by=row["found_by"],
        )
        for row in chosen
    ]


def _close_given_up(conn: sqlite3.Connection, run: int, source: str) -> None:
    """Addresses an endpoint goes on showing, although they were tried to the end before."""
    reasons = json.dumps([*SPEAKS_OF_ARTICLE])
    conn.execute(
        "update run_urls set outcome = 'filtered', reason = (select iif(p.reason in"
        " (select value from json_each(?3)), ?4, p.reason)"
        " from pending p where p.source = ?2 and p.url = run_urls.url)"
        " where run_id = ?1 and outcome is null and url in"
        " (select url from pending where source = ?2 and tries >= ?5)",
        (run, source, reasons, f"given up after {MOST_TRIES} tries", MOST_TRIES),
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
        enter(conn, run, target.url, None, None)
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
