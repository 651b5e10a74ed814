"""The same timelines through the real database: the store loads and keeps all that rules need."""

import sqlite3
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from counts_replay import full, reports

from db.crawling import keep_source
from db.records import Reading, Source, Version
from db.store import connect, writing
from monitor.canonical import url_rules
from monitor.decide.counts import Reported
from monitor.extract import text_hash
from monitor.ingest import record_reading
from monitor.isoday import first_day
from monitor.items import Page

DATA = Path(__file__).parent / "data" / "timelines.toml"
TIMELINES = tomllib.loads(DATA.read_text(encoding="utf-8"))["timeline"]


@pytest.fixture
def conn(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    conn = connect(tmp_path / "monitor.db")
    yield conn
    conn.close()


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: timeline["id"])
def test_a_timeline_read_into_the_store_raises_exactly_its_flags(
    conn: sqlite3.Connection, timeline: dict[str, Any]
) -> None:
    articles = list(reports(timeline["articles"]))
    for reported in articles:
        record(conn, reported)

    assert sorted(stored(conn)) == sorted(full(f).split(" ", 1)[1] for f in timeline["flags"])


def record(conn: sqlite3.Connection, reported: Reported) -> None:
    """Read what an article says into the database, as a crawl would after detection."""
    home = f"https://{reported.source}/"
    with writing(conn):
        keep_source(
            conn,
            Source(
                name=reported.source,
                title=reported.source,
                kind="feed",
                home=home,
                place=reported.place,
                publisher_org=reported.publisher_org,
            ),
        )
    at = datetime.combine(first_day(reported.fetched), time(12), UTC)
    page = Page(
        source=reported.source,
        url=reported.url,
        final_url=reported.url,
        fetched_at=at,
        status=200,
        body=b"<p>",
        discovered_as=reported.url,
    )
    text = "\n".join(o.quote for o in reported.observations) or "nothing"
    version = Version(
        title="Title",
        text=text,
        text_hash=text_hash("Title", text),
        extractor="test",
        published=reported.published,
    )
    reading = Reading(version=version, observations=reported.observations)
    record_reading(conn, page, reading, url_rules(home=home))


def stored(conn: sqlite3.Connection) -> list[str]:
    """ "kind series old→new" of every count flag in the database."""
    rows = conn.execute("select * from flags where kind like 'count_%' order by id")
    return [
        f"{row['kind'].removeprefix('count_')} {row['series']} "
        + (row["new"] if row["old"] in (None, "null") else f"{row['old']}→{row['new']}")
        for row in rows
    ]
