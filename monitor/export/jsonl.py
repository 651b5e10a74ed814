"""JSON lines: one object a row, UTF-8, lists and objects as they are."""

import json
from collections.abc import Iterable
from pathlib import Path

from db.corpus import Table
from db.export import Row
from monitor.export.corpus import Corpus
from monitor.export.parts import Part, table_parts


def parts(corpus: Corpus) -> list[Part]:
    """One file a table."""
    return table_parts(corpus, "jsonl", _write)


def _write(path: Path, table: Table, corpus: Corpus, rows: Iterable[Row]) -> int:
    names = [column.name for column in corpus.columns(table)]
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            line = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)
            stream.write(line + "\n")
            written += 1
    return written
