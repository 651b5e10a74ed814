"""The main job as a user runs it: `monitor demo`, and every event its authors put into the web."""

import json
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from db.store import connect
from monitor.demo import stories
from monitor.demo.show import Shown, show

TRUTH = tomllib.loads((Path(__file__).parent / "demo" / "truth.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Shown:
    return show(tmp_path_factory.mktemp("demo"), lambda line: None)


@pytest.fixture(scope="module")
def conn(demo: Shown) -> sqlite3.Connection:
    return connect(demo.database, read_only=True)


@pytest.fixture(scope="module")
def flags(demo: Shown) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "monitor", "--config", str(demo.config), "flags", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def days(event: dict[str, Any]) -> str:
    return stories.now(event["day"]).strftime("%Y-%m-%d")


def name_of(event: dict[str, Any]) -> str:
    about = event.get("entity") or event.get("series") or event.get("name") or ""
    return f"day {event['day']} {event['kind']} {about} {event['urls'][0].rpartition('/')[2]}"


def bare(url: str) -> str:
    return url.rstrip("/")


# An article that has moved is cited by its new address, in flags raised before as well.
MOVED = {bare(e["old_url"]): bare(e["urls"][0]) for e in TRUTH["event"] if "old_url" in e}


def tells(flag: dict[str, Any], event: dict[str, Any]) -> bool:
    """Whether a flag, by itself or its evidence, is the flag of an event."""
    urls = {MOVED.get(bare(url), bare(url)) for url in event["urls"]}
    places = {bare(flag["url"] or ""), *(bare(e["url"]) for e in flag["evidence"])}
    return (
        flag["kind"] == event["kind"]
        and bool(urls & places)
        and event.get("entity") in (None, flag["entity"])
        and event.get("series") in (None, flag["series"])
        and event.get("new") in (None, flag["new"])
        and event.get("old") in (None, flag["old"])
    )


@pytest.mark.parametrize("event", TRUTH["event"], ids=name_of)
def test_every_event_of_the_demo_is_told_on_its_day(
    event: dict[str, Any], flags: list[dict[str, Any]]
) -> None:
    told = [flag for flag in flags if tells(flag, event)]
    assert told, "not told"
    assert min(flag["raised_at"][:10] for flag in told) <= days(event)
    if "silent" in event:
        assert told[0]["detail"]["silent"] is event["silent"]
    if "first_ever" in event:
        assert told[0]["detail"]["first_ever"] is event["first_ever"]


def test_nothing_is_told_that_did_not_happen(flags: list[dict[str, Any]]) -> None:
    allowed = [
        event | {"kind": kind, "entity": None, "new": None, "old": None, "series": None}
        if kind != event["kind"]
        else event
        for event in TRUTH["event"]
        for kind in (event["kind"], *event.get("also", ()))
    ]
    strange = [flag for flag in flags if not any(tells(flag, event) for event in allowed)]
    assert [(flag["kind"], flag["url"], flag["entity"]) for flag in strange] == []


def test_the_first_day_is_a_baseline_and_raises_no_flag(conn: sqlite3.Connection) -> None:
    first = stories.now(0).strftime("%Y-%m-%dT")
    raised = conn.execute(
        "select count(*), sum(baseline) from flags where raised_at like ?", (f"{first}%",)
    ).fetchone()
    assert raised[0] > 0
    assert raised[0] == raised[1]


def test_every_ledger_adds_up(conn: sqlite3.Connection) -> None:
    runs = conn.execute("select adds_up, state from run_ledger").fetchall()
    assert len(runs) == 6 * (stories.LAST_DAY + 1)
    assert all(run["adds_up"] and run["state"] == "finished" for run in runs)


def test_changes_of_form_alone_are_no_version(conn: sqlite3.Connection) -> None:
    edited = {MOVED.get(bare(u), bare(u)) for e in TRUTH["event"] for u in e["urls"]}
    again = conn.execute(
        """select a.url from versions v join articles a on a.id = v.article_id
        where v.number > 1"""
    )
    assert {bare(row["url"]) for row in again} <= edited


def test_database_and_archive_verify(demo: Shown) -> None:
    command = [sys.executable, "-m", "monitor", "--config", str(demo.config), "verify"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "database and archive are whole\n")


def test_the_digest_shows_what_matters(demo: Shown) -> None:
    for words in ("331", "357", "Qaraçaylı", "Javanshir Damirchizade", "Sarıcalov"):
        assert words in demo.text
    assert demo.page.read_text("utf-8").lower().startswith("<!doctype html>")


def test_a_second_demo_in_the_same_folder_replaces_the_first_and_no_other_folder(
    tmp_path: Path,
) -> None:
    from monitor.demo.show import prepare
    from monitor.demo.web import serve
    from monitor.exceptions import MonitorError

    with serve() as web:
        prepare(tmp_path / "demo", web)
        prepare(tmp_path / "demo", web)
        (tmp_path / "mine").mkdir()
        (tmp_path / "mine" / "thesis.txt").write_text("precious")
        with pytest.raises(MonitorError, match="holds other files"):
            prepare(tmp_path / "mine", web)
    assert (tmp_path / "mine" / "thesis.txt").read_text() == "precious"
