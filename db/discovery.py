"""Discovery: what endpoints showed enters the ledger of a run and the queue of new articles."""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256

from db.fetches import add_fetch
from db.hosts import save_endpoint
from db.records import EndpointState, Fetch, Outcome
from monitor.isoday import moment
from monitor.items import Hints, Link


def discover(
    conn: sqlite3.Connection,
    run: int,
    source: str,
    links: Iterable[Link],
    at: datetime,
    start: int = 0,
) -> None:
    """Enter what an endpoint showed: unknown articles into the ledger and the queue.

    Known articles are seen again; one whose hints changed (a new title or date in the feed, a
    later `lastmod`) is visited in this run. One that shows up under a new address keeps its
    identity: the address joins its history, and the ledger says duplicate. `start` is the
    position of the first link.
    """
    shown: set[str] = set()
    for position, link in enumerate(links, start):
        if link.filtered:
            enter(conn, run, link.address, "filtered", link.filtered)
        elif link.url in shown:
            if link.address != link.url:
                enter(conn, run, link.address, "duplicate", "same URL in this run")
        elif (article := known_article(conn, link.url, source, link.number)) is not None:
            _see_again(conn, run, article, link, at)
        else:
            _queue(conn, run, source, link, at, position)
        shown.add(link.url)


def listed(  # noqa: PLR0913 - one reading whole
    conn: sqlite3.Connection,
    run: int,
    source: str,
    endpoint: EndpointState,
    fetch: Fetch | None,
    links: Iterable[Link] = (),
    start: int = 0,
) -> None:
    """All that one reading of an endpoint brought; call it in one write transaction."""
    at = endpoint.visited_at
    assert at is not None
    if fetch is not None:
        add_fetch(conn, fetch, run)
    discover(conn, run, source, links, at, start)
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


def enter(
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
        " set address = excluded.address,"
        " hints = iif(json_extract(excluded.hints, '$.known_before'), hints, excluded.hints)",
        (source, link.url, link.address, hints, link.found_by, moment(at), position),
    )
    enter(conn, run, link.url, None, None)


def _see_again(conn: sqlite3.Connection, run: int, article: int, link: Link, at: datetime) -> None:
    hints = hints_sha256(link.hints)
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
        enter(conn, run, link.url, "duplicate", "alias of a known article")


def hints_sha256(hints: Hints) -> str:
    """Of what is a reason to look again when it changes; a full text may carry counters."""
    telling = Hints(title=hints.title, published=hints.published, modified=hints.modified)
    return sha256(_hints_json(telling).encode()).hexdigest()


def _hints_json(hints: Hints) -> str:
    told = {name: value for name, value in asdict(hints).items() if value}
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def hints_of(text: str) -> Hints:
    told = json.loads(text)
    return Hints(**told | {"authors": tuple(told.get("authors", ()))})


def _other_scheme(url: str) -> str:
    if url.startswith("https://"):
        return "http://" + url[8:]
    return "https://" + url[7:] if url.startswith("http://") else url
