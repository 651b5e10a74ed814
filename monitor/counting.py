"""Series of counts for people: rows, CSV and a step chart with each point's source."""

import csv
import io
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from db import queries
from db.records import SeriesKey
from monitor.exceptions import BadInput

COLUMNS = ("series", "value", "qualifier", "as_of", "effective", "confirmed", "points", "source")
HISTORY_COLUMNS = (
    "effective", "value", "qualifier", "as_of", "confirmed", "prior", "source", "url",
    "superseded_at",
)  # fmt: skip

# OWASP, "CSV Injection": full-width signs count as signs in some locales.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def rows(conn: sqlite3.Connection, series: str | None, known_at: str) -> list[dict[str, Any]]:
    """All series with their current points, or the history of one; raises BadInput if unknown."""
    if series is None:
        return queries.series(conn, known_at)
    try:
        SeriesKey.parse(series)
    except ValueError:
        raise BadInput(
            f"{series}: write a series like AZ/political_prisoner/-/UFPP/stock"
        ) from None
    found = queries.history(conn, series, known_at)
    if not found:
        raise BadInput(f"{series}: no such series; `monitor counts` lists all")
    return found


def as_csv(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV, safe to open in a spreadsheet."""
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: harmless(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless(-5), harmless("plain")
    ("'=1+1", -5, 'plain')
    """
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value


def draw(rows: Sequence[Mapping[str, Any]], series: str | None, path: Path) -> Path:
    """Draw the history of one series as PNG or SVG; raises BadInput without a series."""
    if series is None:
        raise BadInput("--plot draws one series; name it")
    if path.suffix.lower() not in (".png", ".svg"):
        raise BadInput(f"{path}: --plot writes .png or .svg")
    from monitor.plotting import write_chart

    write_chart(rows, series, path)
    return path
