"""Copies at the Internet Archive, asked of a loopback server that answers as it does."""

import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from db import wayback as memory
from db.crawling import start_run
from db.store import writing
from monitor import clock, showing
from monitor.canonical import url_rules
from monitor.ingest import record_reading
from monitor.isoday import moment
from monitor.middlewares.politeness import Hosts
from monitor.pool import ReadingPool
from monitor.reading import Knowledge
from monitor.resources import Resources
from monitor.status import in_words, status
from monitor.wayback import A_ROUND, IN_A_ROW, TRIES, keep_copies
from monitor.workspace import Workspace
from scheduler import schedule
from tests.collect.web import Reply, Web, serve
from tests.worlds import MONDAY, World

COPY = "/web/20260302100000/http://a.test/1"
SAVED = Reply(status=302, headers=(("Location", COPY),))
DOWN = Reply(status=500)


class Archive:
    """The stand-in for the Internet Archive, and an installation that asks it."""

    def __init__(self, folder: Path, web: Web) -> None:
        self.web, self.world = web, World(folder)
        self.endpoint = f"http://localhost:{web.port}/save/"
        self.config = folder / "monitor.toml"
        self.set(wayback="true")

    def set(self, **crawl: str) -> None:
        keys = {"wayback_url": f'"{self.endpoint}"', "allow_addresses": '["localhost"]'} | crawl
        lines = [f"{key} = {value}" for key, value in keys.items()]
        text = 'contact = "mailto:me@rights.az"\n[crawl]\n' + "\n".join(lines)
        self.config.write_text(text, encoding="utf-8")

    @property
    def space(self) -> Workspace:
        return Workspace(config=self.config, data=self.config.parent)

    def crawl(self, *urls: str, text: str = "He is held.", day: int = 0, **how: Any) -> None:
        """Read these addresses in one run; with `baseline` in the first one of the source."""
        conn = self.world.conn
        with writing(conn):
            run = start_run(conn, "a", MONDAY, how.get("baseline", False))
        for url in urls:
            page = replace(self.world.page(url, day), run=run)
            own = f"{text} It stands at {url}."
            reading = self.world.reading(own, "Title", page.fetched_at)
            record_reading(conn, page, reading, url_rules(home="http://a.test/"), **how)

    def answers(self, *replies: Reply, url: str = "http://a.test/1") -> None:
        self.web.page(f"{self.endpoint}{url}", *replies)

    def ask(self, **how: Any) -> int:
        return keep_copies(self.space, pause=0.0, timeout=0.5, **how)

    def asked(self) -> list[str]:
        return [path.removeprefix("/save/") for path in self.web.asked("localhost")]

    def rows(self) -> list[tuple[Any, ...]]:
        found = self.world.conn.execute(
            "select state, attempts, memento, error from wayback_saves order by version_id"
        )
        return [tuple(row) for row in found]


@pytest.fixture(scope="module")
def _server() -> Iterator[Web]:
    web = Web()
    server = serve(web)
    yield web
    server.shutdown()
    server.server_close()


