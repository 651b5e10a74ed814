"""How well sources are: rules as truth tables, told states, problems that close by themselves."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.health_rows import Arrivals, Health, Problem, RunFacts, Trouble
from monitor import health
from monitor.health.causes import CAUSES, trouble

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = "http://a.test/feed"


# ---------------------------------------------------------------------- weights and intervals

WEIGHTS = [
    ("403", 1.0), ("410", 1.0), ("400", 1.0), ("451", 1.0), ("challenge", 1.0), ("robots", 1.0),
    ("404", 0.5), ("429", 0.5), ("5xx", 0.5), ("time-out", 0.5), ("DNS", 0.5), ("TLS", 0.5),
    ("not a feed", 0.5), ("Retry-After rest", 0.5), ("robots unreachable", 0.5),
    ("proxy", 0.25),
]  # fmt: skip


@pytest.mark.parametrize(("reason", "weight"), WEIGHTS)
def test_a_failure_weighs_by_how_little_it_passes(reason: str, weight: float) -> None:
    assert health.weight(reason) == weight


INTERVALS = [(0, 2), (0.5, 2), (1, 4), (1.9, 4), (2, 8), (3, 16), (4, 24), (6, 24)]


@pytest.mark.parametrize(("score", "hours"), INTERVALS)
def test_the_interval_doubles_with_the_score_up_to_a_day(score: float, hours: int) -> None:
    assert health.lengthened(2 * HOUR, score) == hours * HOUR


@given(
    st.lists(st.sampled_from([None, 1.0, 0.5, 0.25]), max_size=200),
    st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=30)),
)
def test_a_source_is_never_dead_and_comes_back(runs: list[float | None], every: timedelta) -> None:
    score = 0.0
    for failed in runs:
        score = health.next_score(score, failed)
        assert every <= health.lengthened(every, score) <= max(every, DAY)
    for _ in range(10):
        score = health.next_score(score, None)
    assert score == 0


# ---------------------------------------------------------------------- what is wrong

READ: dict[str, str | None] = {FEED: None}
GOOD = {("unchanged", "304"): 20}
TROUBLES: list[tuple[str, RunFacts, list[tuple[str, str]]]] = [
    ("all is well", RunFacts(endpoints=READ, visits=GOOD), []),
    ("nothing to do", RunFacts(endpoints=READ), []),
    ("one article is gone", RunFacts(endpoints=READ, visits={("failed", "404"): 1}), []),
    ("two articles time out", RunFacts(endpoints=READ, visits={("failed", "time-out"): 2}), []),
    ("few of many fail", RunFacts(endpoints=READ, visits=GOOD | {("failed", "5xx"): 5}), []),
    ("five gone of 25", RunFacts(endpoints=READ, visits=GOOD | {("failed", "404"): 5}), []),
    ("filtered is no failure", RunFacts(endpoints=READ, visits={("filtered", "off-site"): 90}), []),
    ("not reached says nothing", RunFacts(endpoints=READ, visits={("failed", "not reached"): 9}),
     []),
    ("the feed is gone", RunFacts(endpoints={FEED: "404"}, visits=GOOD), [("address", "failing")]),
    ("no DNS", RunFacts(endpoints={FEED: "DNS"}), [("unreachable", "failing")]),
    ("robots.txt unreachable", RunFacts(endpoints={FEED: "robots unreachable"}),
     [("robots unreachable", "failing")]),
    ("a page for a feed", RunFacts(endpoints={FEED: "not a feed"}), [("format", "failing")]),
    ("asked to rest", RunFacts(endpoints={FEED: "Retry-After rest"}), [("busy", "failing")]),
    ("everything follows from the feed",
     RunFacts(endpoints={FEED: "5xx"}, visits={("failed", "5xx"): 20}, behind=9),
     [("unreachable", "failing")]),
    ("one of two endpoints", RunFacts(endpoints={FEED: None, "http://a.test/map": "5xx"}),
     [("unreachable", "degraded")]),
    ("the whole host blocks", RunFacts(endpoints=READ, visits={("blocked", "403"): 8}),
     [("blocked", "failing")]),
    ("half is challenged", RunFacts(endpoints=READ, visits=GOOD | {("blocked", "challenge"): 20}),
     [("blocked", "degraded")]),
    ("many gone at once", RunFacts(endpoints=READ, visits=GOOD | {("failed", "404"): 9}),
     [("missing", "degraded")]),
    ("an empty feed", RunFacts(endpoints=READ, empty=(FEED,)), [("empty", "degraded")]),
    ("a feed that moved on", RunFacts(endpoints=READ, windows_missed=(FEED,)),
     [("window missed", "degraded")]),
    ("re-visits behind", RunFacts(endpoints=READ, behind=4), [("behind", "degraded")]),
    ("our own error", RunFacts(endpoints=READ, error="crash"), [("ours", "degraded")]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "told"), [pytest.param(facts, told, id=name) for name, facts, told in TROUBLES]
)
def test_a_run_shows_what_is_wrong(facts: RunFacts, told: list[tuple[str, str]]) -> None:
    assert [(one.cause, one.severity) for one in health.troubles(facts)] == told


def test_of_a_watched_page_one_failure_is_the_failure_of_its_source() -> None:
    facts = RunFacts(visits={("failed", "5xx"): 1})
    [found] = health.troubles(facts, only_watched=True)
    assert (found.cause, found.severity) == ("unreachable", "failing")
    assert health.troubles(facts) == ()


LONG, SHORT = (2000,) * 30, (150,) * 30
LAYOUTS = [
    ("usual texts", (2000,) * 10, LONG, False),
    ("three of ten are empty", (0,) * 3 + (2000,) * 7, LONG, False),
    ("four of ten are empty", (0,) * 4 + (2000,) * 6, LONG, True),
    ("four of ten are short", (150,) * 4 + (2000,) * 6, LONG, True),
    ("a source of short news", (150,) * 10, SHORT, False),
    ("short news from the start", (150,) * 10, (), False),
    ("nothing read from the start", (0,) * 10, (), True),
    ("too few readings", (0,) * 9, LONG, False),
    ("texts of half the length", (900,) * 10, LONG, True),
    ("somewhat shorter texts", (1100,) * 10, LONG, False),
]


@pytest.mark.parametrize(
    ("lengths", "usual", "breaks"), [pytest.param(*row[1:], id=row[0]) for row in LAYOUTS]
)
def test_a_layout_is_broken_when_texts_are_lost_that_were_there(
    lengths: tuple[int, ...], usual: tuple[int, ...], breaks: bool
) -> None:
    found = health.troubles(RunFacts(endpoints=READ, lengths=lengths, usual=usual))
    assert [one.cause for one in found] == (["layout"] if breaks else [])


def test_every_cause_says_what_it_is_and_how_to_mend_it() -> None:
    assert all(words and mend for words, mend in CAUSES.values())


# ---------------------------------------------------------------------- rhythm


def every(gap: timedelta, number: int, last: timedelta) -> Arrivals:
    """Articles at an even gap, the last one so long ago."""
    times = tuple(sorted(NOW - last - gap * n for n in range(number)))
    return Arrivals(times=times, last=times[-1], since=NOW - 80 * DAY)


SILENCES = [
    ("ten a day, quiet for 20 hours", every(2 * HOUR, 200, 20 * HOUR), None, False),
    ("ten a day, quiet for 25 hours", every(2 * HOUR, 200, 25 * HOUR), None, True),
    ("every other day, quiet for five", every(2 * DAY, 30, 5 * DAY), None, False),
    ("every other day, quiet for seven", every(2 * DAY, 30, 7 * DAY), None, True),
    ("its rhythm tells, not what is expected", every(2 * HOUR, 200, 2 * DAY), 9 * DAY, True),
    ("monthly, quiet for 13 days", every(30 * DAY, 3, 13 * DAY), None, False),
    ("monthly, quiet for 15 days", every(30 * DAY, 3, 15 * DAY), None, True),
    ("monthly, as expected", every(30 * DAY, 3, 31 * DAY), 40 * DAY, False),
    ("never anything, and new", Arrivals(since=NOW - DAY), None, False),
    ("never anything, for a month", Arrivals(since=NOW - 30 * DAY), None, True),
    ("old articles of a new source", Arrivals(last=NOW - 400 * DAY, since=NOW), None, False),
]


@pytest.mark.parametrize(
    ("came", "expected", "silent"), [pytest.param(*row[1:], id=row[0]) for row in SILENCES]
)
def test_a_source_is_silent_by_its_own_rhythm(
    came: Arrivals, expected: timedelta | None, silent: bool
) -> None:
    assert (health.silence(came, expected, NOW) is not None) == silent


def weekly(*counts: int) -> Arrivals:
    """So many articles in each week, the last one first."""
    times = [
        NOW - DAY * 7 * week - HOUR * (n + 1)
        for week, count in enumerate(counts)
        for n in range(count)
    ]
    return Arrivals(times=tuple(sorted(times)), last=NOW, since=NOW - DAY * 7 * len(counts))


VOLUMES = [
    ("as always", weekly(20, 20, 20, 20, 20, 20), False),
    ("one more than always", weekly(21, 20, 20, 20, 20, 20), False),
    ("half of it", weekly(10, 20, 20, 20, 20, 20), True),
    ("twice as much", weekly(40, 20, 20, 20, 20, 20), True),
    ("few anyway", weekly(0, 1, 2, 1, 1, 2), False),
    ("too new to say", weekly(60, 5, 5), False),
]


@pytest.mark.parametrize(("came", "told"), [pytest.param(*row[1:], id=row[0]) for row in VOLUMES])
def test_a_week_is_told_when_it_is_unlike_the_others(came: Arrivals, told: bool) -> None:
    assert (health.volume(came, NOW) is not None) == told


# ---------------------------------------------------------------------- what becomes of it

DOWN = trouble("unreachable", "failing", FEED, 0.5)
GONE = trouble("address", "failing", FEED, 1.0)
SILENT = trouble("silent", "silent", "")
SLOW = trouble("behind", "degraded", "")
STORIES: list[tuple[str, list[list[Trouble]], list[str]]] = [
    ("one soft failure", [[DOWN], [], []], ["degraded", "degraded", "ok"]),
    ("two soft failures", [[DOWN], [DOWN], [], []], ["degraded", "failing", "failing", "ok"]),
    ("one hard failure", [[GONE], [], []], ["failing", "failing", "ok"]),
    ("it comes and goes", [[GONE], [], [GONE], [], []],
     ["failing", "failing", "failing", "failing", "ok"]),
    ("silent, then not", [[SILENT], [], []], ["silent", "silent", "ok"]),
    ("silent, then down", [[SILENT], [GONE], []], ["silent", "failing", "failing"]),
    ("a small thing", [[SLOW], [], []], ["degraded", "degraded", "ok"]),
]  # fmt: skip


def live(runs: list[list[Trouble]]) -> list[tuple[Health, tuple[Problem, ...]]]:
    """The health and all open or just closed problems after each run."""
    state, known, story = Health(), (), []
    for number, found in enumerate(runs):
        at = NOW + number * HOUR
        problems = health.advance(known, found, at)
        state = health.after_run(state, problems, found, at)
        known = tuple(one for one in problems if one.closed_at is None)
        story.append((state, problems))
    return story


@pytest.mark.parametrize(("runs", "states"), [pytest.param(*row[1:], id=row[0]) for row in STORIES])
def test_a_state_opens_with_its_weight_and_closes_after_two_good_runs(
    runs: list[list[Trouble]], states: list[str]
) -> None:
    assert [state.state for state, _ in live(runs)] == states


def test_a_good_run_does_not_hide_the_last_failure() -> None:
    state, _ = live([[GONE], [], [], []])[-1]
    assert (state.state, state.last_failure, state.last_failure_at) == ("ok", GONE.words, NOW)


@given(st.lists(st.lists(st.sampled_from([DOWN, GONE, SILENT, SLOW]), unique=True), max_size=30))
def test_there_is_one_problem_a_cause_and_all_close_by_themselves(
    runs: list[list[Trouble]],
) -> None:
    for state, problems in live([*runs, [], []]):
        causes = [one.cause for one in problems]
        assert len(causes) == len(set(causes))
        assert state.state == health.state_of(problems)
    assert state.state == "ok" if runs else True


CHANGES = [
    ("ok", "degraded", None), ("degraded", "ok", None), ("ok", "failing", "source_failing"),
    ("degraded", "silent", "source_silent"), ("silent", "failing", "source_failing"),
    ("failing", "silent", "source_silent"), ("failing", "degraded", "source_recovered"),
    ("silent", "ok", "source_recovered"), ("failing", "failing", None),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "kind"), CHANGES)
def test_a_change_of_state_is_told_once(before: Any, after: Any, kind: str | None) -> None:
    assert health.told_by(before, after) == kind


# ---------------------------------------------------------------------- the documents


def test_every_cause_and_state_is_documented() -> None:
    page = (Path(__file__).parents[1] / "docs" / "health.md").read_text("utf-8")
    rows = set(re.findall(r"^\| `?([\w ]+?)`? \|", page, re.MULTILINE))
    assert {*CAUSES, "ok", "degraded", "silent", "failing"} <= rows
