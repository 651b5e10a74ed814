"""The ledger, the queue and the ladder, in the database."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db import crawling, discovery, targets
from db.records import Source, Validators
from db.store import connect
from monitor.isoday import moment
from monitor.items import Hints, Link

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://a.test/1"


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = connect(tmp_path / "monitor.db")
    crawling.keep_source(conn, Source(name="a", title="a", kind="feed", home="http://a.test/"))
    yield conn
    conn.close()


def run(conn: sqlite3.Connection, *links: Link, at: datetime = NOW) -> int:
    """A run that discovered these links."""
    number = crawling.start_run(conn, "a", at, baseline=False)
    discovery.discover(conn, number, "a", links, at)
    return number


def link(url: str = URL, address: str | None = None, **more: object) -> Link:
    return Link(address=address or url, url=url, **more)  # type: ignore[arg-type]


def known(conn: sqlite3.Connection, url: str = URL, visited: datetime = NOW, **more: object) -> int:
    """An article in the database, first seen when it last changed."""
    at = moment(visited)
    row = {"source": "a", "url": url, "last_seen": at, "visited_at": at, "changed_at": at} | more
    row |= {"first_seen": row["changed_at"]}
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    added = conn.execute(f"insert into articles ({names}) values ({marks})", tuple(row.values()))
    assert added.lastrowid
    return added.lastrowid


def ledger(conn: sqlite3.Connection, number: int) -> dict[str, tuple[str | None, str | None]]:
    rows = conn.execute("select url, outcome, reason from run_urls where run_id = ?", (number,))
    return {url: (outcome, reason) for url, outcome, reason in rows}


def new(conn: sqlite3.Connection, number: int, budget: int = 9) -> list[str]:
    return [one.url for one in targets.new_targets(conn, number, "a", budget, frozenset())]


def test_the_sums_of_a_run_add_up_and_what_is_open_was_not_reached(
    conn: sqlite3.Connection,
) -> None:
    urls = [f"http://a.test/{n}" for n in range(4)]
    number = run(conn, *(link(url) for url in urls), link("", "file:///x", filtered="scheme"))
    assert crawling.close_url(conn, number, urls[0], "stored", "new article")
    assert crawling.close_url(conn, number, urls[1], "failed", "time-out")
    assert not crawling.close_url(conn, number, urls[1], "stored", "new article")
    assert not crawling.close_url(conn, number, "http://a.test/other", "stored", "new article")
    counts = crawling.finish_run(conn, number, NOW)
    assert (counts.discovered, counts.stored, counts.filtered, counts.failed) == (5, 1, 1, 3)
    assert ledger(conn, number)[urls[2]] == ("failed", "not reached")
    assert conn.execute("select state, adds_up from run_ledger").fetchone()[:] == ("finished", 1)


def test_a_crash_leaves_an_open_run_whose_articles_are_asked_for_again(
    conn: sqlite3.Connection,
) -> None:
    run(conn, link())
    assert crawling.abandon_runs(conn, NOW) == 1
    assert conn.execute("select state from runs").fetchone()[0] == "failed"
    assert crawling.abandon_runs(conn, NOW) == 0
    assert new(conn, run(conn)) == [URL]


REASONS = [
    ("stored", "new article", 0),
    ("unchanged", "same text", 0),
    ("duplicate", "same target after redirect", 0),
    ("filtered", "not an article", 0),
    ("failed", "404", 3),
    ("failed", "extraction empty", 3),
    ("failed", "time-out", 9),
    ("failed", "5xx", 9),
    ("blocked", "challenge", 9),
    ("blocked", "robots unreachable", 9),
    ("blocked", "Retry-After rest", 9),
]


@pytest.mark.parametrize(("outcome", "reason", "times"), REASONS)
def test_an_article_is_asked_for_again_as_often_as_its_reason_allows(
    conn: sqlite3.Connection, outcome: crawling.Outcome, reason: str, times: int
) -> None:
    asked = -1
    for _ in range(10):
        number = run(conn) if asked >= 0 else run(conn, link())
        found = new(conn, number)
        if not found:
            break
        asked += 1
        crawling.close_url(conn, number, URL, outcome, reason)
    assert max(asked, 0) == (times - 1 if times == 3 else times)


def test_an_address_that_is_tried_in_vain_comes_after_those_never_tried(
    conn: sqlite3.Connection,
) -> None:
    urls = [f"http://a.test/{n}" for n in range(3)]
    number = run(conn, *(link(url) for url in urls))
    assert new(conn, number) == urls
    crawling.close_url(conn, number, urls[0], "blocked", "429")
    crawling.close_url(conn, number, urls[1], "blocked", "Retry-After rest")
    crawling.finish_run(conn, number, NOW)
    assert new(conn, run(conn)) == [urls[1], urls[2], urls[0]]


def test_http_and_https_are_one_article(conn: sqlite3.Connection) -> None:
    article = known(conn)
    assert discovery.known_article(conn, "https://a.test/1") == article
    assert new(conn, run(conn, link("https://a.test/1"))) == []
    assert len(new(conn, run(conn, link("http://a.test/2"), link("https://a.test/2")))) == 1


def test_a_new_address_with_a_known_number_is_the_same_article_and_is_visited(
    conn: sqlite3.Connection,
) -> None:
    article = known(conn, "http://a.test/x-995684", number="995684")
    updated = link("http://a.test/x-yenilenib-995684", number="995684")
    number = run(conn, updated)
    assert ledger(conn, number) == {updated.url: ("duplicate", "alias of a known article")}
    [target] = targets.due_articles(conn, number, "a", NOW, 9)
    assert (target.article, target.address) == (article, updated.address)
    assert discovery.known_article(conn, updated.url) == article


def test_a_later_modified_date_of_a_sitemap_brings_an_article_back(
    conn: sqlite3.Connection,
) -> None:
    known(conn)
    for modified, due in (("2026-02-01", 0), ("2026-03-01T13:00:00Z", 1)):
        number = run(conn, link(hints=Hints(modified=modified)))
        assert len(targets.due_articles(conn, number, "a", NOW, 9)) == due, modified


LADDER = [
    ("1 hours", "59 minutes", False),
    ("1 hours", "61 minutes", True),
    ("20 hours", "2 hours", False),
    ("20 hours", "3 hours", True),
    ("6 days", "11 hours", False),
    ("6 days", "12 hours", True),
    ("29 days", "2 days", False),
    ("29 days", "3 days", True),
    ("300 days", "29 days", False),
    ("300 days", "31 days", True),
    ("1000 days", "179 days", False),
    ("1000 days", "181 days", True),
    ("3000 days", "364 days", False),
    ("3000 days", "366 days", True),
]


def span(words: str) -> timedelta:
    number, unit = words.split()
    return timedelta(**{unit: int(number)})


@pytest.mark.parametrize(("age", "since", "due"), LADDER)
def test_the_ladder_of_visits(conn: sqlite3.Connection, age: str, since: str, due: bool) -> None:
    changed = moment(NOW - span(age))
    known(conn, visited=NOW - span(since), changed_at=changed)
    assert targets.overdue(conn, "a", NOW) == int(due)


MISSING = [(1, "59 minutes", False), (1, "1 hours", True), (2, "5 hours", False),
           (3, "24 hours", True), (4, "71 hours", False), (7, "72 hours", True)]  # fmt: skip


@pytest.mark.parametrize(("misses", "since", "due"), MISSING)
def test_a_missing_article_is_visited_until_it_is_sure(
    conn: sqlite3.Connection, misses: int, since: str, due: bool
) -> None:
    old = moment(NOW - timedelta(days=900))
    known(conn, visited=NOW - span(since), changed_at=old, misses=misses)
    assert targets.overdue(conn, "a", NOW) == int(due)


def test_an_article_that_raised_a_flag_is_visited_at_the_rate_of_the_rung_above(
    conn: sqlite3.Connection,
) -> None:
    changed = moment(NOW - timedelta(days=20))
    ids = [known(conn, f"http://a.test/{n}", NOW - timedelta(days=1), changed_at=changed)
           for n in range(2)]  # fmt: skip
    conn.execute(
        "insert into flags (key, kind, article_id, priority, raised_at)"
        " values ('k', 'x', ?, 1, '')",
        (ids[1],),
    )
    assert [one.article for one in targets.due_articles(conn, run(conn), "a", NOW, 9)] == [ids[1]]


def test_the_most_overdue_come_first_within_the_budget(conn: sqlite3.Connection) -> None:
    for days in (4, 40, 5):
        known(conn, f"http://a.test/{days}", NOW - timedelta(days=days),
              changed_at=moment(NOW - timedelta(days=41)))  # fmt: skip
    known(conn, "http://a.test/fresh", NOW - timedelta(hours=5))
    due = targets.due_articles(conn, run(conn), "a", NOW, 2)
    assert [one.url for one in due] == ["http://a.test/fresh", "http://a.test/40"]


def test_every_tenth_visit_does_not_ask_whether_something_changed(
    conn: sqlite3.Connection,
) -> None:
    article, asked = known(conn), []
    for hour in range(1, 22):
        at = NOW + timedelta(hours=hour)
        [target] = targets.known_targets(conn, run(conn), "a", 1, frozenset())
        asked.append(target.conditional)
        crawling.set_validators(conn, article, at, Validators(etag='"1"'), target.conditional)
    assert [n for n, conditional in enumerate(asked) if not conditional] == [9, 19]


def test_a_304_without_validators_keeps_the_old_ones(conn: sqlite3.Connection) -> None:
    article = known(conn)
    full = Validators(etag='"1"', last_modified="x", body_sha256="h")
    crawling.set_validators(conn, article, NOW, full, conditional=False)
    crawling.set_validators(conn, article, NOW, Validators(), conditional=True)
    assert crawling.validators(conn, [URL]) == {URL: full}
    crawling.set_validators(conn, article, NOW, Validators(body_sha256="i"), conditional=False)
    assert crawling.validators(conn, [URL]) == {URL: Validators(body_sha256="i")}


def test_a_baseline_ends_when_nothing_is_left_untried(conn: sqlite3.Connection) -> None:
    number = run(conn, link(), link("http://a.test/2"))
    new(conn, number, budget=1)
    crawling.close_url(conn, number, URL, "stored", "new article")
    crawling.finish_run(conn, number, NOW)
    assert crawling.is_baseline(conn, "a")
    number = run(conn)
    new(conn, number)
    crawling.close_url(conn, number, "http://a.test/2", "failed", "404")
    crawling.finish_run(conn, number, NOW)
    assert not crawling.is_baseline(conn, "a")


def test_articles_a_host_refuses_hold_the_baseline_open_for_a_week_at_most(
    conn: sqlite3.Connection,
) -> None:
    for day, still in ((0, True), (6, True), (8, False)):
        number = run(conn, link(), at=NOW + timedelta(days=day))
        crawling.close_url(conn, number, URL, "blocked", "Retry-After rest")
        crawling.finish_run(conn, number, NOW + timedelta(days=day))
        assert crawling.is_baseline(conn, "a") == still, day


def test_what_was_refused_for_good_keeps_its_reason_when_it_is_shown_again(
    conn: sqlite3.Connection,
) -> None:
    for outcome, reason, told in (
        ("filtered", "off-site", "off-site"),
        ("failed", "404", "given up after 3 tries"),
    ):
        shown = link(f"http://a.test/{reason}")
        for _ in range(3):
            number = run(conn, shown)
            new(conn, number)
            crawling.close_url(conn, number, shown.url, outcome, reason)  # type: ignore[arg-type]
        number = run(conn, shown)
        assert new(conn, number) == []
        assert ledger(conn, number) == {shown.url: ("filtered", told)}


def test_a_run_that_could_read_no_endpoint_ends_no_baseline(conn: sqlite3.Connection) -> None:
    crawling.finish_run(conn, run(conn), NOW, "http://a.test/feed: time-out")
    assert crawling.is_baseline(conn, "a")
    assert conn.execute("select state from runs").fetchone()[0] == "failed"
