"""Pages a second end to end, beside what the parts could do at best, in one run.

`python -m bench.crawl [PAGES]` (2,000 by default, over 20 hosts). The ceiling is twice the
single-core rate of trafilatura with our settings on the same pages.
"""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.newsweb import article
from bench.people import invented
from bench.processes import Cost, cost_of
from monitor.extract import SourceRules, extract
from monitor.items import Page

HOSTS = 20
PORT = 18750
SAMPLE = 60
BARE = """
import sys, scrapy
from scrapy.crawler import CrawlerProcess
READ = sys.argv[3] == "read"
if READ:
    import trafilatura
class Bare(scrapy.Spider):
    name = "bare"
    async def start(self):
        tag = {} if len(sys.argv) < 5 else {"If-None-Match": sys.argv[4]}
        for host in range(int(sys.argv[1])):
            for number in range(int(sys.argv[2])):
                yield scrapy.Request(f"http://bench{host}.test/a/{number}", headers=tag)
    def parse(self, response):
        if READ:
            trafilatura.bare_extraction(response.body, with_metadata=True)
process = CrawlerProcess({
    "LOG_ENABLED": False, "TELNETCONSOLE_ENABLED": False, "REMOTE_CONTROL_ENABLED": False,
    "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS_PER_DOMAIN": 1, "CONCURRENT_REQUESTS": 16,
    "HTTPERROR_ALLOW_ALL": True,
})
process.crawl(Bare)
process.start()
"""


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    pages: int
    cost: Cost
    requests: int
    stored_bytes: int = 0
    archived_bytes: int = 0


def ceiling() -> float:
    """Pages a second that two cores could read and do nothing else."""
    rules = SourceRules(home="http://bench0.test/")
    at = datetime(2026, 3, 2, tzinfo=UTC)
    sample = [
        Page(source="b", url=u, final_url=u, fetched_at=at, status=200, discovered_as=u,
             body=article(n % HOSTS, n // HOSTS, 0), mime="text/html")
        for n in range(SAMPLE)
        for u in [f"http://bench{n % HOSTS}.test/a/{n // HOSTS}"]
    ]  # fmt: skip
    extract(sample[0], rules)
    started = time.process_time()
    for page in sample:
        extract(page, rules)
    return 2 * len(sample) / (time.process_time() - started)


@contextmanager
def served(pages: int) -> Iterator[None]:
    """The benchmark's web in a process of its own."""
    command = [sys.executable, "-m", "bench.newsweb", str(PORT), str(HOSTS), str(pages // HOSTS)]
    process = subprocess.Popen(command)
    try:
        for _ in range(100):
            try:
                control("requests")
                break
            except OSError:
                time.sleep(0.1)
        yield
    finally:
        process.kill()
        process.wait()


def control(command: str) -> int:
    """Tell the web something; how many requests it has answered since it was last told."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{PORT}/{command}", timeout=60) as answer:
        return int(answer.read())


def install(folder: Path, pages: int, names: int) -> None:
    """An installation that reads the benchmark's web, tracking `names` persons."""
    (folder / "monitor.toml").write_text(
        f"[crawl]\ndelay = 0\nnew_per_run = {pages}\nrevisits_per_run = {pages}\n"
    )
    (folder / "sources.toml").write_text(
        "".join(
            f'[[source]]\nname = "bench{n}"\ntitle = "Bench {n}"\nkind = "sitemap"\nplace = "AZ"\n'
            f'home = "http://bench{n}.test/"\nurl = "http://bench{n}.test/sitemap.xml"\n'
            for n in range(HOSTS)
        )
    )
    rows = [f"p{n},person,{name},,,\n" for n, name in enumerate(invented(names))]
    head = "id,kind,canonical,aliases,family_unambiguous,exclude_contexts\n"
    known = "u,person,Ülvi Həsənli,,,\ns,person,Sevinc Vaqifqızı,,,\nt,person,Tofiq Yaqublu,,,\n"
    (folder / "watchlist.csv").write_text(head + known + "".join(rows))


def environment() -> dict[str, str]:
    return os.environ | {"http_proxy": f"http://127.0.0.1:{PORT}", "no_proxy": ""}


def crawl(name: str, folder: Path, pages: int) -> Row:
    before = sizes(folder)
    control("requests")
    command = [sys.executable, "-m", "monitor", "-q", "crawl"]
    spent = cost_of(command, environment(), folder)
    after = sizes(folder)
    return Row(
        name=name,
        pages=pages,
        cost=spent,
        requests=control("requests"),
        stored_bytes=after[0] - before[0],
        archived_bytes=after[1] - before[1],
    )


def bare(name: str, folder: Path, pages: int, *words: str) -> Row:
    control("requests")
    command = [sys.executable, "-c", BARE, str(HOSTS), str(pages // HOSTS), *words]
    spent = cost_of(command, environment(), folder)
    return Row(name=name, pages=pages, cost=spent, requests=control("requests"))


def sizes(folder: Path) -> tuple[int, int]:
    data = folder / "data"
    stored = sum(f.stat().st_size for f in data.glob("monitor.db*"))
    return stored, sum(f.stat().st_size for f in data.glob("archive/*"))


def main(pages: int = 2000) -> None:
    """Print the table."""
    at_best = ceiling()
    with tempfile.TemporaryDirectory() as name, served(pages):
        folder = Path(name)
        install(folder, pages, 1000)
        rows = [crawl("first crawl", folder, pages)]
        rows.append(crawl("again, 304", folder, pages))
        control("age?share=0.02")
        rows.append(crawl("again, 2 % changed", folder, pages))
        control("validators?on=0")
        rows.append(crawl("again, same bytes", folder, pages))
        control("validators?on=1")
        rows.append(bare("bare Scrapy + trafilatura", folder, pages, "read"))
        rows.append(bare("bare Scrapy, pages", folder, pages, "fetch"))
    print(f"ceiling: {at_best:.1f} pages/s (2 x one core of extraction, {SAMPLE} pages)")
    print(f"{'':28}{'pages/s':>9}{'of ceiling':>11}{'requests':>9}{'CPU s':>8}{'CPU ms/p':>9}"
          f"{'peak MB':>8}{'db B/p':>8}{'warc B/p':>9}")  # fmt: skip
    for row in rows:
        speed = row.pages / row.cost.seconds
        print(
            f"{row.name:28}{speed:9.1f}{speed / at_best:11.2f}{row.requests:9}{row.cost.cpu:8.1f}"
            f"{1000 * row.cost.cpu / row.pages:9.1f}{row.cost.peak_mb:8.0f}"
            f"{row.stored_bytes // row.pages:8}{row.archived_bytes // row.pages:9}"
        )


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
