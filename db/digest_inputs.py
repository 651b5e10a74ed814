"""The inputs of a digest: all SQL that reads what happened in a window.

Every query is bounded by the window through an index, so that a digest of one day costs the same
in an archive of ten thousand articles and of a million.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from db.digest_rows import (
    BaselineRow,
    CorrectedFigure,
    CorrectionRow,
    EvidenceRow,
    FlagRow,
    Inputs,
    PointRow,
    QuietRow,
    RuleRow,
    SourceRow,
)
from monitor.isoday import moment, parse_moment

OVERTURNED = ("rejected", "not_this_person", "duplicate")
CORRECTED = "corrected"
CHART_POINTS = 60
QUIET_EXAMPLES = 20

FLAG_COLUMNS = """
    f.id, f.kind, f.raised_at, coalesce(a.source, f.source) as source,
    coalesce(s.title, '') as source_title, coalesce(s.rank, 2) as rank,
    f.article_id as article, coalesce(a.url, '') as url,
    coalesce(v.title, '') as title, v.lang, v.published, v.fetched_at as seen,
    f.entity_id as entity, coalesce(e.canonical, '') as name, e.kind as entity_kind,
    f.series, f.old, f.new, f.quote, f.priority, f.why, f.detail,
    coalesce((select r.decision from reviews r where r.flag_id = f.id order by r.id desc limit 1),
        'open') as state
"""

FLAG_JOINS = """
    left join articles a on a.id = f.article_id
    left join versions v on v.id = coalesce(f.version_id,
        (select max(w.id) from versions w where w.article_id = f.article_id))
    left join sources s on s.name = coalesce(a.source, f.source)
    left join entities e on e.id = f.entity_id
"""


def inputs(conn: sqlite3.Connection, since: datetime, until: datetime) -> Inputs:
    """Read what happened in `(since, until]`, in one snapshot of the database."""
    conn.execute("begin")
    try:
        return _inputs(conn, since, until)
    finally:
        conn.rollback()


def newest(conn: sqlite3.Connection) -> tuple[int, int]:
    """The highest ids of flags and of reviews: as long as they stay, nothing new can be told."""
    row = conn.execute(
        """select coalesce((select max(id) from flags), 0),
            coalesce((select max(id) from reviews), 0)"""
    ).fetchone()
    return int(row[0]), int(row[1])


def _inputs(conn: sqlite3.Connection, since: datetime, until: datetime) -> Inputs:
    window = (moment(since), moment(until))
    ids, hidden, baseline = _told(conn, window, _seen_before(conn, since))
    flags = _flags(conn, ids)
    series = {flag.series for flag in flags if flag.series}
    new, edited = _versions(conn, window)
    return Inputs(
        since=since,
        until=until,
        last_flag=conn.execute("select coalesce(max(id), 0) from flags").fetchone()[0],
        sources=tuple(_sources(conn, window)),
        flags=tuple(flags),
        evidence=tuple(_evidence(conn, ids)),
        points=tuple(_points(conn, series, window[1])),
        new_articles=new,
        edited_articles=edited,
        baselines=tuple(_baselines(conn, window, baseline)),
        rules=tuple(_rules(conn, hidden)),
        quieted=_quieted(conn, window),
        quiet_examples=tuple(_quiet_examples(conn, window)),
        corrections=tuple(_corrections(conn, window)),
    )


def _seen_before(conn: sqlite3.Connection, since: datetime) -> int | None:
    """The highest flag id the digest that ended at `since` could see; None if there was none."""
    row = conn.execute(
        "select max(last_flag) from digests where until = ?", (moment(since),)
    ).fetchone()
    return None if row[0] is None else int(row[0])


def _told(
    conn: sqlite3.Connection, window: tuple[str, str], seen_before: int | None
) -> tuple[list[int], dict[int, int], dict[str, dict[str, int]]]:
    """The ids to tell, hidden flags by rule, and baseline flags by source and kind.

    Flags stored after the last digest was built, but with an earlier time (a long run commits
    late), are told now: they may not be lost between two windows.
    """
    rows = conn.execute(
        """select id, kind, source, article_id, baseline, hidden_by from flags
            where raised_at > ?1 and raised_at <= ?2
        union
        select id, kind, source, article_id, baseline, hidden_by from flags
            where id > ?3 and raised_at <= ?1""",
        (*window, 2**62 if seen_before is None else seen_before),
    )
    ids: list[int] = []
    hidden: dict[int, int] = {}
    baseline: dict[str, dict[str, int]] = {}
    for row in rows:
        if row["baseline"]:
            kinds = baseline.setdefault(row["source"] or "", {})
            kinds[row["kind"]] = kinds.get(row["kind"], 0) + 1
        elif row["hidden_by"] is not None:
            hidden[row["hidden_by"]] = hidden.get(row["hidden_by"], 0) + 1
        else:
            ids.append(row["id"])
    return ids, hidden, baseline


def _flags(conn: sqlite3.Connection, ids: list[int]) -> list[FlagRow]:
    rows = conn.execute(
        f"select {FLAG_COLUMNS} from flags f {FLAG_JOINS} "  # noqa: S608 (constants)
        "where f.id in (select value from json_each(?)) order by f.id",
        (json.dumps(ids),),
    )
    return _with_corrections(conn, [_flag(row) for row in rows])


def _with_corrections(conn: sqlite3.Connection, flags: list[FlagRow]) -> list[FlagRow]:
    """The flags with the figures people put in the place of the machine's."""
    ids = [flag.id for flag in flags if flag.state == CORRECTED]
    if not ids:
        return flags
    rows = conn.execute(
        """select r.flag_id as flag, p.value, p.value_high, p.qualifier
        from series_points p join reviews r on r.id = p.review_id
        where p.superseded_at is null and r.flag_id in (select value from json_each(?))
        order by p.id""",
        (json.dumps(ids),),
    )
    figures = {row["flag"]: CorrectedFigure(**dict(row)) for row in rows}
    return [replace(flag, corrected=figures.get(flag.id)) for flag in flags]


