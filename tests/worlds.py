"""A small world for tests: a real database, and articles that are read into it."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.crawling import keep_source
from db.records import Entity, Reading, Source, Version
from db.store import connect, writing
from db.watchlist import put_entities
from monitor.canonical import url_rules
from monitor.extract import text_hash
from monitor.ingest import Recorded, record_reading
from monitor.items import Page
from monitor.reading import Knowledge, Reader, Setting

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ENTITIES = (
    Entity(id="ulvi", kind="person", canonical="Ülvi Həsənli"),
    Entity(id="sevinc", kind="person", canonical="Sevinc Vaqifqızı"),
    Entity(id="abzas", kind="outlet", canonical="Abzas Media"),
)


class World:
    """One database, one watchlist, and sources `a` and `b` that write what they are told to."""

    def __init__(self, folder: Path, entities: tuple[Entity, ...] = ENTITIES) -> None:
        self.conn: sqlite3.Connection = connect(folder / "monitor.db")
        self.reader = Reader(Knowledge(entities=entities))
        with writing(self.conn):
            put_entities(self.conn, entities, "2026-03-01T00:00:00Z")
            for name in "ab":
                home = f"http://{name}.test/"
                source = Source(name=name, title=name.upper(), kind="feed", home=home, place="AZ")
                keep_source(self.conn, source)

    def read(
        self,
        text: str,
        *,
        url: str = "http://a.test/1",
        title: str = "Title",
        day: int = 0,
        modified: str | None = None,
        baseline: bool = False,
        partial: bool = False,
    ) -> Recorded:
        """Record a text as read at `url` on Monday plus `day`."""
        page = self.page(url, day)
        reading = self.reading(text, title, page.fetched_at, modified, partial)
        rules = url_rules(home=f"http://{page.source}.test/")
        return record_reading(self.conn, page, reading, rules, baseline=baseline)

    def page(self, url: str, day: int = 0) -> Page:
        source = url.removeprefix("http://")[0]
        at = MONDAY + timedelta(days=day)
        return Page(
            source=source,
            url=url,
            final_url=url,
            fetched_at=at,
            status=200,
            body=b"<p>",
            discovered_as=url,
        )

    def reading(
        self,
        text: str,
        title: str,
        at: datetime,
        modified: str | None = None,
        partial: bool = False,
    ) -> Reading:
        version = Version(
            title=title,
            text=text,
            text_hash=text_hash(title, text),
            extractor="test",
            lang=None,
            published=at.strftime("%Y-%m-%d"),
            modified=modified,
            partial=partial,
        )
        return self.reader.understand(version, Setting(source="a", place="AZ"))

    def flags(self, kind: str | None = None) -> list[sqlite3.Row]:
        return self.conn.execute(
            "select * from flags where ?1 is null or kind = ?1 order by id", (kind,)
        ).fetchall()

    def kinds(self) -> list[str]:
        return [row["kind"] for row in self.flags()]

    def count(self, table: str) -> int:
        number: int = self.conn.execute(f"select count(*) from {table}").fetchone()[0]
        return number
