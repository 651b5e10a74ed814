"""Evidence of flags: the further articles that say what a flag says."""

import sqlite3
from collections.abc import Iterable, Mapping

from db.records import Evidence, Flag, LedgerStep, Update

# The flags that a point of a series was told by.
_TELL_A_POINT = "('count_first_seen', 'count_up', 'count_down', 'count_correction')"


def add_evidence(conn: sqlite3.Connection, version: int, update: Update, at: str) -> None:
    """Store what one page adds to flags raised before: reprints, and counts said again."""
    found = [*update.evidence, *_same_counts(conn, update.ledger, _quotes(update))]
    for evidence in found:
        _add(conn, evidence, version, update.article, at)


def said_again(conn: sqlite3.Connection, flag: Flag, version: int, article: int, at: str) -> None:
    """A flag whose fact another article had raised before becomes evidence for that one."""
    row = conn.execute("select id from flags where key = ?", (flag.key,)).fetchone()
    _add(conn, Evidence(flag=row[0], quote=flag.quote, relation="same_fact"), version, article, at)


def _add(conn: sqlite3.Connection, evidence: Evidence, version: int, article: int, at: str) -> None:
    """An article is no evidence for a flag of its own."""
    conn.execute(
        """insert or ignore into flag_evidence
            (flag_id, version_id, article_id, relation, quote, added_at)
        select id, ?, ?, ?, ?, ? from flags where id = ? and article_id <> ?""",
        (version, article, evidence.relation, evidence.quote, at, evidence.flag, article),
    )


def _same_counts(
    conn: sqlite3.Connection, step: LedgerStep, quotes: Mapping[str, str]
) -> Iterable[Evidence]:
    """The flags of the points that this page supports, with the sentence that does."""
    points = {*step.support, *(point for point, _ in step.confirmed)}
    for point in sorted(points):
        rows = conn.execute(
            f"""select f.id, s.key from series_points p join series s on s.id = p.series_id
            join flags f on f.version_id = p.version_id and f.series = s.key
            where p.id = ? and f.kind in {_TELL_A_POINT}""",  # noqa: S608
            (point,),
        )
        for flag, series in rows.fetchall():
            yield Evidence(flag=flag, quote=quotes.get(series, ""), relation="same_fact")


def _quotes(update: Update) -> dict[str, str]:
    """The sentence of the first figure of each series; unnamed counters speak for any."""
    told = [(update.series.get(o.id, ""), o.quote) for o in update.reading.observations]
    return dict(reversed(told))
