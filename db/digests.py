"""Frozen digests: stored once, numbered, found by window, number or frequency."""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from db.digest_rows import FrozenDigest
from monitor.isoday import moment, parse_moment


def last(conn: sqlite3.Connection, frequency: str = "daily") -> FrozenDigest | None:
    """The newest digest of that frequency."""
    return _frozen(
        conn, "where frequency = ? order by until desc, number desc limit 1", (frequency,)
    )


def find(
    conn: sqlite3.Connection, since: datetime, until: datetime, frequency: str = "daily"
) -> FrozenDigest | None:
    """The digest of exactly this window, if it was frozen."""
    condition = "where since = ? and until = ? and frequency = ?"
    return _frozen(conn, condition, (moment(since), moment(until), frequency))


def by_number(conn: sqlite3.Connection, number: int) -> FrozenDigest | None:
    """The digest with this number."""
    return _frozen(conn, "where number = ?", (number,))


def by_id(conn: sqlite3.Connection, digest: int) -> FrozenDigest | None:
    """The digest with this id."""
    return _frozen(conn, "where id = ?", (digest,))


def next_number(conn: sqlite3.Connection) -> int:
    """The number the next digest gets; meaningful only inside a write transaction."""
    row = conn.execute("select coalesce(max(number), 0) + 1 from digests").fetchone()
    return int(row[0])


def insert(conn: sqlite3.Connection, digest: FrozenDigest, flags: Iterable[int]) -> int:
    """Store a digest and the flags it tells; the caller holds the write transaction."""
    cursor = conn.execute(
        """insert into digests (number, since, until, frequency, language, built_at, last_flag,
            content, subject, text, html) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            digest.number,
            moment(digest.since),
            moment(digest.until),
            digest.frequency,
            digest.language,
            moment(digest.built_at),
            digest.last_flag,
            digest.content,
            digest.subject,
            digest.text,
            digest.html,
        ),
    )
    digest_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "insert or ignore into digest_flags (digest_id, flag_id) values (?, ?)",
        [(digest_id, flag) for flag in sorted(set(flags))],
    )
    return digest_id


def _frozen(
    conn: sqlite3.Connection, condition: str, values: tuple[Any, ...]
) -> FrozenDigest | None:
    row = conn.execute(
        f"""select id, number, since, until, frequency, language, built_at, last_flag, content,
            subject, text, html from digests {condition}""",  # noqa: S608 (conditions above)
        values,
    ).fetchone()
    if row is None:
        return None
    fields = dict(row)
    for name in ("since", "until", "built_at"):
        fields[name] = parse_moment(fields[name])
    return FrozenDigest(**fields)
