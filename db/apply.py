"""Storing an Update: a version, what was understood in it, and every flag, in one transaction."""

import json
import sqlite3
from collections.abc import Iterable

from db import reviews, rules
from db.evidence import add_evidence, said_again
from db.records import (
    LEADS_TO,
    Flag,
    Json,
    LedgerStep,
    Mention,
    Observation,
    Point,
    Quiet,
    Reading,
    SeriesKey,
    Update,
)
from monitor.isoday import moment

OBSERVATION_COLUMNS = (
    "value", "value_high", "qualifier", "category", "category_raw", "subset", "kind", "role",
    "place", "org", "org_raw", "org_basis", "as_of", "as_of_basis", "since", "direction", "part_of",
    "exhaustive", "quote", "rule", "confidence", "why",
)  # fmt: skip


def apply(conn: sqlite3.Connection, update: Update) -> int | None:
    """Store everything one page changes; the id of its new version, if there is one.

    Must run inside `store.writing`. Idempotent: a flag is keyed by its fact, so a page read again
    after any crash raises nothing twice.
    """
    at = moment(update.visit.at)
    if update.cause is None:
        _add_quiet(conn, update, _latest_version(conn, update.article), at)
        return None
    version = _add_version(conn, update, at)
    add_mentions(conn, version, update.reading.mentions, at)
    _add_candidates(conn, version, update, at)
    _add_observations(conn, version, update, at)
    _advance_ledger(conn, version, update, at)
    _add_flags(conn, version, update, at)
    if update.cause == "edit":
        reviews.reopen_edited(conn, update.article, update.reading.version.text, at)
    _add_quiet(conn, update, version, at)
    return version


