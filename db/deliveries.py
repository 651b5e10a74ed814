"""All SQL of sending: which digest goes to whom, how far it got, and which alerts went out.

A delivery is due, claimed (handed to the mail server right now), sent, or given up. A claim is
stored before the mail leaves, so that a crash is seen afterwards.
"""

import sqlite3
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from db.digest_rows import Delivery
from db.store import writing
from monitor.isoday import moment, parse_moment

OPEN = "state in ('due', 'claimed')"


def queue(conn: sqlite3.Connection, deliveries: Iterable[Delivery]) -> None:
    """Note what has to be sent; what was noted before stays as it is."""
    with writing(conn):
        conn.executemany(
            """insert or ignore into deliveries (digest_id, recipient, part, message_id,
                next_try_at) values (?, ?, ?, ?, ?)""",
            [
                (one.digest, one.recipient, one.part, one.message_id, moment(one.next_try_at))
                for one in deliveries
            ],
        )


def owed(conn: sqlite3.Connection, recipient: str, part: str, frequency: str) -> list[int]:
    """Ids of digests not yet noted for a recipient, oldest first.

    A digest that was frozen but not sent (it was only printed, or the machine stopped in between)
    is owed too: what it tells is told nowhere else; if it told nothing, it is not. Who is new gets
    the newest only.
    """
    last = conn.execute(
        """select max(x.digest_id) from deliveries x join digests d on d.id = x.digest_id
        where x.recipient = ? and x.part = ? and d.frequency = ?""",
        (recipient, part, frequency),
    ).fetchone()[0]
    if last is None:
        rows = conn.execute(
            "select max(id) from digests where frequency = ? having max(id) is not null",
            (frequency,),
        )
    else:
        rows = conn.execute(
            """select d.id from digests d where d.frequency = ?1 and d.id > ?2
                and (d.id = (select max(id) from digests where frequency = ?1)
                    or exists (select 1 from digest_flags g where g.digest_id = d.id))
            order by d.id""",
            (frequency, last),
        )
    return [int(row[0]) for row in rows]


def claim(conn: sqlite3.Connection, now: datetime) -> Delivery | None:
    """Take the next delivery whose time has come; a claim left by a crash is taken again.

    The caller holds the lock on sending, so that no other process can be at work on a claim.
    """
    with writing(conn):
        row = conn.execute(
            f"""update deliveries set state = 'claimed', attempts = attempts + 1, claimed_at = ?1
            where id = (select id from deliveries where {OPEN} and next_try_at <= ?1
                order by digest_id, id limit 1)
            returning id, digest_id as digest, recipient, part, state, attempts, message_id,
                next_try_at, error""",  # noqa: S608 (constant)
            (moment(now),),
        ).fetchone()
    if row is None:
        return None
    return Delivery(**{**dict(row), "next_try_at": parse_moment(row["next_try_at"])})


def mark_sent(conn: sqlite3.Connection, delivery: int, now: datetime) -> None:
    """The server has taken the mail."""
    with writing(conn):
        conn.execute(
            "update deliveries set state = 'sent', sent_at = ?, error = null where id = ?",
            (moment(now), delivery),
        )


def mark_due(conn: sqlite3.Connection, delivery: int, error: str, next_try: datetime) -> None:
    """The mail did not leave; it is tried again later."""
    with writing(conn):
        conn.execute(
            "update deliveries set state = 'due', error = ?, next_try_at = ? where id = ?",
            (error, moment(next_try), delivery),
        )


def mark_failed(conn: sqlite3.Connection, delivery: int, error: str) -> None:
    """Given up: the server refuses this recipient, or it was tried often enough."""
    with writing(conn):
        conn.execute(
            "update deliveries set state = 'failed', error = ? where id = ?", (error, delivery)
        )


def of_digest(conn: sqlite3.Connection, digest: int) -> list[Delivery]:
    """How far a digest got with each recipient."""
    rows = conn.execute(
        """select id, digest_id as digest, recipient, part, state, attempts, message_id,
            next_try_at, error from deliveries where digest_id = ? order by id""",
        (digest,),
    )
    return [
        Delivery(**{**dict(row), "next_try_at": parse_moment(row["next_try_at"])}) for row in rows
    ]


def folder(conn: sqlite3.Connection) -> Path:
    """Where the database lies: what is sent from it is locked there."""
    return Path(conn.execute("pragma database_list").fetchone()["file"]).parent
