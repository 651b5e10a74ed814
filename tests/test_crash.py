"""A crawl that is killed at any moment loses nothing and doubles nothing."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from db.store import connect
from monitor.demo.show import prepare
from monitor.demo.web import NewsWeb, serve
from monitor.isoday import moment

KILLS = 10
STATE = {
    "articles": "select source, url, state from articles order by url",
    "versions": """select a.url, v.number, v.cause, v.text_hash from versions v
        join articles a on a.id = v.article_id order by a.url, v.number""",
    "mentions": """select a.url, v.number, m.entity_id, m.start from mentions m
        join versions v on v.id = m.version_id join articles a on a.id = v.article_id
        order by a.url, v.number, m.entity_id, m.start""",
    # Which of several outlets is read first is chance: a fact is its flag with all that say it.
    "flags": """select f.kind, f.entity_id, f.series,
            iif(f.series is null, null, f.old), iif(f.series is null, null, f.new), f.baseline,
            (select group_concat(url, ' ') from (select a.url from articles a
                where a.id = f.article_id or a.id in (select e.article_id from flag_evidence e
                    where e.flag_id = f.id) order by a.url)) as said_at
        from flags f order by 1, 2, 3, 4, 5, 7""",
    "points": """select s.key, p.value, p.effective, p.prior from series_points p
        join series s on s.id = p.series_id order by s.key, p.effective, p.value""",
}


def start(folder: Path, web: NewsWeb, day: int) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "monitor", "--config", str(folder / "monitor.toml")]
    command += ["--now", moment(web.now(day)), "crawl"]
    return subprocess.Popen(
        command,
        env=os.environ | {"http_proxy": web.proxy_url, "no_proxy": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def crawl(folder: Path, web: NewsWeb, day: int) -> None:
    process = start(folder, web, day)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said


def crawl_and_kill(folder: Path, web: NewsWeb, day: int, after: float) -> None:
    process = start(folder, web, day)
    time.sleep(after)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=30)


def state(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    conn = connect(folder / "data" / "monitor.db")
    return {name: [tuple(row) for row in conn.execute(sql)] for name, sql in STATE.items()}


def test_a_crawl_killed_ten_times_ends_as_an_undisturbed_one(tmp_path: Path) -> None:
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    moments = random.Random(7)
    with serve() as web:
        prepare(whole, web)
        crawl(whole, web, 0)
        shutil.copytree(whole, killed)
        web.set_day(2)
        crawl(whole, web, 2)
        for _ in range(KILLS):
            crawl_and_kill(killed, web, 2, moments.uniform(0.3, 4.0))
        crawl(killed, web, 2)
    assert state(killed) == state(whole)


def test_no_run_that_was_killed_stays_open(tmp_path: Path) -> None:
    with serve() as web:
        prepare(tmp_path / "demo", web)
        crawl_and_kill(tmp_path / "demo", web, 0, 3.0)
        crawl(tmp_path / "demo", web, 0)
    conn = connect(tmp_path / "demo" / "data" / "monitor.db")
    assert conn.execute("select count(*) from runs where finished_at is null").fetchone()[0] == 0
    assert conn.execute("select min(adds_up) from run_ledger").fetchone()[0] == 1
