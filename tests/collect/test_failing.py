"""Sources that fail and heal, crawled for real: what is told, and that nothing is lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from db.crawling import keep_source
from db.health import begin_again, overview, scores
from db.store import writing
from monitor import clock
from monitor.config import Settings, SourceConfig
from monitor.isoday import moment
from monitor.rounds import due_at, interval
from tests.collect.conftest import Collector
from tests.collect.web import Reply, Web, article, rss

Make = Callable[..., SourceConfig]
A = "http://a.test"
FIRST = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
DOWN = Reply(status=500)


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock to so many days after the first."""

    def set_to(days: float) -> None:
        monkeypatch.setenv(clock.VARIABLE, moment(FIRST + timedelta(days=days)))

    set_to(0)
    return set_to


def publish(web: Web, *numbers: int) -> None:
    """A feed of these articles, newest first, and the articles."""
    web.clear()
    web.text(f"{A}/feed", rss(*(f"{A}/{n}" for n in numbers)), "text/xml")
    for n in numbers:
        web.text(f"{A}/{n}", article(f"article {n} " + "with a long enough text " * 20))


def problems(collector: Collector) -> list[tuple[Any, ...]]:
    """Cause, count, and whether it is closed, of every problem there ever was."""
    return collector.all("select cause, count, closed_at is not null from problems order by id")


def told(collector: Collector) -> list[str]:
    return [kind for (kind,) in collector.all("select kind from flags order by id")]


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        pytest.param({"/": DOWN}, "unreachable", id="the host is down"),
        pytest.param({"/robots.txt": DOWN}, "robots unreachable", id="robots.txt is down"),
        pytest.param({"/feed": Reply(body=b"<html>moved</html>")}, "format", id="no feed"),
        pytest.param({"/feed": Reply(status=404)}, "address", id="the feed is gone"),
        pytest.param({"/": Reply(status=403)}, "blocked", id="everything is forbidden"),
    ],
)
def test_a_source_that_fails_twice_is_one_problem_that_closes_and_loses_nothing(
    web: Web, collector: Collector, source: Make, day: Any, broken: dict[str, Reply], cause: str
) -> None:
    publish(web, 2, 1)
    collector.crawl(source())
    publish(web, 3, 2, 1)
    healthy = dict(web.replies)
    for path, reply in broken.items():
        for url in {f"{A}{path}", *(url for url in healthy if path == "/")}:
            web.page(url, reply)
    for days in (1.1, 2.2):
        day(days)
        with writing(collector.conn):  # a copy of robots.txt would do for a month
            collector.conn.execute("update hosts set robots_body = null")
        collector.crawl(source())
    assert problems(collector) == [(cause, 2, 0)]
    web.clear()
    web.replies.update(healthy)
    for days in (3.3, 4.4, 5.5):
        day(days)
        collector.crawl(source())
    assert problems(collector) == [(cause, 2, 1)]
    assert told(collector) == ["source_failing", "source_recovered"]
    assert collector.all("select url from articles order by url") == [
        (f"{A}/1",), (f"{A}/2",), (f"{A}/3",),
    ]  # fmt: skip


def test_the_flag_says_cause_mend_and_since_when(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 1)
    collector.crawl(source())
    web.page(f"{A}/feed", Reply(status=403))
    day(1)
    collector.crawl(source())
    [(detail,)] = collector.all("select detail from flags")
    said = json.loads(detail)
    assert said["cause"] == f"the site blocks us or challenges us: {A}/feed (403)"
    assert said["since"] == "2026-03-02T12:00:00Z"
    assert "sitemap" in said["mend"]


def test_a_source_that_fails_in_another_way_is_told_again_but_not_for_ever(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 1)
    collector.crawl(source())
    for days, status in enumerate((410, 410, 403, 410, 403), start=1):
        web.page(f"{A}/feed", Reply(status=status))
        day(days)
        collector.crawl(source())
    assert problems(collector) == [("address", 3, 0), ("blocked", 2, 0)]
    causes = [json.loads(detail)["cause"][:8] for (detail,) in
              collector.all("select detail from flags order by id")]  # fmt: skip
    assert causes == ["its addr", "the site"]


