"""Counts over time: every series, and one with those who count the same."""

from db import pages, queries
from db.records import SeriesKey
from monitor.desk.ask import Answer, Ask, Missing
from monitor.desk.pages.reading import chart


def index(ask: Ask) -> Answer:
    """Every series with its current point."""
    with ask.house.memory.reading() as conn:
        rows = queries.series(conn)
    return Answer(template="series_list.html", data={"series": rows})


def show(ask: Ask) -> Answer:
    """One series: chart, points, other organisations side by side, disagreements, corrections."""
    key = ask.part["series"]
    try:
        SeriesKey.parse(key)
    except ValueError:
        raise Missing("series") from None
    with ask.house.memory.reading() as conn:
        history = queries.history(conn, key)
        if not history:
            raise Missing("series")
        current = {row["series"]: row for row in queries.series(conn)}
        peers = pages.peers(conn, key)
        data = {
            "series": key,
            "points": history[::-1],
            "current": current.get(key),
            "peers": [current[peer] for peer in peers if peer in current],
            "charts": {SeriesKey.parse(peer).org or "–": chart(conn, peer)["points"]
                       for peer in peers},
            "disagreements": pages.disagreements(conn, key),
            "corrections": pages.corrections(conn, key),
        }  # fmt: skip
    return Answer(template="series.html", data=data)
