"""Opening an installation for reading pages: watchlist in place, workers warm."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from db import watchlist
from monitor.clock import now
from monitor.detect.names import Matcher
from monitor.pool import ReadingPool
from monitor.reading import Knowledge
from monitor.watching import start_watchlist
from monitor.workspace import Workspace


@contextmanager
def reading_pool(space: Workspace, conn: sqlite3.Connection) -> Iterator[ReadingPool]:
    """Workers that know the watchlist and what earlier runs decided about tokens."""
    pool = ReadingPool(knowledge(space, conn), space.settings.workers)
    try:
        yield pool
    except BaseException:
        pool.stop()
        raise
    pool.close()


def refresh(pool: ReadingPool, space: Workspace, conn: sqlite3.Connection) -> None:
    """Let the workers know a watchlist that was changed since they were started."""
    if watchlist.load_entities(conn) != pool.knowledge.entities:
        pool.renew(knowledge(space, conn))


def knowledge(space: Workspace, conn: sqlite3.Connection) -> Knowledge:
    """What a worker must know; a new database takes its watchlist from the file first."""
    start_watchlist(conn, space.first_watchlist(), now())
    entities = watchlist.load_entities(conn)
    decisions = watchlist.load_decisions(conn, Matcher(entities).rules)
    return Knowledge(entities=entities, decisions=decisions, registries=space.registries())
