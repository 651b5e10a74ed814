"""Articles: one identity for all the addresses under which a source shows it."""

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from db.records import Article
from monitor.isoday import moment, parse_moment
from monitor.items import Page


def find_article(
    conn: sqlite3.Connection, source: str, urls: Sequence[str], number: str | None = None
) -> Article | None:
    """The article known under the first of these addresses that is known, or by its number.

    An address belongs to one article whoever read it; a number counts at its own source only.
    """
    for url in urls:
        row = conn.execute(
            """select a.* from article_urls u join articles a on a.id = u.article_id
            where u.url = ?""",
            (url,),
        ).fetchone()
        if row is not None:
            return article_of(row)
    if number is None:
        return None
    row = conn.execute(
        "select * from articles where source = ? and number = ? order by id limit 1",
        (source, number),
    ).fetchone()
    return None if row is None else article_of(row)


def add_article(
    conn: sqlite3.Connection,
    page: Page,
    urls: Sequence[str],
    number: str | None = None,
    reprint_of: str | None = None,
    baseline: bool = False,
) -> Article:
    """A new article under its canonical URL, which no other source may have as its own."""
    at = moment(page.fetched_at)
    cursor = conn.execute(
        """insert into articles (source, url, address, number, first_seen, last_seen, visited_at,
            changed_at, found_by, reprint_of, baseline)
        values (?1, ?2, ?3, ?4, ?5, ?5, ?5, ?5, ?6, ?7, ?8)""",
        (
            page.source,
            urls[0],
            page.final_url,
            number,
            at,
            page.found_by,
            reprint_of,
            int(baseline),
        ),
    )
    assert cursor.lastrowid is not None
    add_urls(conn, cursor.lastrowid, urls, page.fetched_at)
    return get_article(conn, cursor.lastrowid)


def same_text(conn: sqlite3.Connection, source: str, text_hash: str) -> Article | None:
    """The article of a source whose newest version has this title and text."""
    row = conn.execute(
        """select a.* from versions v join articles a on a.id = v.article_id
        where v.text_hash = ? and a.source = ? and v.number = (
            select max(w.number) from versions w where w.article_id = a.id)
        order by a.id limit 1""",
        (text_hash, source),
    ).fetchone()
    return None if row is None else article_of(row)


def get_article(conn: sqlite3.Connection, article: int) -> Article:
    """An article by its id."""
    row = conn.execute("select * from articles where id = ?", (article,)).fetchone()
    return article_of(row)


def add_urls(conn: sqlite3.Connection, article: int, urls: Sequence[str], at: datetime) -> None:
    """Keep every address under which the article answered."""
    conn.executemany(
        "insert or ignore into article_urls (url, article_id, first_seen) values (?, ?, ?)",
        [(url, article, moment(at)) for url in urls],
    )


def set_address(conn: sqlite3.Connection, article: int, url: str, address: str) -> None:
    """Cite an article by a new canonical URL, if no other article goes by it."""
    taken = conn.execute(
        "select 1 from articles where url = ? and id <> ?", (url, article)
    ).fetchone()
    if taken is None:
        conn.execute(
            "update articles set url = ?, address = ? where id = ?", (url, address, article)
        )


def article_of(row: sqlite3.Row) -> Article:
    """A row of `articles` as a record."""
    missing = row["missing_since"]
    return Article(
        id=row["id"],
        source=row["source"],
        url=row["url"],
        state=row["state"],
        baseline=bool(row["baseline"]),
        first_seen=parse_moment(row["first_seen"]),
        changed_at=parse_moment(row["changed_at"]),
        missing_since=None if missing is None else parse_moment(missing),
    )


def was_read(conn: sqlite3.Connection, run: int, article: int) -> bool:
    """Whether the run has read the article already, under any of its addresses."""
    row = conn.execute(
        """select 1 from article_urls u join run_urls r on r.url = u.url and r.run_id = ?
        where u.article_id = ? and r.outcome in ('stored', 'unchanged') limit 1""",
        (run, article),
    ).fetchone()
    return row is not None
