"""ro-crate-metadata.json: the corpus as a research object (w3id.org/ro/crate/1.1)."""

from typing import Any

from monitor.export.about import About, media_type
from monitor.export.parts import Written

FILE = "ro-crate-metadata.json"


def ro_crate(told: About, cards: list[Written]) -> dict[str, Any]:
    """The crate: its root, every file, and the software that made it, by a flat list of nodes."""
    files = [*told.files, *cards]
    return {
        "@context": "https://w3id.org/ro/crate/1.1/context",
        "@graph": [
            {
                "@id": FILE,
                "@type": "CreativeWork",
                "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
                "about": {"@id": "./"},
            },
            _root(told, files),
            {"@id": "#licence", "@type": "CreativeWork", "name": told.licence},
            {"@id": "#publisher", "@type": "Organization",
             "name": told.labels.creator or "not stated"},
            {"@id": "#software", "@type": "SoftwareApplication", "name": "prisoner-monitor",
             "version": told.version},
            {"@id": "#export", "@type": "CreateAction", "name": "monitor export",
             "instrument": {"@id": "#software"}, "result": {"@id": "./"}},
            *(_file(file) for file in files),
        ],
    }  # fmt: skip


def _root(told: About, files: list[Written]) -> dict[str, Any]:
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": told.labels.title,
        "description": f"{told.chosen.versions} versions of {told.chosen.articles} news articles"
        " with the names and counts found in them.",
        "datePublished": told.date,
        "license": {"@id": "#licence"},
        "publisher": {"@id": "#publisher"},
        "mentions": {"@id": "#export"},
        "hasPart": [{"@id": file.path} for file in files],
    }


def _file(file: Written) -> dict[str, Any]:
    return {
        "@id": file.path,
        "@type": "File",
        "name": file.path,
        "encodingFormat": media_type(file.path),
        "contentSize": str(file.bytes),
        "sha256": file.sha256,
    }
