"""Rules that hide alike: made from a flag, previewed, with an end, and taken back."""

import json
from datetime import timedelta

from db import rules
from monitor.desk.ask import Answer, Ask, Missing, Moved, whole
from monitor.desk.pages.queue import card_of
from monitor.exceptions import BadInput
from monitor.isoday import moment

PREVIEW = timedelta(days=30)
LASTS = {"7": 7, "30": 30, "90": 90, "365": 365, "never": None}
PARTS = ("source", "entity", "series", "word")


def index(ask: Ask) -> Answer:
    """All rules, with what each hid."""
    with ask.house.memory.reading() as conn:
        rows = rules.all_rules(conn)
    for row in rows:
        row["on"] = row["undone_at"] is None and (row["expires_at"] or "9") > ask.at
    return Answer(template="rules.html", data={"rules": rows})


def draft(ask: Ask) -> Answer:
    """A rule like one flag: which of its traits count, and what it would have hidden of late."""
    with ask.house.memory.reading() as conn:
        card = card_of(conn, whole(ask.said("flag") or 0, "flag"))
        traits = _traits(card)
        chosen = ask.query.get("part")
        if chosen is None:
            chosen = [part for part in ("source", "entity", "series", "word") if part in traits][:2]
        scope = _scope(card["kind"], traits, chosen)
        since = moment(ask.now - PREVIEW)
        number, examples = rules.covered(conn, scope, since)
    data = {"card": card, "traits": traits, "chosen": list(chosen), "scope": str(scope),
            "number": number, "examples": examples, "lasts": list(LASTS),
            "days": PREVIEW.days}  # fmt: skip
    return Answer(template="rule_new.html", data=data)


def make(ask: Ask) -> Moved:
    """Make the rule; what is open and alike is hidden at once."""
    lasts = ask.written("lasts", "30")
    if lasts not in LASTS:
        raise BadInput(f"lasts: {lasts[:20]}: one of {', '.join(LASTS)}")
    days = LASTS[lasts]
    expires = None if days is None else moment(ask.now + timedelta(days=days))
    with ask.house.memory.writing() as conn:
        card = card_of(conn, whole(ask.written("flag"), "flag"))
        scope = _scope(card["kind"], _traits(card), ask.form.get("part", ()))
        rule = rules.add_rule(
            conn,
            rules.Rule(
                scope=scope, who=ask.account.name, at=ask.at, reason=ask.written("reason"),
                expires_at=expires,
            ),
        )  # fmt: skip
    return Moved(to=f"/rules?made={rule}", data={"rule": rule})


def undo(ask: Ask) -> Moved:
    """End a rule and bring back what it hid."""
    with ask.house.memory.writing() as conn:
        try:
            back = rules.undo_rule(conn, int(ask.part["rule"]), ask.at)
        except KeyError:
            raise Missing("rule") from None
    return Moved(to="/rules", data={"back": back})


def _traits(card: dict[str, object]) -> dict[str, str]:
    """What a flag can be alike in; `word` only where it is about no entity and no series."""
    found = {part: str(card[part]) for part in ("source", "entity", "series") if card[part]}
    if card["kind"] == "candidate" and card["new"] is not None:
        found["word"] = str(card["new"])
    return found


def _scope(kind: str, traits: dict[str, str], chosen: object) -> rules.Scope:
    parts = {part: traits[part] for part in PARTS if part in traits and part in chosen}  # type: ignore[operator]
    if not parts:
        raise BadInput("part: choose at least one trait, or all flags of this kind would be hidden")
    word = parts.get("word")
    return rules.Scope(
        kind=kind,
        source=parts.get("source"),
        entity_id=parts.get("entity"),
        series=parts.get("series"),
        word=None if word is None else json.dumps(word, ensure_ascii=False),
    )
