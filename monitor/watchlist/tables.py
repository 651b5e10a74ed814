"""Tables as people keep them: CSV from any spreadsheet program, and XLSX, as rows of text."""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

from monitor.exceptions import BadInput

_DELIMITERS = ",;\t"
# A spreadsheet program runs a cell that begins like this as a formula; an apostrophe stops it.
# https://owasp.org/www-community/attacks/CSV_Injection
_FORMULA = re.compile(r"'*[=+\-@\t\r]")


class Row(NamedTuple):
    """A row and the line it begins at (of a CSV file) or its number (in a sheet), from 1."""

    line: int
    cells: tuple[str, ...]


def read_rows(path: Path) -> list[Row]:
    """All rows with text in them; rows whose first cell begins with `#` are comments.

    A CSV file may be UTF-8, UTF-16 with its mark, windows-1251 or windows-1254, and be separated by
    comma, semicolon or tab. Raises BadInput where the file is no table.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from None
    rows = _sheet_rows(path, raw) if raw.startswith(b"PK\x03\x04") else _csv_rows(path, raw)
    return [
        Row(row.line, tuple(map(_unguarded, row.cells)))
        for row in rows
        if any(cell.strip() for cell in row.cells) and not row.cells[0].startswith("#")
    ]


def write_rows(path: Path, rows: Iterable[tuple[str, ...]]) -> None:
    """Write XLSX where the name ends so, else CSV in UTF-8 with a mark (Excel asks for it)."""
    guarded = [tuple(map(_guarded, row)) for row in rows]
    try:
        if path.suffix.lower() == ".xlsx":
            path.write_bytes(_sheet(guarded))
        else:
            with path.open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(guarded)
    except OSError as error:
        raise BadInput(f"{path}: cannot be written: {error.strerror or error}") from None


def _csv_rows(path: Path, raw: bytes) -> Iterator[Row]:
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadInput(f"{path}: an old Excel file; save it as .xlsx or as CSV UTF-8")
    text = _decoded(raw)
    if "\0" in text:
        raise BadInput(f"{path}: not a text file; save it as .xlsx or as CSV UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadInput(
                f"{path}:{line}: a quotation mark is not closed or stands before other text "
                f'(inside a cell write it twice, ""): {error}'
            ) from None
        if cells is None:
            return
        yield Row(line, tuple(cells))


def _decoded(raw: bytes) -> str:
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16", errors="replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        # Russian words are runs of Cyrillic; ş ç ö read as windows-1251 stand alone among Latin.
        russian = raw.decode("cp1251", errors="replace")
        if re.search("[А-Яа-яЁё]{3}", russian):
            return russian
        return raw.decode("cp1254", errors="replace")


def _delimiter(text: str) -> str:
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    headings = next(lines, "")
    return max(_DELIMITERS, key=headings.count)


def _sheet_rows(path: Path, raw: bytes) -> list[Row]:
    import openpyxl  # half a second that CSV need not pay for

    try:
        with warnings.catch_warnings():
            # It warns of drop-down lists and colours it cannot keep; we only read text.
            warnings.simplefilter("ignore", UserWarning)
            book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
            rows = list(book.worksheets[0].iter_rows(values_only=True)) if book.worksheets else []
            book.close()
    except (BadZipFile, KeyError, ValueError, TypeError, SyntaxError, OSError) as error:
        raise BadInput(f"{path}: not an XLSX file that can be read: {error}") from None
    return [
        Row(number, tuple(map(_text_of, cells))) for number, cells in enumerate(rows, 1) if cells
    ]


def _text_of(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def _sheet(rows: Iterable[tuple[str, ...]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("watchlist")
    sheet.freeze_panes = "A2"
    for row in rows:
        sheet.append(row)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
