"""Each format is opened by a reader that is not ours and says what JSON lines say."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from db.records import Fetch
from db.store import writing
from monitor.archive import Archive
from monitor.canonical import url_rules
from monitor.export.parquet import groups
from monitor.ingest import record_reading
from tests.export.conftest import Export
from tests.worlds import World

TEI = {"t": "http://www.tei-c.org/ns/1.0"}
XML_ID = "{http://www.w3.org/XML/1998/namespace}id"


def lines(folder: Path, table: str) -> list[dict[str, Any]]:
    text = (folder / "data" / f"{table}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


# ---------------------------------------------------------------------- Parquet


def test_parquet_is_read_by_pyarrow_with_types(exported: Export) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = exported("parquet", versions="all")
    versions = parquet.read_table(folder / "data" / "versions.parquet")
    expected = lines(exported("jsonl", "json", versions="all"), "versions")
    assert versions.column("text").to_pylist() == [row["text"] for row in expected]
    assert str(versions.schema.field("fetched_at").type) == "timestamp[ms, tz=UTC]"
    assert str(versions.schema.field("partial").type) == "bool"
    assert json.loads(versions.column("authors")[0].as_py()) == []


def test_parquet_is_read_by_duckdb_and_joins_by_its_keys(exported: Export) -> None:
    duckdb = pytest.importorskip("duckdb")
    folder = exported("parquet")
    found = duckdb.sql(
        f"""select m.surface, substring(v.text, m.start + 1, m."end" - m.start) as words
        from '{folder}/data/mentions.parquet' m join '{folder}/data/versions.parquet' v
        using (version_id)"""
    ).fetchall()
    assert len(found) == 3
    assert all(surface == words for surface, words in found)


def test_a_row_group_holds_no_more_than_fits_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monitor.export.parquet.GROUP_ROWS", 3)
    monkeypatch.setattr("monitor.export.parquet.GROUP_CHARACTERS", 10)
    rows = [("a",), ("b",), ("c",), ("d" * 11,), ("e",)]
    assert [len(group) for group in groups(rows)] == [3, 1, 1]


# ---------------------------------------------------------------------- SQLite


def test_the_sqlite_file_is_clean_searchable_and_its_references_hold(exported: Export) -> None:
    folder = exported("sqlite", versions="all")
    conn = sqlite3.connect(folder / "data" / "corpus.sqlite")
    tables = {row[0] for row in conn.execute("select name from sqlite_master")}
    assert "reviews" not in tables
    assert not {"flag_notes", "saved_filters", "deliveries", "token_memo"} & tables
    assert conn.execute("pragma integrity_check").fetchone()[0] == "ok"
    assert conn.execute("pragma foreign_key_check").fetchall() == []
    found = conn.execute(
        "select rowid from versions_fts where versions_fts match 'hesenli'"
    ).fetchall()
    assert len(found) == 0  # ə is a letter of its own, not an accented e
    assert conn.execute(
        "select count(*) from versions_fts where versions_fts match 'vaqifqızı'"
    ).fetchone() == (2,)
    assert conn.execute("select count(*) from mention_history").fetchone() == (4,)
    conn.close()


def test_a_sqlite_file_without_texts_has_no_search(exported: Export) -> None:
    folder = exported("sqlite", text=False)
    conn = sqlite3.connect(folder / "data" / "corpus.sqlite")
    columns = {row[1] for row in conn.execute("pragma table_info(versions)")}
    assert "text" not in columns
    assert "characters" in columns
    conn.close()


# ---------------------------------------------------------------------- TEI


@pytest.fixture(scope="module")
def schema() -> etree.DTD:
    """TEI P5 as one DTD; trafilatura brings it along."""
    text = files("trafilatura").joinpath("data", "tei_corpus.dtd").read_bytes()
    return etree.DTD(BytesIO(text))


def test_tei_is_valid_and_has_every_text(exported: Export, schema: etree.DTD) -> None:
    folder = exported("tei", versions="all")
    tree = etree.parse(folder / "data" / "tei" / "corpus-00001.xml")
    assert schema.validate(tree), schema.error_log
    texts = [_text(each) for each in tree.findall("t:TEI", TEI)]
    expected = lines(exported("jsonl", "json", versions="all"), "versions")
    assert texts == [row["text"] for row in expected]


def test_tei_annotations_point_at_the_words_they_are_about(exported: Export) -> None:
    folder = exported("tei", versions="all")
    tree = etree.parse(folder / "data" / "tei" / "corpus-00001.xml")
    paragraphs = {p.get(XML_ID): p.text or "" for p in tree.iterfind(".//t:p[@xml:id]", _xml())}
    expected = lines(exported("jsonl", "json", versions="all"), "mentions")
    for row in expected:
        (found,) = tree.xpath(f"//t:annotation[@xml:id='m{row['mention_id']}']", namespaces=TEI)
        assert _words(found.get("target"), paragraphs) == row["surface"]
        assert found[0].get("target") == f"#entity.{row['entity']}"


def test_tei_survives_what_xml_cannot_hold(
    exported: Export, world: World, schema: etree.DTD
) -> None:
    world.read("A\x0b\x01B ü 𐍈 & <b>\n\nÜlvi Həsənli", url="http://a.test/x", title="\x02<t>")
    folder = exported("tei")
    tree = etree.parse(folder / "data" / "tei" / "corpus-00001.xml")
    assert schema.validate(tree), schema.error_log
    assert _text(tree.findall("t:TEI", TEI)[-1]) == "A��B ü 𐍈 & <b>\n\nÜlvi Həsənli"


def _text(tei: Any) -> str:
    return "\n".join(p.text or "" for p in tei.iterfind("t:text/t:body/t:p", TEI))


def _xml() -> dict[str, str]:
    return TEI | {"xml": "http://www.w3.org/XML/1998/namespace"}


def _words(target: str, paragraphs: dict[str, str]) -> str:
    inside = target.removeprefix("#string-range(").removesuffix(")")
    name, offset, length = inside.split(",")
    return paragraphs[name][int(offset) : int(offset) + int(length)]


# ---------------------------------------------------------------------- WARC


def test_what_was_never_archived_is_a_conversion_record_of_its_text(exported: Export) -> None:
    folder = exported("warc", candidates="keep")
    records = list(_records(folder / "data" / "corpus-00001.warc.gz"))
    assert [kind for kind, *_ in records] == ["warcinfo"] + ["conversion"] * 5
    assert records[2][1] == "http://a.test/2"
    assert "Elçin Qasımov" in records[2][2].decode()


def test_archived_pages_come_out_as_they_were_fetched(
    exported: Export, world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    body = "<p>Ülvi Həsənli</p>".encode()
    _archived_page(world, tmp_path / "archive", body)
    path = exported("warc") / "data" / "corpus-00001.warc.gz"
    kind, url, payload = list(_records(path))[-1]
    assert (kind, url, payload) == ("response", "http://a.test/7", body)
    Checker(_CheckArguments([str(path)])).process_all()
    assert capsys.readouterr().out == ""


def test_a_page_missing_from_the_archive_is_replaced_by_its_text_and_said(
    exported: Export, world: World, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _archived_page(world, tmp_path / "archive", b"<p>Words</p>")
    for file in (tmp_path / "archive").iterdir():
        file.unlink()
    path = exported("warc") / "data" / "corpus-00001.warc.gz"
    assert list(_records(path))[-1][0] == "conversion"
    assert "its text is written instead" in caplog.text


class _CheckArguments:
    """What `warcio check FILE` hands to its checker."""

    def __init__(self, inputs: list[str]) -> None:
        self.inputs, self.verbose, self.verify_block = inputs, False, True


def _archived_page(world: World, folder: Path, body: bytes) -> None:
    page = world.page("http://a.test/7", 4)
    fetch = Fetch(
        url=page.url, at=page.fetched_at, source="a", status=200, final_url=page.url,
        body_sha256="ab" * 32, body_bytes=len(body), mime="text/html",
    )  # fmt: skip
    archive = Archive(folder, 1_000_000)
    with writing(world.conn):
        snapshot = archive.keep(fetch, [("Content-Type", "text/html")], body)
    archive.close()
    kept = replace(page, body=body, fetch=replace(fetch, snapshot=snapshot))
    reading = world.reading("Ülvi Həsənli is free.", "Title", page.fetched_at)
    record_reading(world.conn, kept, reading, url_rules(home="http://a.test/"))


def _records(path: Path) -> Iterator[tuple[str, str | None, bytes]]:
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            uri = record.rec_headers.get_header("WARC-Target-URI")
            yield record.rec_type, uri, record.content_stream().read()
