"""`monitor status`: the page for people, the object for programs."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from db import digest_inputs
from db import health as memory
from db.crawling import finish_run, keep_source, start_run
from db.health_rows import Health
from db.records import Source
from db.store import writing
from monitor import clock, health
from monitor.cli.look import status_command
from monitor.digest.sections.coverage import coverage
from monitor.health.causes import trouble
from monitor.isoday import moment
from monitor.lock import hold, holder
from monitor.status import in_words, status
from monitor.workspace import Workspace
from scheduler import _waits

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SOURCES = """
[[source]]
name = "good"
title = "Good"
home = "https://good.example.az/"
kind = "feed"
url = "https://good.example.az/feed"
[[source]]
name = "down"
title = "Down"
home = "https://down.example.az/"
kind = "feed"
url = "https://down.example.az/feed"
[[source]]
name = "unread"
title = "Unread"
home = "https://unread.example.az/"
kind = "feed"
url = "https://unread.example.az/feed"
[[source]]
name = "closed"
title = "Closed"
home = "https://closed.example.az/"
kind = "feed"
url = "https://closed.example.az/feed"
enabled = false
reason = "gone since \x1b[31m2025"
""".replace("\x1b", "\\u001b")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    """Two sources that were read, one that never was, one that is paused."""
    (tmp_path / "monitor.toml").write_text('data_dir = "data"\n')
    (tmp_path / "sources.toml").write_text(SOURCES)
    space = Workspace(config=tmp_path / "monitor.toml")
    conn = space.open()
    with writing(conn):
        for name in ("good", "down"):
            source = Source(name=name, title=name, kind="feed", home=f"https://{name}.example.az/")
            keep_source(conn, source)
            finish_run(conn, start_run(conn, name, NOW, False), NOW)
        problems = health.advance((), [trouble("address", "failing", "feed (410)", 1.0)], NOW)
        memory.keep(conn, "down", Health(state=health.state_of(problems)), problems, NOW)
        memory.keep(conn, "good", Health(usual_gap_days=0.6), (), NOW)
    conn.close()
    return space


def test_troubled_sources_come_first_with_cause_and_mend(space: Workspace) -> None:
    page = in_words(status(space), ZoneInfo("Asia/Baku")).splitlines()
    assert page[0] == "4 sources: 1 failing, 1 new, 1 ok, 1 paused"
    assert page[3].split()[:4] == ["down", "failing", "2026-03-01", "16:00"]
    assert page[4] == "    its address shows nothing any more: feed (410)"
    assert page[5].startswith("    since 2026-03-01 16:00, seen 1 ×; mend: check the address")
    assert page[7].endswith("0.6 d")


@pytest.mark.parametrize(
    ("score", "minutes", "waits"),
    [(0, 120, False), (0, 1, False), (1, 120, True), (1, 239, False), (6, 60 * 20, True),
     (6, 60 * 24, False)],
)  # fmt: skip
def test_the_scheduler_leaves_out_a_failing_source_for_a_day_at_most(
    space: Workspace, monkeypatch: pytest.MonkeyPatch, score: float, minutes: int, waits: bool
) -> None:
    conn = space.open()
    with writing(conn):
        memory.keep(conn, "down", Health(score=score), (), NOW)
    monkeypatch.setenv(clock.VARIABLE, moment(NOW + timedelta(minutes=minutes)))
    assert _waits(space, space.source("down"), conn) == waits
    conn.close()


def test_digest_and_status_call_the_same_source_degraded(space: Workspace) -> None:
    conn = space.open()
    with writing(conn):
        found = [trouble("window missed", "degraded", "feed")]
        memory.keep(conn, "good", Health(state="degraded"), health.advance((), found, NOW), NOW)
    inputs = digest_inputs.inputs(conn, NOW - timedelta(days=1), NOW)
    conn.close()
    told = {one.name: one.state for one in coverage(inputs).troubled}
    by_name = {one["name"]: one["health"] for one in status(space)["sources"]}
    assert told["good"] == by_name["good"] == "degraded"


def test_what_a_person_wrote_cannot_colour_the_terminal(space: Workspace) -> None:
    assert "\x1b" not in in_words(status(space), ZoneInfo("UTC"))


def test_programs_get_one_object(space: Workspace) -> None:
    done = CliRunner().invoke(status_command, ["--json"], obj=space)
    told = json.loads(done.output)
    assert {one["name"]: one["health"] for one in told["sources"]} == {
        "closed": "paused", "down": "failing", "good": "ok", "unread": "new",
    }  # fmt: skip
    assert told["collecting_process"] is None


def test_the_lock_names_its_process_only_while_it_is_held(tmp_path: Path) -> None:
    assert holder(tmp_path) is None
    with hold(tmp_path):
        assert holder(tmp_path) == os.getpid()
    assert holder(tmp_path) is None
