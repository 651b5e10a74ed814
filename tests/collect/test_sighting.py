"""What visits say of an article's being there, stored and told."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db import crawling
from db.fetches import add_fetch
from db.records import Fetch, Source
from db.store import connect
from monitor.isoday import moment
from monitor.sighting import note_sight

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = connect(tmp_path / "monitor.db")
    crawling.keep_source(conn, Source(name="a", title="a", kind="feed", home="http://a.test/"))
    at = moment(START)
    conn.execute(
        "insert into articles (source, url, first_seen, last_seen, visited_at, changed_at)"
        " values ('a', 'http://a.test/1', ?1, ?1, ?1, ?1)",
        (at,),
    )
    yield conn
    conn.close()


def visit(conn: sqlite3.Connection, hours: int, reason: str, *, others: int = 200) -> str | None:
    """A visit of the article, after four of others with this status; the flag it raised."""
    at = START + timedelta(hours=hours)
    for number in range(4):
        add_fetch(conn, Fetch(url=f"http://a.test/x{number}", at=at, source="a", status=others))
    outcome = "unchanged" if reason == "304" else "failed"
    flag = note_sight(conn, 1, outcome, reason, at)
    return flag.kind if flag else None


def state(conn: sqlite3.Connection) -> tuple[str, str | None, int]:
    return tuple(conn.execute("select state, missing_since, misses from articles").fetchone())


def test_an_article_is_removed_after_three_days_and_restored_when_it_is_back(
    conn: sqlite3.Connection,
) -> None:
    told = [visit(conn, hours, "404") for hours in (1, 2, 8, 32, 104)]
    assert told == [None, None, None, None, "article_removed"]
    assert state(conn) == ("removed", "2026-03-01T13:00:00Z", 5)
    assert visit(conn, 200, "304") == "article_restored"
    assert state(conn) == ("live", None, 0)
    kinds = conn.execute("select kind, source from flags order by id").fetchall()
    assert [tuple(row) for row in kinds] == [("article_removed", "a"), ("article_restored", "a")]


def test_nothing_is_removed_while_the_site_answers_nothing_else(conn: sqlite3.Connection) -> None:
    told = [visit(conn, hours, "404", others=503) for hours in (1, 2, 8, 32, 104)]
    assert told == [None] * 5
    assert visit(conn, 176, "404") == "article_removed"


def test_a_host_that_is_down_says_nothing_about_an_article(conn: sqlite3.Connection) -> None:
    assert [visit(conn, hours, "time-out") for hours in (1, 50, 200)] == [None] * 3
    assert state(conn) == ("live", None, 0)
