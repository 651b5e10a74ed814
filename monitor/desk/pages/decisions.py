"""What reviewers do to flags: each action is one transaction, and can be undone."""

import sqlite3
from collections.abc import Mapping
from typing import get_args
from urllib.parse import urlencode, urlsplit

from db import corrections, desk, reviews, watchlist
from db.records import Alias, AliasType, Entity
from db.reviews import REASONS, Decision
from monitor.desk import consequences
from monitor.desk.ask import Ask, Moved, one_of, whole
from monitor.desk.figures import figure_of
from monitor.desk.pages.queue import card_of, reviewers
from monitor.desk.watching import entity_of, read_field, slug
from monitor.exceptions import BadInput
from monitor.watchlist import cells

PLAIN = ("confirmed", "rejected", "not_this_person", "duplicate", "second_reading", "open")
MOST_AT_ONCE = 200


def decide(ask: Ask) -> Moved:
    """One decision about one flag or many, each named as `ID:LAST_REVIEW_SEEN`."""
    name = one_of(ask.needed("decision"), PLAIN, "decision")
    reason = one_of(ask.written("reason"), ("", *REASONS), "reason")
    if name == "duplicate" and ask.written("twin"):
        reason = f"twin {whole(ask.written('twin'), 'twin')}"
    seen = _seen(ask)
    decision = Decision(
        who=ask.account.name, decision=name, reason=reason, note=ask.written("note")
    )
    with ask.house.memory.writing() as conn:
        written = consequences.write(conn, ask, seen, decision)
        for flag in written:
            _follow(conn, ask, flag, decision)
    return _done(ask, written)


def undo(ask: Ask) -> Moved:
    """Take back reviews of one's own; what followed from them is taken back too."""
    ids = [whole(value, "review") for value in ask.form.get("review", ())][:MOST_AT_ONCE]
    with ask.house.memory.writing() as conn:
        written = consequences.undo(conn, ask, ids)
    return _done(ask, written)


def comment(ask: Ask) -> Moved:
    """Say something about a flag without deciding."""
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        reviews.note(conn, card["id"], ask.account.name, "comment", ask.needed("text"), ask.at)
    return Moved(to=ask.back(f"/flags/{card['id']}"))


def assign(ask: Ask) -> Moved:
    """Ask somebody to look at flags; an empty name frees them."""
    to = ask.written("to")
    if to and to not in reviewers(ask):
        raise BadInput(f"{to}: nobody of that name reviews here")
    with ask.house.memory.writing() as conn:
        for flag in _seen(ask):
            card_of(conn, flag)
            reviews.note(conn, flag, ask.account.name, "assigned", to, ask.at)
    return Moved(to=ask.back())


def correct(ask: Ask) -> Moved:
    """Put the figure a person reads in the place of the machine's, which stays on record."""
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        figure = figure_of(ask, card)
        note = f"{card['new']} → {figure.value}, {figure.series}. {ask.written('note')}"
        decision = Decision(who=ask.account.name, decision="corrected", note=note)
        written = consequences.write(conn, ask, _seen(ask, card["id"]), decision)
        corrections.correct(conn, card["id"], figure, written[card["id"]], ask.at)
    return _done(ask, written)


def alias(ask: Ask) -> Moved:
    """Give an entity another name, found in a flag; confirms the flag, matches what is stored."""
    name = ask.needed("alias")
    kind = one_of(ask.written("type", "same_person"), get_args(AliasType), "type")
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        entity = entity_of(conn, ask.needed("entity"))
        written = _confirm(conn, ask, card["id"], f"alias {entity.id}", name)
        consequences.add_alias(conn, ask, entity, Alias(text=name, type=kind))
    return _done(ask, written)


def track(ask: Ask) -> Moved:
    """Put a candidate on the watchlist as an entity of its own; confirms the flag."""
    name = read_field("canonical", cells.read_name, ask.needed("canonical"))
    identity = read_field("id", cells.read_id, ask.written("id") or slug(name))
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        if any(entity.id == identity for entity in watchlist.load_entities(conn)):
            raise BadInput(f"{identity}: this id is in use; choose another one")
        written = _confirm(conn, ask, card["id"], f"tracked {identity}", name)
        consequences.watch(conn, ask, Entity(id=identity, kind="person", canonical=name))
    return _done(ask, written)


def _seen(ask: Ask, only: int | None = None) -> dict[int, int]:
    """Flags of the form with the last review its reader saw; raises BadInput for none."""
    seen = {}
    for value in ask.form.get("flag", ())[:MOST_AT_ONCE]:
        flag, _, last = value.partition(":")
        seen[whole(flag, "flag")] = whole(last or 0, "flag")
    if not seen or (only is not None and list(seen) != [only]):
        raise BadInput("flag: choose at least one, and none but this one on its own page")
    return seen


def _follow(conn: sqlite3.Connection, ask: Ask, flag: int, decision: Decision) -> None:
    """What a decision changes besides the state of its flag."""
    if decision.decision == "rejected" and decision.reason == "misread":
        corrections.withdraw(conn, flag, ask.at)
    if decision.decision == "not_this_person" and ask.ticked("exclude"):
        consequences.add_exclude(conn, ask, card_of(conn, flag), ask.needed("phrase"))
    if decision.decision == "duplicate" and ask.written("twin"):
        twin = card_of(conn, whole(ask.written("twin"), "twin"))["id"]
        if twin == flag:
            raise BadInput("twin: a flag is no duplicate of itself")
        desk.add_twin(conn, twin, flag, ask.at)


def _confirm(
    conn: sqlite3.Connection, ask: Ask, flag: int, reason: str, note: str
) -> dict[int, int]:
    decision = Decision(who=ask.account.name, decision="confirmed", reason=reason, note=note)
    return consequences.write(conn, ask, _seen(ask, flag), decision)


def _done(ask: Ask, written: Mapping[int, int]) -> Moved:
    """Back to the list, which then says what was done and offers to undo it."""
    target = urlsplit(ask.back())
    query = [part for part in target.query.split("&") if part and not part.startswith("done=")]
    query.append(urlencode({"done": ",".join(map(str, written.values()))}, safe=","))
    to = f"{target.path}?{'&'.join(query)}"
    return Moved(to=to, data={"reviews": {str(flag): one for flag, one in written.items()}})
