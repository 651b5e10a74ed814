"""Copies at the Internet Archive beside whole crawls, as cron runs them."""

import os
import subprocess
import sys
from pathlib import Path

from db.store import connect
from tests.collect.web import Reply, Web, article, rss

A = "http://a.test"
TEXT = "The court in Baku has heard the witnesses of the defence on Monday. " * 8


def publish(web: Web, *numbers: int) -> None:
    web.text(f"{A}/feed", rss(*(f"{A}/{n}" for n in numbers)), "text/xml")
    for n in numbers:
        web.text(f"{A}/{n}", article(f"{TEXT} This is article number {n}."))


def test_a_crawl_asks_for_what_is_new_after_its_baseline_and_fails_by_no_refusal(
    web: Web, tmp_path: Path
) -> None:
    (tmp_path / "monitor.toml").write_text(
        'data_dir = "data"\n[crawl]\ndelay = 0.0\nwayback = true\n'
        'allow_addresses = ["127.0.0.1"]\n'  # where the proxy is, not what is read through it
        'wayback_url = "http://archive.test/save/"\n'
    )
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "a"\ntitle = "A"\nhome = "{A}/"\nkind = "feed"\nurl = "{A}/feed"\n'
    )
    command = [sys.executable, "-m", "monitor", "--config", str(tmp_path / "monitor.toml")]

    def crawl() -> None:
        done = subprocess.run([*command, "crawl"], env=os.environ | {"no_proxy": ""}, check=False)
        assert done.returncode == 0

    publish(web, 1)
    crawl()
    assert web.asked("archive.test") == []
    publish(web, 2, 1)
    web.page(f"http://archive.test/save/{A}/2", Reply(status=429))
    crawl()
    assert web.asked("archive.test") == [f"/save/{A}/2"]
    crawl()
    assert web.asked("archive.test") == [f"/save/{A}/2"]  # it rests
    conn = connect(tmp_path / "data" / "monitor.db")
    assert conn.execute("select state, error from wayback_saves").fetchall()[0][0] == "due"
    urls = {row[0] for row in conn.execute("select url from fetches")}
    assert not any("archive.test" in url for url in urls)
    assert conn.execute("select count(*) from problems").fetchone()[0] == 0
    assert conn.execute("select min(adds_up) from run_ledger").fetchone()[0] == 1
    conn.close()
