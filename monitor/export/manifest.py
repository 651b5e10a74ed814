"""manifest.json: the query, the counts, and the hash of every other file of a corpus."""

from dataclasses import asdict
from typing import Any

from monitor.export.about import About, query
from monitor.export.parts import Written

FILE = "manifest.json"
FORMAT = "monitor-corpus/1"


def manifest(told: About, cards: list[Written]) -> dict[str, Any]:
    """Everything a reader needs to check a corpus, and to ask for the same one again."""
    return {
        "format": FORMAT,
        "software": {"name": "prisoner-monitor", "version": told.version},
        "schema": told.schema,
        "title": told.labels.title,
        "creator": told.labels.creator,
        "licence": told.labels.licence,
        "query": query(told),
        "holds": {
            "articles": told.chosen.articles,
            "versions": told.chosen.versions,
            "first_read": told.chosen.first,
            "last_read": told.chosen.last,
            "languages": list(told.chosen.langs),
        },
        "sources": {name: asdict(terms) for name, terms in sorted(told.terms.items())},
        "files": [_entry(file) for file in (*told.files, *cards)],
    }


def _entry(file: Written) -> dict[str, Any]:
    return {key: value for key, value in asdict(file).items() if value is not None}
