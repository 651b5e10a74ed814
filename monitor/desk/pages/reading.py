"""The right side of a queue and the page of an article: marked text, versions, evidence."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from db import desk, known, pages, queries
from db.records import SeriesKey
from monitor.desk.ask import Answer, Ask, Missing
from monitor.desk.diffing import paragraph_diff
from monitor.desk.marking import marks, quote_mark


def show(ask: Ask) -> Answer:
    """An article with its versions, its flags and all that was decided about them."""
    with ask.house.memory.reading() as conn:
        article = queries.article(conn, str(ask.part["article"]))
        if article is None:
            raise Missing("article")
        flags = pages.flags_of_article(conn, article["id"])
        data = {
            "article": {name: article[name] for name in (
                "id", "url", "source", "state", "first_seen", "last_seen", "missing_since")},
            "reading": _reading(conn, ask, article, None),
            "flags": desk.cards_of(conn, flags[:50]),
        }  # fmt: skip
    return Answer(template="article.html", data=data)


def reading(conn: sqlite3.Connection, ask: Ask, card: Mapping[str, Any]) -> dict[str, Any] | None:
    """What lies around a flag: its article, or for a flag about no text only its history."""
    if card["versions"] is None:
        return {"article": None, "history": desk.history(conn, [card["id"]]), "chart": None}
    article = queries.article(conn, str(card["article_id"]))
    assert article is not None
    return _reading(conn, ask, article, card)


def _reading(
    conn: sqlite3.Connection, ask: Ask, article: Mapping[str, Any], card: Mapping[str, Any] | None
) -> dict[str, Any]:
    versions = pages.version_list(conn, article["id"])
    if not versions:
        raise Missing("article")
    newest = versions[-1]["number"]
    shown = min(max(1, ask.number("version", newest)), newest)
    against = min(max(0, ask.number("against", max(0, shown - 1))), newest)
    texts = {v["number"]: v for v in pages.version_texts(conn, article["id"], [shown, against])}
    version = texts[shown]
    flags = [card["id"]] if card else pages.flags_of_article(conn, article["id"])
    return {
        "article": {"id": article["id"], "url": article["url"], "state": article["state"]},
        "versions": versions,
        "version": version,
        "against": against if against in texts and against != shown else 0,
        "marks": _marks(conn, version, card),
        "diff": _diff(texts.get(against), version),
        "fetches": pages.fetch_log(conn, article["id"]),
        "history": desk.history(conn, flags),
        "chart": None if card is None or not card["series"] else chart(conn, card["series"]),
        "machine": None if card is None or not card["series"] else pages.read_as(conn, card["id"]),
    }


def chart(conn: sqlite3.Connection, series: str) -> dict[str, Any]:
    """The valid points of a series, each day's last, oldest first, and who counts the same."""
    by_day = {
        point["effective"]: point
        for point in queries.history(conn, series)
        if point["superseded_at"] is None and not point["prior"]
    }
    points = [
        {name: by_day[day][name] for name in ("effective", "value", "as_of", "source", "url")}
        for day in sorted(by_day)
        if _is_day(day)
    ]
    return {"series": series, "org": SeriesKey.parse(series).org, "points": points}


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _marks(
    conn: sqlite3.Connection, version: Mapping[str, Any], card: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    mentions = known.mentions_of(conn, version["id"])
    observations = known.observations_of(conn, version["id"])
    names = pages.entity_names(conn, {m.entity for m in mentions})
    quote = quote_mark(version["text"], card["quote"]) if card else []
    return marks(mentions, observations, names) + quote


def _diff(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> Sequence[Any] | None:
    if before is None or before["number"] == after["number"]:
        return None
    old, new = sorted((before, after), key=lambda version: version["number"])
    return paragraph_diff(f"{old['title']}\n{old['text']}", f"{new['title']}\n{new['text']}")
