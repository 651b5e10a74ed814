"""The watchlist in the desk: entities from forms, and what a change would match before it is."""

import re
import sqlite3
from collections import Counter
from typing import Any
from unicodedata import normalize

from db import watchlist
from db.records import Entity
from monitor.decide.mentions import TELLS, quote_of
from monitor.desk.ask import Ask, Missing
from monitor.detect.fold import fold
from monitor.detect.names import Matcher, check_watchlist, search_groups
from monitor.detect.titles import find_names
from monitor.exceptions import BadInput
from monitor.watchlist import cells

PLAIN = str.maketrans("Əəıİ", "Eeii")
KINDS = ("person", "organisation", "outlet", "case")
MOST_TEXTS = 3000  # looked at for a preview
EXAMPLES = 12


def entity_of(conn: sqlite3.Connection, identity: str) -> Entity:
    """A tracked entity; raises Missing if it is not tracked."""
    found = next((e for e in watchlist.load_entities(conn) if e.id == identity), None)
    if found is None:
        raise Missing(f"{identity[:80]}: not on the watchlist")
    return found


def slug(name: str) -> str:
    """An id for a name: its letters without marks, or folded if it is in another script.

    >>> slug("Ülvi Həsənli"), slug("Orxan Dəmirov"), slug("Эльмар")
    ('ulvi-hesenli', 'orxan-demirov', 'elmar')
    """
    plain = normalize("NFKD", name.translate(PLAIN)).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain) or re.findall(r"[a-z0-9]+", fold(name))
    return "-".join(words) or "entity"


def entity_from(ask: Ask, identity: str | None) -> Entity:
    """The entity a form describes; aliases and excludes stand one a line, as in the CSV.

    Raises BadInput with the field that is wrong.
    """
    lines = {name: "|".join(ask.written(name).splitlines()) for name in ("aliases", "excludes")}
    return Entity(
        id=identity
        or read_field("id", cells.read_id, ask.written("id") or slug(ask.needed("name"))),
        kind=read_field("kind", cells.read_kind, ask.written("kind", "person")),
        canonical=read_field("name", cells.read_name, ask.needed("name")),
        aliases=read_field("aliases", cells.read_aliases, lines["aliases"]),
        excludes=read_field("excludes", cells.read_excludes, lines["excludes"]),
        family_unambiguous=ask.ticked("family_unambiguous"),
        note=ask.written("note"),
    )


def form_of(entity: Entity | None) -> dict[str, Any]:
    """The fields of the form for an entity, empty for a new one."""
    if entity is None:
        return {"id": "", "kind": "person", "name": "", "aliases": "", "excludes": "",
                "family_unambiguous": False, "note": ""}  # fmt: skip
    return {
        "id": entity.id,
        "kind": entity.kind,
        "name": entity.canonical,
        "aliases": "\n".join(cells.write_alias(alias) for alias in entity.aliases),
        "excludes": "\n".join(cells.write_exclude(exclude) for exclude in entity.excludes),
        "family_unambiguous": entity.family_unambiguous,
        "note": entity.note,
    }


def would_match(conn: sqlite3.Connection, entity: Entity) -> dict[str, Any]:
    """What the matcher finds for an entity in all that is stored; nothing is changed.

    `capped` says that more texts hold the name than were looked at.
    """
    matcher = Matcher([entity])
    spellings: Counter[str] = Counter()
    articles: dict[int, dict[str, Any]] = {}
    looked_at = 0
    for stored in watchlist.texts_with(conn, search_groups(entity)):
        looked_at += 1
        if looked_at > MOST_TEXTS:
            break
        for mention in find_names(
            matcher, stored.title, stored.text, stored.lang, stored.published
        ):
            spellings[mention.surface] += 1
            if mention.leads_to in TELLS and stored.article not in articles:
                quote = quote_of(stored.title, stored.text, mention)
                articles[stored.article] = {
                    "article": stored.article,
                    "surface": mention.surface,
                    "quote": quote,
                    "tier": mention.tier,
                }
    return {
        "articles": len(articles),
        "capped": looked_at > MOST_TEXTS,
        "examples": list(articles.values())[-EXAMPLES:][::-1],
        "spellings": spellings.most_common(20),
        "concerns": [str(concern) for concern in check_watchlist([entity])],
    }


def read_field(name: str, read: Any, text: str) -> Any:
    """A cell as the watchlist's CSV reads it; raises BadInput with the field's name."""
    try:
        return read(text)
    except ValueError as error:
        raise BadInput(f"{name}: {error}") from None
