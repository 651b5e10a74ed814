"""datapackage.json: the corpus as a Frictionless Data Package (specs.frictionlessdata.io, v1)."""

from typing import Any

from db.corpus import Column, Table
from monitor.export.about import About, media_type
from monitor.export.parts import Written

FILE = "datapackage.json"
# Lists and objects are JSON inside a cell, and `any` are words or numbers.
_TYPES = {"array": "array", "object": "object", "any": "any", "datetime": "datetime"}
_TABULAR = {"csv": "csv", "jsonl": "ndjson", "parquet": "parquet"}


def datapackage(told: About) -> dict[str, Any]:
    """The descriptor; every file of the data is one resource."""
    tables = {file.path: (table, columns) for file, table, columns in told.table_files}
    names = {file.table for file in told.files}
    return {
        "profile": "data-package",
        "name": told.name,
        "title": told.labels.title,
        "version": told.date,
        "licenses": [{"name": "other", "title": told.licence}],
        "contributors": [
            {"title": told.labels.creator or "not stated", "role": "publisher"},
        ],
        "sources": [
            {"title": f"{name}: {terms.text_licence or 'terms not known'}"}
            for name, terms in sorted(told.terms.items())
        ],
        "resources": [
            _table(told, file, *tables[file.path], names) if file.path in tables else _file(file)
            for file in told.files
        ],
    }


def _file(file: Written) -> dict[str, Any]:
    return {
        "name": _slug(file.path),
        "path": file.path,
        "mediatype": media_type(file.path),
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
    }


def _table(
    told: About,
    file: Written,
    table: Table,
    columns: tuple[Column, ...],
    names: set[str | None],
) -> dict[str, Any]:
    form = _TABULAR[told.format]
    return {
        **_file(file),
        "name": table.name,
        "profile": "tabular-data-resource",
        "format": form,
        "encoding": "utf-8",
        "description": table.about,
        "schema": {
            "fields": [_field(column, told.format) for column in columns],
            "primaryKey": list(table.key),
            "foreignKeys": [
                {"fields": [column], "reference": {"resource": other, "fields": [_key(other)]}}
                for column, other in table.refers
                if other in names
            ],
        },
    }


def _field(column: Column, form: str) -> dict[str, Any]:
    kind = _TYPES.get(column.type, column.type)
    if form == "parquet" and kind in ("array", "object", "any"):
        kind = "string"
    return {"name": column.name, "type": kind, "description": column.about}


def _key(table: str) -> str:
    from db.corpus import TABLES

    return next(each.key[0] for each in TABLES if each.name == table)


def _slug(path: str) -> str:
    return path.removeprefix("data/").replace("/", "-").lower()
