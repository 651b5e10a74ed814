"""The resident process: what is due, what was missed, and how it ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from db.store import connect
from monitor.config import Settings, SourceConfig
from monitor.demo.show import prepare
from monitor.demo.web import NewsWeb, serve
from monitor.isoday import parse_moment
from monitor.rounds import due_at, exit_code, interval, quiet_until

ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOURCE = SourceConfig(
    name="a", title="A", home="http://a.test/", kind="feed", url="http://a.test/f"
)
OWN_PACE = SOURCE.model_copy(update={"every": timedelta(hours=6)})


@pytest.mark.parametrize(
    ("source", "last", "due"),
    [
        (SOURCE, None, NOW),
        (SOURCE, NOW - timedelta(hours=1), NOW + timedelta(hours=1)),
        (SOURCE, NOW - timedelta(days=3), NOW - timedelta(days=3) + timedelta(hours=2)),
        (OWN_PACE, NOW - timedelta(hours=1), NOW + timedelta(hours=5)),
    ],
)
def test_a_source_is_due_one_interval_after_its_last_run(
    source: SourceConfig, last: datetime | None, due: datetime
) -> None:
    assert due_at(interval(source, Settings()), last, NOW) == due


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [  # Baku is four hours ahead
        (None, "2026-03-02T09:00Z", None),
        ("08:00-20:00", "2026-03-02T09:00Z", "2026-03-02T16:00Z"),
        ("08:00-20:00", "2026-03-02T03:59Z", None),
        ("08:00-20:00", "2026-03-02T04:00Z", "2026-03-02T16:00Z"),
        ("08:00-20:00", "2026-03-02T16:00Z", None),
        ("22:00-06:00", "2026-03-02T19:00Z", "2026-03-03T02:00Z"),
        ("22:00-06:00", "2026-03-02T21:00Z", "2026-03-03T02:00Z"),
        ("22:00-06:00", "2026-03-02T02:00Z", None),
    ],
)
def test_quiet_hours_end_on_their_own_clock(hours: str | None, now: str, until: str | None) -> None:
    settings = Settings.model_validate({"crawl": {"quiet_hours": hours}})
    ends = quiet_until(SOURCE, settings, parse_moment(now))
    assert ends == (until and parse_moment(until))


def test_a_source_has_quiet_hours_of_its_own() -> None:
    source = SourceConfig.model_validate(SOURCE.model_dump() | {"quiet_hours": "00:00-23:00"})
    assert quiet_until(source, Settings(), NOW) == datetime(2026, 3, 2, 19, tzinfo=UTC)


def test_no_reports_are_no_failure() -> None:
    assert exit_code([]) == 0


@pytest.fixture
def web() -> Iterator[NewsWeb]:
    with serve() as served:
        yield served


def start(folder: Path, web: NewsWeb) -> "subprocess.Popen[str]":
    command = [sys.executable, str(ROOT / "scheduler.py"), "--config", str(folder / "monitor.toml")]
    environment = os.environ | {"http_proxy": web.proxy_url, "no_proxy": ""}
    return subprocess.Popen(
        [*command, "-v"], env=environment, stderr=subprocess.PIPE, text=True, cwd=folder
    )


def stop(process: "subprocess.Popen[str]") -> str:
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 0, said
    return said


def runs(folder: Path) -> list[tuple[str, str, int]]:
    path = folder / "data" / "monitor.db"
    if not path.exists():
        return []
    conn = connect(path)
    rows = conn.execute("select source, state, stored from runs order by id").fetchall()
    conn.close()
    return [tuple(row) for row in rows]


def wait_for_runs(folder: Path, count: int) -> None:
    deadline = time.monotonic() + 90
    while sum(state == "finished" for _, state, _ in runs(folder)) < count:
        assert time.monotonic() < deadline, runs(folder)
        time.sleep(0.3)


def test_it_reads_each_source_once_and_not_again_after_a_restart(
    tmp_path: Path, web: NewsWeb
) -> None:
    prepare(tmp_path / "demo", web)
    first = start(tmp_path / "demo", web)
    wait_for_runs(tmp_path / "demo", 6)
    said = stop(first)
    assert "Traceback" not in said
    assert "pending" not in said
    done = runs(tmp_path / "demo")
    assert sorted(source for source, _, _ in done) == sorted({source for source, _, _ in done})
    second = start(tmp_path / "demo", web)
    time.sleep(4)
    stop(second)
    assert runs(tmp_path / "demo") == done


def test_a_second_instance_is_refused_with_exit_code_75(tmp_path: Path, web: NewsWeb) -> None:
    prepare(tmp_path / "demo", web)
    first = start(tmp_path / "demo", web)
    wait_for_runs(tmp_path / "demo", 1)
    second = start(tmp_path / "demo", web)
    _, said = second.communicate(timeout=60)
    assert second.returncode == 75
    assert "is collecting here" in said
    stop(first)


def test_a_run_that_a_signal_ends_is_closed_and_its_articles_stay_queued(
    tmp_path: Path, web: NewsWeb
) -> None:
    prepare(tmp_path / "demo", web)
    config = tmp_path / "demo" / "sources.toml"
    config.write_text(config.read_text("utf-8").replace("delay = 0.05", "delay = 1"), "utf-8")
    process = start(tmp_path / "demo", web)
    time.sleep(8)
    stop(process)
    conn = connect(tmp_path / "demo" / "data" / "monitor.db")
    assert conn.execute("select count(*) from runs where finished_at is null").fetchone()[0] == 0
    assert conn.execute("select min(adds_up) from run_ledger").fetchone()[0] == 1
    assert conn.execute("select count(*) from pending").fetchone()[0] > 0