def test_a_failing_source_is_due_later_but_once_a_day(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    web.page(f"{A}/feed", Reply(status=403))
    for hours in range(1, 8):
        day(hours / 24)
        collector.crawl(source())
    every = interval(source(), Settings(), scores(collector.conn)["a"])
    assert every == timedelta(days=1)
    assert due_at(every, FIRST, FIRST + timedelta(days=30)) == FIRST + timedelta(days=1)


def test_one_article_that_is_gone_is_no_trouble_of_its_source(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 2, 1)
    web.page(f"{A}/1", Reply(status=404))
    collector.crawl(source())
    [row] = overview(collector.conn)
    assert (row["health"], row["problems"], told(collector)) == ("ok", [], [])


@pytest.mark.parametrize(
    ("forbidden", "flags"),
    [
        ([1], ["article_blocked"]),
        ([1, 2, 3, 4, 5, 6, 7, 8], ["source_failing"]),
        ([1, 2, 3, 4, 5], []),
    ],
)
def test_a_blocked_article_is_told_where_the_site_reads_well_else_the_blocked_site(
    web: Web, collector: Collector, source: Make, day: Any, forbidden: list[int], flags: list[str]
) -> None:
    publish(web, *range(1, 9))
    for hours in (0, 2, 4):
        day(hours / 24)
        collector.crawl(source())
    for number in forbidden:
        web.page(f"{A}/{number}", Reply(status=403))
    for hours in (6, 8):
        day(hours / 24)
        collector.crawl(source())
    assert told(collector) == flags


def test_a_feed_that_shows_nothing_of_what_it_showed_may_have_hidden_articles(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 2, 1)
    collector.crawl(source())
    publish(web, 9, 8)
    day(1)
    collector.crawl(source())
    assert problems(collector) == [("window missed", 1, 0)]
    for days, newest in ((2, 10), (3, 11)):
        publish(web, newest, 9)
        day(days)
        collector.crawl(source())
    assert problems(collector) == [("window missed", 1, 1)]
    assert told(collector) == []


def test_an_empty_feed_is_told_and_forgets_nothing(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 2, 1)
    collector.crawl(source())
    web.text(f"{A}/feed", rss(), "text/xml")
    day(1)
    collector.crawl(source())
    assert problems(collector) == [("empty", 1, 0)]
    publish(web, 3, 2)
    for days in (2, 3):
        day(days)
        collector.crawl(source())
    assert problems(collector) == [("empty", 1, 1)]


def test_a_source_that_brings_nothing_new_is_silent_until_it_does(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 1)
    daily = source(expected_every="2d")
    for days in (0, 1, 3):
        day(days)
        collector.crawl(daily)
    assert told(collector) == ["source_silent"]
    publish(web, 2, 1)
    for days in (4, 4.2, 4.4):
        day(days)
        collector.crawl(daily)
    assert told(collector) == ["source_silent", "source_recovered"]


@pytest.mark.parametrize(("days", "again"), [(10, False), (40, True)])
def test_a_source_taken_up_again_after_a_month_begins_with_a_baseline(
    web: Web, collector: Collector, source: Make, day: Any, days: int, again: bool
) -> None:
    publish(web, 1)
    collector.crawl(source())
    paused = source(enabled=False, reason="on strike")
    with writing(collector.conn):
        keep_source(collector.conn, paused.record())
    day(days)
    with writing(collector.conn):
        begin_again(collector.conn, "a", clock.now())
    collector.crawl(source())
    assert collector.all("select baseline from runs order by id") == [(1,), (int(again),)]


def test_a_source_that_was_never_paused_has_one_baseline(
    web: Web, collector: Collector, source: Make, day: Any
) -> None:
    publish(web, 1)
    collector.crawl(source())
    day(90)
    collector.crawl(source())
    assert collector.all("select baseline from runs order by id") == [(1,), (0,)]
