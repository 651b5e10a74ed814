"""Queues of flags, and one flag with everything that lies around it."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from db import accounts, desk, pages, queries
from monitor.desk.ask import Answer, Ask, Missing, Moved, whole
from monitor.desk.pages.reading import reading

PAGE = 20


def show(ask: Ask) -> Answer:
    """A queue: navigation, cards, and the article of the chosen (or first) card."""
    page = max(0, ask.number("page"))
    wanted = ask.wanted(limit=PAGE, offset=page * PAGE)
    with ask.house.memory.reading() as conn:
        cards, total = desk.cards(conn, wanted), desk.size(conn, wanted)
        chosen = _chosen(conn, ask, cards)
        data = {
            "queue": wanted.queue,
            "filters": _filters(conn, ask),
            "sizes": _sizes(conn, ask),
            "facets": {**desk.facets(conn), "org": desk.organisations(conn)},
            "saved": desk.saved_filters(conn, ask.account.name),
            "total": total,
            "page": page,
            "pages": -(-total // PAGE),
            "cards": cards,
            "chosen": chosen,
            "reading": None if chosen is None else reading(conn, ask, chosen),
            "done": done(conn, ask),
        }
    return Answer(template="queue.html", data=data)


def flag(ask: Ask) -> Answer:
    """One flag: its card with every action, the article, and what was decided."""
    with ask.house.memory.reading() as conn:
        card = card_of(conn, ask.part["flag"])
        data = {
            "card": card,
            "reading": reading(conn, ask, card),
            "evidence": queries.evidence(conn, card["id"]),
            "alike": desk.alike(conn, card),
            "people": reviewers(ask),
            "entities": pages.tracked(conn) if card["kind"] == "candidate" else [],
            "done": done(conn, ask),
        }
    return Answer(template="flag.html", data=data)


def card_of(conn: sqlite3.Connection, identity: int) -> dict[str, Any]:
    """The card of a flag; raises Missing for one that does not exist."""
    found = desk.cards_of(conn, [whole(identity, "flag")])
    if not found:
        raise Missing(f"flag {identity}")
    return found[0]


def save_filter(ask: Ask) -> Moved:
    """Keep the queue as it is narrowed now under a name."""
    with ask.house.memory.writing() as conn:
        desk.save_filter(
            conn, ask.account.name, ask.needed("name")[:60], ask.written("query")[:500], ask.at
        )
    return Moved(to=ask.back())


def drop_filter(ask: Ask) -> Moved:
    """Forget a filter of one's own."""
    with ask.house.memory.writing() as conn:
        if not desk.drop_filter(conn, ask.account.name, int(ask.part["filter"])):
            raise Missing("filter")
    return Moved(to=ask.back())


def done(conn: sqlite3.Connection, ask: Ask) -> dict[str, Any] | None:
    """What was just decided, so that the page can offer to undo it."""
    said = ask.said("done")
    if said is None:
        return None
    ids = [whole(part, "done") for part in said.split(",")[:200]]
    rows = pages.own_reviews(conn, ask.account.name, ids)
    if not rows:
        return None
    undone = rows[0]["undoes"] is not None
    return {"reviews": [row["id"] for row in rows], "decision": rows[0]["decision"],
            "undone": undone, "number": len(rows)}  # fmt: skip


def _chosen(
    conn: sqlite3.Connection, ask: Ask, cards: Sequence[Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    named = ask.said("flag")
    if named is not None:
        return card_of(conn, whole(named, "flag"))
    return cards[0] if cards else None


def _sizes(conn: sqlite3.Connection, ask: Ask) -> dict[str, int]:
    return {
        queue: desk.size(conn, desk.Wanted(queue=queue, me=ask.account.name,
                                           shift=ask.wanted().shift))
        for queue in ("new", "mine", "shift", "held")
    }  # fmt: skip


def _filters(conn: sqlite3.Connection, ask: Ask) -> list[dict[str, str]]:
    """What narrows the queue now, each with what a person calls it."""
    told = []
    for name in ("kind", "source", "entity", "org", "series", "article"):
        value = ask.said(name)
        if value is not None:
            told.append({"name": name, "value": value, "label": _label(conn, name, value)})
    return told


def _label(conn: sqlite3.Connection, name: str, value: str) -> str:
    if name == "entity":
        return pages.entity_names(conn, [value]).get(value, value)
    if name == "source":
        return pages.source_titles(conn).get(value, value)
    return value


def reviewers(ask: Ask) -> list[str]:
    """Who may be asked to look at a flag."""
    with ask.house.accounts() as conn:
        rows = accounts.list_accounts(conn)
    names = [row["name"] for row in rows if row["role"] != "reader" and not row["disabled_at"]]
    return names or [ask.account.name]
