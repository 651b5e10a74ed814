"""A corpus as a SQLite file of its own: a clean copy, built anew and not by leaving things out."""

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from db.corpus import TABLES, Column, Table

_TYPES = {"integer": "integer", "boolean": "integer", "number": "real"}
_KEYS = {table.name: table.key[0] for table in TABLES}
# What follows the data, where its tables are there: table, statement.
_INDEXES = (
    ("articles", "create index articles_source on articles(source)"),
    ("versions", "create index versions_article on versions(article_id, number)"),
    ("mentions", "create index mentions_entity on mentions(entity, version_id)"),
    ("mentions", "create index mentions_version on mentions(version_id)"),
    ("observations", "create index observations_series on observations(series)"),
    ("observations", "create index observations_version on observations(version_id)"),
    ("series_points", "create index series_points_series on series_points(series, effective)"),
    ("flags", "create index flags_kind on flags(kind, raised_at)"),
    ("flags", "create index flags_article on flags(article_id)"),
    ("versions", """create view mention_history as
        select m.entity, e.canonical, v.published, v.fetched_at, v.source, v.url, v.title,
            m.surface, m.tier, m.status, m.version_id
        from mentions m join entities e on e.entity = m.entity
        join versions v on v.version_id = m.version_id"""),
)  # fmt: skip
_SEARCH = (
    """create virtual table versions_fts using fts5(title, text, content='versions',
        content_rowid='version_id', tokenize='unicode61 remove_diacritics 2')""",
    "insert into versions_fts(versions_fts) values ('rebuild')",
)


class CorpusFile:
    """A new SQLite file; whole when the `with` block ends without an error."""

    def __init__(self, path: Path) -> None:
        self._conn = sqlite3.connect(path, isolation_level=None)
        # The file is thrown away if anything goes wrong: no journal is needed, and none is left.
        self._conn.execute("pragma journal_mode = off")
        self._conn.execute("pragma synchronous = off")
        self._conn.execute("begin")
        self._has_text = False

    def __enter__(self) -> "CorpusFile":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            for _, statement in _INDEXES:
                self._conn.execute(statement)
            for statement in _SEARCH if self._has_text else ():
                self._conn.execute(statement)
            self._conn.execute("commit")
        self._conn.close()

    def add(self, table: Table, columns: Sequence[Column], rows: Iterable[Sequence[Any]]) -> None:
        """Create one table and fill it."""
        names = [f'"{column.name}"' for column in columns]
        self._conn.execute(_created(table, columns))
        marks = ", ".join("?" * len(names))
        self._conn.executemany(f"insert into {table.name} values ({marks})", rows)  # noqa: S608
        self._has_text |= any(column.full_text for column in columns)


def _created(table: Table, columns: Sequence[Column]) -> str:
    references = dict(table.refers)
    lines = [_line(table, column, references.get(column.name)) for column in columns]
    return f"create table {table.name} (\n    " + ",\n    ".join(lines) + "\n) strict"


def _line(table: Table, column: Column, other: str | None) -> str:
    kind = _TYPES.get(column.type, "any" if column.type == "any" else "text")
    key = " primary key" if table.key == (column.name,) else ""
    refers = f" references {other}({_KEYS[other]})" if other else ""
    return f'"{column.name}" {kind}{key}{refers}'