def add_mentions(
    conn: sqlite3.Connection, version: int, mentions: Iterable[Mention], at: str
) -> None:
    """Store mentions of one version, and remember by source when each entity was last named."""
    mentions = tuple(mentions)
    conn.executemany(
        """insert or ignore into mentions
        (version_id, entity_id, part, start, "end", surface, alias, tier, score, status, why,
            found_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            (version, m.entity, m.part, m.start, m.end, m.surface, m.alias, m.tier, m.score,
             m.status, dump(m.why), at)
            for m in mentions
        ],
    )  # fmt: skip
    telling = {m.entity for m in mentions if LEADS_TO[m.tier] in ("flag", "weak")}
    _remember_named(conn, version, telling)


def dump(value: Json) -> str:
    """JSON as it is stored: letters unescaped, keys in the order given."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _remember_named(conn: sqlite3.Connection, version: int, entities: Iterable[str]) -> None:
    conn.executemany(
        """insert into entity_sources (entity_id, source, first_named, last_named)
        select ?, a.source, d.day, d.day from versions v
        join articles a on a.id = v.article_id
        join (select substr(coalesce(w.published, w.fetched_at), 1, 10) as day
              from versions w where w.id = ?) d
        where v.id = ?
        on conflict (entity_id, source) do update set
            first_named = min(first_named, excluded.first_named),
            last_named = max(last_named, excluded.last_named),
            articles = articles + 1""",
        [(entity, version, version) for entity in sorted(entities)],
    )


def _add_version(conn: sqlite3.Connection, update: Update, at: str) -> int:
    version = update.reading.version
    cursor = conn.execute(
        """insert into versions (article_id, number, cause, fetched_at, fetch_id, title, text, lang,
            authors, published, modified, text_hash, extractor, partial, page_starts, signature)
        select ?, 1 + coalesce(max(number), 0), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
        from versions where article_id = ?""",
        (
            update.article, update.cause, at, update.visit.fetch, version.title, version.text,
            version.lang, dump(version.authors), version.published, version.modified,
            version.text_hash, version.extractor, version.partial, dump(version.page_starts),
            dump(update.reading.signature), update.article,
        ),
    )  # fmt: skip
    identity = cursor.lastrowid
    assert identity is not None
    index_text(conn, identity, update.reading)
    conn.executemany(
        "insert or ignore into signatures (shingle, version_id) values (?, ?)",
        [(shingle, identity) for shingle in update.reading.signature],
    )
    if update.cause != "technical":  # that one says nothing of how the article stands
        conn.execute(
            "update articles set changed_at = ?, state = 'live' where id = ?", (at, update.article)
        )
    return identity


def index_text(conn: sqlite3.Connection, version: int, reading: Reading) -> None:
    """Add a version to the full-text index, with its folded shadow."""
    conn.execute(
        "insert into versions_fts (rowid, title, text, folded) values (?, ?, ?, ?)",
        (version, reading.version.title, reading.version.text, reading.folded),
    )


def _latest_version(conn: sqlite3.Connection, article: int) -> int:
    row = conn.execute(
        "select id from versions where article_id = ? order by number desc limit 1", (article,)
    ).fetchone()
    return int(row[0])


def _add_candidates(conn: sqlite3.Connection, version: int, update: Update, at: str) -> None:
    conn.executemany(
        """insert or ignore into candidates (version_id, name, start, "end", status, why, found_at)
        values (?, ?, ?, ?, ?, ?, ?)""",
        [(version, c.name, c.start, c.end, c.status, c.why, at) for c in update.reading.candidates],
    )


def _add_observations(conn: sqlite3.Connection, version: int, update: Update, at: str) -> None:
    columns = ("version_id", "label", "series", "spans", "sentence", "found_at")
    names = ", ".join((*columns, *OBSERVATION_COLUMNS))
    marks = ", ".join("?" * (len(columns) + len(OBSERVATION_COLUMNS)))
    conn.executemany(
        f"insert into observations ({names}) values ({marks})",  # noqa: S608
        [
            _observation(version, o, update.series.get(o.id), at)
            for o in update.reading.observations
        ],
    )


def _observation(version: int, o: Observation, series: str | None, at: str) -> tuple[Json, ...]:
    sentence = None if o.sentence is None else dump(o.sentence)
    own = (version, o.id, series, dump(o.spans), sentence, at)
    return (*own, *(getattr(o, column) for column in OBSERVATION_COLUMNS))


def _advance_ledger(conn: sqlite3.Connection, version: int, update: Update, at: str) -> None:
    step: LedgerStep = update.ledger
    for point in step.inserted:
        _add_point(conn, version, point, at)
    conn.executemany(
        "update series_points set superseded_at = ? where id = ?",
        [(at, point) for point in step.superseded],
    )
    conn.executemany(
        "update series_points set confirmed = max(confirmed, ?) where id = ?",
        [(day.isoformat(), point) for point, day in step.confirmed],
    )
    confirmed = {point: day.isoformat() for point, day in step.confirmed}
    conn.executemany(
        "insert or ignore into point_evidence (point_id, version_id, confirmed, added_at)"
        " values (?, ?, ?, ?)",
        [(p, version, confirmed.get(p), at) for p in sorted({*step.support, *confirmed})],
    )
    _note_disagreements(conn, step, at)


def _note_disagreements(conn: sqlite3.Connection, step: LedgerStep, at: str) -> None:
    conn.executemany(
        "insert into disagreements (one, other, opened_at) values (?, ?, ?)",
        [(*pair, at) for pair in step.opened],
    )
    conn.executemany(
        "update disagreements set closed_at = ? where one = ? and other = ? and closed_at is null",
        [(at, *pair) for pair in step.closed],
    )


def _add_point(conn: sqlite3.Connection, version: int, point: Point, at: str) -> None:
    key = SeriesKey.parse(point.series)
    conn.execute(
        """insert or ignore into series (key, place, category, subset, org, kind, since)
        values (?, ?, ?, ?, ?, ?, ?)""",
        (point.series, key.place, key.category, key.subset, key.org, key.kind, key.since),
    )
    conn.execute(
        """insert into series_points (series_id, value, value_high, qualifier, as_of, effective,
            confirmed, published, prior, part, article_id, version_id, url, source, quote,
            learned_at, superseded_at)
        select id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from series where key = ?""",
        (
            point.value, point.value_high, point.qualifier, point.as_of,
            point.effective.isoformat(), point.confirmed.isoformat(), point.published,
            point.prior, point.part, point.article, version, point.url, point.source, point.quote,
            at, at if point.superseded else None, point.series,
        ),
    )  # fmt: skip


def _add_flags(conn: sqlite3.Connection, version: int, update: Update, at: str) -> None:
    for flag in update.flags:
        if not raise_flag(conn, flag, at, article=update.article, version=version):
            said_again(conn, flag, version, update.article, at)
    add_evidence(conn, version, update, at)


def raise_flag(
    conn: sqlite3.Connection,
    flag: Flag,
    at: str,
    *,
    article: int | None = None,
    version: int | None = None,
    source: str | None = None,
) -> bool:
    """Store one flag; False if the fact it is keyed by was flagged before.

    Without a `source` it is that of the article. A rule that covers the flag hides it.
    """
    if source is None and article is not None:
        row = conn.execute("select source from articles where id = ?", (article,)).fetchone()
        source = row[0]
    new = dump(flag.new)
    facts = {"kind": flag.kind, "source": source, "entity_id": flag.entity,
             "series": flag.series, "word": new}  # fmt: skip
    hidden_by = None if flag.baseline else rules.active_rule(conn, facts, at)
    cursor = conn.execute(
        """insert or ignore into flags (key, kind, source, article_id, version_id, entity_id,
            series, old, new, quote, priority, why, detail, baseline, hidden_by, raised_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            flag.key, flag.kind, source, article, version, flag.entity, flag.series,
            dump(flag.old), new, flag.quote, flag.priority, flag.why,
            dump(dict(flag.detail)), flag.baseline, hidden_by, at,
        ),
    )  # fmt: skip
    if cursor.rowcount != 1:
        return False
    if hidden_by is not None:
        rules.count_hidden(conn, hidden_by)
    return True


def _add_quiet(conn: sqlite3.Connection, update: Update, version: int, at: str) -> None:
    for quiet in update.quiet:
        _note_quiet(conn, quiet, update.article, version, at)


def _note_quiet(
    conn: sqlite3.Connection, quiet: Quiet, article: int, version: int, at: str
) -> None:
    """Note it once per stored version: a page that flips daily is one note, not hundreds."""
    conn.execute(
        """insert into quieted (version_id, article_id, kind, detail, at)
        select ?, ?, ?, ?, ? where not exists
            (select 1 from quieted where version_id = ? and kind = ?)""",
        (version, article, quiet.kind, dump(dict(quiet.detail)), at, version, quiet.kind),
    )
