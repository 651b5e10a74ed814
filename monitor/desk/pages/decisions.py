"""What reviewers do to flags: each action is one transaction, and can be undone."""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args
from urllib.parse import urlencode, urlsplit

from db import corrections, desk, reviews, watchlist
from db.records import Alias, AliasType, Entity, Exclude, SeriesKey
from monitor.desk.ask import Ask, Moved, whole
from monitor.desk.pages.queue import card_of, reviewers
from monitor.desk.watching import entity_of, slug
from monitor.exceptions import BadInput
from monitor.isoday import first_day
from monitor.watching import match_stored

PLAIN = ("confirmed", "rejected", "not_this_person", "duplicate", "second_reading", "open")
MOST_AT_ONCE = 200
CODE = re.compile(r"[\w:-]{1,60}", re.ASCII)
ALIAS_TYPES = get_args(AliasType)
QUALIFIERS = ("exact", "at_least", "more_than", "at_most", "less_than", "approx", "range")


def decide(ask: Ask) -> Moved:
    """One decision about one flag or many, each named as `ID:LAST_REVIEW_SEEN`."""
    decision = reviews.Decision(
        who=ask.account.name,
        decision=_one_of(ask.needed("decision"), PLAIN, "decision"),
        reason=ask.written("reason"),
        note=ask.written("note"),
    )
    seen = _seen(ask)
    with ask.house.memory.writing() as conn:
        written = reviews.decide(conn, seen, decision, ask.at)
        for flag in written:
            _follow(conn, ask, flag, decision)
    return _done(ask, written)


def undo(ask: Ask) -> Moved:
    """Take back reviews of one's own; what followed from them is taken back too."""
    ids = [whole(value, "review") for value in ask.form.get("review", ())][:MOST_AT_ONCE]
    with ask.house.memory.writing() as conn:
        written = reviews.undo(conn, ids, ask.account.name, ask.at)
        for flag, review in written.items():
            corrections.restore(conn, flag, review, ask.at)
            _unwatch(conn, ask, flag)
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
        figure = _figure(ask, card)
        note = f"{card['new']} → {figure.value}; {figure.series}"
        decision = reviews.Decision(
            who=ask.account.name, decision="corrected", reason=ask.written("reason"), note=note
        )
        written = reviews.decide(conn, _seen(ask), decision, ask.at)
        corrections.correct(conn, card["id"], figure, written[card["id"]], ask.at)
    return _done(ask, written)


def alias(ask: Ask) -> Moved:
    """Give an entity another name, found in a flag; confirms the flag, matches what is stored."""
    name = ask.needed("alias")
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        entity = entity_of(conn, ask.needed("entity"))
        kind = _one_of(ask.written("type", "same_person"), ALIAS_TYPES, "type")
        _watch(conn, ask, replace(entity, aliases=(*entity.aliases, Alias(text=name, type=kind))))
        written = _confirm(conn, ask, f"alias {entity.id}", name)
    return _done(ask, written, fallback=f"/flags/{card['id']}")


def track(ask: Ask) -> Moved:
    """Put a candidate on the watchlist as an entity of its own; confirms the flag."""
    name = ask.needed("canonical")
    with ask.house.memory.writing() as conn:
        card = card_of(conn, ask.part["flag"])
        identity = ask.written("id") or slug(name)
        if any(entity.id == identity for entity in watchlist.load_entities(conn)):
            raise BadInput(f"{identity}: this id is in use; choose another one")
        _watch(conn, ask, Entity(id=identity, kind="person", canonical=name))
        written = _confirm(conn, ask, f"tracked {identity}", name)
    return _done(ask, written, fallback=f"/flags/{card['id']}")


def _seen(ask: Ask) -> dict[int, int]:
    """Flags of the form with the last review its reader saw; raises BadInput for none."""
    seen = {}
    for value in ask.form.get("flag", ())[:MOST_AT_ONCE]:
        flag, _, last = value.partition(":")
        seen[whole(flag, "flag")] = whole(last or 0, "flag")
    if not seen:
        raise BadInput("flag: choose at least one")
    return seen


