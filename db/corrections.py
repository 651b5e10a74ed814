"""Counts set right by a person: the series moves, the machine's reading stays on record."""

import sqlite3
from dataclasses import dataclass

from db.records import Day, SeriesKey
from monitor.isoday import first_day


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A count as a person reads it from the text."""

    series: str
    value: int
    qualifier: str = "exact"
    value_high: int | None = None
    as_of: Day | None = None


def point_of(conn: sqlite3.Connection, flag: int) -> sqlite3.Row | None:
    """The point of a series that the page of a flag stated; None if the flag made none."""
    row: sqlite3.Row | None = conn.execute(
        """select p.*, s.key as series from flags f
        join series s on s.key = f.series
        join series_points p on p.series_id = s.id and p.article_id = f.article_id
        where f.id = ? and p.superseded_at is null and p.prior = 0
        order by p.value = f.new desc, p.id desc limit 1""",
        (flag,),
    ).fetchone()
    return row


def correct(
    conn: sqlite3.Connection, flag: int, figure: Figure, review: int, at: str
) -> int | None:
    """Put a person's figure in the place of the machine's; the new point's id.

    None if the flag states no point (a contradiction of groups, say): then only the review tells.
    """
    point = point_of(conn, flag)
    if point is None:
        return None
    _supersede(conn, point["id"], at)
    effective = point["effective"] if figure.as_of is None else first_day(figure.as_of).isoformat()
    return _add(conn, point, figure, effective, review, at)


def withdraw(conn: sqlite3.Connection, flag: int, at: str) -> None:
    """Take the point of a misread figure out of its series."""
    point = point_of(conn, flag)
    if point is not None:
        _supersede(conn, point["id"], at)


def restore(conn: sqlite3.Connection, flag: int, review: int, at: str) -> None:
    """Bring back the machine's point of a flag after its correction or withdrawal is undone."""
    corrected = conn.execute(
        "select p.id from series_points p join reviews r on r.id = p.review_id"
        " where r.flag_id = ? and p.superseded_at is null",
        (flag,),
    ).fetchall()
    for row in corrected:
        _supersede(conn, row["id"], at)
    point = conn.execute(
        """select p.*, s.key as series from flags f
        join series s on s.key = f.series
        join series_points p on p.series_id = s.id and p.article_id = f.article_id
        where f.id = ? and p.review_id is null and p.prior = 0 and p.value = f.new
        order by p.id desc limit 1""",
        (flag,),
    ).fetchone()
    if point is None or point["superseded_at"] is None:
        return
    figure = Figure(
        series=point["series"], value=point["value"], qualifier=point["qualifier"],
        value_high=point["value_high"], as_of=point["as_of"],
    )  # fmt: skip
    _add(conn, point, figure, point["effective"], review, at)


def _supersede(conn: sqlite3.Connection, point: int, at: str) -> None:
    conn.execute(
        "update series_points set superseded_at = ? where id = ? and superseded_at is null",
        (at, point),
    )


def _add(
    conn: sqlite3.Connection,
    point: sqlite3.Row,
    figure: Figure,
    effective: str,
    review: int,
    at: str,
) -> int:
    key = SeriesKey.parse(figure.series)
    conn.execute(
        """insert or ignore into series (key, place, category, subset, org, kind, since)
        values (?, ?, ?, ?, ?, ?, ?)""",
        (figure.series, key.place, key.category, key.subset, key.org, key.kind, key.since),
    )
    confirmed = max(effective, point["confirmed"])
    cursor = conn.execute(
        """insert into series_points (series_id, value, value_high, qualifier, as_of, effective,
            confirmed, published, prior, part, article_id, version_id, url, source, quote,
            learned_at, review_id)
        select id, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ? from series where key = ?""",
        (
            figure.value, figure.value_high, figure.qualifier, figure.as_of, effective, confirmed,
            point["published"], point["part"], point["article_id"], point["version_id"],
            point["url"], point["source"], point["quote"], at, review, figure.series,
        ),
    )  # fmt: skip
    assert cursor.lastrowid is not None
    return cursor.lastrowid
