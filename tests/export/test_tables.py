"""What leaves in JSON lines and CSV: complete, in order, narrowed as asked, and harmless."""

import csv
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from db.corpus import TABLES, VERSIONS
from db.export import Selection
from db.store import connect
from db.wayback import mark_saved
from monitor.export.corpus import Corpus
from monitor.isoday import moment
from tests.export.conftest import FORMULA, SECRET, Export
from tests.worlds import MONDAY, World


def lines(folder: Path, table: str) -> list[dict[str, Any]]:
    text = (folder / "data" / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def column(folder: Path, table: str, name: str) -> list[Any]:
    return [row[name] for row in lines(folder, table)]


def test_every_version_leaves_with_its_article_source_and_terms(exported: Export) -> None:
    folder = exported("jsonl", versions="all")
    assert len(lines(folder, "versions")) == 6
    assert column(folder, "articles", "versions") == [1, 1, 2, 1, 1]
    assert column(folder, "sources", "text_licence") == ["CC-BY-4.0", ""]
    assert column(folder, "sources", "robots")[1].startswith("overridden")


def test_a_copy_elsewhere_is_told_as_far_as_it_was_known(exported: Export, world: World) -> None:
    at, copy = (
        MONDAY + timedelta(hours=2),
        "https://web.archive.org/web/20260302110000/http://a.test/1",
    )
    mark_saved(world.conn, 1, at, copy)
    assert column(exported("jsonl"), "versions", "memento")[0] == copy
    before = exported("jsonl", "before", known_at=moment(MONDAY + timedelta(hours=1)))
    assert column(before, "versions", "memento")[0] is None


def test_offsets_point_at_the_names_and_figures_in_the_text(exported: Export) -> None:
    folder = exported("jsonl", versions="all", candidates="keep")
    texts = {row["version_id"]: row["text"] for row in lines(folder, "versions")}
    mentions = lines(folder, "mentions")
    assert len(mentions) == 4
    for row in [*mentions]:
        assert texts[row["version_id"]][row["start"] : row["end"]] == row["surface"]
    for row in lines(folder, "candidates"):
        assert texts[row["version_id"]][row["start"] : row["end"]] == row["name"]
    for row in lines(folder, "observations"):
        start, end = row["spans"][0]
        assert str(row["value"]) in texts[row["version_id"]][start:end]


def test_the_series_and_its_points_come_along(exported: Export) -> None:
    folder = exported("jsonl")
    assert column(folder, "series", "series") == ["AZ/political_prisoner/-/UFPP/stock"]
    assert column(folder, "series_points", "value") == [331, 357]
    assert "count_up" in column(folder, "flags", "kind")


@pytest.mark.parametrize(
    ("asked", "urls"),
    [
        ({"sources": ("b",)}, ["http://b.test/3"]),
        ({"entities": ("ulvi",)}, ["http://a.test/2"]),
        ({"entities": ("abzas", "ulvi")}, ["http://a.test/2", "http://b.test/3"]),
        (
            {"series": "AZ/political_prisoner/-/UFPP/stock"},
            ["http://a.test/1", "http://a.test/4"],
        ),
        ({"since": "2026-03-05"}, ["http://a.test/4", "http://a.test/5"]),
        ({"until": "2026-03-02"}, ["http://a.test/1", "http://a.test/2"]),
        ({"since": "2026-03", "until": "2026-03", "sources": ("b",)}, ["http://b.test/3"]),
        ({"since": "2026-04"}, []),
        ({"langs": ("xx",)}, []),
        ({"known_at": "2026-03-02T23:00:00Z"}, ["http://a.test/1", "http://a.test/2"]),
    ],
)
def test_a_filter_leaves_what_it_says(
    exported: Export, asked: dict[str, Any], urls: list[str]
) -> None:
    folder = exported("jsonl", **asked)
    assert column(folder, "articles", "url") == urls
    chosen = set(column(folder, "versions", "version_id"))
    for table in ("mentions", "observations"):
        assert set(column(folder, table, "version_id")) <= chosen


def test_what_was_known_then_has_no_later_version_point_or_decision(exported: Export) -> None:
    folder = exported("jsonl", known_at="2026-03-03T23:00:00Z")
    texts = column(folder, "versions", "text")
    assert "Sevinc Vaqifqızı wrote from prison." in texts
    assert column(folder, "articles", "versions") == [1, 1, 1]
    assert column(folder, "series_points", "value") == [331]
    assert set(column(folder, "flags", "state")) == {"open"}
    assert max(column(folder, "articles", "last_seen")) <= "2026-03-03T23:00:00Z"


def test_latest_and_all_versions_differ_in_the_edited_article_only(exported: Export) -> None:
    latest = column(exported("jsonl", "one"), "versions", "number")
    every = column(exported("jsonl", "two", versions="all"), "versions", "number")
    assert (latest, every) == ([1, 1, 2, 1, 1], [1, 1, 1, 2, 1, 1])


def test_texts_leave_only_when_asked_for_and_their_lengths_always(exported: Export) -> None:
    rows = lines(exported("jsonl", text=False), "versions")
    assert "text" not in rows[0]
    assert rows[0]["characters"] > 40


def test_no_reviewer_and_no_note_leaves_unasked(exported: Export) -> None:
    folder = exported("jsonl", versions="all", candidates="keep")
    for file in folder.rglob("*"):
        if file.is_file():
            text = file.read_text(encoding="utf-8")
            assert SECRET not in text
            assert "reviewer." not in text
    assert "confirmed" in column(folder, "flags", "state")


def test_reviewers_leave_when_asked_for_but_never_their_comments(exported: Export) -> None:
    folder = exported("jsonl", reviewers=True)
    (review,) = lines(folder, "reviews")
    assert (review["who"], review["note"]) == ("reviewer.one", SECRET)
    assert "reviewer.two" not in (folder / "data" / "flags.jsonl").read_text(encoding="utf-8")


@pytest.mark.parametrize("choice", ["drop", "mask"])
@pytest.mark.parametrize("form", ["jsonl", "csv", "tei", "sqlite"])
def test_private_persons_are_blocked_out_of_everything(
    exported: Export, form: str, choice: str
) -> None:
    folder = exported(form, versions="all", candidates=choice)
    for file in folder.rglob("*"):
        if file.is_file():
            assert "Qasımov".encode() not in file.read_bytes(), file.name
            assert "Elçin".encode() not in file.read_bytes(), file.name


def test_dropped_persons_have_no_table_and_no_flag(exported: Export) -> None:
    folder = exported("jsonl", versions="all")
    assert not (folder / "data" / "candidates.jsonl").exists()
    assert "candidate" not in column(folder, "flags", "kind")


def test_masked_persons_have_a_number_and_keep_their_place(exported: Export) -> None:
    folder = exported("jsonl", candidates="mask")
    (person,) = lines(folder, "candidates")
    assert person["name"].startswith("person-")
    text = next(r for r in lines(folder, "versions") if r["version_id"] == person["version_id"])
    assert set(text["text"][person["start"] : person["end"]]) <= {"█", " "}
    assert "Ülvi Həsənli" in text["text"]
    assert "candidate" in column(folder, "flags", "kind")


def test_no_cell_of_words_begins_as_a_formula(exported: Export) -> None:
    folder = exported("csv", versions="all", candidates="keep")
    cells = []
    for file in (folder / "data").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            cells += [cell for row in csv.reader(stream) for cell in row]
    assert f"'{FORMULA}" in cells
    assert "'@Weather" in cells
    assert "'-5 degrees in Baku." in cells
    assert not any(cell.startswith(tuple("=+-@\t\r\n＝")) for cell in cells)


def test_every_table_has_its_columns_in_their_order(exported: Export) -> None:
    folder = exported("csv", candidates="keep", reviewers=True)
    for table in TABLES:
        with (folder / "data" / f"{table.name}.csv").open(encoding="utf-8", newline="") as stream:
            assert next(csv.reader(stream)) == [column.name for column in table.columns]


def test_keys_are_unique_and_references_lead_somewhere(exported: Export) -> None:
    folder = exported("jsonl", versions="latest", candidates="keep", reviewers=True)
    keys = {
        table.name: {tuple(row[name] for name in table.key) for row in lines(folder, table.name)}
        for table in TABLES
    }
    for table in TABLES:
        assert len(keys[table.name]) == len(lines(folder, table.name))
        for name, other in table.refers:
            values = {row[name] for row in lines(folder, table.name)} - {None}
            assert values <= {key[0] for key in keys[other]}, (table.name, name)


def test_an_export_sees_one_moment_while_a_crawl_goes_on(world: World, tmp_path: Path) -> None:
    corpus = Corpus(connect(tmp_path / "monitor.db"), Selection(), terms={})
    rows = corpus.rows(VERSIONS)
    first = next(rows)
    world.read("Written meanwhile.", url="http://a.test/late", day=9)
    assert len([first, *rows]) == corpus.chosen.versions == corpus.count(VERSIONS) == 5


def test_the_database_is_not_changed_by_an_export(exported: Export, world: World) -> None:
    before = world.conn.total_changes
    exported("jsonl", candidates="mask")
    tables = [row[0] for row in world.conn.execute("select name from main.sqlite_master")]
    assert "chosen" not in tables
    assert world.conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert before <= world.conn.total_changes
