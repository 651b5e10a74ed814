"""Apache Parquet by pyarrow (extra `parquet`): typed columns; lists and objects as JSON text."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from db.corpus import Column, Table
from db.export import Row
from monitor.exceptions import BadInput
from monitor.export.corpus import Corpus, as_text
from monitor.export.parts import Part, table_parts

# A row group is held in memory whole: at most so many rows, or so many characters.
GROUP_ROWS = 5_000
GROUP_CHARACTERS = 2_000_000


def parts(corpus: Corpus) -> list[Part]:
    """One file a table; raises BadInput if pyarrow is not installed."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise BadInput("Parquet needs pyarrow: pip install 'prisoner-monitor[parquet]'") from None
    return table_parts(corpus, "parquet", _write)


def _write(path: Path, table: Table, corpus: Corpus, rows: Iterable[Row]) -> int:
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    columns = corpus.columns(table)
    schema = pyarrow.schema([_field(column) for column in columns])
    written = 0
    # A dictionary of texts that hardly repeat would only cost memory.
    repeated = [column.name for column in columns if not column.full_text]
    with ParquetWriter(path, schema, compression="zstd", use_dictionary=repeated) as writer:
        for group in groups(rows):
            values = [
                pyarrow.array([_value(column, row[at]) for row in group], schema.field(at).type)
                for at, column in enumerate(columns)
            ]
            writer.write_table(pyarrow.Table.from_arrays(values, schema=schema))
            written += len(group)
    return written


def groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Rows in runs that fit into memory, whatever their length."""
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(group) >= GROUP_ROWS or size >= GROUP_CHARACTERS:
            yield group
            group, size = [], 0
    if group:
        yield group


def _field(column: Column) -> Any:
    import pyarrow

    types = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "datetime": pyarrow.timestamp("ms", tz="UTC"),
    }
    about = {"description": column.about}
    return pyarrow.field(column.name, types.get(column.type, pyarrow.string()), metadata=about)


def _value(column: Column, value: Any) -> Any:
    if value is None:
        return None
    if column.type == "datetime":
        return datetime.fromisoformat(value)
    if column.type == "any":
        return str(as_text(value))
    return as_text(value)
