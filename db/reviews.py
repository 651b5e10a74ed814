"""What people decide about flags: append only, and never over somebody else's head.

The state of a flag is the decision of its last review (`open` without one). Who decides says which
review they saw last: if another came in between, nothing is written and `Overtaken` tells of it.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.exceptions import Overtaken

DECISIONS = (
    "confirmed", "rejected", "not_this_person", "duplicate", "corrected", "second_reading", "open",
)  # fmt: skip
REASONS = ("misread", "not_news", "off_topic", "unreliable", "test", "other")
# Kinds that rest on a sentence of the text: an edit of it opens them again.
QUOTING = (
    "new_mention", "candidate", "count_first_seen", "count_up", "count_down", "count_correction",
    "count_contradiction", "count_report_conflict", "count_history_revised",
    "count_breakdown_mismatch", "count_possible_change",
)  # fmt: skip
MONITOR = "monitor"  # who re-opens a flag whose sentence was edited


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What one person decides, and why."""

    who: str
    decision: str
    reason: str = ""
    note: str = ""


def last_review(conn: sqlite3.Connection, flag: int) -> sqlite3.Row | None:
    """The review that makes the state of a flag; None while nobody decided."""
    row: sqlite3.Row | None = conn.execute(
        "select * from reviews where flag_id = ? order by id desc limit 1", (flag,)
    ).fetchone()
    return row


def undone_by_last(conn: sqlite3.Connection, flag: int) -> sqlite3.Row | None:
    """The review that the last review of a flag took back; None if that is no undoing."""
    row: sqlite3.Row | None = conn.execute(
        """select u.* from reviews u where u.id =
            (select r.undoes from reviews r where r.flag_id = ? order by r.id desc limit 1)""",
        (flag,),
    ).fetchone()
    return row


def decide(
    conn: sqlite3.Connection, seen: Mapping[int, int], decision: Decision, at: str
) -> dict[int, int]:
    """Write one decision about each flag; the ids of the reviews by flag.

    `seen` maps each flag to the id of the last review its reviewer saw, 0 for none. Raises
    Overtaken, KeyError for an unknown flag, or ValueError for a decision that is none; must run
    inside `store.writing`, so that then nothing is written at all.
    """
    if decision.decision not in DECISIONS:
        raise ValueError(decision.decision)
    return {flag: _decide(conn, flag, last, decision, at) for flag, last in seen.items()}


def undo(conn: sqlite3.Connection, reviews: Iterable[int], who: str, at: str) -> dict[int, int]:
    """Put flags back to where they were before these reviews of one's own; new reviews by flag.

    The reviews stay. Raises PermissionError for somebody else's review, Overtaken where another
    followed, KeyError for an unknown one.
    """
    return dict(_undo(conn, one, who, at) for one in reviews)


def note(conn: sqlite3.Connection, flag: int, who: str, kind: str, text: str, at: str) -> int:
    """Add a `comment`, or `assigned` with the name of who shall look (nobody: an empty text)."""
    cursor = conn.execute(
        "insert into flag_notes (flag_id, who, at, kind, text) values (?, ?, ?, ?, ?)",
        (flag, who, at, kind, text),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def reopen_edited(conn: sqlite3.Connection, article: int, text: str, at: str) -> list[int]:
    """Open decided flags again whose sentence a new version no longer holds; their ids."""
    rows = conn.execute(
        f"""select id, quote from flags where article_id = ? and baseline = 0
            and decision not in ('open', 'duplicate')
            and kind in ({",".join("?" * len(QUOTING))})""",  # noqa: S608
        (article, *QUOTING),
    ).fetchall()
    if not rows:
        return []
    words = _words(text)
    changed = [row["id"] for row in rows if row["quote"] and _words(row["quote"]) not in words]
    reason = "the sentence it rests on was changed"
    for flag in changed:
        _write(conn, flag, Decision(who=MONITOR, decision="open", reason=reason), at)
    return changed


def _decide(conn: sqlite3.Connection, flag: int, seen: int, decision: Decision, at: str) -> int:
    if conn.execute("select 1 from flags where id = ?", (flag,)).fetchone() is None:
        raise KeyError(flag)
    last = last_review(conn, flag)
    if last is not None and last["id"] != seen:
        raise Overtaken(flag, last["who"], last["decision"])
    return _write(conn, flag, decision, at)


def _undo(conn: sqlite3.Connection, review: int, who: str, at: str) -> tuple[int, int]:
    row = conn.execute("select * from reviews where id = ?", (review,)).fetchone()
    if row is None:
        raise KeyError(review)
    if row["who"] != who:
        raise PermissionError(review)
    last = last_review(conn, row["flag_id"])
    assert last is not None
    if last["id"] != review:
        raise Overtaken(row["flag_id"], last["who"], last["decision"])
    before = conn.execute(
        "select decision from reviews where flag_id = ? and id < ? order by id desc limit 1",
        (row["flag_id"], review),
    ).fetchone()
    back = Decision(who=who, decision=before[0] if before else "open", reason="undone")
    return row["flag_id"], _write(conn, row["flag_id"], back, at, undoes=review)


def _write(
    conn: sqlite3.Connection, flag: int, decision: Decision, at: str, undoes: int | None = None
) -> int:
    cursor = conn.execute(
        """insert into reviews (flag_id, who, at, decision, reason, note, version_id, undoes)
        select id, ?, ?, ?, ?, ?, version_id, ? from flags where id = ?""",
        (decision.who, at, decision.decision, decision.reason, decision.note, undoes, flag),
    )
    assert cursor.lastrowid is not None
    return cursor.lastrowid


def _words(text: str) -> str:
    return " ".join(text.split())
