"""A corpus: one selection of one snapshot of the database, as tables of plain values."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from db import export
from db.corpus import TABLES, Column, Table
from db.export import EVERYTHING, Archived, Bounds, Row, Selection, Terms
from monitor.export import masking

_TICK_ROWS = 200
_PARSED = ("array", "object", "any")


class Corpus:
    """What is exported, read row by row; `tick` hears how many rows went by."""

    def __init__(
        self,
        conn: sqlite3.Connection,
        selection: Selection,
        *,
        terms: Mapping[str, Terms],
        with_text: bool = False,
        with_reviewers: bool = False,
    ) -> None:
        self.selection = selection
        self.with_text = with_text
        self.with_reviewers = with_reviewers
        self._conn = conn
        self.tick: Callable[[int], None] = _unheard
        self.chosen = export.choose(conn, selection, terms)
        self.names = lru_cache(maxsize=512)(self._names)

    def __repr__(self) -> str:
        return f"Corpus({self.selection!r})"

    @property
    def tables(self) -> tuple[Table, ...]:
        """The tables of this corpus, in the order in which they refer to each other."""
        return tuple(table for table in TABLES if self._is_wanted(table))

    def columns(self, table: Table) -> tuple[Column, ...]:
        """The columns of a table in this corpus."""
        return tuple(each for each in table.columns if self.with_text or not each.full_text)

    def count(self, table: Table) -> int:
        return export.count(self._conn, table, self.selection)

    def rows(self, table: Table) -> Iterator[Row]:
        """The rows of a table in its order: JSON parsed, truth values bool, names blocked out."""
        columns = self.columns(table)
        found = export.rows(self._conn, table, [each.name for each in columns], self.selection)
        return self._counted(self._told(columns, found))

    def records(self, table: Table, bounds: Bounds = EVERYTHING) -> Iterator[dict[str, Any]]:
        """The rows of a table by name of column; of versions and what stands in them, `bounds`
        (places in the selection from 1, both included) are meant.
        """
        columns = self.columns(table)
        names = [each.name for each in columns]
        found = export.rows(self._conn, table, names, self.selection, bounds)
        for row in self._told(columns, found):
            yield dict(zip(names, row, strict=True))

    def archived(self, bounds: Bounds) -> Iterator[Archived]:
        """Where the bytes of the versions `bounds` lie; texts with private names blocked out."""
        return self._counted(map(self._masked, export.archived_between(self._conn, bounds)))

    @property
    def fingerprint(self) -> str:
        return export.fingerprint(self._conn)

    @property
    def schema(self) -> str:
        return export.schema_version(self._conn)

    def _masked(self, kept: Archived) -> Archived:
        if self.selection.candidates == "keep" or kept.snapshots:
            return kept
        names = self.names(kept.article_id, None)
        return kept if names is None else replace(kept, text=masking.blocked(kept.text, names))

    def _is_wanted(self, table: Table) -> bool:
        if table.only == "candidates":
            return self.selection.candidates != "drop"
        return table.only is None or self.with_reviewers

    def _told(self, columns: tuple[Column, ...], found: Iterable[Row]) -> Iterator[Row]:
        """Rows with their JSON parsed, truth values bool, and private names blocked out."""
        readings = [_reading(column.type) for column in columns]
        rows = (
            tuple(read(value) for read, value in zip(readings, row, strict=True)) for row in found
        )
        if self.selection.candidates == "keep" or not any(column.names for column in columns):
            return rows
        return (self._without_names(columns, row) for row in rows)

    def _without_names(self, columns: tuple[Column, ...], row: Row) -> Row:
        where = {column.name: value for column, value in zip(columns, row, strict=True)}
        names = self.names(where.get("article_id"), where.get("flag_id"))
        if names is None:
            return row
        return tuple(
            masking.blocked(value, names) if column.names else value
            for column, value in zip(columns, row, strict=True)
        )

    def _names(self, article: int | None, flag: int | None) -> re.Pattern[str] | None:
        """What to block out of the rows of an article, and of a flag with its evidence."""
        told = [] if flag is None else export.articles_of_flag(self._conn, flag)
        articles = sorted({*told, *(() if article is None else (article,))})
        found = [export.names_in(self._conn, each) for each in articles]
        private = sorted({name for names, _ in found for name in names})
        tracked = {name for _, names in found for name in names}
        return masking.pattern(private, tracked) if private else None

    def _counted(self, rows: Iterable[Any]) -> Iterator[Any]:
        number = 0
        for number, row in enumerate(rows, 1):
            yield row
            if number % _TICK_ROWS == 0:
                self.tick(_TICK_ROWS)
        self.tick(number % _TICK_ROWS)


def _reading(kind: str) -> Callable[[Any], Any]:
    if kind in _PARSED:
        return lambda value: None if value is None else json.loads(value)
    if kind == "boolean":
        return lambda value: None if value is None else bool(value)
    return _as_is


def _unheard(_rows: int) -> None:
    """Nobody watches."""


def _as_is(value: Any) -> Any:
    return value


def as_text(value: Any) -> Any:
    """A value for a cell that holds no lists: JSON for lists and objects, plain words else.

    >>> as_text([[0, 3]]), as_text("words"), as_text(None), as_text({"a": "ə"})
    ('[[0, 3]]', 'words', None, '{"a": "ə"}')
    """
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return value
