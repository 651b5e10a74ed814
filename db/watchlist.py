"""The watchlist in the database: entities with aliases and excludes, every change on record."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from db.apply import dump
from db.records import Alias, Entity, Exclude
from db.store import writing

ENTITY_COLUMNS = (
    "kind", "canonical", "orthography", "given", "family", "family_unambiguous", "valid_from",
    "valid_to", "note", "source",
)  # fmt: skip
ALIAS_COLUMNS = (
    "text", "type", "orthography", "case_sensitive", "flag_alone", "valid_from", "valid_to",
)  # fmt: skip


def load_entities(conn: sqlite3.Connection) -> tuple[Entity, ...]:
    """Everything tracked now, by id."""
    aliases = _by_entity(conn, "aliases")
    excludes = _by_entity(conn, "excludes")
    rows = conn.execute("select * from entities where removed_at is null order by id")
    return tuple(_entity(row, aliases, excludes) for row in rows)


def put_entities(
    conn: sqlite3.Connection, entities: Iterable[Entity], at: str, who: str = ""
) -> dict[str, list[str]]:
    """Add or change entities; the ids under "added" and "changed", none if they were so already."""
    known = {entity.id: entity for entity in load_entities(conn)}
    done: dict[str, list[str]] = {"added": [], "changed": []}
    for entity in entities:
        before = known.get(entity.id)
        if before == entity:
            continue
        change = "added" if before is None else "changed"
        _write_entity(conn, entity, at)
        _note_change(conn, entity.id, at, who, (change, before, entity))
        done[change].append(entity.id)
    return done


def remove_entity(conn: sqlite3.Connection, identity: str, at: str, who: str = "") -> bool:
    """Stop tracking an entity; its mentions and flags stay. False if it was not tracked."""
    before = next((e for e in load_entities(conn) if e.id == identity), None)
    if before is None:
        return False
    conn.execute("update entities set removed_at = ? where id = ?", (at, identity))
    _note_change(conn, identity, at, who, ("removed", before, None))
    return True


def is_empty(conn: sqlite3.Connection) -> bool:
    """Whether nothing was ever tracked."""
    return conn.execute("select 1 from entities limit 1").fetchone() is None


def load_decisions(conn: sqlite3.Connection, rules: str) -> dict[str, str]:
    """Token decisions of the name matcher made under these rules; those of others are dropped."""
    with writing(conn):
        conn.execute("delete from token_memo where rules <> ?", (rules,))
    rows = conn.execute("select token, decision from token_memo where rules = ?", (rules,))
    return {row[0]: row[1] for row in rows}


def save_decisions(conn: sqlite3.Connection, rules: str, decisions: Mapping[str, str]) -> None:
    """Keep decisions for the next start."""
    conn.executemany(
        "insert or ignore into token_memo (rules, token, decision) values (?, ?, ?)",
        [(rules, token, decision) for token, decision in decisions.items()],
    )


@dataclass(frozen=True, kw_only=True)
class StoredText:
    """Title and text of a version, as they were stored."""

    version: int
    article: int
    title: str
    text: str
    lang: str | None
    published: str | None


# rows, of which one must hold; in a row groups, which all must hold; in a group token prefixes
NameQuery = Sequence[Sequence[Sequence[str]]]


def texts_with(conn: sqlite3.Connection, wanted: NameQuery) -> Iterator[StoredText]:
    """Versions whose folded text may hold a name, oldest first; none for an empty query."""
    query = match_query(wanted)
    if not query:
        return
    rows = conn.execute(
        """select v.id, v.article_id, v.title, v.text, v.lang, v.published from versions_fts f
        join versions v on v.id = f.rowid where versions_fts match ? order by v.id""",
        (query,),
    )
    for row in rows:
        yield StoredText(
            version=row[0],
            article=row[1],
            title=row[2],
            text=row[3],
            lang=row[4],
            published=row[5],
        )


def match_query(wanted: NameQuery) -> str:
    """The same in the language of the full-text index.

    >>> match_query([[["vaqif", "vagif"], ["sevinc"]], [["abzas"]]])
    '(("vaqif"* OR "vagif"*) AND ("sevinc"*)) OR (("abzas"*))'
    """
    rows = (
        " AND ".join("(" + " OR ".join(f'"{term}"*' for term in group) + ")" for group in row)
        for row in wanted
    )
    return " OR ".join(f"({row})" for row in rows)


def _write_entity(conn: sqlite3.Connection, entity: Entity, at: str) -> None:
    values = [getattr(entity, column) for column in ENTITY_COLUMNS]
    names = ", ".join(ENTITY_COLUMNS)
    marks = ", ".join("?" * len(ENTITY_COLUMNS))
    updates = ", ".join(f"{column} = excluded.{column}" for column in ENTITY_COLUMNS)
    conn.execute(
        f"""insert into entities (id, {names}, added_at, changed_at) values (?, {marks}, ?, ?)
        on conflict (id) do update set {updates}, changed_at = excluded.changed_at,
            removed_at = null""",  # noqa: S608
        (entity.id, *values, at, at),
    )
    conn.execute("delete from aliases where entity_id = ?", (entity.id,))
    conn.execute("delete from excludes where entity_id = ?", (entity.id,))
    conn.executemany(
        f"insert into aliases (entity_id, {', '.join(ALIAS_COLUMNS)})"  # noqa: S608
        f" values (?, {', '.join('?' * len(ALIAS_COLUMNS))})",
        [(entity.id, *(getattr(a, column) for column in ALIAS_COLUMNS)) for a in entity.aliases],
    )
    conn.executemany(
        "insert into excludes (entity_id, pattern, regex, reason) values (?, ?, ?, ?)",
        [(entity.id, e.pattern, e.regex, e.reason) for e in entity.excludes],
    )


def _note_change(
    conn: sqlite3.Connection,
    identity: str,
    at: str,
    who: str,
    change: tuple[str, Entity | None, Entity | None],
) -> None:
    kind, before, after = change
    conn.execute(
        """insert into entity_changes (entity_id, at, who, change, before, after)
        values (?, ?, ?, ?, ?, ?)""",
        (
            identity,
            at,
            who,
            kind,
            None if before is None else dump(asdict(before)),
            None if after is None else dump(asdict(after)),
        ),
    )


def _by_entity(conn: sqlite3.Connection, table: str) -> dict[str, list[sqlite3.Row]]:
    grouped: dict[str, list[sqlite3.Row]] = {}
    for row in conn.execute(f"select * from {table} order by entity_id, id"):  # noqa: S608
        grouped.setdefault(row["entity_id"], []).append(row)
    return grouped


def _entity(
    row: sqlite3.Row,
    aliases: Mapping[str, list[sqlite3.Row]],
    excludes: Mapping[str, list[sqlite3.Row]],
) -> Entity:
    identity = row["id"]
    return Entity(
        id=identity,
        kind=row["kind"],
        canonical=row["canonical"],
        orthography=row["orthography"],
        given=row["given"],
        family=row["family"],
        family_unambiguous=bool(row["family_unambiguous"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        note=row["note"],
        source=row["source"],
        aliases=tuple(_alias(alias) for alias in aliases.get(identity, ())),
        excludes=tuple(
            Exclude(pattern=e["pattern"], regex=bool(e["regex"]), reason=e["reason"])
            for e in excludes.get(identity, ())
        ),
    )


def _alias(row: sqlite3.Row) -> Alias:
    return Alias(
        text=row["text"],
        type=row["type"],
        orthography=row["orthography"],
        case_sensitive=bool(row["case_sensitive"]),
        flag_alone=bool(row["flag_alone"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
    )
