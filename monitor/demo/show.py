"""`monitor demo`: the real spiders crawl the demo's web day by day, and the digest tells what came.

Every day is a `monitor crawl` of its own in a process of its own, as cron would start it, with
`--now` set to that day.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.demo import stories
from monitor.demo.web import NewsWeb, serve
from monitor.exceptions import MonitorError
from monitor.isoday import moment
from monitor.telling import frozen_digest, write_files
from monitor.workspace import Workspace

SETTINGS = """\
# The demo's installation: made by `monitor demo`, safe to delete.
data_dir = "data"
timezone = "Asia/Baku"

[crawl]
delay = 0.05
"""

Say = Callable[[str], None]


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What the demo leaves behind: the digest's text and where everything lies."""

    text: str
    page: Path
    database: Path
    archive: Path
    config: Path


def show(folder: Path, say: Say) -> Shown:
    """Crawl every day of the demo's web into a new installation in `folder`, and tell.

    An earlier demo in the folder is replaced; any other folder that holds something is refused.
    Raises MonitorError if a crawl fails.
    """
    with serve() as web:
        config = prepare(folder, web)
        for day in range(stories.LAST_DAY + 1):
            web.set_day(day)
            say(_crawl(config, web, day))
    space = Workspace.find(config)
    conn = space.open()
    first, last = _after(web.now(0)), _after(web.now(stories.LAST_DAY))
    frozen = frozen_digest(space, conn, last, since=first, until=last)
    conn.close()
    return Shown(
        text=frozen.text,
        page=write_files(space, frozen),
        database=space.database,
        archive=space.archive,
        config=config,
    )


def prepare(folder: Path, web: NewsWeb) -> Path:
    """A new installation for the demo's web; its monitor.toml."""
    config = folder / "monitor.toml"
    if folder.exists() and any(folder.iterdir()):
        if not _is_demo(config):
            raise MonitorError(f"{folder}: holds other files; choose another folder")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(SETTINGS, encoding="utf-8")
    (folder / "sources.toml").write_text(web.sources_toml(), encoding="utf-8")
    shutil.copyfile(web.watchlist_csv, folder / "watchlist.csv")
    return config


def _is_demo(config: Path) -> bool:
    return config.is_file() and config.read_text(encoding="utf-8") == SETTINGS


def _crawl(config: Path, web: NewsWeb, day: int) -> str:
    """One day's `monitor crawl`; what it said in its last line, and how long it took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "monitor", "--config", str(config)]
    command += ["--now", moment(web.now(day)), "crawl", "--json"]
    # Only the demo's web is reachable: every request goes to it, whatever the host.
    environment = os.environ | {"http_proxy": web.proxy_url, "no_proxy": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)  # noqa: S603
    if done.returncode:
        raise MonitorError(f"day {day}: the crawl failed: {done.stderr.strip() or done.stdout}")
    return f"day {day} ({web.now(day):%d %B %Y}): {_sums(done.stdout)}, {_took(started)}"


def _sums(lines: str) -> str:
    rows = [json.loads(line) for line in lines.splitlines()]
    words = ("discovered", "stored", "unchanged", "duplicate", "blocked", "filtered", "failed")
    sums = {word: sum(row[word] for row in rows) for word in words}
    told = ", ".join(f"{number} {word}" for word, number in sums.items() if number)
    return f"{len(rows)} sources read: {told}"


def _took(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


def _after(crawled: datetime) -> datetime:
    """An hour later, when the crawl of the day is over."""
    return crawled.replace(hour=crawled.hour + 1)
