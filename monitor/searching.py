"""Search: any spelling of a tracked name, with or without diacritics, in old versions too."""

import re
import sqlite3
from typing import Any

from db import queries, watchlist
from monitor.detect.fold import fold
from monitor.detect.names import Matcher, search_groups
from monitor.exceptions import BadInput

EXCERPT = 160
WORD = re.compile(r"\w+")
PHRASE = re.compile(r'"([^"]+)"|(\S+)')


def find(
    conn: sqlite3.Connection, words: str, *, known_at: str, limit: int
) -> list[dict[str, Any]]:
    """Versions that hold all the words, best first; raises BadInput if there is no word in it.

    A word is found folded, and a quoted phrase in order. If the words name a tracked entity, its
    other spellings are found as well.
    """
    query = _query(conn, words)
    rows = queries.search(conn, query, known_at=known_at, limit=limit)
    folded = [fold(word) for word in WORD.findall(words)]
    for row in rows:
        row["excerpt"] = _excerpt(row.pop("text"), folded)
    return rows


def _query(conn: sqlite3.Connection, words: str) -> str:
    parts = [quoted or single for quoted, single in PHRASE.findall(words)]
    phrases = [" ".join(WORD.findall(part)) for part in parts if WORD.search(part)]
    if not phrases:
        raise BadInput("search needs at least one word")
    plain = " AND ".join(f'("{phrase}" OR "{fold(phrase)}")' for phrase in phrases)
    named = _named(conn, words)
    return f"({plain}) OR {named}" if named else plain


def _named(conn: sqlite3.Connection, words: str) -> str | None:
    """The query of a tracked entity that the words name: every token of it, in any spelling."""
    entities = watchlist.load_entities(conn)
    capitals = words.title() if words.islower() else words
    mentions = Matcher(entities).find(capitals)
    tracked = {m.entity for m in mentions if m.end - m.start == len(words.strip())}
    named = [search_groups(entity) for entity in entities if entity.id in tracked]
    return " OR ".join(watchlist.match_query(rows) for rows in named if rows) or None


def _excerpt(text: str, folded: list[str]) -> str:
    """The text around the first word that matches when folded."""
    for match in WORD.finditer(text):
        if fold(match[0]) in folded:
            start = max(0, match.start() - EXCERPT // 2)
            return ("…" if start else "") + text[start : start + EXCERPT] + "…"
    return text[:EXCERPT]
