"""How long yesterday's digest takes, and whether it grows with the archive.

    python bench/digest.py

Builds databases of 10,000 and 100,000 articles (with 20,000 flags in the larger, most of them in
the past; the day itself is the same in both: 400 flags, 2,000 new articles) and times `build`,
and `build` with rendering and freezing. Goals: at most 1 s, and a ratio of at most 1.2.
"""

import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from db.store import connect, writing
from monitor.digest.build import build
from monitor.digest.freeze import freeze
from monitor.isoday import moment

NOW = datetime(2026, 11, 21, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)
DAYS_BEFORE = 365
SOURCES, ENTITIES, DAY_FLAGS, DAY_ARTICLES = 40, 1000, 400, 2000
TEXT = "Bakı məhkəməsi jurnalistin həbs müddətini üç ay uzadıb. " * 60  # about 4 KB
ROUNDS = 15


def fill(path: Path, articles: int, flags: int):
    """A year of articles and flags, and one day of them that is the same for every size."""
    conn = connect(path)
    with writing(conn):
        for n in range(SOURCES):
            conn.execute(
                "insert into sources (name, title, kind, home) values (?, ?, 'feed', '')",
                (f"s{n}", f"Source {n}"),
            )
            conn.executemany(
                """insert into runs (source, started_at, finished_at, state, discovered, unchanged)
                values (?, ?, ?, 'done', 40, 40)""",
                [(f"s{n}", t, t) for t in (times(i, DAYS_BEFORE * 4) for i in range(1460))],
            )
        conn.executemany(
            """insert into entities (id, kind, canonical, added_at, changed_at)
            values (?, 'person', ?, '', '')""",
            [(f"e{n}", f"Ad{n} Soyad{n}") for n in range(ENTITIES)],
        )
        fill_articles(conn, articles)
        fill_flags(conn, articles, flags)
    conn.execute("analyze")
    return conn


def fill_articles(conn, articles: int) -> None:
    old = articles - DAY_ARTICLES
    for n in range(articles):
        at = times(n, old) if n < old else today(n - old, DAY_ARTICLES)
        conn.execute(
            """insert into articles (id, source, url, first_seen, last_seen, visited_at, changed_at)
            values (?, ?, ?, ?, ?, ?, ?)""",
            (n + 1, f"s{n % SOURCES}", f"https://s{n % SOURCES}.example/{n}", at, at, at, at),
        )
        conn.execute(
            """insert into versions (id, article_id, number, cause, fetched_at, title, text, lang,
                published, text_hash, extractor)
            values (?, ?, 1, 'first', ?, ?, ?, 'az', ?, ?, 'bench')""",
            (n + 1, n + 1, at, f"Title {n}", TEXT, at, str(n)),
        )


def fill_flags(conn, articles: int, flags: int) -> None:
    old = flags - DAY_FLAGS
    for n in range(flags):
        is_today = n >= old
        at = today(n - old, DAY_FLAGS) if is_today else times(n, old)
        article = articles - (n - old) % DAY_ARTICLES if is_today else 1 + n % (articles - 3000)
        entity = f"e{n % ENTITIES}"
        detail = {
            "surface": "Ad Soyad",
            "tier": "full",
            "leads_to": "flag",
            "first_ever": n % 9 == 0,
        }
        conn.execute(
            """insert into flags (key, kind, source, article_id, version_id, entity_id, quote,
                priority, detail, raised_at)
            values (?, ?, ?, ?, ?, ?, 'Ad Soyad məhkəməyə gətirilib.', 0.7, ?, ?)""",
            (str(n), KINDS[n % len(KINDS)], f"s{n % SOURCES}", article, article, entity,
             json.dumps(detail), at),
        )  # fmt: skip


KINDS = ["new_mention"] * 7 + ["article_edited", "article_removed", "candidate"]


def times(n: int, count: int) -> str:
    return moment(NOW - DAY * 2 - DAY * DAYS_BEFORE * (count - n) / count)


def today(n: int, count: int) -> str:
    return moment(NOW - DAY + DAY * (n + 1) / (count + 1))


def main() -> None:
    """Rounds alternate between the sizes, and the best counts: others share the machine."""
    sizes = {10_000: 2_000, 100_000: 20_000}
    with tempfile.TemporaryDirectory() as folder:
        conns = {
            articles: fill(Path(folder) / f"{articles}.db", articles, flags)
            for articles, flags in sizes.items()
        }
        spent: dict[int, list[float]] = {articles: [] for articles in sizes}
        for _ in range(ROUNDS):
            for articles, conn in conns.items():
                spent[articles].append(timed(lambda conn=conn: build_day(conn)))
        for articles, conn in conns.items():
            whole = timed(lambda conn=conn: freeze(conn, build_day(conn), "en"))
            sys.stdout.write(
                f"{articles:>7} articles, {sizes[articles]:>6} flags: build"
                f" {min(spent[articles]) * 1000:6.0f} ms, with rendering and freezing"
                f" {whole * 1000:6.0f} ms (goal 1000)\n"
            )
            conn.close()
    ratio = min(spent[100_000]) / min(spent[10_000])
    sys.stdout.write(f"ratio of build, 100k to 10k: {ratio:.2f} (goal at most 1.2)\n")


def build_day(conn):
    return build(conn, NOW - DAY, NOW, now=NOW)


def timed(work) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