@pytest.fixture
def archive(tmp_path: Path, _server: Web, hour: Callable[[float], None]) -> Iterator[Archive]:
    _server.clear()
    archive = Archive(tmp_path, _server)
    yield archive
    archive.world.conn.close()


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Sets the clock to so many hours after the first reading."""

    def set_to(hours: float) -> None:
        monkeypatch.setenv(clock.VARIABLE, moment(MONDAY + timedelta(hours=hours)))

    set_to(1)
    return set_to


def test_a_new_article_is_saved_once_and_shown_with_its_copy(archive: Archive) -> None:
    archive.crawl("http://a.test/1")
    archive.answers(SAVED)
    assert (archive.ask(), archive.ask()) == (1, 0)
    copy = f"http://localhost:{archive.web.port}{COPY}"
    assert archive.rows() == [("saved", 1, copy, None)]
    [one] = archive.web.log
    assert one.headers["user-agent"] == archive.space.settings.user_agent
    account = showing.account(archive.world.conn, "http://a.test/1", "9999")
    assert f"copy at {copy}" in showing.in_words(account, diff=False)
    earlier = showing.account(archive.world.conn, "http://a.test/1", moment(MONDAY))
    assert earlier["versions"][0]["memento"] is None


def test_it_is_off_by_default(archive: Archive) -> None:
    archive.crawl("http://a.test/1")
    archive.config.write_text(f'[crawl]\nwayback_url = "{archive.endpoint}"\n')
    assert (archive.ask(), archive.asked(), archive.rows()) == (0, [], [])


def test_an_edit_is_saved_in_the_place_of_what_it_replaced(archive: Archive) -> None:
    archive.crawl("http://a.test/1")
    archive.crawl("http://a.test/1", text="He is free.", day=1)
    archive.answers(Reply(status=200, headers=(("Content-Location", COPY.replace("02", "03")),)))
    archive.ask()
    saved = archive.world.conn.execute("select version_id from wayback_saves").fetchall()
    assert [row[0] for row in saved] == [2]


def test_neither_a_baseline_nor_an_import_is_asked_for(archive: Archive) -> None:
    archive.crawl("http://a.test/1", baseline=True)
    archive.world.read("He is held elsewhere.", url="http://a.test/2")
    archive.ask()
    assert archive.asked() == []


@pytest.mark.parametrize(
    "fact",
    [
        pytest.param("update versions set cause = 'technical'", id="technical"),
        pytest.param("update articles set baseline = 1", id="the past of a new endpoint"),
        pytest.param("update articles set state = 'removed'", id="removed"),
        pytest.param("update articles set missing_since = first_seen", id="missing"),
        pytest.param("update versions set fetched_at = '2026-02-20T09:00:00Z'", id="old"),
        pytest.param("update fetches set final_url = 'http://10.1.1.1/'", id="a private address"),
        pytest.param("update fetches set ip = '192.168.3.4'", id="an address we are allowed"),
        pytest.param("update fetches set final_url = 'http://inside.test/'", id="a host likewise"),
    ],
)
def test_what_is_no_news_or_nobodys_business_is_not_told(archive: Archive, fact: str) -> None:
    allowed = '["localhost", "192.168.0.0/16", "inside.test"]'
    archive.set(wayback="true", allow_addresses=allowed)
    archive.crawl("http://a.test/1")
    with writing(archive.world.conn):
        archive.world.conn.execute(fact)
    archive.ask()
    assert archive.asked() == []


def test_a_rest_that_is_asked_for_is_kept_also_by_the_next_rounds(
    archive: Archive, hour: Callable[[float], None]
) -> None:
    archive.crawl("http://a.test/1", "http://a.test/2")
    archive.answers(Reply(status=429, headers=(("Retry-After", "7200"),)), SAVED)
    archive.answers(SAVED, url="http://a.test/2")
    archive.ask()
    hour(2.9)
    archive.ask()
    assert archive.asked() == ["http://a.test/1"]
    hour(3.1)
    assert archive.ask() == 2
    assert archive.rows() == [
        ("saved", 2, f"http://localhost:{archive.web.port}{COPY}", None),
        ("saved", 1, f"http://localhost:{archive.web.port}{COPY}", None),
    ]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        pytest.param(DOWN, "HTTP 500", id="500"),
        pytest.param(Reply(status=403), "HTTP 403", id="403"),
        pytest.param(Reply(hang=1.0), "timed out", id="timeout"),
        pytest.param(Reply(raw=b""), "Remote end closed connection", id="hung up"),
        pytest.param(Reply(raw=b"junk\r\n\r\n"), "junk", id="no HTTP"),
        pytest.param(
            Reply(headers=(("X-Archive-Wayback-Runtime-Error", "Blocked By Robots"),)),
            "Blocked By Robots",
            id="its own error",
        ),
        pytest.param(
            Reply(status=302, headers=(("Location", COPY.replace("2026", "2025")),)),
            "it shows an older copy, of 20250302100000",
            id="an older copy",
        ),
        pytest.param(
            Reply(status=302, headers=(("Location", f"http://elsewhere.test{COPY}"),)),
            "HTTP 302",
            id="another host",
        ),
        pytest.param(
            Reply(status=302, headers=(("Location", f"javascript://localhost{COPY}"),)),
            "HTTP 302",
            id="no address",
        ),
    ],
)
def test_a_failure_is_noted_and_tried_again_later(
    archive: Archive, hour: Callable[[float], None], reply: Reply, error: str
) -> None:
    archive.crawl("http://a.test/1")
    archive.answers(reply, SAVED)
    assert archive.ask() == 0
    [(state, attempts, memento, said)] = archive.rows()
    assert (state, attempts, memento) == ("due", 1, None)
    assert error in said
    hour(1.9)
    archive.ask()
    assert archive.rows()[0][1] == 1
    hour(2.1)
    assert archive.ask() == 1
    counts = [archive.world.count(table) for table in ("fetches", "problems", "flags")]
    assert counts == [1, 0, 0]


def test_a_server_that_refuses_connections_is_a_failure_like_another(archive: Archive) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        archive.set(
            wayback="true", wayback_url=f'"http://localhost:{closed.getsockname()[1]}/save/"'
        )
        archive.crawl("http://a.test/1")
        assert archive.ask() == 0
    [(state, _, _, error)] = archive.rows()
    assert (state, "refused" in error) == ("due", True)


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        pytest.param({"allow_addresses": "[]"}, "private address", id="localhost"),
        pytest.param(
            {"allow_addresses": "[]", "wayback_url": '"http://127.1:9/"'},
            "private address",
            id="a literal address",
        ),
    ],
)
def test_no_request_leaves_for_a_private_address(
    archive: Archive, settings: dict[str, str], error: str
) -> None:
    archive.set(wayback="true", **settings)
    archive.crawl("http://a.test/1")
    archive.ask()
    assert archive.asked() == []
    assert archive.rows() == [("due", 1, None, error)]


def test_a_page_that_fails_every_time_is_given_up(
    archive: Archive, hour: Callable[[float], None]
) -> None:
    archive.crawl("http://a.test/1")
    archive.answers(DOWN)
    for hours in range(1, 160, 8):
        hour(hours)
        archive.ask()
    assert len(archive.asked()) == TRIES
    assert archive.rows() == [("failed", TRIES, None, "HTTP 500")]


def test_three_failures_in_a_row_end_a_round_and_are_told_once_with_a_mend(
    archive: Archive, hour: Callable[[float], None], caplog: pytest.LogCaptureFixture
) -> None:
    urls = [f"http://a.test/{n}" for n in range(8)]
    archive.crawl(*urls)
    archive.web.wild[archive.endpoint] = DOWN
    with caplog.at_level(logging.INFO, "monitor.wayback"):
        archive.ask()
        assert len(archive.asked()) == IN_A_ROW
        archive.ask()
        assert len(archive.asked()) == IN_A_ROW  # it rests
        hour(1.2)
        archive.ask()
    assert len(archive.asked()) == 2 * IN_A_ROW
    [warning] = [record.getMessage() for record in caplog.records]
    assert "the last 3 pages it was asked for (HTTP 500); mend: " in warning
    told = in_words(status(archive.space), ZoneInfo("Asia/Baku"))
    assert "0 copies at the Internet Archive, 8 wait" in told
    assert "the last 6 pages it was asked for (HTTP 500)" in told
    hour(3)
    archive.web.wild[archive.endpoint] = SAVED
    with caplog.at_level(logging.INFO, "monitor.wayback"):
        assert archive.ask() == 8
    assert caplog.records[-1].getMessage() == "the Internet Archive saves our pages again"
    assert memory.copies(archive.world.conn, clock.now()).in_vain == 0


def test_a_round_asks_for_so_many_pages_and_no_more(archive: Archive) -> None:
    archive.crawl(*(f"http://a.test/{n}" for n in range(A_ROUND + 3)))
    archive.web.wild[archive.endpoint] = SAVED
    assert (archive.ask(), archive.ask()) == (A_ROUND, 3)


def test_a_process_that_is_asked_to_end_asks_for_nothing_more(archive: Archive) -> None:
    archive.crawl("http://a.test/1", "http://a.test/2")
    archive.web.wild[archive.endpoint] = SAVED
    assert archive.ask(is_stopping=lambda: bool(archive.web.log)) == 1


def test_an_answer_without_an_address_is_saved_all_the_same(archive: Archive) -> None:
    archive.crawl("http://a.test/1")
    archive.answers(Reply(body=b"<p>saving"))
    assert archive.ask() == 1
    assert archive.rows() == [("saved", 1, None, None)]


def test_a_redirect_within_the_archive_is_followed_up_to_the_copy_and_not_into_it(
    archive: Archive,
) -> None:
    archive.crawl("http://a.test/1")
    archive.answers(Reply(status=307, headers=(("Location", "/save/now"),)))
    archive.answers(SAVED, url="now")
    assert archive.ask() == 1
    assert archive.web.asked("localhost") == ["/save/http://a.test/1", "/save/now"]


def test_the_resident_process_asks_only_where_it_is_switched_on(archive: Archive) -> None:
    source = '[[source]]\nname = "a"\ntitle = "A"\nhome = "http://a.test/"\nkind = "watched"\n'
    source += 'url = "http://a.test/1"\n'
    (archive.config.parent / "sources.toml").write_text(source, encoding="utf-8")

    def jobs() -> set[str]:
        conn, pool = archive.world.conn, ReadingPool(Knowledge(), 1)
        resources = Resources(
            settings=archive.space.settings, conn=conn, hosts=Hosts(conn), pool=pool
        )
        process: Any = None  # no crawl is begun
        return {job.id for job in schedule(archive.space, process, resources).get_jobs()}

    assert jobs() == {"crawl a", "digest", "between digests", "copies"}
    archive.set(wayback="false")
    assert "copies" not in jobs()
