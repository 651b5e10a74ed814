"""Reading what a decision needs: everything remembered that may matter for one page."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from db.records import (
    LEADS_TO,
    Article,
    EntityHistory,
    Known,
    Ledger,
    Mention,
    Observation,
    Point,
    Reading,
    Source,
    StoredVersion,
    Twin,
    Version,
)
from monitor.isoday import first_day, moment, parse_moment

RECENT_HASHES = 6
TWIN_SHARED = 4  # of the 8 smallest shingle hashes: about half of the text in common
TWIN_DAYS = 14
CANDIDATE_DAYS = 30
TELLING = tuple(tier for tier, leads in LEADS_TO.items() if leads in ("flag", "weak"))

# (place, category, subset, kind, since): what series of different organisations share
Peers = tuple[str, str, str | None, str, str | None]


def load_source(conn: sqlite3.Connection, name: str) -> Source | None:
    """The mirror of one source of sources.toml, or None."""
    row = conn.execute("select * from sources where name = ?", (name,)).fetchone()
    if row is None:
        return None
    return Source(
        name=row["name"],
        title=row["title"],
        kind=row["kind"],
        home=row["home"],
        languages=tuple(json.loads(row["languages"])),
        place=row["place"],
        rank=row["rank"],
        publisher_org=row["publisher_org"],
        enabled=bool(row["enabled"]),
        reason=row["reason"],
    )


def load_known(  # noqa: PLR0913 -- each is a fact of the visit
    conn: sqlite3.Connection,
    source: Source,
    article: Article,
    reading: Reading,
    *,
    peers: Iterable[Peers],
    now: datetime,
    baseline: bool,
) -> Known:
    """All that may matter for one reading of one article, read inside its transaction.

    `peers` are the (place, category, subset, kind, since) whose series the ledger of counts needs.
    """
    entities = sorted({m.entity for m in reading.mentions})
    latest = _latest(conn, article.id)
    known = Known(
        source=source,
        article=article,
        latest=latest,
        compared=latest.version.text if latest else "",
        history=_history(conn, entities, article),
        names=_names(conn, {*entities, *(m.entity for m in (latest.mentions if latest else ()))}),
        ledger=_ledger(conn, peers),
        twins=() if baseline else _twins(conn, article.id, reading.signature, now),
        candidates=_candidates(conn, now) if reading.candidates else {},
        baseline=baseline,
    )
    if latest is None:
        return known
    return replace(
        known,
        recent_hashes=_recent_hashes(conn, article.id),
        named_before=_named_before(conn, article.id),
        earlier=_earlier(conn, article.id),
    )


def _latest(conn: sqlite3.Connection, article: int) -> StoredVersion | None:
    row = conn.execute(
        "select * from versions where article_id = ? order by number desc limit 1", (article,)
    ).fetchone()
    if row is None:
        return None
    return StoredVersion(
        id=row["id"],
        number=row["number"],
        cause=row["cause"],
        fetched_at=parse_moment(row["fetched_at"]),
        version=version_of(row),
        mentions=mentions_of(conn, row["id"]),
        observations=observations_of(conn, row["id"]),
    )


def version_of(row: sqlite3.Row) -> Version:
    """A row of `versions` as a record."""
    return Version(
        title=row["title"],
        text=row["text"],
        text_hash=row["text_hash"],
        extractor=row["extractor"],
        lang=row["lang"],
        authors=tuple(json.loads(row["authors"])),
        published=row["published"],
        modified=row["modified"],
        page_starts=tuple(json.loads(row["page_starts"])),
        partial=bool(row["partial"]),
    )


def mentions_of(conn: sqlite3.Connection, version: int) -> tuple[Mention, ...]:
    """The mentions of one version, in text order."""
    rows = conn.execute(
        "select * from mentions where version_id = ? order by part, start, entity_id", (version,)
    )
    return tuple(
        Mention(
            entity=row["entity_id"],
            start=row["start"],
            end=row["end"],
            surface=row["surface"],
            alias=row["alias"],
            tier=row["tier"],
            score=row["score"],
            why=json.loads(row["why"]),
            status=row["status"],
            part=row["part"],
        )
        for row in rows
    )


def observations_of(conn: sqlite3.Connection, version: int) -> tuple[Observation, ...]:
    """The counted figures of one version, in text order."""
    rows = conn.execute("select * from observations where version_id = ? order by id", (version,))
    return tuple(_observation(row) for row in rows)


def _observation(row: sqlite3.Row) -> Observation:
    plain = (
        "value", "value_high", "qualifier", "category", "category_raw", "subset", "kind", "role",
        "place", "org", "org_raw", "org_basis", "as_of", "as_of_basis", "since", "direction",
        "part_of", "quote", "rule", "confidence", "why",
    )  # fmt: skip
    sentence = json.loads(row["sentence"]) if row["sentence"] else None
    fields: dict[str, Any] = {name: row[name] for name in plain}
    return Observation(
        id=row["label"],
        spans=tuple((start, end) for start, end in json.loads(row["spans"])),
        sentence=(sentence[0], sentence[1]) if sentence else None,
        exhaustive=bool(row["exhaustive"]),
        **fields,
    )


def _recent_hashes(conn: sqlite3.Connection, article: int) -> tuple[str, ...]:
    rows = conn.execute(
        "select text_hash from versions where article_id = ? order by number desc limit ?",
        (article, RECENT_HASHES),
    )
    return tuple(row[0] for row in rows)


def _named_before(conn: sqlite3.Connection, article: int) -> frozenset[str]:
    marks = ",".join("?" * len(TELLING))
    rows = conn.execute(
        f"""select distinct m.entity_id from mentions m join versions v on v.id = m.version_id
        where v.article_id = ? and m.tier in ({marks})""",  # noqa: S608
        (article, *TELLING),
    )
    return frozenset(row[0] for row in rows)


def _earlier(conn: sqlite3.Connection, article: int) -> tuple[tuple[Observation, ...], ...]:
    rows = conn.execute("select id from versions where article_id = ? order by number", (article,))
    return tuple(observations_of(conn, row[0]) for row in rows.fetchall())


def _history(
    conn: sqlite3.Connection, entities: Iterable[str], article: Article
) -> dict[str, EntityHistory]:
    """Where each entity was named before; asked only for those this article had not named."""
    return {entity: _entity_history(conn, entity, article) for entity in entities}


def _entity_history(conn: sqlite3.Connection, entity: str, article: Article) -> EntityHistory:
    rows = conn.execute(
        "select source, last_named from entity_sources where entity_id = ?", (entity,)
    ).fetchall()
    return EntityHistory(
        ever=bool(rows),
        in_source=any(row["source"] == article.source for row in rows),
        last=max((first_day(row["last_named"]) for row in rows), default=None),
    )


def _names(conn: sqlite3.Connection, entities: Iterable[str]) -> dict[str, str]:
    wanted = sorted(entities)
    marks = ",".join("?" * len(wanted))
    rows = conn.execute(f"select id, canonical from entities where id in ({marks})", wanted)  # noqa: S608
    return {row["id"]: row["canonical"] for row in rows}


def _ledger(conn: sqlite3.Connection, peers: Iterable[Peers]) -> Ledger:
    points: dict[str, tuple[Point, ...]] = {}
    for place, category, subset, kind, since in sorted(peers, key=str):
        rows = conn.execute(
            """select key, id from series where place = ? and category = ? and kind = ?
            and subset is ? and since is ?""",
            (place, category, kind, subset, since),
        )
        for row in rows.fetchall():
            points[row["key"]] = points_of(conn, row["id"], row["key"])
    return Ledger(points=points, disagreements=_disagreements(conn, points))


def points_of(conn: sqlite3.Connection, series: int, key: str) -> tuple[Point, ...]:
    """The points of one series, oldest effective date first."""
    rows = conn.execute(
        "select * from series_points where series_id = ? order by effective, id", (series,)
    )
    return tuple(_point(row, key) for row in rows)


def _point(row: sqlite3.Row, key: str) -> Point:
    return Point(
        id=row["id"],
        series=key,
        value=row["value"],
        value_high=row["value_high"],
        qualifier=row["qualifier"],
        as_of=row["as_of"],
        effective=date.fromisoformat(row["effective"]),
        confirmed=date.fromisoformat(row["confirmed"]),
        published=row["published"],
        prior=bool(row["prior"]),
        part=bool(row["part"]),
        article=row["article_id"],
        source=row["source"],
        url=row["url"],
        quote=row["quote"],
        superseded=row["superseded_at"] is not None,
    )


def _disagreements(
    conn: sqlite3.Connection, points: Mapping[str, object]
) -> frozenset[tuple[str, str]]:
    rows = conn.execute("select one, other from disagreements where closed_at is null")
    return frozenset((row[0], row[1]) for row in rows if row[0] in points or row[1] in points)


def _twins(
    conn: sqlite3.Connection, article: int, signature: Sequence[int], now: datetime
) -> tuple[Twin, ...]:
    """Articles of the last days that share most of the signature, oldest first."""
    if not signature:
        return ()
    marks = ",".join("?" * len(signature))
    rows = conn.execute(
        f"""select a.id, a.source from signatures s join versions v on v.id = s.version_id
        join articles a on a.id = v.article_id
        where s.shingle in ({marks}) and a.id <> ? and v.fetched_at >= ?
        group by v.id having count(*) >= ? order by a.id""",  # noqa: S608
        (
            *signature,
            article,
            moment(now - timedelta(days=TWIN_DAYS)),
            min(TWIN_SHARED, len(signature)),
        ),
    ).fetchall()
    return tuple(
        Twin(article=row["id"], source=row["source"], flags=_flags_of(conn, row["id"]))
        for row in {row["id"]: row for row in rows}.values()
    )


def is_alike(conn: sqlite3.Connection, article: int, signature: Sequence[int]) -> bool:
    """Whether the newest version of an article shares about half of its text with a signature."""
    row = conn.execute(
        "select signature from versions where article_id = ? order by number desc limit 1",
        (article,),
    ).fetchone()
    stored = set(json.loads(row["signature"])) if row else set()
    return len(stored & set(signature)) >= min(TWIN_SHARED, max(1, len(signature)))


def _flags_of(conn: sqlite3.Connection, article: int) -> tuple[tuple[int, str, str | None], ...]:
    rows = conn.execute(
        "select id, kind, entity_id from flags where article_id = ? and baseline = 0 order by id",
        (article,),
    )
    return tuple((row[0], row[1], row[2]) for row in rows)


def _candidates(conn: sqlite3.Connection, now: datetime) -> dict[str, int]:
    """Folded names of candidates flagged of late; the fold is the middle part of the flag's key."""
    rows = conn.execute(  # +id: ordered after the index on candidates was used, not instead of it
        "select id, key from flags where kind = 'candidate' and raised_at >= ? order by +id desc",
        (moment(now - timedelta(days=CANDIDATE_DAYS)),),
    )
    return {row["key"].split("|")[1]: row["id"] for row in rows}
