"""The ledger of alerts: which flag went out on which channel, once each."""

import json
import sqlite3
from collections.abc import Collection
from datetime import datetime

from db.store import writing
from monitor.isoday import moment


def settled(
    conn: sqlite3.Connection, channel: str, flags: Collection[int], now: datetime
) -> set[int]:
    """Those of the flags that went out on the channel, were given up, or whose retry is not due."""
    rows = conn.execute(
        """select flag_id from alerts
        where channel = ? and flag_id in (select value from json_each(?))
            and (state in ('sent', 'failed') or (state = 'due' and next_try_at > ?))""",
        (channel, json.dumps(sorted(flags)), moment(now)),
    )
    return {int(row[0]) for row in rows}


def sent_since(conn: sqlite3.Connection, channel: str, since: datetime) -> int:
    """How many alerts the channel took lately."""
    row = conn.execute(
        "select count(*) from alerts where channel = ? and sent_at > ?", (channel, moment(since))
    ).fetchone()
    return int(row[0])


def claim(conn: sqlite3.Connection, channel: str, flag: int) -> int:
    """Note that an alert is going out now; how many tries this makes."""
    with writing(conn):
        row = conn.execute(
            """insert into alerts (flag_id, channel, state, attempts) values (?, ?, 'claimed', 1)
            on conflict do update set state = 'claimed', attempts = attempts + 1
            returning attempts""",
            (flag, channel),
        ).fetchone()
    return int(row[0])


def mark_sent(conn: sqlite3.Connection, channel: str, flag: int, now: datetime) -> None:
    """The channel took it."""
    with writing(conn):
        conn.execute(
            """update alerts set state = 'sent', sent_at = ?, next_try_at = null, error = null
            where flag_id = ? and channel = ?""",
            (moment(now), flag, channel),
        )


def mark_unsent(
    conn: sqlite3.Connection, channel: str, flag: int, error: str, next_try: datetime | None
) -> None:
    """It did not leave: tried again at `next_try`, or given up without one."""
    with writing(conn):
        conn.execute(
            """update alerts set state = ?, error = ?, next_try_at = ?
            where flag_id = ? and channel = ?""",
            (
                "failed" if next_try is None else "due",
                error,
                None if next_try is None else moment(next_try),
                flag,
                channel,
            ),
        )
