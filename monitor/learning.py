"""What a source's own articles teach about reading it."""

import sqlite3

from db import boilerplate
from db.store import writing
from monitor import clock
from monitor.extract import learn_boilerplate

ARTICLES = 60


def learn(conn: sqlite3.Connection, source: str) -> int:
    """Learn the lines that a source puts around its articles; how many are new.

    Lines that name someone who is tracked, or count prisoners, are never learned.
    """
    texts = boilerplate.recent_texts(conn, source, ARTICLES)
    lines = learn_boilerplate(texts, boilerplate.telling_words(conn, source, ARTICLES))
    new = lines - boilerplate.learned(conn, source)
    if new:
        with writing(conn):
            boilerplate.remember(conn, source, new, clock.now())
    return len(new)
