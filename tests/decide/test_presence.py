"""Removed, blocked, moved, restored."""

from datetime import UTC, datetime, timedelta

import pytest

from db.records import Article
from monitor.decide.presence import Sight, SiteHealth, moved, presence, sight_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
WELL = SiteHealth(visits=20, answered=19, visited=20, turned_missing=1)
ILL = SiteHealth(visits=20, answered=10, visited=20, turned_missing=1)
MASS = SiteHealth(visits=20, answered=19, visited=20, turned_missing=8)


def article(state: str = "live", missing_since: datetime | None = None) -> Article:
    return Article(
        id=7, source="a", url="http://a.test/1", state=state, baseline=False, first_seen=START,
        changed_at=START, missing_since=missing_since,
    )  # fmt: skip


def told(story: list[tuple[int, Sight]], site: SiteHealth = WELL) -> list[str]:
    """The flags of visits at these hours, in order."""
    one, misses, flags = article(), 0, []
    for hour, sight in story:
        now = START + timedelta(hours=hour)
        standing = presence(one, misses, sight, "x", site, now)
        one, misses = article(standing.state, standing.missing_since), standing.misses
        flags += [standing.flag.kind] if standing.flag else []
    return flags


STORIES: list[tuple[list[tuple[int, Sight]], list[str]]] = [
    ([(0, "here"), (1, "here")], []),
    ([(0, "missing")], []),
    ([(0, "missing"), (1, "here")], []),
    ([(0, "missing"), (25, "here")], ["article_restored"]),
    ([(0, "missing"), (1, "missing"), (7, "missing"), (31, "missing")], []),
    ([(0, "missing"), (1, "missing"), (7, "missing"), (72, "missing")], ["article_removed"]),
    ([(0, "missing"), (100, "missing")], []),
    ([(0, "missing"), (40, "missing"), (72, "missing"), (900, "missing")], ["article_removed"]),
    (
        [(0, "missing"), (40, "missing"), (72, "missing"), (80, "here"), (81, "here")],
        ["article_removed", "article_restored"],
    ),
    ([(0, "gone"), (23, "gone")], []),
    ([(0, "gone"), (24, "gone")], ["article_removed"]),
    ([(0, "missing"), (40, "here"), (72, "missing"), (73, "missing")], ["article_restored"]),
    ([(0, "unknown"), (40, "unknown"), (90, "unknown")], []),
    ([(0, "missing"), (40, "unknown"), (72, "missing"), (73, "missing")], ["article_removed"]),
    ([(0, "blocked"), (1, "blocked")], ["article_blocked"]),
    ([(0, "blocked"), (1, "here")], ["article_blocked", "article_restored"]),
]


@pytest.mark.parametrize(("story", "flags"), STORIES)
def test_each_story_of_visits_is_told_once(
    story: list[tuple[int, Sight]], flags: list[str]
) -> None:
    assert told(story) == flags


@pytest.mark.parametrize("site", [ILL, MASS])
@pytest.mark.parametrize("sight", ["missing", "gone", "blocked"])
def test_a_site_that_is_not_well_is_not_believed_about_one_article(
    site: SiteHealth, sight: Sight
) -> None:
    assert told([(0, sight), (40, sight), (80, sight), (200, sight)], site) == []


def test_a_removal_held_back_is_told_when_the_site_is_well_again() -> None:
    since = START - timedelta(days=5)
    standing = presence(article(missing_since=since), 6, "missing", "404", WELL, START)
    assert standing.flag is not None
    assert standing.flag.key == "article_removed:7:2026-02-24T12:00:00Z"
    assert "no longer available" in standing.flag.why


SIGHTS = [
    ("stored", "new version", "here"), ("unchanged", "304", "here"), ("failed", "404", "missing"),
    ("failed", "410", "gone"), ("failed", "soft 404", "missing"), ("failed", "5xx", "unknown"),
    ("failed", "time-out", "unknown"), ("blocked", "challenge", "blocked"),
    ("blocked", "451", "blocked"), ("blocked", "robots unreachable", "unknown"),
    ("blocked", "Retry-After rest", "unknown"), ("failed", "extraction empty", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("outcome", "reason", "sight"), SIGHTS)
def test_an_outcome_says_whether_the_article_is_there(
    outcome: str, reason: str, sight: Sight
) -> None:
    assert sight_of(outcome, reason) == sight


def test_a_move_is_told_with_both_addresses() -> None:
    flag = moved(article(), "http://a.test/new", START)
    assert (flag.kind, flag.old, flag.new) == (
        "article_moved", "http://a.test/1", "http://a.test/new",
    )  # fmt: skip


def test_articles_that_were_away_together_come_back_without_a_word() -> None:
    together = SiteHealth(visits=20, answered=19, visited=20, missed_together=8)
    assert told([(0, "missing"), (49, "here")], together) == []
