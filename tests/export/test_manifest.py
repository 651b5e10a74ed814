"""A corpus can be cited and checked: same bytes for the same query, and nothing half-written."""

import json
from hashlib import sha256
from pathlib import Path

import pytest

from monitor.exceptions import BadInput
from monitor.export import parts
from monitor.export.verify import problems
from tests.export.conftest import Export
from tests.worlds import World

FORMATS = ("jsonl", "csv", "parquet", "tei", "sqlite", "warc")


def hashes(folder: Path) -> dict[str, str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(f.relative_to(folder)): sha256(f.read_bytes()).hexdigest() for f in files}


@pytest.mark.parametrize("form", FORMATS)
def test_a_second_export_has_the_same_bytes(exported: Export, form: str) -> None:
    assert hashes(exported(form, "one")) == hashes(exported(form, "two"))


def test_the_manifest_has_the_query_the_counts_and_every_file(exported: Export) -> None:
    folder = exported("jsonl", sources=("a",), since="2026-03")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["query"]["sources"] == ["a"]
    assert manifest["query"]["since"] == "2026-03"
    assert manifest["query"]["as_known_at"] is None
    assert manifest["holds"]["versions"] == 4
    assert list(manifest["sources"]) == ["a"]
    listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    assert listed == {k: v for k, v in hashes(folder).items() if k != "manifest.json"}
    rows = {file["table"]: file["rows"] for file in manifest["files"] if "table" in file}
    assert (rows["versions"], rows["sources"]) == (4, 1)


def test_a_whole_corpus_has_no_problems(exported: Export) -> None:
    assert list(problems(exported("csv"))) == []


def test_each_kind_of_damage_is_named(exported: Export) -> None:
    folder = exported("csv")
    (folder / "data" / "flags.csv").unlink()
    versions = folder / "data" / "versions.csv"
    versions.write_bytes(versions.read_bytes().replace(b"degrees", b"dogrees"))
    with (folder / "README.md").open("a", encoding="utf-8") as card:
        card.write("more\n")
    (folder / "extra.txt").write_text("?", encoding="utf-8")
    found = "\n".join(problems(folder))
    assert "data/flags.csv: missing" in found
    assert "data/versions.csv: its bytes were changed" in found
    assert "README.md: has" in found
    assert "extra.txt: not in the manifest" in found


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd"])
def test_a_manifest_cannot_point_out_of_its_folder(exported: Export, path: str) -> None:
    folder = exported("jsonl")
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["files"].append({"path": path, "bytes": 1, "sha256": ""})
    manifest.write_text(json.dumps(told), encoding="utf-8")
    assert list(problems(folder)) == [f"{path}: lies outside the corpus"]


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "other"}', '{"format": 1, "files": 3}']
)
def test_what_is_no_manifest_is_one_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(BadInput):
        list(problems(tmp_path))
    with pytest.raises(BadInput, match="holds no manifest"):
        list(problems(tmp_path / "nowhere"))


def test_an_interrupted_export_is_finished_and_finished_files_are_not_written_again(
    exported: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[str] = []
    real = parts._write

    def stopping(folder: Path, part: parts.Part) -> parts.Written:
        if part.table == "mentions" and "mentions" not in written:
            written.append("mentions")
            (folder / part.path).with_suffix(".jsonl.part").write_text("half", encoding="utf-8")
            raise KeyboardInterrupt
        written.append(part.table or "")
        return real(folder, part)

    monkeypatch.setattr(parts, "_write", stopping)
    with pytest.raises(KeyboardInterrupt):
        exported("jsonl")
    before = list(written)
    folder = exported("jsonl")
    assert set(before) & set(written[len(before) :]) == {"mentions"}
    assert hashes(folder) == hashes(exported("jsonl", "whole"))
    assert list(problems(folder)) == []


def test_a_finished_file_that_was_damaged_meanwhile_is_written_again(
    exported: Export, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.export.run.finish", lambda _folder: None)
    folder = exported("jsonl")
    (folder / "data" / "articles.jsonl").write_text("", encoding="utf-8")
    monkeypatch.undo()
    assert hashes(exported("jsonl")) == hashes(exported("jsonl", "whole"))


def test_a_folder_that_holds_something_else_is_left_alone(exported: Export, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(BadInput, match="not empty"):
        exported("jsonl")


def test_an_unfinished_export_of_other_data_is_not_mixed_with_todays(
    exported: Export, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("monitor.export.run.finish", lambda _folder: None)
    exported("jsonl")
    world.read("Something new.", url="http://a.test/9", day=5)
    with pytest.raises(BadInput, match="data that changed"):
        exported("jsonl")
