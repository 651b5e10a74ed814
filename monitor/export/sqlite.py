"""SQLite: the tables of the corpus in one file, with keys, indexes, views and full-text search."""

from pathlib import Path

from db.corpus_file import CorpusFile
from monitor.export.corpus import Corpus, as_text
from monitor.export.parts import Part

FILE = "data/corpus.sqlite"


def parts(corpus: Corpus) -> list[Part]:
    """One file with all tables."""

    def write(path: Path) -> int:
        with CorpusFile(path) as file:
            for table in corpus.tables:
                rows = (tuple(map(as_text, row)) for row in corpus.rows(table))
                file.add(table, corpus.columns(table), rows)
        return corpus.chosen.versions

    return [Part(path=FILE, write=write)]
