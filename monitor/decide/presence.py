"""Removed, blocked, moved, restored: what a visit says about whether an article is still there.

A page that is not there once is only missing: servers have bad days. It counts as removed when it
stayed away over days while the site itself was well. A block page is never a removal. The rules and
their numbers are those of docs/collecting.md.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from db.records import Article, Flag
from monitor.isoday import moment

# here: it answered with an article; gone: 410; missing: 404 or a soft 404; blocked: something else
# is shown in its place; unknown: the visit says nothing about the article (the host was down).
Sight = Literal["here", "gone", "missing", "blocked", "unknown"]

_MISSING = frozenset(("404", "soft 404"))
_BLOCKED = frozenset(
    ("challenge", "consent", "geo", "401", "403", "451", "robots", "needs JavaScript",
     "paywall without text")
)  # fmt: skip

# Misses and the time they must span before an article counts as removed.
_CONFIRMED = {"missing": (3, timedelta(hours=72)), "gone": (2, timedelta(hours=24))}
_LONG_MISSING = timedelta(hours=24)
_WELL = 0.75  # share of its visits a site must answer to be believed about one article
_MASS_SHARE, _MASS_LEAST = 0.2, 5  # more articles missing at once are one fault of the site


@dataclass(frozen=True, kw_only=True)
class SiteHealth:
    """How a source answered of late: its other visits, and how many articles turned missing.

    `visits` of the last day with `answered` among them; `turned_missing` articles of `visited` ones
    in the last day; `missed_together` other articles that were not found since this one was missed.
    """

    visits: int = 0
    answered: int = 0
    visited: int = 0
    turned_missing: int = 0
    missed_together: int = 0

    @property
    def is_well(self) -> bool:
        """Whether the site answers well enough to be believed when one article is not there."""
        mass = self.turned_missing > _MASS_LEAST and (
            self.turned_missing > _MASS_SHARE * self.visited
        )
        return not mass and self.answered >= _WELL * self.visits


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an article stands after a visit, and the flag that says so, if it changed."""

    state: str
    missing_since: datetime | None = None
    misses: int = 0
    flag: Flag | None = None


def sight_of(outcome: str, reason: str) -> Sight:
    """What the outcome of a visit says about the article's being there.

    >>> sight_of("failed", "404"), sight_of("failed", "5xx"), sight_of("unchanged", "304")
    ('missing', 'unknown', 'here')
    """
    if outcome in ("stored", "unchanged"):
        return "here"
    if reason == "410":
        return "gone"
    if reason in _MISSING:
        return "missing"
    return "blocked" if reason in _BLOCKED else "unknown"


def presence(
    article: Article, misses: int, sight: Sight, reason: str, site: SiteHealth, now: datetime
) -> Standing:
    """How a known article stands after a visit; `misses` are those in a row before it."""
    if sight == "here":
        return _here(article, site, now)
    if sight == "blocked":
        return _blocked(article, misses, reason, site, now)
    if sight in ("missing", "gone"):
        return _missing(article, misses + 1, sight, site, now)
    return Standing(state=article.state, missing_since=article.missing_since, misses=misses)


def moved(article: Article, new_url: str, now: datetime) -> Flag:
    """The flag for an article that a permanent redirect gave a new address."""
    return Flag(
        kind="article_moved",
        key=f"article_moved:{article.id}:{new_url}",
        old=article.url,
        new=new_url,
        priority=0.3,
        why="the site shows the article under a new address",
        detail={"at": moment(now)},
    )


def _here(article: Article, site: SiteHealth, now: datetime) -> Standing:
    """Back again: told if it was told to be away, or was away alone for more than a day."""
    since = article.missing_since
    away = since is not None and now - since > _LONG_MISSING
    alone = site.missed_together <= _MASS_LEAST
    if article.state in ("removed", "blocked") or (away and alone):
        return Standing(
            state="live",
            flag=_flag("article_restored", article, now, "it answers again with its text", 0.5),
        )
    return Standing(state="live")


def _missing(
    article: Article, misses: int, sight: Sight, site: SiteHealth, now: datetime
) -> Standing:
    since = article.missing_since or now
    least, span = _CONFIRMED[sight]
    sure = misses >= least and now - since >= span and site.is_well
    if article.state == "removed" or not sure:
        state = "removed" if article.state == "removed" else "live"
        return Standing(state=state, missing_since=since, misses=misses)
    why = (
        f"no longer available: {misses} visits since {moment(since)} found nothing,"
        f" while the site answered {site.answered} of {site.visits} other visits"
    )
    flag = _flag("article_removed", article, since, why, 0.8)
    return Standing(state="removed", missing_since=since, misses=misses, flag=flag)


def _blocked(
    article: Article, misses: int, reason: str, site: SiteHealth, now: datetime
) -> Standing:
    if article.state in ("blocked", "removed") or not site.is_well:
        return Standing(state=article.state, missing_since=article.missing_since, misses=misses)
    why = f"not readable for us ({reason}), while the site serves other articles"
    flag = _flag("article_blocked", article, now, why, 0.5)
    return Standing(state="blocked", missing_since=article.missing_since, misses=misses, flag=flag)


def _flag(kind: str, article: Article, since: datetime, why: str, priority: float) -> Flag:
    """One flag an event: the time it began is part of its key."""
    return Flag(
        kind=kind,
        key=f"{kind}:{article.id}:{moment(since)}",
        old=article.state,
        new="live" if kind == "article_restored" else kind.removeprefix("article_"),
        priority=priority,
        why=why,
        detail={"since": moment(since), "url": article.url},
    )
