"""Ten reviewers decide while a crawl writes, and pages of 100,000 articles: `python -m bench.desk`.

A process of its own stores articles all the while, one transaction each, as a crawl does. Ten
clients send 100 decisions each to the served desk and ask for pages between them. Printed beside
each figure is its limit; the exit code is 1 if one is missed or a decision was lost or doubled.
"""

import argparse
import json
import multiprocessing
import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import uvicorn

from db.apply import raise_flag
from db.records import Flag
from db.store import connect, writing
from monitor.desk.app import desk
from monitor.desk.house import House
from monitor.isoday import moment
from monitor.workspace import Workspace

REVIEWERS, DECISIONS = 10, 100
DECISION_LIMIT, PAGE_LIMIT = 150, 100  # ms, 95 of 100
SOURCES, ENTITIES = 34, 400
OPEN_FLAGS = 5_000  # far more than a desk that is looked after ever holds
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
WORDS = "məhkəmə jurnalist həbs müddət vəkil polis bildirib qərar ölkə siyasi məhbus ailə".split()


def fill(path: Path, articles: int) -> None:
    """A database of that many articles with texts, mentions, a series and flags."""
    conn = connect(path)
    rng = random.Random(1)
    text = " ".join(rng.choice(WORDS) for _ in range(350))
    with writing(conn):
        conn.executemany(
            "insert into sources (name, title, kind, home) values (?, ?, 'feed', ?)",
            [(f"s{i}", f"Source {i}", f"https://s{i}.example/") for i in range(SOURCES)],
        )
        conn.executemany(
            "insert into entities (id, kind, canonical, added_at, changed_at)"
            " values (?, 'person', ?, '2025', '2025')",
            [(f"e{i}", f"Name Family{i}") for i in range(ENTITIES)],
        )
        conn.execute("insert into series (key, place, category, org, kind) values"
                     " ('AZ/political_prisoner/-/UFPP/stock', 'AZ', 'political_prisoner',"
                     " 'UFPP', 'stock')")  # fmt: skip
    for first in range(0, articles, 5_000):
        with writing(conn):
            for number in range(first, min(first + 5_000, articles)):
                at = moment(NOW - timedelta(minutes=articles - number))
                add_article(conn, number, at, text, flagged=number >= articles - OPEN_FLAGS)
    with writing(conn):
        for number in range(60):
            conn.execute(
                """insert into series_points (series_id, value, qualifier, effective, confirmed,
                    article_id, version_id, url, source, learned_at)
                values (1, ?, 'exact', date('2022-01-01', ?), '2026-01-01', 1, 1, '', 's0', ?)""",
                (100 + number, f"+{number} month", moment(NOW)),
            )
    conn.close()


def add_article(conn, number: int, at: str, text: str, *, flagged: bool) -> None:
    """One article with its version, index entry, three mentions and perhaps a flag."""
    source, entity = f"s{number % SOURCES}", f"e{number * 7 % ENTITIES}"
    article = conn.execute(
        "insert into articles (source, url, first_seen, last_seen, visited_at, changed_at)"
        " values (?, ?, ?, ?, ?, ?)",
        (source, f"https://{source}.example/{number}", at, at, at, at),
    ).lastrowid
    version = conn.execute(
        """insert into versions (article_id, number, cause, fetched_at, title, text, text_hash,
            extractor) values (?, 1, 'first', ?, ?, ?, ?, 'bench')""",
        (article, at, f"Article {number}", f"{text} {number}", str(number)),
    ).lastrowid
    conn.execute(
        "insert into versions_fts (rowid, title, text, folded) values (?, ?, ?, '')",
        (version, f"Article {number}", f"{text} {number}"),
    )
    for start in (0, 200, 400):
        conn.execute(
            """insert into mentions (version_id, entity_id, start, "end", surface, alias, tier,
                score, found_at) values (?, ?, ?, ?, 'Name Family', '', 'full', 1, ?)""",
            (version, entity, start, start + 9, at),
        )
    if flagged:
        flag = Flag(kind="new_mention", key=f"b{number}", entity=entity, new="məhkəmə",
                    quote=text[:200], priority=(number % 90) / 100,
                    detail={"name": entity, "tier": "full"})  # fmt: skip
        raise_flag(conn, flag, at, article=article, version=version)


def crawl(path: Path, first: int, stop: multiprocessing.Event, stored) -> None:  # type: ignore[valid-type]
    """Store an article about every 20 ms, each in a transaction of its own."""
    conn = connect(path)
    text = " ".join(WORDS * 30)
    number = first
    while not stop.is_set():
        with writing(conn):
            add_article(conn, number, moment(NOW), text, flagged=number % 5 == 0)
        number += 1
        stored.value = number - first
        time.sleep(0.02)


