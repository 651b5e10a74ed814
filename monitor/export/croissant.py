"""croissant.json: the corpus for machine learning (docs.mlcommons.org/croissant, version 1.0)."""

from typing import Any

from db.corpus import Column, Table
from monitor.export.about import About, media_type
from monitor.export.parts import Written

FILE = "croissant.json"
CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean"}


def croissant(told: About) -> dict[str, Any]:
    """The description: every file is a FileObject, every table a RecordSet."""
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": told.name,
        "description": f"{told.labels.title}: texts of news outlets with the names and counts"
        " found in them, by offset.",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "citeAs": f"{told.labels.creator or 'Publisher not stated'}: {told.labels.title},"
        f" state of {told.date}; cite with the sha256 of manifest.json",
        "creator": {"@type": "sc:Organization", "name": told.labels.creator or "not stated"},
        "datePublished": told.date,
        "license": told.licence,
        "version": "1.0.0",
        "distribution": [_file(file) for file in told.files],
        "recordSet": [_records(*each) for each in told.table_files if each[0].rows],
    }


def _file(file: Written) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": file.path,
        "name": file.path,
        "contentUrl": file.path,
        "contentSize": f"{file.bytes} B",
        "encodingFormat": media_type(file.path),
        "sha256": file.sha256,
    }


def _records(file: Written, table: Table, columns: tuple[Column, ...]) -> dict[str, Any]:
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.about,
        "key": [{"@id": f"{table.name}/{name}"} for name in table.key],
        "field": [_field(file, table, column) for column in columns],
    }


def _field(file: Written, table: Table, column: Column) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{column.name}",
        "name": f"{table.name}/{column.name}",
        "description": column.about,
        "dataType": _TYPES.get(column.type, "sc:Text"),
        "source": {"fileObject": {"@id": file.path}, "extract": {"column": column.name}},
    }
