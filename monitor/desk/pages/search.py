"""Search: all versions of all articles, those changed and removed too."""

from db import pages
from db.queries import ALL_TIME
from monitor.desk.ask import Answer, Ask
from monitor.searching import find

RESULTS = 40
LONGEST = 200


def show(ask: Ask) -> Answer:
    """What holds all the words; a tracked name is found in any spelling."""
    words = (ask.said("q") or "")[:LONGEST]
    rows = []
    with ask.house.memory.reading() as conn:
        if words.strip():
            rows = find(conn, words, known_at=ALL_TIME, limit=RESULTS)
        titles = pages.source_titles(conn)
    for row in rows:
        row["source_title"] = titles.get(row["source"], row["source"])
    data = {"words": words, "results": rows, "limit": RESULTS}
    return Answer(template="search.html", data=data)
