"""Changing the watchlist: everything stored is matched at once, as a baseline."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from db import watchlist
from db.apply import add_mentions, raise_flag
from db.records import Entity, Flag, Mention
from db.store import writing
from db.watchlist import StoredText
from monitor.decide.mentions import TELLS, quote_of
from monitor.decide.priority import explain, priority
from monitor.detect.names import Matcher, search_groups
from monitor.detect.titles import find_names
from monitor.isoday import moment
from monitor.watchlist import read_watchlist


@dataclass(frozen=True, kw_only=True)
class Watched:
    """What a change of the watchlist did: ids, and articles found in the stored texts by id."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    found: tuple[tuple[str, int], ...] = ()


def watch(
    conn: sqlite3.Connection, entities: Sequence[Entity], *, now: datetime, who: str = ""
) -> Watched:
    """Add or change entities and match everything stored, in one transaction."""
    at = moment(now)
    with writing(conn):
        done = watchlist.put_entities(conn, entities, at, who)
        touched = {*done["added"], *done["changed"]}
        found = match_stored(conn, [e for e in entities if e.id in touched], at)
    return Watched(
        added=tuple(done["added"]),
        changed=tuple(done["changed"]),
        found=tuple(sorted(found.items())),
    )


def start_watchlist(conn: sqlite3.Connection, file: Path, now: datetime) -> int:
    """Give a database that never had a watchlist that of a file; how many entries it has."""
    if not watchlist.is_empty(conn):
        return 0
    return len(watch(conn, read_watchlist(file), now=now, who=file.name).added)


def match_stored(conn: sqlite3.Connection, entities: Iterable[Entity], at: str) -> Counter[str]:
    """Store the mentions of entities in all stored texts; articles that name each, by id.

    The full-text index preselects the texts, so the cost follows what is found and not what is
    stored. Flags are raised as a baseline: the past is known from now on, and is no news.
    """
    found: Counter[str] = Counter()
    for entity in entities:
        found[entity.id] = _match_entity(conn, entity, at)
    return found


def _match_entity(conn: sqlite3.Connection, entity: Entity, at: str) -> int:
    matcher = Matcher([entity])
    articles: set[int] = set()
    for stored in watchlist.texts_with(conn, search_groups(entity)):
        mentions = find_names(matcher, stored.title, stored.text, stored.lang, stored.published)
        if not mentions:
            continue
        add_mentions(conn, stored.version, mentions, at)
        telling = next((m for m in mentions if m.leads_to in TELLS), None)
        if telling is not None and stored.article not in articles:
            articles.add(stored.article)
            flag = _baseline(entity, stored, telling)
            raise_flag(conn, flag, at, article=stored.article, version=stored.version)
    return len(articles)


def _baseline(entity: Entity, stored: StoredText, mention: Mention) -> Flag:
    return Flag(
        kind="new_mention",
        key=f"new_mention|{entity.id}|article {stored.article}",
        entity=entity.id,
        new=mention.surface,
        quote=quote_of(stored.title, stored.text, mention),
        priority=priority("new_mention", baseline=True),
        why=explain("new_mention", baseline=True),
        detail={"name": entity.canonical, "surface": mention.surface, "first_ever": False},
        baseline=True,
    )
