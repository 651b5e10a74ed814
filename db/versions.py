"""Versions that an older extractor has read, and the snapshots they were read from."""

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from db.records import Snapshot
from monitor.isoday import parse_moment


@dataclass(frozen=True, kw_only=True)
class Stale:
    """The newest version of an article, read by another extractor from an archived snapshot."""

    article: int
    source: str
    home: str
    place: str | None
    publisher_org: str | None
    url: str
    fetched_at: datetime
    mime: str
    snapshot: Snapshot


def stale_versions(
    conn: sqlite3.Connection, extractor: str, source: str | None = None
) -> Iterator[Stale]:
    """Newest versions read by any other extractor whose bytes are archived, by article.

    Bytes that came again later lie in the archive once: the first fetch of the same sha256 has
    them.
    """
    rows = conn.execute(
        """select v.article_id, a.source, s.home, s.place, s.publisher_org, a.url, v.fetched_at,
            b.mime, b.warc_file, b.warc_offset, b.record_id
        from latest_versions v join articles a on a.id = v.article_id
        join sources s on s.name = a.source join fetches f on f.id = v.fetch_id
        join fetches b on b.id = (select min(c.id) from fetches c
            where c.body_sha256 = f.body_sha256 and c.warc_file is not null)
        where v.extractor <> ?1 and (?2 is null or a.source = ?2) order by v.article_id""",
        (extractor, source),
    )
    for row in rows.fetchall():
        yield Stale(
            article=row["article_id"],
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
