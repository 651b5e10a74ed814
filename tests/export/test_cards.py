"""The descriptions of a corpus are what their standards ask for, by the standards' own checkers."""

import json
from pathlib import Path
from typing import Any

import pytest

from db.corpus import TABLES
from tests.export.conftest import Export

TABULAR = ("jsonl", "csv")
EVERY = ("jsonl", "csv", "parquet", "tei", "sqlite", "warc")


@pytest.mark.parametrize("form", TABULAR)
def test_frictionless_finds_no_error_in_the_package_and_its_rows(
    exported: Export, form: str
) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = exported(form, versions="all", candidates="mask", reviewers=True)
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["resourceName", "rowNumber", "fieldName", "message"])
    assert report.stats["tasks"] == len(TABLES)


@pytest.mark.parametrize("form", EVERY)
def test_frictionless_takes_the_descriptor_of_every_format(exported: Export, form: str) -> None:
    frictionless = pytest.importorskip("frictionless")
    folder = exported(form)
    descriptor = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert frictionless.Package.validate_descriptor(descriptor).valid
    for resource in descriptor["resources"]:
        assert (folder / resource["path"]).stat().st_size == resource["bytes"]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of rdflib inside mlcroissant
@pytest.mark.parametrize("form", EVERY)
def test_croissant_is_valid_without_a_warning(exported: Export, form: str) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    folder = exported(form)
    issues = mlcroissant.Dataset(jsonld=str(folder / "croissant.json")).metadata.ctx.issues
    assert (list(issues.errors), list(issues.warnings)) == ([], [])


@pytest.mark.filterwarnings("ignore")  # of rdflib and pandas inside mlcroissant
def test_croissant_loads_the_rows_it_describes(exported: Export) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    folder = exported("csv")
    dataset = mlcroissant.Dataset(jsonld=str(folder / "croissant.json"))
    rows = list(dataset.records("mentions"))
    assert len(rows) == 3
    assert rows[0]["mentions/surface"].decode() == "Ülvi Həsənli"


@pytest.mark.parametrize("form", EVERY)
def test_the_crate_has_its_root_and_every_file_once(exported: Export, form: str) -> None:
    folder = exported(form)
    crate = json.loads((folder / "ro-crate-metadata.json").read_text(encoding="utf-8"))
    nodes: dict[str, Any] = {node["@id"]: node for node in crate["@graph"]}
    assert len(nodes) == len(crate["@graph"])
    about = nodes["ro-crate-metadata.json"]
    assert about["conformsTo"]["@id"] == "https://w3id.org/ro/crate/1.1"
    root = nodes[about["about"]["@id"]]
    assert {"name", "description", "datePublished", "license"} <= root.keys()
    listed = {part["@id"] for part in root["hasPart"]}
    data = {str(f.relative_to(folder)) for f in (folder / "data").rglob("*") if f.is_file()}
    assert listed == data | {"README.md", "datapackage.json", "croissant.json"}
    for part in listed:
        assert int(nodes[part]["contentSize"]) == (folder / part).stat().st_size


def test_the_card_says_what_was_asked_and_on_what_terms(exported: Export) -> None:
    folder = exported("jsonl", known_at="2026-03-10T00:00:00Z")
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert card.startswith("# Test corpus\n")
    assert "- as known at: 2026-03-10T00:00:00Z" in card
    assert "| a | CC-BY-4.0 | obeyed |" in card
    assert "| b | not known: ask the publisher | overridden on 2026-03-01" in card
    assert "Terms of the annotations: CC0-1.0" in card
    assert "Test desk" in card


def test_no_description_has_the_time_or_place_of_the_export(
    exported: Export, tmp_path: Path
) -> None:
    folder = exported("csv")
    for file in folder.glob("*.*"):
        text = file.read_text(encoding="utf-8")
        assert str(tmp_path) not in text
