"""What the desk shows: queues of flags, and what lies around one of them."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# The same words as the partial indexes `flags_queue` and `flags_open`, so that they are used.
OPEN = "f.decision = 'open' and f.baseline = 0 and f.hidden_by is null"

QUEUES: Mapping[str, str] = {
    "new": OPEN,
    "mine": f"{OPEN} and f.assignee = :me",
    "shift": f"{OPEN} and f.raised_at > :shift",
    "held": "f.decision = 'second_reading'",
    "decided": "f.decision <> 'open'",
    "hidden": "f.hidden_by is not null",
}
FACETS = ("kind", "source", "entity_id", "series", "assignee")
FACET_VALUES = 15


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which flags a queue shows: its name, then what narrows it; None leaves a field open."""

    queue: str = "new"
    me: str = ""
    shift: str = ""
    kind: str | None = None
    source: str | None = None
    entity: str | None = None
    org: str | None = None
    series: str | None = None
    article: int | None = None
    limit: int = 25
    offset: int = 0


_CARD = """
    select f.id, f.kind, f.article_id, f.version_id, f.entity_id as entity, f.series, f.old, f.new,
        f.quote, f.priority, f.why, f.detail, f.baseline, f.hidden_by, f.raised_at, f.assignee,
        f.decision as state, f.source, a.url, a.state as article_state, v.number as version,
        v.title, v.lang, v.published, v.fetched_at as seen, s.title as source_title, s.rank,
        e.canonical as name, e.kind as entity_kind,
        (select count(distinct x.article_id) from flag_evidence x
            where x.flag_id = f.id) as reprints,
        (select count(*) from flag_notes n
            where n.flag_id = f.id and n.kind = 'comment') as comments,
        coalesce((select max(r.id) from reviews r where r.flag_id = f.id), 0) as last_review,
        (select max(w.number) from versions w where w.article_id = f.article_id) as versions
    from flags f
    left join articles a on a.id = f.article_id
    left join versions v on v.id = f.version_id
    left join sources s on s.name = f.source
    left join entities e on e.id = f.entity_id
"""


def cards(conn: sqlite3.Connection, wanted: Wanted) -> list[dict[str, Any]]:
    """The flags of a queue, most urgent first; decided and hidden ones newest first."""
    where, values = _where(wanted)
    order = "f.id desc" if wanted.queue in ("decided", "hidden") else "f.priority desc, f.id desc"
    ids = conn.execute(
        f"select f.id from flags f where {where} order by {order} limit :limit offset :offset",  # noqa: S608
        values,
    )
    return cards_of(conn, [row[0] for row in ids])


def cards_of(conn: sqlite3.Connection, ids: Sequence[int]) -> list[dict[str, Any]]:
    """Flags by id, in the order given; unknown ids are left out."""
    marks = ",".join("?" * len(ids))
    rows = conn.execute(f"{_CARD} where f.id in ({marks})", tuple(ids))
    found = {row["id"]: _card(row) for row in rows}
    return [found[one] for one in ids if one in found]


def size(conn: sqlite3.Connection, wanted: Wanted) -> int:
    """How many flags a queue holds."""
    where, values = _where(wanted)
    return int(conn.execute(f"select count(*) from flags f where {where}", values).fetchone()[0])  # noqa: S608


def facets(conn: sqlite3.Connection) -> dict[str, list[dict[str, Any]]]:
    """How many open flags there are by kind, source, entity, series and assignee, most first."""
    return {facet: _facet(conn, facet) for facet in FACETS}


