"""CSV after RFC 4180, UTF-8, safe to open in a spreadsheet.

A cell of words that a spreadsheet would take for a formula begins with an apostrophe
(`monitor.counting.harmless`); lists and objects are JSON; an empty cell is a missing value.
"""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from db.corpus import Table
from db.export import Row
from monitor.counting import harmless
from monitor.export.corpus import Corpus, as_text
from monitor.export.parts import Part, table_parts


def parts(corpus: Corpus) -> list[Part]:
    """One file a table."""
    return table_parts(corpus, "csv", _write)


def _write(path: Path, table: Table, corpus: Corpus, rows: Iterable[Row]) -> int:
    written = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow([column.name for column in corpus.columns(table)])
        for row in rows:
            writer.writerow([_cell(value) for value in row])
            written += 1
    return written


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(as_text(value))
