"""Reads of the desk's other pages: an article's fetches, an entity, a source, a series."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from db import health

NEWEST_MENTIONS = 2000  # of an entity, from which spellings and months are counted


def own_reviews(conn: sqlite3.Connection, who: str, ids: Sequence[int]) -> list[sqlite3.Row]:
    """Reviews by id, as far as they are one's own."""
    return conn.execute(
        "select id, flag_id, decision, undoes from reviews"
        " where who = ? and id in (select value from json_each(?)) order by id",
        (who, json.dumps(list(ids))),
    ).fetchall()


def entity_names(conn: sqlite3.Connection, ids: Iterable[str]) -> dict[str, str]:
    """Canonical names by id."""
    rows = conn.execute(
        "select id, canonical from entities where id in (select value from json_each(?))",
        (json.dumps(sorted(set(ids))),),
    )
    return dict(rows.fetchall())


def source_titles(conn: sqlite3.Connection) -> dict[str, str]:
    """What each source is called."""
    return dict(conn.execute("select name, title from sources").fetchall())


def publishers(conn: sqlite3.Connection) -> dict[str, str]:
    """The titles of sources that are organisations which count, by the organisation's id."""
    return dict(
        conn.execute(
            "select publisher_org, title from sources where publisher_org is not null"
        ).fetchall()
    )


