"""Lines learned to be no part of a source's articles."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime

from monitor.isoday import moment


def learned(conn: sqlite3.Connection, source: str) -> frozenset[str]:
    """The hashes of a source's boilerplate lines."""
    rows = conn.execute("select line from boilerplate where source = ?", (source,))
    return frozenset(row[0] for row in rows)


def remember(conn: sqlite3.Connection, source: str, lines: Iterable[str], at: datetime) -> None:
    """Add hashes of boilerplate lines; what was learned stays."""
    conn.executemany(
        "insert or ignore into boilerplate (source, line, learned_at) values (?, ?, ?)",
        [(source, line, moment(at)) for line in sorted(lines)],
    )


def recent_texts(conn: sqlite3.Connection, source: str, count: int) -> list[str]:
    """The newest texts of a source's articles that were read last, one an article."""
    rows = conn.execute(
        """select v.text from articles a join versions v on v.article_id = a.id
        and v.number = (select max(w.number) from versions w where w.article_id = a.id)
        where a.source = ? order by a.id desc limit ?""",
        (source, count),
    )
    return [row[0] for row in rows]


def telling_words(conn: sqlite3.Connection, source: str, count: int) -> frozenset[str]:
    """Names as printed, and sentences with counts, in the same articles."""
    rows = conn.execute(
        """with newest as (select v.id from articles a join versions v on v.article_id = a.id
            where a.source = ? order by a.id desc limit ?)
        select surface from mentions where version_id in newest
        union select quote from observations where version_id in newest and quote <> ''""",
        (source, count),
    )
    return frozenset(row[0] for row in rows)
