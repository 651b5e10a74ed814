"""Versions that an older extractor has read, and the snapshots they were read from."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from db.records import Snapshot, Version
from monitor.isoday import parse_moment


@dataclass(frozen=True, kw_only=True)
class Stale:
    """The newest version of an article, read by another extractor from an archived snapshot.

    `fetch` is the request its bytes came with.
    """

    version: int
    article: int
    fetch: int
    source: str
    home: str
    place: str | None
    publisher_org: str | None
    url: str
    fetched_at: datetime
    mime: str
    snapshot: Snapshot


# Bytes that came again later lie in the archive once: the first fetch of the same sha256 has them.
_STALE = """select v.id, v.article_id, v.fetch_id, a.source, s.home, s.place, s.publisher_org,
        a.url, v.fetched_at, b.mime, b.warc_file, b.warc_offset, b.record_id
    from latest_versions v join articles a on a.id = v.article_id
    join sources s on s.name = a.source join fetches f on f.id = v.fetch_id
    join fetches b on b.id = (select min(c.id) from fetches c
        where c.body_sha256 = f.body_sha256 and c.warc_file is not null)
    where v.extractor <> :extractor"""


def stale_versions(
    conn: sqlite3.Connection, extractor: str, source: str | None = None
) -> Iterator[Stale]:
    """Newest versions read by any other extractor whose bytes are archived, by article."""
    rows = conn.execute(
        f"{_STALE} and (:source is null or a.source = :source) order by v.article_id",
        {"extractor": extractor, "source": source},
    )
    yield from map(_stale, rows.fetchall())


def stale_version(conn: sqlite3.Connection, article: int, now_read: Version) -> Stale | None:
    """The newest version of an article, if another extractor read another text for it than now."""
    row = conn.execute(
        f"{_STALE} and v.article_id = :article and v.text_hash <> :text_hash",
        {
            "extractor": now_read.extractor,
            "article": article,
            "text_hash": now_read.text_hash,
        },
    ).fetchone()
    return None if row is None else _stale(row)


def _stale(row: sqlite3.Row) -> Stale:
    return Stale(
        version=row["id"],
        article=row["article_id"],
        fetch=row["fetch_id"],
        source=row["source"],
        home=row["home"],
        place=row["place"],
        publisher_org=row["publisher_org"],
        url=row["url"],
        fetched_at=parse_moment(row["fetched_at"]),
        mime=row["mime"],
        snapshot=Snapshot(
            warc_file=row["warc_file"],
            warc_offset=row["warc_offset"],
            record_id=row["record_id"],
        ),
    )
