"""Reading a corpus out of the database: one selection, one snapshot, every table in a stable order.

Rows are read one by one and never sorted in memory, so that a corpus may be of any size.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Literal

from db.corpus import Table

Row = tuple[Any, ...]
Bounds = tuple[int, int]  # places in the selection from 1, both included
EVERYTHING: Bounds = (1, 2**62)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """On what terms a source's texts are given away, and how its robots.txt was treated."""

    text_licence: str = ""
    robots: str = ""


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Which part of what is known is meant; empty fields leave it open.

    `since` and `until` are ISO prefixes of the day a text was published (or, where that is not
    known, read), both included; a day known to the month is in if any of its days is.
    """

    sources: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    series: str | None = None
    since: str | None = None
    until: str | None = None
    known_at: str = "9999"
    versions: Literal["latest", "all"] = "latest"
    candidates: Literal["drop", "mask", "keep"] = "drop"


@dataclass(frozen=True, kw_only=True)
class Archived:
    """A chosen version and the snapshots that prove it, the record with the bytes first.

    An import, or what was never archived, has none: its text serves in their place.
    """

    version_id: int
    article_id: int
    url: str
    fetched_at: str
    text: str
    snapshots: tuple[tuple[str, int], ...]


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """How much a selection holds, and up to when: times of its first and last reading."""

    versions: int
    articles: int
    first: str | None
    last: str | None
    langs: tuple[str, ...] = field(default=())


def choose(conn: sqlite3.Connection, wanted: Selection, terms: Mapping[str, Terms]) -> Chosen:
    """Open a snapshot of the database and make the selection in it; nothing is written to it.

    Everything read from `conn` until `conn.rollback()` sees the same moment.
    """
    for table in ("chosen", "chosen_articles", "terms"):
        conn.execute(f"drop table if exists temp.{table}")
    conn.execute(
        "create temp table chosen (position integer primary key, version_id integer not null"
        " unique, article_id integer not null)"
    )
    conn.execute("create temp table chosen_articles (article_id integer primary key, source text)")
    conn.execute("create temp table terms (source text primary key, text_licence, robots)")
    conn.commit()
    conn.execute("begin")
    conditions, values = _conditions(wanted)
    conn.execute(
        f"""insert into temp.chosen (version_id, article_id) select v.id, v.article_id
        from versions v join articles a on a.id = v.article_id
        where {" and ".join(conditions)} order by v.id""",  # noqa: S608
        values,
    )
    conn.execute(
        """insert into temp.chosen_articles select a.id, a.source from articles a
        where a.id in (select article_id from temp.chosen) order by a.id"""
    )
    conn.executemany(
        "insert into temp.terms values (?, ?, ?)",
        [(name, each.text_licence, each.robots) for name, each in sorted(terms.items())],
    )
    return _chosen(conn)


def _chosen(conn: sqlite3.Connection) -> Chosen:
    versions, first, last = conn.execute(
        """select count(*), min(v.fetched_at), max(v.fetched_at)
        from temp.chosen c join versions v on v.id = c.version_id"""
    ).fetchone()
    (articles,) = conn.execute("select count(*) from temp.chosen_articles").fetchone()
    langs = conn.execute(
        """select distinct v.lang from temp.chosen c join versions v on v.id = c.version_id
        where v.lang is not null order by v.lang"""
    )
    return Chosen(
        versions=versions,
        articles=articles,
        first=first,
        last=last,
        langs=tuple(row[0] for row in langs),
    )


def _conditions(wanted: Selection) -> tuple[list[str], dict[str, Any]]:
    conditions, values = ["v.fetched_at <= :t"], {"t": wanted.known_at}
    if wanted.versions == "latest":
        conditions.append(
            "v.number = (select max(w.number) from versions w"
            " where w.article_id = v.article_id and w.fetched_at <= :t)"
        )
    day = "substr(coalesce(v.published, v.fetched_at), 1, 10)"
    for name, value, condition in (
        ("since", wanted.since, f"{day} || '~' >= :since"),
        ("until", wanted.until, f"{day} <= :until || '~'"),
        ("series", wanted.series, "v.id in (select version_id from observations"
         " where series = :series and found_at <= :t)"),
    ):  # fmt: skip
        if value is not None:
            conditions.append(condition)
            values[name] = value
    for name, several, condition in (
        ("source", wanted.sources, "a.source in ({})"),
        ("lang", wanted.langs, "v.lang in ({})"),
        ("entity", wanted.entities, "v.id in (select version_id from mentions"
         " where entity_id in ({}) and found_at <= :t)"),
    ):  # fmt: skip
        if several:
            names = [f"{name}{at}" for at in range(len(several))]
            conditions.append(condition.format(", ".join(f":{each}" for each in names)))
            values |= dict(zip(names, several, strict=True))
    return conditions, values


def count(conn: sqlite3.Connection, table: Table, wanted: Selection) -> int:
    """How many rows a table of the selection has."""
    number: int = conn.execute(f"select count(*) {table.body}", _values(wanted)).fetchone()[0]
    return number


def rows(
    conn: sqlite3.Connection,
    table: Table,
    columns: Sequence[str],
    wanted: Selection,
    bounds: Bounds = EVERYTHING,
) -> Iterator[Row]:
    """The rows of a table, the named columns in their order; values as SQLite has them.

    `bounds` narrows tables about versions to places in the selection.
    """
    known = {column.name: column.sql for column in table.columns}
    shown = ", ".join(f'{known[name]} as "{name}"' for name in columns)
    found = conn.execute(f"select {shown} {table.body}", _values(wanted, bounds))
    yield from map(tuple, found)


def _values(wanted: Selection, bounds: Bounds = EVERYTHING) -> dict[str, str | int | None]:
    return {
        "t": wanted.known_at, "series": wanted.series, "candidates": wanted.candidates,
        "low": bounds[0], "high": bounds[1],
    }  # fmt: skip


def archived_between(conn: sqlite3.Connection, bounds: Bounds) -> Iterator[Archived]:
    """The archived records of the chosen versions: WARC file and offset.

    A version read again by newer software was fetched with the one before; a fetch that brought
    bytes known already is a revisit, which needs the record it refers to.
    """
    cursor = conn.execute(
        """select v.id, v.article_id, a.url, v.fetched_at, v.text, h.warc_file, h.warc_offset,
            g.warc_file, g.warc_offset
        from temp.chosen c join versions v on v.id = c.version_id
        join articles a on a.id = v.article_id
        left join fetches g on g.id = (select w.fetch_id from versions w
            where w.article_id = v.article_id and w.number <= v.number and w.fetch_id is not null
            order by w.number desc limit 1)
        left join fetches h on h.id = (select min(i.id) from fetches i
            where i.body_sha256 = g.body_sha256 and i.warc_file is not null)
        where c.position between ? and ? order by c.position""",
        bounds,
    )
    for version, article, url, fetched_at, text, *places in cursor:
        pairs = dict.fromkeys(zip(places[::2], places[1::2], strict=True))
        yield Archived(
            version_id=version,
            article_id=article,
            url=url,
            fetched_at=fetched_at,
            text=text,
            snapshots=tuple(pair for pair in pairs if pair[0] is not None),
        )


def articles_of_flag(conn: sqlite3.Connection, flag: int) -> list[int]:
    """The article of a flag and those of its evidence."""
    found = conn.execute(
        """select article_id from flags where id = ?1 and article_id is not null
        union select article_id from flag_evidence where flag_id = ?1 order by 1""",
        (flag,),
    )
    return [row[0] for row in found]


def names_in(conn: sqlite3.Connection, article: int) -> tuple[list[str], list[str]]:
    """Names of candidates in any version of an article, and tracked names as printed there."""
    private = conn.execute(
        """select distinct p.name from versions v join candidates p on p.version_id = v.id
        where v.article_id = ? order by p.name""",
        (article,),
    ).fetchall()
    if not private:
        return [], []
    tracked = conn.execute(
        """select distinct m.surface from versions v join mentions m on m.version_id = v.id
        where v.article_id = ? order by m.surface""",
        (article,),
    )
    return [row[0] for row in private], [row[0] for row in tracked]


def homes(conn: sqlite3.Connection) -> dict[str, str]:
    """The front page of each source."""
    return {row[0]: row[1] for row in conn.execute("select name, home from sources order by name")}


def robots_notes(conn: sqlite3.Connection) -> dict[str, str]:
    """What was remarked about the robots.txt of hosts."""
    found = conn.execute("select host, robots_note from hosts where robots_note is not null")
    return {row[0]: row[1] for row in found}


def unknown(conn: sqlite3.Connection, wanted: Selection) -> list[str]:
    """Filters that name what is not there: a misspelt one would give an empty corpus."""
    series = () if wanted.series is None else (wanted.series,)
    asked = (
        ("source", wanted.sources, "select 1 from sources where name = ?"),
        ("entity", wanted.entities, "select 1 from entities where id = ?"),
        ("series", series, "select 1 from series where key = ?"),
        ("language", wanted.langs, "select 1 from versions where lang = ? limit 1"),
    )
    return [
        f"{value}: no such {what}"
        for what, values, query in asked
        for value in values
        if conn.execute(query, (value,)).fetchone() is None
    ]


def fingerprint(conn: sqlite3.Connection) -> str:
    """A hash that changes with anything an export could show."""
    marks = [
        conn.execute(f"select max(rowid), count(*) from {table}").fetchone()[:]  # noqa: S608
        for table in ("versions", "reviews", "entity_changes", "flags", "series_points", "runs")
    ]
    last = conn.execute("select chain from fetches order by id desc limit 1").fetchone()
    sources = conn.execute("select * from sources order by name").fetchall()
    state = [[*map(list, marks)], list(last or ()), [list(row) for row in sources]]
    return sha256(json.dumps(state).encode()).hexdigest()


def schema_version(conn: sqlite3.Connection) -> str:
    """The name of the last migration of the database."""
    row = conn.execute(
        "select name from _sqlite_migrations where migration_set = 'monitor' order by name desc"
    ).fetchone()
    name: str = row[0]
    return name
