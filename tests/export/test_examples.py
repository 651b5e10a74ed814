"""The worked examples of docs/exports.md run as they stand."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.export.conftest import Export

BOOK = (Path(__file__).parents[2] / "docs" / "exports.md").read_text("utf-8")


@pytest.fixture
def corpus(exported: Export) -> Path:
    """One folder `corpus` with the tables as the examples expect them."""
    folder = exported("jsonl", "corpus", versions="all")
    for form, name in (("parquet", "series_points.parquet"), ("sqlite", "corpus.sqlite")):
        shutil.copy(exported(form, form, versions="all") / "data" / name, folder / "data" / name)
    return folder


@pytest.mark.parametrize("example", re.findall(r"```python\n(.*?)```", BOOK, re.S))
def test_a_python_example_shows_something(
    corpus: Path,
    example: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("duckdb")
    monkeypatch.chdir(corpus.parent)
    exec(compile(example, "docs/exports.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "ulvi" in shown or "357" in shown


def test_the_query_of_the_r_example_cuts_out_the_names(corpus: Path) -> None:
    (query,) = re.findall(r'dbGetQuery\(corpus, "\n(.*?)"\)\n```', BOOK, re.S)
    conn = sqlite3.connect(corpus / "data" / "corpus.sqlite")
    words = {row[4] for row in conn.execute(query.replace('\\"', '"'))}
    conn.close()
    assert words == {"Ülvi Həsənli", "Sevinc Vaqifqızı", "Abzas Media"}
