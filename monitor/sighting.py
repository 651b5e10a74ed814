"""Noting whether an article was there: what a visit found is judged and stored at once."""

import sqlite3
from dataclasses import replace
from datetime import datetime

from db import crawling, discovery
from db.apply import raise_flag
from db.articles import get_article
from db.records import Flag
from monitor.decide.presence import SiteHealth, moved, presence, sight_of
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
    outcome that says nothing about the article (its host was down, or rests) changes nothing.
    """
    sight = sight_of(outcome, reason)
    known = get_article(conn, article)
    misses = crawling.misses_of(conn, article)
    if sight == "unknown" or (sight == "here" and known.state == "live" and not misses):
        return None
    site = SiteHealth(**crawling.site_visits(conn, known.source, known.url, now))
    standing = presence(known, misses, sight, reason, site, now)
    crawling.note_presence(
        conn, article, now, standing.state, standing.missing_since, standing.misses
    )
    if standing.flag is None:
        return None
    flag = replace(standing.flag, baseline=baseline)
    raise_flag(conn, flag, moment(now), article=article)
    return flag


def note_move(
    conn: sqlite3.Connection, article: int, new_url: str, now: datetime, *, baseline: bool = False
) -> Flag | None:
    """Store and tell that a permanent redirect gave a known article a new address.

    `new_url` is the canonical form of the address that answered; one that is known already (also
    as http for https) is no news. Call it before the address joins the article's history.
    """
    if discovery.known_article(conn, new_url) is not None:
        return None
    flag = replace(moved(get_article(conn, article), new_url, now), baseline=baseline)
    discovery.add_address(conn, article, new_url, now)
    raise_flag(conn, flag, moment(now), article=article)
    return flag
