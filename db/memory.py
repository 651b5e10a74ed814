"""Connections of the desk: many readers, one writer.

SQLite lets many read while one writes, and only one write. So every reviewer's write goes through
one connection behind one lock; against the crawler, which writes from its own process, it asks for
SQLite's write lock in short steps instead of SQLite's own growing pauses (up to 100 ms each).
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock

from db.store import connect
from monitor.exceptions import StoreError

ASK_AGAIN = 0.002  # seconds between two tries for the write lock
GIVE_UP = 30.0


class Memory:
    """One database file, opened for reading by many threads and for writing by one at a time."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._writer = connect(database)
        self._lock = Lock()
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A read-only connection that sees one state of the database until it is given back."""
        try:
            conn = self._idle.get_nowait()
        except Empty:
            conn = connect(self._database, read_only=True)
        try:
            conn.execute("begin")
            yield conn
        finally:
            conn.rollback()
            self._idle.put(conn)

    @contextmanager
    def alone(self) -> Iterator[sqlite3.Connection]:
        """The writing connection, for code that begins and ends its own transaction."""
        with self._lock:
            yield self._writer

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One write transaction: all of it is stored, or nothing."""
        with self.alone() as conn:
            _begin(conn)
            try:
                yield conn
            except BaseException:
                conn.rollback()
                raise
            conn.commit()

    def close(self) -> None:
        """Close every connection that is not in use."""
        self._writer.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()


def _begin(conn: sqlite3.Connection) -> None:
    conn.execute("pragma busy_timeout = 0")
    try:
        until = time.monotonic() + GIVE_UP
        while True:
            try:
                conn.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if time.monotonic() > until:
                    raise StoreError(f"the database stayed locked for {GIVE_UP} s") from error
                time.sleep(ASK_AGAIN)
    finally:
        conn.execute(f"pragma busy_timeout = {int(GIVE_UP * 1000)}")
