"""Whole processes: the lock, Scrapy's own command, and a long life."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.config import SourceConfig
from monitor.exceptions import LockHeld, StoreError
from monitor.lock import hold
from tests.collect.conftest import Collector
from tests.collect.web import Web, article, rss

ROOT = Path(__file__).parents[2]
A = "http://a.test"


def test_a_second_process_is_kept_away_until_the_first_has_ended(tmp_path: Path) -> None:
    with hold(tmp_path):
        with pytest.raises(LockHeld, match=str(os.getpid())), hold(tmp_path):
            pass
        with hold(tmp_path / "other"):
            pass
    with hold(tmp_path):
        pass


def test_a_data_directory_that_cannot_be_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="choose a folder"), hold(tmp_path / "file"):
        pass


def test_scrapy_lists_the_kinds_of_sources_and_crawls_a_source_by_name(
    web: Web, tmp_path: Path
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("Siyasi məhbusların sayı artıb, hüquq müdafiəçiləri deyir. " * 9))
    (tmp_path / "monitor.toml").write_text('data_dir = "data"\n[crawl]\ndelay = 0.0\n')
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "a"\ntitle = "A"\nhome = "{A}/"\nkind = "feed"\nurl = "{A}/feed"\n'
    )
    environment = os.environ | {"MONITOR_CONFIG": str(tmp_path / "monitor.toml")}

    def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scrapy", *words]
        return subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )

    assert scrapy("list").stdout.split() == [
        "document", "feed", "listing", "sitemap", "telegram", "watched", "wordpress",
    ]  # fmt: skip
    done = scrapy("crawl", "feed", "-a", "source=a")
    assert done.returncode == 0, done.stderr
    assert web.asked("a.test") == ["/robots.txt", "/feed", "/1"]


def test_many_crawls_in_one_process_leave_nothing_open(
    web: Web, collector: Collector, source: Callable[..., SourceConfig]
) -> None:
    web.text(f"{A}/feed", rss(), "text/xml")

    def files() -> int:
        return len(os.listdir("/proc/self/fd"))

    collector.crawl(source())
    before = files()
    for _ in range(5):
        collector.crawl(*(source(f"s{n}", home=f"{A}/", path="/feed") for n in range(4)))
    assert files() <= before + 5
    assert not collector.process.crawlers


def test_one_page_can_be_tried_without_keeping_anything(web: Web, tmp_path: Path) -> None:
    text = "The union lists 357 political prisoners, it said on Monday in Baku. " * 5
    web.text(f"{A}/1", article(text))
    (tmp_path / "monitor.toml").write_text("[crawl]\ndelay = 0.0\n")

    def detect(url: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "monitor", "detect", url]
        return subprocess.run(
            command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    found = detect(f"{A}/1")
    assert "357" in found.stdout, found.stderr
    assert web.asked("a.test") == ["/robots.txt", "/1"]
    assert "404" in detect(f"{A}/2").stderr