def _flag(row: sqlite3.Row) -> FlagRow:
    names = set(FlagRow.__dataclass_fields__) & set(row.keys())
    fields = {name: row[name] for name in names}
    fields["raised_at"] = parse_moment(fields["raised_at"])
    fields["seen"] = _moment(fields["seen"])
    fields["detail"] = json.loads(fields["detail"])
    for name in ("old", "new"):
        fields[name] = _json(fields[name])
    return FlagRow(**fields)


def _json(text: str | None) -> Any:
    """A flag's old or new: JSON where it is JSON, words as they are."""
    if text is None:
        return None
    try:
        return json.loads(text)
    except ValueError:
        return text


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_moment(text)


def _evidence(conn: sqlite3.Connection, ids: list[int]) -> Iterable[EvidenceRow]:
    rows = conn.execute(
        """select x.flag_id as flag, x.relation, s.title as source_title, s.rank, a.url, v.title,
            v.lang, v.published, v.fetched_at as seen
        from flag_evidence x
        join articles a on a.id = x.article_id
        join versions v on v.id = x.version_id
        join sources s on s.name = a.source
        where x.flag_id in (select value from json_each(?))
        order by x.flag_id, s.rank, x.added_at, x.version_id""",
        (json.dumps(ids),),
    )
    return [EvidenceRow(**{**dict(row), "seen": _moment(row["seen"])}) for row in rows]


def _sources(conn: sqlite3.Connection, window: tuple[str, str]) -> Iterable[SourceRow]:
    rows = conn.execute(
        """select s.name, s.title, s.rank, s.enabled, s.reason, s.publisher_org, s.last_success_at,
            count(r.id) as runs,
            coalesce(sum(r.finished_at is not null and r.error is null), 0) as good_runs,
            coalesce(sum(r.discovered), 0) as discovered, coalesce(sum(r.stored), 0) as stored,
            coalesce(sum(r.unchanged), 0) as unchanged,
            coalesce(sum(r.duplicate), 0) as duplicate, coalesce(sum(r.blocked), 0) as blocked,
            coalesce(sum(r.filtered), 0) as filtered, coalesce(sum(r.failed), 0) as failed,
            (select x.error from runs x where x.source = s.name and x.started_at > ?1
                and x.started_at <= ?2 order by x.started_at desc limit 1) as error,
            (select p.words from problems p where p.source = s.name and p.first_seen <= ?2
                and (p.closed_at is null or p.closed_at > ?2)
                order by p.last_seen desc, p.id limit 1) as problem
        from sources s
        left join runs r on r.source = s.name and r.started_at > ?1 and r.started_at <= ?2
        group by s.name order by s.rank, s.title""",
        window,
    ).fetchall()
    return [_source(conn, row, window[1]) for row in rows]


def _source(conn: sqlite3.Connection, row: sqlite3.Row, until: str) -> SourceRow:
    fields = {**dict(row), "enabled": bool(row["enabled"])}
    fields["last_success_at"] = _moment(row["last_success_at"])
    health = conn.execute(
        """select kind, raised_at, detail from flags
        where kind in ('source_silent', 'source_failing', 'source_recovered')
            and source = ? and raised_at <= ? order by raised_at desc, id desc limit 1""",
        (row["name"], until),
    ).fetchone()
    if health is not None:
        fields["health"] = health["kind"]
        fields["health_since"] = parse_moment(health["raised_at"])
        fields["health_detail"] = json.loads(health["detail"])
    return SourceRow(**fields)


