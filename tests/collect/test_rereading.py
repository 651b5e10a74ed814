"""What another extractor has read is read anew before a changed page is compared with it."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.store import connect, writing
from db.versions import stale_version, stale_versions
from monitor.ingest import page_again, record_technical
from tests.collect.web import Web, rss
from tests.worlds import World

PLAIN = "The court in Baku has heard the witnesses of the defence in the case on Monday. " * 4
LEAKED = "A headline of another article, 331 prisoners."
NEW = "today"


def page(years: int, noise: str = "") -> str:
    return (
        f"<html><head><title>The verdict</title></head><body>{noise}<article><h1>The verdict</h1>"
        f"<p>{PLAIN}</p><p>The judge gave him {years} years.</p></article>"
        "<p class='more'>Subscribe to our letter, dear reader, it is written with care.</p>"
        "</body></html>"
    )


class House:
    """An installation that is used by processes of its own, as by cron."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.folder, self.web = folder, web
        web.text("http://a.test/feed", rss("http://a.test/1"), "text/xml")
        web.text("http://a.test/1", page(8))

    def run(self, *words: str) -> str:
        command = [sys.executable, "-m", "monitor", "--config", str(self.folder / "monitor.toml")]
        done = subprocess.run(
            [*command, *words], env=os.environ | {"no_proxy": ""}, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def conn(self) -> sqlite3.Connection:
        return connect(self.folder / "data" / "monitor.db")

    def age(self) -> None:
        """Let the newest versions be what an older extractor has read: it leaked a line."""
        conn = self.conn
        with writing(conn):
            conn.execute(
                "update versions set extractor = 'older', text_hash = 'x' || id,"
                " text = text || char(10) || ?",
                (LEAKED,),
            )
        conn.close()

    def rows(self, question: str) -> list[Any]:
        conn = self.conn
        found = [tuple(row) for row in conn.execute(question)]
        conn.close()
        return found

    def changes(self) -> list[dict[str, Any]]:
        flags = self.rows("select detail from flags where kind = 'article_edited' order by id")
        return [change for (detail,) in flags for change in json.loads(detail)["changes"]]

    @property
    def causes(self) -> list[str]:
        return [cause for (cause,) in self.rows("select cause from versions order by number")]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory, _web: Web) -> Path:
    """An installation that has read its source once, with an older extractor."""
    folder = tmp_path_factory.mktemp("crawled")
    (folder / "monitor.toml").write_text('data_dir = "data"\n[crawl]\ndelay = 0.0\n')
    (folder / "sources.toml").write_text(
        '[[source]]\nname = "a"\ntitle = "A"\nhome = "http://a.test/"\nkind = "feed"\n'
        'url = "http://a.test/feed"\ncontent_selector = "article"\n'
    )
    house = House(folder, _web)
    house.run("crawl")
    house.age()
    return folder


@pytest.fixture
def house(crawled: Path, tmp_path: Path, web: Web) -> House:
    return House(Path(shutil.copytree(crawled, tmp_path / "house")), web)


def test_changed_bytes_with_the_same_text_are_a_technical_version_only(house: House) -> None:
    house.web.text("http://a.test/1", page(8, "<!-- 12 readers -->"))
    house.run("crawl")
    assert house.causes == ["first", "technical"]
    assert house.changes() == []
    assert house.rows("select reason from run_urls where run_id = 2") == [("same text",)]


def test_only_what_the_site_has_changed_is_told(house: House) -> None:
    house.web.text("http://a.test/1", page(7))
    house.run("crawl")
    assert house.causes == ["first", "technical", "edit"]
    assert house.changes() == [
        {"before": "The judge gave him 8 years.", "after": "The judge gave him 7 years."}
    ]
    assert [LEAKED in text for (text,) in house.rows("select text from versions")] == [
        True, False, False,
    ]  # fmt: skip


def test_without_the_snapshot_texts_are_compared_as_they_are(house: House) -> None:
    shutil.rmtree(house.folder / "data" / "archive")
    house.web.text("http://a.test/1", page(7))
    house.run("crawl")
    assert house.causes == ["first", "edit"]
    assert {"before": LEAKED, "after": None} in house.changes()


def test_reextract_reads_as_a_crawl_does(house: House) -> None:
    assert "1 texts changed" in house.run("reextract")
    [(text,)] = house.rows("select text from latest_versions")
    assert LEAKED not in text
    assert "Subscribe" not in text  # the source's content_selector holds
    assert house.causes == ["first", "technical"]


# ---------------------------------------------------------------------- what is recorded


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture
def archived(world: World) -> Callable[[], None]:
    """Says of the fetches so far that their bytes are archived, which no chain holds."""

    def say() -> None:
        with writing(world.conn):
            world.conn.execute(
                "update fetches set body_sha256 = 'x' || id, warc_file = 'f', warc_offset = 0,"
                " record_id = 'r'"
            )

    return say


def read_again(world: World, text: str) -> bool:
    """Record the oldest text of all as another reading of the same bytes."""
    [stale] = list(stale_versions(world.conn, NEW))
    known = page_again(stale, {}, b"<p>")
    return record_technical(
        world.conn, stale, known, world.reading(text, "Title", known.fetched_at)
    )


def test_a_technical_version_keeps_the_request_it_came_with_and_revives_nothing(
    world: World, archived: Callable[[], None]
) -> None:
    world.read("He got 8 years. Read also: more.")
    archived()
    with writing(world.conn):
        world.conn.execute("update articles set state = 'removed'")
    assert read_again(world, "He got 8 years.")
    assert [tuple(row) for row in world.conn.execute("select cause, fetch_id from versions")] == [
        ("first", 1),
        ("technical", 1),
    ]
    assert world.conn.execute("select state from articles").fetchone()[0] == "removed"
    world.read("He got 7 years.", day=2)
    causes = world.conn.execute("select cause from versions order by number")
    assert [cause for (cause,) in causes] == ["first", "technical", "restored"]


def test_old_bytes_never_come_after_newer_ones(world: World, archived: Callable[[], None]) -> None:
    world.read("He got 8 years.")
    archived()
    [stale] = list(stale_versions(world.conn, NEW))
    world.read("He got 7 years.", day=1)
    known = page_again(stale, {}, b"<p>")
    late = world.reading("He got 8 years, more or less.", "Title", known.fetched_at)
    assert not record_technical(world.conn, stale, known, late)
    assert world.count("versions") == 2


def test_a_version_with_the_same_text_needs_no_second_reading(
    world: World, archived: Callable[[], None]
) -> None:
    world.read("He got 8 years.")
    archived()
    now = world.reading("He got 8 years.", "Title", world.page("http://a.test/1").fetched_at)
    assert stale_version(world.conn, 1, now.version) is None