def _follow(conn: sqlite3.Connection, ask: Ask, flag: int, decision: reviews.Decision) -> None:
    """What a decision changes besides the state of its flag."""
    if decision.decision == "rejected" and decision.reason == "misread":
        corrections.withdraw(conn, flag, ask.at)
    if decision.decision == "not_this_person" and ask.ticked("exclude"):
        _exclude(conn, ask, flag)
    if decision.decision == "duplicate" and ask.written("twin"):
        twin = card_of(conn, whole(ask.written("twin"), "twin"))["id"]
        if twin == flag:
            raise BadInput("twin: a flag is no duplicate of itself")
        desk.add_twin(conn, twin, flag, ask.at)


def _exclude(conn: sqlite3.Connection, ask: Ask, flag: int) -> None:
    """Never match this phrase as the entity again."""
    card = card_of(conn, flag)
    if card["entity"] is None:
        raise BadInput("exclude: this flag is about no entity")
    entity = entity_of(conn, card["entity"])
    phrase = Exclude(pattern=ask.needed("phrase"), reason=_born_of(flag))
    _watch(conn, ask, replace(entity, excludes=(*entity.excludes, phrase)))


def _unwatch(conn: sqlite3.Connection, ask: Ask, flag: int) -> None:
    """Take an exclude or alias back that came with the decision undone."""
    undone = reviews.undone_by_last(conn, flag)
    card = card_of(conn, flag)
    if undone is None:
        return
    if undone["decision"] == "not_this_person" and card["entity"]:
        entity = entity_of(conn, card["entity"])
        kept = tuple(e for e in entity.excludes if e.reason != _born_of(flag))
        _watch(conn, ask, replace(entity, excludes=kept))
    action, _, identity = undone["reason"].partition(" ")
    if action == "alias":
        entity = entity_of(conn, identity)
        kept_names = tuple(a for a in entity.aliases if a.text != undone["note"])
        _watch(conn, ask, replace(entity, aliases=kept_names))
    if action == "tracked":
        watchlist.remove_entity(conn, identity, ask.at, ask.account.name)


def _watch(conn: sqlite3.Connection, ask: Ask, entity: Entity) -> None:
    done = watchlist.put_entities(conn, [entity], ask.at, ask.account.name)
    if done["added"] or done["changed"]:
        match_stored(conn, [entity], ask.at)


def _confirm(conn: sqlite3.Connection, ask: Ask, reason: str, note: str) -> dict[int, int]:
    decision = reviews.Decision(
        who=ask.account.name, decision="confirmed", reason=reason, note=note
    )
    return reviews.decide(conn, _seen(ask), decision, ask.at)


def _figure(ask: Ask, card: Mapping[str, Any]) -> corrections.Figure:
    if not card["series"]:
        raise BadInput("this flag is about no count")
    key = SeriesKey.parse(card["series"])
    high = ask.written("value_high")
    parts = {name: ask.written(name) for name in ("category", "org", "subset")}
    wrong = [name for name, part in parts.items() if part and not CODE.fullmatch(part)]
    if wrong:
        raise BadInput(f"{wrong[0]}: a code of letters, digits, _, - and :")
    key = replace(
        key,
        category=parts["category"] or key.category,
        org=parts["org"] or None,
        subset=parts["subset"] or None,
    )
    return corrections.Figure(
        series=str(key),
        value=whole(ask.needed("value"), "value"),
        value_high=whole(high, "value_high") if high else None,
        qualifier=_one_of(ask.written("qualifier", "exact"), QUALIFIERS, "qualifier"),
        as_of=_day(ask.written("as_of")),
    )


def _day(text: str) -> str | None:
    if not text:
        return None
    try:
        first_day(text)
    except ValueError:
        raise BadInput(f"as_of: {text[:20]}: write a day like 2026-06-14 or 2026-06") from None
    return text


def _one_of(value: str, allowed: tuple[str, ...], name: str) -> Any:
    if value not in allowed:
        raise BadInput(f"{name}: {value[:40]}: one of {', '.join(allowed)}")
    return value


def _born_of(flag: int) -> str:
    return f"flag {flag}"


def _done(ask: Ask, written: Mapping[int, int], fallback: str = "/") -> Moved:
    """Back to the list, which then says what was done and offers to undo it."""
    target = urlsplit(ask.back(fallback))
    query = [part for part in target.query.split("&") if part and not part.startswith("done=")]
    query.append(urlencode({"done": ",".join(map(str, written.values()))}, safe=","))
    to = f"{target.path}?{'&'.join(query)}"
    return Moved(to=to, data={"reviews": {str(flag): one for flag, one in written.items()}})
