"""Reads for people and programs: what is known, or was known at a moment.

`known_at` is the stored form of a time; without it everything known now is meant.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from db.records import FLAG_KINDS

ALL_TIME = "9999"


@dataclass(frozen=True, kw_only=True)
class FlagFilter:
    """Which flags are meant; None or empty leaves a field open."""

    kinds: tuple[str, ...] = ()
    source: str | None = None
    entity: str | None = None
    series: str | None = None
    state: str | None = None
    since: str | None = None
    known_at: str = ALL_TIME
    with_baseline: bool = False
    limit: int | None = None


def flags(conn: sqlite3.Connection, wanted: FlagFilter) -> Iterator[dict[str, Any]]:
    """Flags in the order they were raised, in the stable format of `monitor flags --json`."""
    where, values = _flag_conditions(wanted)
    rows = conn.execute(
        f"""select f.*, a.url, v.number as version, v.title, v.published,
            coalesce((select r.decision from reviews r where r.flag_id = f.id and r.at <= ?
                order by r.id desc limit 1), 'open') as state
        from flags f left join articles a on a.id = f.article_id
        left join versions v on v.id = f.version_id
        where {" and ".join(where)} order by f.id {"limit ?" if wanted.limit else ""}""",  # noqa: S608
        (wanted.known_at, *values, *((wanted.limit,) if wanted.limit else ())),
    )
    for row in rows.fetchall():
        if wanted.state is None or row["state"] == wanted.state:
            yield _flag(conn, row, wanted.known_at)


def _flag_conditions(wanted: FlagFilter) -> tuple[list[str], list[Any]]:
    unknown = set(wanted.kinds) - set(FLAG_KINDS)
    assert not unknown, unknown
    where, values = ["f.raised_at <= ?"], [wanted.known_at]
    if not wanted.with_baseline:
        where.append("f.baseline = 0")
    if wanted.kinds:
        where.append(f"f.kind in ({','.join('?' * len(wanted.kinds))})")
        values += wanted.kinds
    for column, value in (
        ("f.source", wanted.source),
        ("f.entity_id", wanted.entity),
        ("f.series", wanted.series),
    ):
        if value is not None:
            where.append(f"{column} = ?")
            values.append(value)
    if wanted.since is not None:
        where.append("f.raised_at > ?")
        values.append(wanted.since)
    return where, values


def _flag(conn: sqlite3.Connection, row: sqlite3.Row, known_at: str) -> dict[str, Any]:
    return {
        "id": row["id"],
        "kind": row["kind"],
        "url": row["url"],
        "version": row["version"],
        "entity": row["entity_id"],
        "series": row["series"],
        "old": json.loads(row["old"]),
        "new": json.loads(row["new"]),
        "quote": row["quote"],
        "priority": row["priority"],
        "raised_at": row["raised_at"],
        "state": row["state"],
        "evidence": evidence(conn, row["id"], known_at),
        "source": row["source"],
        "title": row["title"],
        "published": row["published"],
        "why": row["why"],
        "detail": json.loads(row["detail"]),
        "baseline": bool(row["baseline"]),
    }


def evidence(conn: sqlite3.Connection, flag: int, known_at: str = ALL_TIME) -> list[dict[str, Any]]:
    """The other articles that say what a flag says."""
    rows = conn.execute(
        """select a.url, a.source, v.number as version, e.relation, e.quote, e.added_at
        from flag_evidence e join articles a on a.id = e.article_id
        join versions v on v.id = e.version_id
        where e.flag_id = ? and e.added_at <= ? order by e.added_at, v.id""",
        (flag, known_at),
    )
    return [dict(row) for row in rows]


def series(conn: sqlite3.Connection, known_at: str = ALL_TIME) -> list[dict[str, Any]]:
    """Every series with its current point: the latest effective date, then the latest learned."""
    rows = conn.execute(
        """select s.key as series, s.place, s.category, s.subset, s.org, s.kind, p.value,
            p.value_high, p.qualifier, p.as_of, p.effective, p.confirmed, p.url, p.source, p.quote,
            p.learned_at,
            (select count(*) from series_points q where q.series_id = s.id
                and q.learned_at <= ?1) as points
        from series s join series_points p on p.id = (
            select q.id from series_points q where q.series_id = s.id and q.prior = 0
                and q.learned_at <= ?1 and (q.superseded_at is null or q.superseded_at > ?1)
            order by q.effective desc, q.id desc limit 1)
        order by s.key""",
        (known_at,),
    )
    return [dict(row) for row in rows]


def history(conn: sqlite3.Connection, key: str, known_at: str = ALL_TIME) -> list[dict[str, Any]]:
    """The points of one series by effective date, superseded ones too, with their evidence."""
    rows = conn.execute(
        """select p.id, p.value, p.value_high, p.qualifier, p.as_of, p.effective, p.confirmed,
            p.published, p.prior, p.url, p.source, p.quote, p.learned_at, p.superseded_at,
            (select count(*) from point_evidence e where e.point_id = p.id
                and e.added_at <= ?2) as confirmations
        from series_points p join series s on s.id = p.series_id
        where s.key = ?1 and p.learned_at <= ?2 order by p.effective, p.id""",
        (key, known_at),
    )
    return [dict(row) for row in rows]


def mentions(
    conn: sqlite3.Connection,
    entity: str | None = None,
    *,
    tiers: Sequence[str] = (),
    known_at: str = ALL_TIME,
    limit: int = 50,
) -> list[dict[str, Any]]:
    """Where tracked names were found, newest first, one row a mention of a newest version."""
    where, values = ["m.found_at <= ?", "v.fetched_at <= ?"], [known_at, known_at]
    if entity is not None:
        where.append("m.entity_id = ?")
        values.append(entity)
    if tiers:
        where.append(f"m.tier in ({','.join('?' * len(tiers))})")
        values += tiers
    rows = conn.execute(
        f"""select m.entity_id as entity, e.canonical as name, a.url, a.source, v.number as version,
            v.title, v.published, v.fetched_at, m.start, m."end", m.surface, m.alias, m.tier,
            m.score, m.status, m.why, v.text
        from mentions m join versions v on v.id = m.version_id
        join articles a on a.id = v.article_id join entities e on e.id = m.entity_id
        where {" and ".join(where)} order by m.version_id desc, m.start limit ?""",  # noqa: S608
        (*values, limit),
    )
    return [dict(row) | {"why": json.loads(row["why"])} for row in rows]


def search(
    conn: sqlite3.Connection, query: str, *, known_at: str = ALL_TIME, limit: int = 20
) -> list[dict[str, Any]]:
    """Versions that match a full-text query, best first, whatever became of the article."""
    rows = conn.execute(
        """select v.id as version_id, v.article_id, a.url, a.source, a.state, v.number as version,
            (select max(w.number) from versions w where w.article_id = a.id) as versions,
            v.title, v.published, v.fetched_at, v.lang, v.text
        from versions_fts f join versions v on v.id = f.rowid
        join articles a on a.id = v.article_id
        where versions_fts match ? and v.fetched_at <= ? order by f.rank limit ?""",
        (query, known_at, limit),
    )
    return [dict(row) for row in rows]


def article(conn: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """An article by id or by any address it answered under."""
    row = conn.execute(
        """select a.* from articles a where a.id = ?1 or a.url = ?1
        or a.id = (select u.article_id from article_urls u where u.url = ?1)""",
        (name,),
    ).fetchone()
    return None if row is None else dict(row)


def versions(
    conn: sqlite3.Connection, article_id: int, known_at: str = ALL_TIME
) -> list[dict[str, Any]]:
    """All versions of an article, oldest first, each with its fetch and its copy elsewhere."""
    rows = conn.execute(
        """select v.id, v.number, v.cause, v.fetched_at, v.title, v.text, v.lang, v.authors,
            v.published, v.modified, v.text_hash, v.extractor, v.partial,
            f.body_sha256, f.warc_file, f.warc_offset, f.status, w.memento
        from versions v left join fetches f on f.id = v.fetch_id
        left join wayback_saves w on w.version_id = v.id and w.at <= ?2
        where v.article_id = ?1 and v.fetched_at <= ?2 order by v.number""",
        (article_id, known_at),
    )
    return [dict(row) | {"authors": json.loads(row["authors"])} for row in rows]


def totals(conn: sqlite3.Connection) -> dict[str, int]:
    """How much is stored."""
    tables = ("articles", "versions", "mentions", "observations", "series", "flags", "fetches")
    return {
        table: conn.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
        for table in tables
    }