class Client:
    """One reviewer: a connection that is kept open, and how long each answer took in ms."""

    def __init__(self, port: int) -> None:
        self.http = HTTPConnection("127.0.0.1", port, timeout=60)
        self.times: dict[str, list[float]] = {}

    def ask(self, name: str, path: str, fields: dict[str, object] | None = None) -> bytes:
        began = time.perf_counter()
        if fields is None:
            self.http.request("GET", path, headers={"accept": "text/html"})
        else:
            kind = {"content-type": "application/x-www-form-urlencoded"}
            self.http.request("POST", path, urlencode(fields), kind)
        answer = self.http.getresponse()
        body = answer.read()
        self.times.setdefault(name, []).append((time.perf_counter() - began) * 1000)
        assert answer.status in (200, 303), (path, answer.status, body[:300])
        return body


def review(port: int, flags: list[int]) -> dict[str, list[float]]:
    """Decide on one's share of the flags, thinking a moment before each."""
    client = Client(port)
    rng = random.Random(flags[0])
    for flag in flags:
        time.sleep(rng.uniform(0.05, 0.25))
        decision = rng.choice(("confirmed", "rejected", "second_reading"))
        fields = {"flag": f"{flag}:0", "decision": decision, "reason": "", "next": "/"}
        client.ask("decision", "/decisions", fields)
    return client.times


PAGES = {
    "queue": "/", "queue of one name": "/?entity=e7", "flag": "/flags/{flag}",
    "article": "/articles/{article}", "name": "/entities/e7", "watchlist": "/entities",
    "series": "/series/AZ/political_prisoner/-/UFPP/stock", "sources": "/sources",
    "source": "/sources/s3", "search": "/search?q=prokuror+99999", "audit": "/audit",
    "accuracy": "/accuracy", "rules": "/rules",
}  # fmt: skip


def look(port: int, articles: int, rounds: int) -> dict[str, list[float]]:
    """Ask for every page in turn, of other flags and articles each time."""
    client = Client(port)
    for number in range(rounds):
        values = {"flag": 1 + number * 37 % OPEN_FLAGS, "article": 1 + number * 997 % articles}
        for name, path in PAGES.items():
            client.ask(name, path.format(**values))
            time.sleep(0.02)
    return client.times


def p(times: list[float], part: int) -> float:
    return statistics.quantiles(times, n=100)[part - 1]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--database", type=Path, help="Keep the filled database here for reuse.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = given.database or Path(folder)
        space = Workspace(config=None, data=data)
        if not space.database.exists():
            data.mkdir(parents=True, exist_ok=True)
            fill(space.database, given.articles)
        return measure(House(space), given.articles)


def measure(house: House, articles: int) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(desk(house), port=port, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.05)
    with house.memory.reading() as conn:
        rows = conn.execute(
            "select id from flags where decision = 'open' order by id limit ?",
            (REVIEWERS * DECISIONS,),
        ).fetchall()
        before = conn.execute("select count(*) from reviews").fetchone()[0]
        first = 10**9 + conn.execute("select max(id) from articles").fetchone()[0]
    flags = [row[0] for row in rows]
    stop, stored = multiprocessing.Event(), multiprocessing.Value("q", 0)
    path = house.space.database
    crawler = multiprocessing.Process(target=crawl, args=(path, first, stop, stored))
    crawler.start()
    shares = [flags[i::REVIEWERS] for i in range(REVIEWERS)]
    began = time.perf_counter()
    with ThreadPoolExecutor(REVIEWERS) as pool:
        decisions = [t for times in pool.map(lambda s: review(port, s), shares)
                     for t in times["decision"]]  # fmt: skip
    lasted = time.perf_counter() - began
    pages = look(port, articles, 40)
    stop.set()
    crawler.join()
    with house.memory.reading() as conn:
        kept = conn.execute("select count(*), count(distinct flag_id) from reviews").fetchone()
    server.should_exit = True
    whole = kept[0] - before == kept[1] - before == len(flags) and stored.value > 0
    print(f"{articles} articles; {stored.value} more were stored meanwhile by another process")
    print(f"{len(flags)} decisions of {REVIEWERS} in {lasted:.0f} s; each recorded once: {whole}")
    good = whole
    good &= told("decision", decisions, DECISION_LIMIT)
    for name, times in pages.items():
        good &= told(f"page: {name}", times, PAGE_LIMIT)
    print(json.dumps({"whole": whole, "decision_p95": round(p(decisions, 95), 1)}))
    return 0 if good else 1


def told(name: str, times: list[float], limit: int) -> bool:
    high = p(times, 95)
    print(f"{name:<24} p50 {p(times, 50):6.1f}  p95 {high:6.1f}  max {max(times):6.1f} ms"
          f"  limit {limit}{'' if high <= limit else '  MISSED'}")  # fmt: skip
    return high <= limit


if __name__ == "__main__":
    sys.exit(main())
