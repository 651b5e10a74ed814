"""Noting whether an article was there: what a visit found is judged and stored at once."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from db import crawling
from db.apply import raise_flag
from db.articles import get_article
from db.records import Flag
from monitor.decide.presence import SiteHealth, Standing, presence, sight_of
from monitor.isoday import moment


def note_sight(
    conn: sqlite3.Connection,
    article: int,
    outcome: str,
    reason: str,
    now: datetime,
    *,
    baseline: bool = False,
) -> Flag | None:
    """Store how a known article stands after the visit that had this outcome.

    Call it in the transaction that closes the URL; returns the flag that was raised, if any. An
    outcome that says nothing about the article (its host was down, or rests) changes nothing, and
    whether one article or the whole site is blocked shows at the end of the run: `note_blocked`.
    """
    sight = sight_of(outcome, reason)
    known = get_article(conn, article)
    misses = crawling.misses_of(conn, article)
    untroubled = sight == "here" and known.state == "live" and not misses
    if untroubled or sight in ("unknown", "blocked"):
        return None
    site = SiteHealth(
        **crawling.site_visits(conn, known.source, known.url, now, known.missing_since)
    )
    standing = presence(known, misses, sight, reason, site, now)
    return _keep(conn, article, standing, now, baseline)


def note_blocked(
    conn: sqlite3.Connection, run: int, now: datetime, *, baseline: bool = False
) -> list[Flag]:
    """Store and tell which articles were blocked while the run could read the others.

    Call it in the transaction that ends the run. If most of the site is blocked, that is one
    problem of the source and no event of its articles.
    """
    all_visits = crawling.run_visits(conn, run)
    site = SiteHealth(**all_visits | {"visits": all_visits["visits"] - 1})  # without the article
    flags = []
    for article, reason in crawling.blocked_articles(conn, run):
        if sight_of("blocked", reason) != "blocked":
            continue
        misses = crawling.misses_of(conn, article)
        standing = presence(get_article(conn, article), misses, "blocked", reason, site, now)
        flags.append(_keep(conn, article, standing, now, baseline))
    return [flag for flag in flags if flag is not None]


def _keep(
    conn: sqlite3.Connection, article: int, standing: Standing, now: datetime, baseline: bool
) -> Flag | None:
    crawling.note_presence(
        conn, article, now, standing.state, standing.missing_since, standing.misses
    )
    if standing.flag is None:
        return None
    flag = replace(standing.flag, baseline=baseline)
    raise_flag(conn, flag, moment(now), article=article)
    return flag
