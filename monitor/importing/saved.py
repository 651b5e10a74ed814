"""Saved pages: HTML, PDF and text files, with what a side file says of them.

`page.html` may have a side file `page.html.json` or `page.json` (one object), or a line in the
`metadata.csv` or `metadata.jsonl` of its folder or of a folder above, which names it in `file`.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from monitor.exceptions import BadInput
from monitor.importing.lines import parse_object
from monitor.importing.records import Defaults, Given, Part, Rejected, page_with, whole

MIMES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "text/html",
    ".pdf": "application/pdf",
    ".txt": "text/plain",
}
LARGEST_FILE = 50_000_000
TABLES = ("metadata.csv", "metadata.jsonl")


@dataclass
class SideNotes:
    """What the side files under one folder say, by file."""

    root: Path
    tables: dict[Path, dict[str, Any]] = field(default_factory=dict)
    rejected: list[Rejected] = field(default_factory=list)

    @classmethod
    def load(cls, root: Path) -> "SideNotes":
        """Read every metadata table under the folder; bad lines are in `rejected`."""
        notes = cls(root)
        for name in TABLES:
            for table in sorted(root.rglob(name)):
                notes._read(table)
        return notes

    def of(self, file: Path) -> dict[str, Any]:
        """What is said of a file: its own side file, else its line; raises BadInput if garbled."""
        for side in side_files(file):
            if side.is_file():
                return parse_object(side.read_bytes())
        return self.tables.get(file, {})

    def _read(self, table: Path) -> None:
        rows = _csv_rows if table.suffix == ".csv" else _json_rows
        for number, row in rows(table):
            place = f"{table}:{number}"
            if isinstance(row, str):
                self.rejected.append(Rejected(place=place, reason=row))
            elif not isinstance(row.get("file"), str) or not (table.parent / row["file"]).is_file():
                reason = f"file {row.get('file')!r} is not there"
                self.rejected.append(Rejected(place=place, reason=reason))
            else:
                self.tables[table.parent / row["file"]] = row


def side_files(file: Path) -> tuple[Path, Path]:
    """The names a side file of a page may have."""
    return file.with_name(f"{file.name}.json"), file.with_suffix(".json")


def is_side_file(file: Path) -> bool:
    """Whether a JSON file describes a page that lies beside it."""
    if file.name in TABLES:
        return True
    if file.suffix != ".json":
        return False
    stem = file.with_suffix("")
    return (stem.suffix.lower() in MIMES and stem.is_file()) or any(
        file.with_suffix(ending).is_file() for ending in MIMES
    )


def read_saved(file: Path, notes: SideNotes, defaults: Defaults) -> Part:
    """One saved page, with its address and time from a side file, the options or the file."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            return Rejected(place=str(file), reason="larger than 50 MB")
        body = file.read_bytes()
        told = notes.of(file)
        fields = {
            **told,
            "url": told.get("url") or _address(file, notes.root, defaults),
            "fetched_at": told.get("fetched_at") or _written(file, defaults).isoformat(),
        }
        return Given(
            page=page_with(fields, defaults, body, MIMES[file.suffix.lower()]), place=str(file)
        )
    except OSError as error:
        return Rejected(place=str(file), reason=error.strerror or "cannot be read")
    except BadInput as error:
        return Rejected(place=str(file), reason=str(error))


def _address(file: Path, root: Path, defaults: Defaults) -> str:
    """The path below the folder after the prefix, or else below a host that cannot exist."""
    path = quote(file.relative_to(root).as_posix())
    if defaults.url_prefix is not None:
        return defaults.url_prefix.rstrip("/") + "/" + path
    host = re.sub(r"[^a-z0-9-]+", "-", defaults.source.lower()).strip("-") or "import"
    return f"http://{host}.invalid/{path}"


def _written(file: Path, defaults: Defaults) -> datetime:
    """When a page was fetched: as the options say, else when its file was written."""
    if defaults.fetched_at is not None:
        return defaults.fetched_at
    return min(datetime.fromtimestamp(file.stat().st_mtime, UTC), defaults.now)


def _csv_rows(table: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with table.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        for row in reader:
            filled = {key: value for key, value in row.items() if key and value}
            yield reader.line_num, whole(filled)


def _json_rows(table: Path) -> Iterator[tuple[int, dict[str, Any] | str]]:
    with table.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                try:
                    yield number, parse_object(line)
                except BadInput as error:
                    yield number, str(error)
