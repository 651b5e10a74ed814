"""Who did what, and how right the machine was by what people decided."""

import sqlite3
from collections.abc import Sequence
from typing import Any

RIGHT, WRONG = ("confirmed", "corrected"), ("rejected", "not_this_person")


def audit(
    conn: sqlite3.Connection, before: str, who: str | None, limit: int
) -> list[dict[str, Any]]:
    """What people did before a time, newest first: decisions, notes, rules, watchlist."""
    rows = conn.execute(
        """select * from (
            select * from (select at, who, 'review' as what, decision as change, flag_id as about,
                reason || case when note = '' then '' else ' ' || note end as text from reviews
                where at < :before and (:who is null or who = :who) order by at desc limit :limit)
            union all
            select * from (select at, who, kind, kind, flag_id, text from flag_notes
                where at < :before and (:who is null or who = :who) order by at desc limit :limit)
            union all
            select created_at, who, 'rule', 'made', id, kind || ', ' || scope from rules
                where created_at < :before and (:who is null or who = :who)
            union all
            select undone_at, who, 'rule', 'undone', id, kind || ', ' || scope from rules
                where undone_at < :before and (:who is null or who = :who)
            union all
            select * from (select at, who, 'watchlist', change, entity_id, '' from entity_changes
                where at < :before and (:who is null or who = :who) order by id desc limit :limit)
        ) order by at desc limit :limit""",
        {"before": before, "who": who, "limit": limit},
    )
    return [dict(row) for row in rows]


def accuracy(conn: sqlite3.Connection, since: str) -> dict[str, list[dict[str, Any]]]:
    """Of the flags people judged: how many were right, by kind, source, rule and tier.

    Right is what was confirmed, or a figure that was set right where a figure was; wrong is what
    was rejected or named somebody else. Duplicates and flags still open count for neither.
    """
    judged = conn.execute(
        f"""select f.kind, coalesce(s.title, f.source, '') as source, f.decision,
            coalesce(json_extract(f.detail, '$.tier'),
                (select o.rule from observations o where o.version_id = f.version_id
                    and o.series = f.series limit 1)) as rule
        from flags f left join sources s on s.name = f.source
        where f.decision in ({", ".join(repr(d) for d in (*RIGHT, *WRONG))})
            and f.raised_at > ?""",  # noqa: S608 (constants)
        (since,),
    ).fetchall()
    return {by: _judged(judged, by) for by in ("kind", "source", "rule")}


def _judged(rows: Sequence[sqlite3.Row], by: str) -> list[dict[str, Any]]:
    tally: dict[str, dict[str, Any]] = {}
    for row in rows:
        if not row[by]:
            continue
        one = tally.setdefault(row[by], {"name": row[by], "judged": 0, "right": 0, "corrected": 0})
        one["judged"] += 1
        one["right"] += row["decision"] == "confirmed"
        one["corrected"] += row["decision"] == "corrected"
    return sorted(tally.values(), key=lambda one: (-one["judged"], one["name"]))
