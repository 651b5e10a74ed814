"""What follows from a decision, and is taken back when another decision takes its place.

A review says in its `reason` what it changed besides the state of its flag: `alias ENTITY` (the
name is its note), `tracked ENTITY`, `twin FLAG`, or `misread`.
"""

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db import corrections, desk, reviews, watchlist
from db.records import Alias, Entity, Exclude
from db.reviews import Decision
from monitor.desk.ask import Ask, Forbidden, Missing
from monitor.desk.watching import entity_of
from monitor.exceptions import BadInput
from monitor.watching import match_stored


def write(
    conn: sqlite3.Connection, ask: Ask, seen: Mapping[int, int], decision: Decision
) -> dict[int, int]:
    """Decide about flags, and take back what followed from their decisions before."""
    before = {flag: reviews.last_review(conn, flag) for flag in seen}
    try:
        written = reviews.decide(conn, seen, decision, ask.at)
    except KeyError as unknown:
        raise Missing(f"flag {unknown}") from None
    for flag, review in written.items():
        _take_back(conn, ask, before[flag], review)
    return written


def undo(conn: sqlite3.Connection, ask: Ask, ids: list[int]) -> dict[int, int]:
    """Undo reviews of one's own with what followed from them."""
    try:
        written = reviews.undo(conn, ids, ask.account.name, ask.at)
    except KeyError as unknown:
        raise Missing(f"review {unknown}") from None
    except PermissionError:
        raise Forbidden("only one's own decisions can be undone") from None
    for flag, review in written.items():
        _take_back(conn, ask, reviews.undone_by_last(conn, flag), review)
    return written


def add_alias(conn: sqlite3.Connection, ask: Ask, entity: Entity, alias: Alias) -> None:
    """Give an entity one more name."""
    watch(conn, ask, replace(entity, aliases=(*entity.aliases, alias)))


def add_exclude(conn: sqlite3.Connection, ask: Ask, card: Mapping[str, Any], phrase: str) -> None:
    """Never match this phrase as the entity of a flag again; raises BadInput if it has none."""
    if card["entity"] is None:
        raise BadInput("exclude: this flag is about no entity")
    entity = entity_of(conn, card["entity"])
    born = Exclude(pattern=phrase, reason=_born_of(card["id"]))
    watch(conn, ask, replace(entity, excludes=(*entity.excludes, born)))


def watch(conn: sqlite3.Connection, ask: Ask, entity: Entity) -> None:
    """Store an entity and match what is stored, in the transaction that is open."""
    done = watchlist.put_entities(conn, [entity], ask.at, ask.account.name)
    if done["added"] or done["changed"]:
        match_stored(conn, [entity], ask.at)


def _take_back(conn: sqlite3.Connection, ask: Ask, review: sqlite3.Row | None, by: int) -> None:
    """Take back what followed from a review, on the word of another."""
    if review is None:
        return
    flag, decision = review["flag_id"], review["decision"]
    what, _, about = review["reason"].partition(" ")
    if decision == "corrected" or (decision == "rejected" and what == "misread"):
        corrections.restore(conn, flag, by, ask.at)
    elif decision == "not_this_person":
        _drop_exclude(conn, ask, flag)
    elif decision == "duplicate" and what == "twin":
        desk.drop_twin(conn, int(about), flag)
    elif decision == "confirmed" and what == "alias":
        entity = entity_of(conn, about)
        kept = tuple(alias for alias in entity.aliases if alias.text != review["note"])
        watch(conn, ask, replace(entity, aliases=kept))
    elif decision == "confirmed" and what == "tracked":
        watchlist.remove_entity(conn, about, ask.at, ask.account.name)


def _drop_exclude(conn: sqlite3.Connection, ask: Ask, flag: int) -> None:
    entity = next(
        (e for e in watchlist.load_entities(conn)
         if any(exclude.reason == _born_of(flag) for exclude in e.excludes)), None,
    )  # fmt: skip
    if entity is not None:
        kept = tuple(exclude for exclude in entity.excludes if exclude.reason != _born_of(flag))
        watch(conn, ask, replace(entity, excludes=kept))


def _born_of(flag: int) -> str:
    return f"flag {flag}"
