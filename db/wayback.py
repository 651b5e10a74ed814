"""Copies of pages at the Internet Archive: for which versions they are wanted, what came of it."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime, timedelta

from db.health_rows import Copies
from db.store import writing
from monitor.isoday import moment, parse_moment

REACH = timedelta(days=7)  # what was read before is not asked for any more


@dataclass(frozen=True, kw_only=True)
class Unsaved:
    """A version whose page is to be saved: the address and server it came from, tries so far."""

    version: int
    url: str
    ip: str | None
    fetched_at: datetime
    attempts: int


# What a crawl brought that changed the content of a page that still shows it: no first readings of
# a source or endpoint, no imports, and nothing that a newer version has replaced.
_WANTED = """from versions v
    join articles a on a.id = v.article_id
    join fetches f on f.id = v.fetch_id
    join runs r on r.id = f.run_id
    left join wayback_saves w on w.version_id = v.id
    where v.fetched_at >= :since and v.cause <> 'technical' and r.baseline = 0
        and (v.number > 1 or a.baseline = 0) and a.state = 'live' and a.missing_since is null
        and not exists (select 1 from versions n where n.article_id = v.article_id
            and n.number > v.number and n.cause <> 'technical')"""


def unsaved(conn: sqlite3.Connection, now: datetime) -> list[Unsaved]:
    """Versions of the last days that are due, those asked for least often first."""
    rows = conn.execute(
        f"""select v.id, coalesce(nullif(f.final_url, ''), f.url) as url, f.ip, v.fetched_at,
            coalesce(w.attempts, 0) as attempts {_WANTED}
            and (w.version_id is null or (w.state = 'due' and w.next_try_at <= :now))
        order by attempts, v.id""",
        {"since": moment(now - REACH), "now": moment(now)},
    )
    return [
        Unsaved(
            version=row["id"],
            url=row["url"],
            ip=row["ip"],
            fetched_at=parse_moment(row["fetched_at"]),
            attempts=row["attempts"],
        )
        for row in rows
    ]


def copies(conn: sqlite3.Connection, now: datetime) -> Copies:
    """How it stands."""
    waiting = conn.execute(
        f"select count(*) {_WANTED} and coalesce(w.state, 'due') = 'due'",
        {"since": moment(now - REACH)},
    ).fetchone()[0]
    row = conn.execute(
        """select coalesce(sum(state = 'saved'), 0) as saved,
            coalesce(sum(state = 'failed'), 0) as given_up,
            coalesce(sum(state <> 'saved' and at > coalesce((select max(at) from wayback_saves
                where state = 'saved'), '')), 0) as in_vain,
            (select error from wayback_saves where state <> 'saved' order by at desc, version_id
                desc limit 1) as error
        from wayback_saves"""
    ).fetchone()
    return Copies(
        saved=row["saved"],
        waiting=waiting,
        given_up=row["given_up"],
        in_vain=row["in_vain"],
        error=row["error"],
    )


def mark_saved(conn: sqlite3.Connection, version: int, at: datetime, memento: str | None) -> None:
    """The page was saved; `memento` is the address of the copy, if the answer told it."""
    _mark(conn, version, at, ("saved", None, memento, None))


def mark_unsaved(
    conn: sqlite3.Connection, version: int, at: datetime, error: str, next_try: datetime | None
) -> None:
    """It was not: to be tried again at `next_try`, or given up without one."""
    state, due = ("failed", None) if next_try is None else ("due", moment(next_try))
    _mark(conn, version, at, (state, due, None, error))


def _mark(
    conn: sqlite3.Connection,
    version: int,
    at: datetime,
    outcome: tuple[str, str | None, str | None, str | None],
) -> None:
    with writing(conn):
        conn.execute(
            """insert into wayback_saves
                (version_id, at, state, next_try_at, memento, error, attempts)
            values (?, ?, ?, ?, ?, ?, 1)
            on conflict do update set at = excluded.at, state = excluded.state,
                next_try_at = excluded.next_try_at, memento = excluded.memento,
                error = excluded.error, attempts = attempts + 1""",
            (version, moment(at), *outcome),
        )
