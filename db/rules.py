"""Rules that keep flags quiet, born from dismissals: what they cover, hide and bring back."""

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from db.records import Json


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Which flags a rule covers: those of one kind for which all else that is named holds too.

    `word` is the new value of the flag as it is stored, such as the name of a candidate.
    """

    kind: str
    source: str | None = None
    entity_id: str | None = None
    series: str | None = None
    word: str | None = None

    def __str__(self) -> str:
        named = ((f.name.removesuffix("_id"), getattr(self, f.name)) for f in fields(self))
        return ", ".join(f"{name} {value}" for name, value in named if value and name != "kind")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule as it is made: its scope, why, by whom, from when until when (None: for good)."""

    scope: Scope
    who: str
    at: str
    reason: str = ""
    expires_at: str | None = None


_COVERED = """f.kind = :kind
    and (:source is null or f.source = :source)
    and (:entity_id is null or f.entity_id = :entity_id)
    and (:series is null or f.series = :series)
    and (:word is null or f.new = :word)"""


def active_rule(conn: sqlite3.Connection, flag: Mapping[str, Json], at: str) -> int | None:
    """The rule that hides a flag raised now; `flag` has the keys of a Scope."""
    row = conn.execute(
        """select id from rules where kind = :kind and undone_at is null
            and (expires_at is null or expires_at > :at)
            and (source is null or source = :source)
            and (entity_id is null or entity_id = :entity_id)
            and (series is null or series = :series)
            and (word is null or word = :word)
        order by id limit 1""",
        {**flag, "at": at},
    ).fetchone()
    return None if row is None else int(row[0])


def count_hidden(conn: sqlite3.Connection, rule: int, number: int = 1) -> None:
    """Add to the counter of what a rule hid."""
    conn.execute("update rules set hidden = hidden + ? where id = ?", (number, rule))


def covered(
    conn: sqlite3.Connection, scope: Scope, since: str, limit: int = 20
) -> tuple[int, list[dict[str, Any]]]:
    """How many flags raised since then a rule would have hidden, and the newest of them."""
    condition = f"{_COVERED} and f.baseline = 0 and f.raised_at > :since"
    values = {**_values(scope), "since": since, "limit": limit}
    number = conn.execute(f"select count(*) from flags f where {condition}", values).fetchone()[0]  # noqa: S608
    rows = conn.execute(
        f"""select f.id, f.kind, f.source, f.entity_id as entity, f.series, f.new, f.quote,
            f.raised_at, f.decision as state, v.title
        from flags f left join versions v on v.id = f.version_id
        where {condition} order by f.id desc limit :limit""",  # noqa: S608
        values,
    )
    return int(number), [dict(row) for row in rows]


def add_rule(conn: sqlite3.Connection, rule: Rule) -> int:
    """Make a rule, and hide what is open and covered now; its id. Inside `store.writing`."""
    values = {**_values(rule.scope), "scope": str(rule.scope), "reason": rule.reason,
              "who": rule.who, "at": rule.at, "expires_at": rule.expires_at}  # fmt: skip
    identity = conn.execute(
        """insert into rules (kind, scope, reason, who, created_at, expires_at, source, entity_id,
            series, word)
        values (:kind, :scope, :reason, :who, :at, :expires_at, :source, :entity_id, :series,
            :word)""",
        values,
    ).lastrowid
    assert identity is not None
    hidden = conn.execute(
        f"""update flags as f set hidden_by = :rule
        where {_COVERED} and f.decision = 'open' and f.baseline = 0 and f.hidden_by is null""",  # noqa: S608
        {**_values(rule.scope), "rule": identity},
    )
    count_hidden(conn, identity, hidden.rowcount)
    return identity


def undo_rule(conn: sqlite3.Connection, rule: int, at: str) -> int:
    """End a rule and bring back what it hid; how many flags. Raises KeyError if it is not on."""
    ended = conn.execute(
        "update rules set undone_at = ? where id = ? and undone_at is null", (at, rule)
    )
    if not ended.rowcount:
        raise KeyError(rule)
    back = conn.execute("update flags set hidden_by = null where hidden_by = ?", (rule,))
    return back.rowcount


def all_rules(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Every rule, the newest first."""
    return [dict(row) for row in conn.execute("select * from rules order by id desc")]


def _values(scope: Scope) -> dict[str, Json]:
    return {field.name: getattr(scope, field.name) for field in fields(scope)}