def tracked(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Everything on the watchlist: id, kind and name, by name."""
    rows = conn.execute(
        """select id, kind, canonical, family_unambiguous, note,
            (select max(last_named) from entity_sources x where x.entity_id = e.id) as last_named,
            (select sum(articles) from entity_sources x where x.entity_id = e.id) as articles,
            (select json_group_array(text) from aliases a where a.entity_id = e.id) as aliases
        from entities e where removed_at is null order by canonical"""
    )
    return [dict(row) | {"aliases": json.loads(row["aliases"])} for row in rows]


# ---------------------------------------------------------------------- articles


def version_texts(conn: sqlite3.Connection, article: int, numbers: Sequence[int]) -> list[Any]:
    """Versions of an article by number, with their texts and the fetch each was read from."""
    rows = conn.execute(
        """select v.id, v.number, v.cause, v.fetched_at, v.title, v.text, v.lang, v.authors,
            v.published, v.modified, v.text_hash, v.extractor, v.partial, v.fetch_id,
            f.body_sha256, f.warc_file, f.warc_offset, f.status, f.mime, w.memento
        from versions v left join fetches f on f.id = v.fetch_id
        left join wayback_saves w on w.version_id = v.id
        where v.article_id = ? and v.number in (select value from json_each(?))
        order by v.number""",
        (article, json.dumps(list(numbers))),
    )
    return [dict(row) | {"authors": json.loads(row["authors"])} for row in rows]


def version_list(conn: sqlite3.Connection, article: int) -> list[dict[str, Any]]:
    """The versions of an article without their texts, oldest first."""
    rows = conn.execute(
        "select id, number, cause, fetched_at, text_hash from versions where article_id = ?"
        " order by number",
        (article,),
    )
    return [dict(row) for row in rows]


def fetch_log(conn: sqlite3.Connection, article: int, limit: int = 40) -> list[dict[str, Any]]:
    """The latest requests to any address of an article, newest first."""
    rows = conn.execute(
        """select f.id, f.url, f.at, f.status, f.conditional, f.body_sha256, f.body_bytes, f.mime,
            f.warc_file, f.error
        from (select url from article_urls where article_id = ?1
              union select url from articles where id = ?1
              union select address from articles where id = ?1) u
        join fetches f on f.url = u.url order by f.id desc limit ?2""",
        (article, limit),
    )
    return [dict(row) for row in rows]


def fetch(conn: sqlite3.Connection, identity: int) -> dict[str, Any] | None:
    """One request, with where its bytes lie; a repeated body leads to its first copy."""
    row = conn.execute("select * from fetches where id = ?", (identity,)).fetchone()
    return None if row is None else dict(row)


def first_copy(conn: sqlite3.Connection, body_sha256: str) -> dict[str, Any] | None:
    """The first fetch whose archived bytes are these."""
    row = conn.execute(
        "select * from fetches where body_sha256 = ? and warc_file is not null order by id limit 1",
        (body_sha256,),
    ).fetchone()
    return None if row is None else dict(row)


def flags_of_article(conn: sqlite3.Connection, article: int) -> list[int]:
    """The ids of an article's flags, newest first."""
    rows = conn.execute("select id from flags where article_id = ? order by id desc", (article,))
    return [row[0] for row in rows]


# ---------------------------------------------------------------------- entities


def entity(conn: sqlite3.Connection, identity: str) -> dict[str, Any] | None:
    """An entity with how often it was named in each source, its spellings and its months."""
    row = conn.execute("select * from entities where id = ?", (identity,)).fetchone()
    if row is None:
        return None
    return dict(row) | {
        "sources": _rows(conn, """select x.*, s.title from entity_sources x
            join sources s on s.name = x.source where entity_id = ? order by articles desc""",
            identity),
        "spellings": _rows(conn, """select surface, tier, count(*) as n from
            (select surface, tier from mentions where entity_id = ?1 order by version_id desc
             limit ?2) group by surface order by n desc limit 40""", identity, NEWEST_MENTIONS),
        "months": _rows(conn, """select substr(coalesce(v.published, v.fetched_at), 1, 7) as month,
            count(distinct v.article_id) as n from
            (select version_id from mentions where entity_id = ?1 order by version_id desc
             limit ?2) m join versions v on v.id = m.version_id group by month order by month""",
            identity, NEWEST_MENTIONS),
        "changes": _rows(conn, """select at, who, change, before, after from entity_changes
            where entity_id = ? order by id desc limit 20""", identity),
    }  # fmt: skip


def named_in(
    conn: sqlite3.Connection, identity: str, limit: int, offset: int
) -> list[dict[str, Any]]:
    """Articles that name an entity, newest version first, one row an article of a page."""
    rows = conn.execute(
        """select m.version_id, m.surface, m.tier, m.status, m.start, v.article_id, v.title,
            v.published, v.fetched_at, a.url, a.source, a.state, s.title as source_title,
            (select f.decision from flags f where f.article_id = a.id and f.entity_id = m.entity_id
                and f.kind = 'new_mention' order by f.id desc limit 1) as decision,
            (select f.id from flags f where f.article_id = a.id and f.entity_id = m.entity_id
                and f.kind = 'new_mention' order by f.id desc limit 1) as flag
        from (select version_id, entity_id, surface, tier, max(status) as status,
                min(start) as start
              from mentions where entity_id = ?1
              group by version_id order by version_id desc limit ?2 offset ?3) m
        join versions v on v.id = m.version_id
        join articles a on a.id = v.article_id join sources s on s.name = a.source
        order by m.version_id desc""",
        (identity, limit, offset),
    )
    return [dict(row) for row in rows]


# ---------------------------------------------------------------------- sources


def source(conn: sqlite3.Connection, name: str) -> dict[str, Any] | None:
    """A source with its state, problems, last runs and days."""
    found = next(iter(_sources(conn, "where s.name = ?", (name,))), None)
    if found is None:
        return None
    return found | {
        "runs": _rows(conn, """select * from runs where source = ? order by id desc limit 20""",
                      name),
        "days": _rows(conn, """select substr(first_seen, 1, 10) as day, count(*) as n
            from (select first_seen from articles where source = ? order by first_seen desc
                limit 3000) group by day order by day desc limit 30""", name),
        "articles": conn.execute(
            "select count(*) from articles where source = ?", (name,)
        ).fetchone()[0],
    }  # fmt: skip


def sources(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every source with its last run, its state, and what is wrong with it; by title."""
    return _sources(conn)


def _sources(
    conn: sqlite3.Connection, which: str = "", values: tuple[str, ...] = ()
) -> list[dict[str, Any]]:
    rows = conn.execute(
        f"""select s.name, s.title, s.kind, s.home, s.rank, s.enabled, s.reason, s.last_run_at,
            s.last_success_at, h.usual_gap_days, h.score, r.state as last_run, r.error,
            r.discovered, r.stored, r.unchanged, r.failed,
            case when not s.enabled then 'paused' when s.last_run_at is null then 'new'
                else coalesce(h.state, 'ok') end as state,
            coalesce(h.last_new_at, (select max(a.first_seen) from articles a
                where a.source = s.name)) as newest
        from sources s left join health h on h.source = s.name
        left join runs r on r.id = (select max(q.id) from runs q where q.source = s.name)
        {which} order by s.title""",  # noqa: S608
        values,
    )
    problems = health.open_by_source(conn)
    return [dict(row) | {"problems": problems.get(row["name"], [])} for row in rows]


# ---------------------------------------------------------------------- series


def peers(conn: sqlite3.Connection, key: str) -> list[str]:
    """Series that count the same thing, whoever counts it; this one first."""
    rows = conn.execute(
        """select p.key from series s join series p on p.place = s.place
            and p.category = s.category and p.kind = s.kind and p.subset is s.subset
            and p.since is s.since
        where s.key = ? order by p.key <> s.key, p.key limit 8""",
        (key,),
    )
    return [row[0] for row in rows]


def disagreements(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """Series this one contradicts or contradicted, the open ones first."""
    return _rows(
        conn,
        """select one, other, opened_at, closed_at from disagreements
        where one = ?1 or other = ?1 order by closed_at is not null, opened_at desc limit 20""",
        key,
    )


def corrections(conn: sqlite3.Connection, key: str) -> list[dict[str, Any]]:
    """Points of a series that a person set right, with the machine's reading of the same flag."""
    return _rows(
        conn,
        """select p.id, p.value, p.effective, r.who, r.at, r.flag_id, f.new as machine
        from series_points p join series s on s.id = p.series_id
        join reviews r on r.id = p.review_id join flags f on f.id = r.flag_id
        where s.key = ? and r.decision = 'corrected' order by p.id desc""",
        key,
    )


def read_as(conn: sqlite3.Connection, flag: int) -> dict[str, Any] | None:
    """The machine's reading of the figure a count flag is about."""
    row = conn.execute(
        """select o.value, o.value_high, o.qualifier, o.category, o.subset, o.kind, o.place, o.org,
            o.as_of, o.since, o.rule, o.confidence, o.why
        from flags f join observations o on o.version_id = f.version_id and o.series = f.series
        where f.id = ? order by o.value = f.new desc, o.id limit 1""",
        (flag,),
    ).fetchone()
    return None if row is None else dict(row)


# ---------------------------------------------------------------------- digests


def newest_digests(conn: sqlite3.Connection, limit: int) -> list[dict[str, Any]]:
    """The frozen digests without their contents, newest first, with who got them."""
    rows = conn.execute(
        """select number, frequency, since, until, built_at, subject, language,
            (select count(*) from deliveries x where x.digest_id = d.id and x.state = 'sent')
                as sent,
            (select count(*) from digest_flags g where g.digest_id = d.id) as flags
        from digests d order by until desc, number desc limit ?""",
        (limit,),
    )
    return [dict(row) for row in rows]


def _rows(conn: sqlite3.Connection, sql: str, *values: str | int) -> list[dict[str, Any]]:
    return [dict(row) for row in conn.execute(sql, values)]
