"""Exports: tables of what is known now, and the corpora that `monitor export` wrote."""

import json
from pathlib import Path
from urllib.parse import quote

from db import pages, queries
from db.queries import FlagFilter
from monitor.counting import as_csv
from monitor.desk.ask import Answer, Ask, Bytes, Missing
from monitor.printable import printable

FOLDER = "exports"
LARGEST = 200_000_000
TABLES = ("flags", "series", "watchlist")
FORMATS = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


def index(ask: Ask) -> Answer:
    """What can be taken along."""
    data = {"tables": list(TABLES), "formats": list(FORMATS), "files": _files(_folder(ask))}
    return Answer(template="exports.html", data=data)


def table(ask: Ask) -> Bytes:
    """One table, whole, as CSV that is harmless in a spreadsheet or as JSON lines."""
    name, form = ask.part["table"], ask.part["format"]
    if name not in TABLES or form not in FORMATS:
        raise Missing("table")
    with ask.house.memory.reading() as conn:
        if name == "flags":
            rows = list(queries.flags(conn, FlagFilter()))
        elif name == "series":
            rows = queries.series(conn)
        else:
            rows = pages.tracked(conn)
    flat = [{key: _flat(value) for key, value in row.items()} for row in rows]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    body = as_csv(flat) if form == "csv" else lines
    return _download(f"{name}.{form}", body.encode(), FORMATS[form])


def file(ask: Ask) -> Bytes:
    """A file of the export folder; only what lies in it, under the names that were listed."""
    folder = _folder(ask)
    name = ask.part["name"]
    if name not in {one["name"] for one in _files(folder)}:
        raise Missing("file")
    return _download(Path(name).name, (folder / name).read_bytes(), "application/octet-stream")


def _folder(ask: Ask) -> Path:
    return ask.house.space.data_dir / FOLDER


def _files(folder: Path) -> list[dict[str, object]]:
    """The files of the folder and of folders in it, without links that lead elsewhere."""
    found = [p for p in sorted(folder.glob("**/*")) if p.is_file() and not p.is_symlink()]
    inside = [p for p in found if p.resolve().is_relative_to(folder.resolve())]
    return [
        {"name": path.relative_to(folder).as_posix(), "bytes": path.stat().st_size}
        for path in inside
        if path.stat().st_size <= LARGEST
    ]


def _flat(value: object) -> object:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict)) else value


def _download(name: str, body: bytes, kind: str) -> Bytes:
    named = f"attachment; filename*=UTF-8''{quote(printable(name))}"
    return Bytes(body=body, headers={"content-type": kind, "content-disposition": named})
