"""Saved pages: address, source and time come from a side file, from the options, or the file."""

import json
import os
from pathlib import Path

import pytest

from tests.importing.conftest import NOW, Intake, Write

PAGE = """<html><head><title>Həbs</title></head><body><article><h1>Həbs</h1>
<p>Ülvi Həsənli həbsdədir. Məhkəmə onun işinə baxır və qərar gələn həftə elan olunacaq.</p>
<p>Ailəsi onunla görüşə bilməyib, vəkili isə şikayət verib və cavab gözləyir.</p>
</article></body></html>"""
TOLD = {"url": "http://turan.az/1", "fetched_at": "2026-06-14T10:00:00Z", "source": "turan"}


def stored(intake: Intake) -> list[tuple[str, str, str]]:
    rows = intake.conn.execute(
        """select a.source, a.url, v.fetched_at from versions v join articles a
        on a.id = v.article_id order by a.url"""
    )
    return [tuple(row) for row in rows]


@pytest.mark.parametrize("side", ["page.html.json", "page.json"])
def test_a_side_file_beside_the_page_says_where_it_is_from(
    intake: Intake, write: Write, side: str
) -> None:
    folder = write("page.html", PAGE).parent
    write(side, json.dumps(TOLD))
    report = intake.take(folder)
    assert (report.total, intake.rejected) == ({"stored": 1}, [])
    assert stored(intake) == [("turan", TOLD["url"], TOLD["fetched_at"])]


def test_a_table_says_it_for_a_whole_folder(intake: Intake, write: Write) -> None:
    write("2026/one.html", PAGE)
    write("two.htm", PAGE.replace("həbsdədir", "azaddır"))
    table = """file,url,fetched_at,source
2026/one.html,http://turan.az/1,2026-06-14,turan
two.htm,http://turan.az/2,2026-06-15,turan
gone.html,http://turan.az/3,2026-06-16,turan
"""
    folder = write("metadata.csv", table).parent
    report = intake.take(folder)
    assert report.total == {"stored": 2}
    assert intake.rejected == [f"{folder}/metadata.csv:4: file 'gone.html' is not there"]
    assert [row[1] for row in stored(intake)] == ["http://turan.az/1", "http://turan.az/2"]


def test_a_table_may_be_json_lines(intake: Intake, write: Write) -> None:
    write("one.html", PAGE)
    folder = write(
        "metadata.jsonl", json.dumps({"file": "one.html", **TOLD}) + "\nnonsense\n"
    ).parent
    assert intake.take(folder).total == {"stored": 1}
    assert "metadata.jsonl:2: not JSON" in intake.rejected[0]
    assert stored(intake)[0][1] == TOLD["url"]


def test_options_say_it_where_no_side_file_does(intake: Intake, write: Write) -> None:
    folder = write("news/bir xəbər.html", PAGE).parent.parent
    from datetime import UTC, datetime

    intake.take(
        folder, source="turan", url_prefix="http://turan.az/",
        fetched_at=datetime(2026, 6, 14, tzinfo=UTC),
    )  # fmt: skip
    url = "http://turan.az/news/bir%20x%C9%99b%C9%99r.html"
    assert stored(intake) == [("turan", url, "2026-06-14T00:00:00Z")]


def test_without_any_word_the_file_says_when_and_no_host_is_claimed(
    intake: Intake, write: Write
) -> None:
    first, second = write("a/index.html", PAGE), write("b/index.html", PAGE.replace("ı", "i"))
    os.utime(first, (1_780_000_000, 1_780_000_000))
    os.utime(second, (NOW.timestamp() + 9e6,) * 2)
    intake.take(first.parent.parent, source="My Archive")
    assert stored(intake) == [
        ("My Archive", "http://my-archive.invalid/a/index.html", "2026-05-28T20:26:40Z"),
        ("My Archive", "http://my-archive.invalid/b/index.html", "2026-10-01T00:00:00Z"),
    ]


def test_the_same_folder_again_stores_nothing(intake: Intake, write: Write) -> None:
    folder = write("page.html", PAGE).parent
    intake.take(folder)
    assert intake.take(folder).total == {"unchanged": 1}


def test_pdf_and_text_lie_among_pages_and_other_files_are_no_concern(
    intake: Intake, write: Write
) -> None:
    folder = write("note.txt", "Ülvi Həsənli həbsdədir.").parent
    write("picture.png", b"\x89PNG")
    write("style.css", "p {}")
    write("broken.pdf", b"%PDF-1.4 nothing")
    report = intake.take(folder)
    assert report.total["stored"] == 1
    assert sum(report.total.values()) == 2


def test_a_garbled_side_file_is_named_with_its_page(intake: Intake, write: Write) -> None:
    folder = write("page.html", PAGE).parent
    write("page.html.json", "{")
    assert intake.take(folder).total == {}
    assert intake.rejected[0].startswith(f"{folder}/page.html: not JSON")


def test_lines_in_a_folder_are_lines_and_no_side_files(intake: Intake, write: Write) -> None:
    given = {"url": "http://a.az/1", "fetched_at": "2026-06-14", "text": "Söz."}
    folder = write("texts.json", json.dumps(given)).parent
    assert intake.take(folder).total == {"stored": 1}


def test_a_single_file_is_read_with_its_side_file(intake: Intake, write: Write) -> None:
    page = write("page.html", PAGE)
    write("page.html.json", json.dumps(TOLD))
    intake.take(Path(page))
    assert stored(intake)[0][0] == "turan"
