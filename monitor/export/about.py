"""What a corpus says of itself, in one place: every card and manifest is made from it."""

from dataclasses import asdict, dataclass
from typing import Any

from db.corpus import Column, Table
from db.export import Chosen, Selection, Terms
from monitor.export.corpus import Corpus
from monitor.export.parts import Written

ALL_TIME = "9999"
MEDIA_TYPES = {
    ".jsonl": "application/jsonl",
    ".csv": "text/csv",
    ".parquet": "application/vnd.apache.parquet",
    ".xml": "application/tei+xml",
    ".sqlite": "application/vnd.sqlite3",
    ".warc.gz": "application/warc",
    ".json": "application/json",
    ".md": "text/markdown",
}


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What only the person who exports can say; empty where nobody said it."""

    title: str = "News corpus of a media monitor"
    creator: str = ""
    licence: str = ""


@dataclass(frozen=True, kw_only=True)
class About:
    """A finished set of files, and how it came to be."""

    format: str
    labels: Labels
    version: str
    schema: str
    selection: Selection
    with_text: bool
    with_reviewers: bool
    chosen: Chosen
    terms: dict[str, Terms]
    tables: tuple[tuple[Table, tuple[Column, ...]], ...]
    files: tuple[Written, ...]

    @property
    def name(self) -> str:
        """A short name that is the same for the same query."""
        return f"monitor-corpus-{self.format}"

    @property
    def date(self) -> str:
        """The day up to which it tells: the last reading in it, not the day of the export."""
        known_at = self.selection.known_at
        return (self.chosen.last or (known_at if known_at != ALL_TIME else "1970-01-01"))[:10]

    @property
    def licence(self) -> str:
        """The terms of the annotations; those of the texts differ from source to source."""
        return self.labels.licence or "All rights reserved until the publisher states otherwise."

    @property
    def table_files(self) -> list[tuple[Written, Table, tuple[Column, ...]]]:
        """The files that hold one table each."""
        known = {table.name: (table, columns) for table, columns in self.tables}
        return [(file, *known[file.table]) for file in self.files if file.table is not None]


def about(
    corpus: Corpus,
    form: str,
    version: str,
    terms: dict[str, Terms],
    labels: Labels,
    files: list[Written],
) -> About:
    """What is to be said of a corpus whose files are written."""
    return About(
        format=form,
        labels=labels,
        version=version,
        schema=corpus.schema,
        selection=corpus.selection,
        with_text=corpus.with_text,
        with_reviewers=corpus.with_reviewers,
        chosen=corpus.chosen,
        terms=terms,
        tables=tuple((table, corpus.columns(table)) for table in corpus.tables),
        files=tuple(files),
    )


def query(told: About) -> dict[str, Any]:
    """The query in full: with it and the same database the same bytes come out."""
    selection = asdict(told.selection)
    known_at = selection.pop("known_at")
    return {
        "format": told.format,
        **{key: list(value) if isinstance(value, tuple) else value
           for key, value in selection.items()},
        "as_known_at": None if known_at == ALL_TIME else known_at,
        "with_text": told.with_text,
        "with_reviewers": told.with_reviewers,
    }  # fmt: skip


def media_type(path: str) -> str:
    """The media type of a file by its ending."""
    return next(kind for ending, kind in MEDIA_TYPES.items() if path.endswith(ending))