def organisations(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """How many open flags there are by organisation that counted."""
    rows = conn.execute(
        f"""select s.org as value, s.org as label, count(*) as n from flags f
        join series s on s.key = f.series
        where {OPEN} and s.org is not null group by s.org order by n desc limit ?""",  # noqa: S608
        (FACET_VALUES,),
    )
    return [dict(row) for row in rows]


def history(conn: sqlite3.Connection, flags: Iterable[int]) -> list[dict[str, Any]]:
    """Decisions, comments and assignments about flags, oldest first."""
    given = json.dumps(list(flags))
    rows = conn.execute(
        """select at, who, 'review' as what, decision, reason, note as text, flag_id, id, undoes
        from reviews where flag_id in (select value from json_each(?1))
        union all
        select at, who, kind, null, '', text, flag_id, id, null
        from flag_notes where flag_id in (select value from json_each(?1))
        order by at, id""",
        (given,),
    )
    return [dict(row) for row in rows]


def alike(conn: sqlite3.Connection, flag: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Open flags of the same kind about the same entity or series: one of them may be a twin."""
    rows = conn.execute(
        f"""select f.id from flags f where {OPEN} and f.kind = :kind and f.id <> :id
            and (f.entity_id = :entity or f.series = :series) order by f.id desc limit 8""",  # noqa: S608
        {key: flag[key] for key in ("kind", "id", "entity", "series")},
    )
    return cards_of(conn, [row[0] for row in rows])


def add_twin(conn: sqlite3.Connection, flag: int, twin: int, at: str) -> None:
    """Make the article of a duplicate one more piece of evidence for the flag that stays."""
    conn.execute(
        """insert or ignore into flag_evidence
            (flag_id, version_id, article_id, relation, quote, added_at)
        select ?, version_id, article_id, 'same_fact', quote, ? from flags
        where id = ? and version_id is not null""",
        (flag, at, twin),
    )


def drop_twin(conn: sqlite3.Connection, flag: int, twin: int) -> None:
    """Take the article of a flag that is no duplicate after all back from the evidence."""
    conn.execute(
        """delete from flag_evidence where flag_id = ? and relation = 'same_fact'
            and version_id = (select version_id from flags where id = ?)""",
        (flag, twin),
    )


def saved_filters(conn: sqlite3.Connection, who: str) -> list[dict[str, Any]]:
    """The filters somebody keeps, by name."""
    rows = conn.execute(
        "select id, name, query from saved_filters where who = ? order by name", (who,)
    )
    return [dict(row) for row in rows]


def save_filter(conn: sqlite3.Connection, who: str, name: str, query: str, at: str) -> None:
    """Keep a filter under a name; one of the same name is replaced."""
    conn.execute(
        """insert into saved_filters (who, name, query, created_at) values (?, ?, ?, ?)
        on conflict (who, name) do update set query = excluded.query""",
        (who, name, query, at),
    )


def drop_filter(conn: sqlite3.Connection, who: str, identity: int) -> bool:
    """Forget one of one's own filters; False if there is none of that id."""
    gone = conn.execute("delete from saved_filters where id = ? and who = ?", (identity, who))
    return gone.rowcount == 1


def _facet(conn: sqlite3.Connection, facet: str) -> list[dict[str, Any]]:
    labels = {
        "source": "(select title from sources s where s.name = value)",
        "entity_id": "(select canonical from entities e where e.id = value)",
    }
    rows = conn.execute(
        f"""select value, n, {labels.get(facet, "value")} as label from (
            select {facet} as value, count(*) as n from flags f
            where {OPEN} and {facet} is not null group by {facet} order by n desc limit ?)""",  # noqa: S608
        (FACET_VALUES,),
    )
    return [dict(row) for row in rows]


def _where(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    where = [QUEUES[wanted.queue]]
    conditions = {
        "kind": "f.kind = :kind",
        "source": "f.source = :source",
        "entity": "f.entity_id = :entity",
        "series": "f.series = :series",
        "article": "f.article_id = :article",
        "org": "f.series in (select key from series where org = :org)",
    }
    where += [sql for name, sql in conditions.items() if getattr(wanted, name) is not None]
    values = {name: getattr(wanted, name) for name in Wanted.__dataclass_fields__}
    return " and ".join(where), values


def _card(row: sqlite3.Row) -> dict[str, Any]:
    card = dict(row)
    for name in ("old", "new", "detail"):
        card[name] = None if card[name] is None else json.loads(card[name])
    card["baseline"] = bool(card["baseline"])
    return card