def _points(conn: sqlite3.Connection, keys: set[str], until: str) -> Iterable[PointRow]:
    """The last points of these series and of every series they may be compared with."""
    rows = conn.execute(
        """with told as (select * from series where key in (select value from json_each(?1))),
        peers as (
            select distinct p.id, p.key, p.org from series p join told t
            on p.place = t.place and p.category = t.category and p.kind = t.kind
                and p.subset is t.subset and p.since is t.since
        ),
        ranked as (
            select peers.key as series, peers.org, x.effective, x.value, x.value_high, x.qualifier,
                x.as_of, x.prior, x.id,
                row_number() over (partition by peers.id order by x.effective desc, x.id desc) as n
            from peers join series_points x on x.series_id = peers.id
            where x.superseded_at is null and x.learned_at <= ?2
        )
        select series, org, effective, value, value_high, qualifier, as_of, prior from ranked
        where n <= ?3 order by series, effective, id""",
        (json.dumps(sorted(keys)), until, CHART_POINTS),
    )
    return [
        PointRow(
            **{
                **dict(row),
                "effective": date.fromisoformat(row["effective"]),
                "prior": bool(row["prior"]),
            }
        )
        for row in rows
    ]


def _versions(conn: sqlite3.Connection, window: tuple[str, str]) -> tuple[int, int]:
    """Articles first read and articles edited in the window."""
    row = conn.execute(
        """select coalesce(sum(number = 1), 0),
            count(distinct case when cause = 'edit' then article_id end)
        from versions where fetched_at > ? and fetched_at <= ?""",
        window,
    ).fetchone()
    return int(row[0]), int(row[1])


def _baselines(
    conn: sqlite3.Connection, window: tuple[str, str], flags: dict[str, dict[str, int]]
) -> Iterable[BaselineRow]:
    rows = conn.execute(
        """select s.name, s.title, coalesce(sum(r.stored), 0) as articles
        from runs r join sources s on s.name = r.source
        where r.baseline = 1 and r.started_at > ? and r.started_at <= ?
        group by s.name""",
        window,
    )
    stored = {row["name"]: (row["title"], row["articles"]) for row in rows}
    titles = dict(conn.execute("select name, title from sources").fetchall())
    for name in flags:
        stored.setdefault(name, (titles.get(name, name), 0))
    return [
        BaselineRow(
            source_title=title,
            articles=articles,
            mentions=flags.get(name, {}).get("new_mention", 0),
            counts=flags.get(name, {}).get("count_first_seen", 0),
        )
        for name, (title, articles) in sorted(stored.items(), key=lambda item: item[1])
    ]


def _rules(conn: sqlite3.Connection, hidden: dict[int, int]) -> Iterable[RuleRow]:
    rows = conn.execute(
        "select id, kind, scope, reason from rules where id in (select value from json_each(?))",
        (json.dumps(sorted(hidden)),),
    )
    return [RuleRow(**dict(row), hidden=hidden[row["id"]]) for row in rows]


def _quieted(conn: sqlite3.Connection, window: tuple[str, str]) -> dict[str, int]:
    rows = conn.execute(
        "select kind, count(*) from quieted where at > ? and at <= ? group by kind order by kind",
        window,
    )
    return dict(rows.fetchall())


def _quiet_examples(conn: sqlite3.Connection, window: tuple[str, str]) -> Iterable[QuietRow]:
    rows = conn.execute(
        """select q.kind, a.url, v.title, s.title as source_title
        from quieted q
        join articles a on a.id = q.article_id
        join versions v on v.id = q.version_id
        join sources s on s.name = a.source
        where q.at > ? and q.at <= ? order by q.at desc, q.id desc limit ?""",
        (*window, QUIET_EXAMPLES),
    )
    return [QuietRow(**dict(row)) for row in rows]


def _corrections(conn: sqlite3.Connection, window: tuple[str, str]) -> Iterable[CorrectionRow]:
    """Flags told by an earlier digest and overturned by a review in this window.

    The cross join keeps the order of the tables: from the few reviews of the window to their flags.
    """
    rows = conn.execute(
        f"""select min(d.number) as digest, x.decision, x.reason, x.at, {FLAG_COLUMNS}
        from reviews x
        cross join flags f on f.id = x.flag_id
        cross join digest_flags g on g.flag_id = x.flag_id
        cross join digests d on d.id = g.digest_id and d.built_at < x.at
        {FLAG_JOINS}
        where x.at > ? and x.at <= ? and x.decision in (select value from json_each(?))
            and x.id = (select max(id) from reviews where flag_id = x.flag_id)
        group by f.id order by digest, f.id""",  # noqa: S608 (constants)
        (*window, json.dumps([*OVERTURNED, CORRECTED])),
    ).fetchall()
    flags = _with_corrections(conn, [_flag(row) for row in rows])
    return [
        CorrectionRow(
            digest=row["digest"],
            flag=flag,
            decision=row["decision"],
            reason=row["reason"],
            at=parse_moment(row["at"]),
        )
        for row, flag in zip(rows, flags, strict=True)
    ]
