"""JSON lines: everything good is stored, everything bad is named, nothing is stored twice."""

import gzip
import json
import logging
from pathlib import Path

import pytest

from tests.importing.conftest import Intake, Write

GOOD = {
    "url": "http://turan.az/1",
    "fetched_at": "2026-06-14T10:00:00Z",
    "text": "Ülvi Həsənli həbsdədir.",
}


def line(**changes: object) -> str:
    fields = {**GOOD, **changes}
    return json.dumps({k: v for k, v in fields.items() if v is not None}, ensure_ascii=False) + "\n"


def test_a_text_is_stored_with_all_that_is_said_of_it(intake: Intake, write: Write) -> None:
    told = line(
        source="turan", published="2026-06-13", modified="2026-06-14", title=" Həbs \n xəbəri",
        lang="az", authors=["A. B."], place="AZ",
    )  # fmt: skip
    report = intake.take(write("a.jsonl", told))
    assert report.total == {"stored": 1}
    (row,) = intake.conn.execute("select * from versions").fetchall()
    assert (row["title"], row["text"], row["published"]) == (
        "Həbs xəbəri", GOOD["text"], "2026-06-13",
    )  # fmt: skip
    assert row["authors"] == '["A. B."]'
    assert row["fetched_at"] == GOOD["fetched_at"]
    assert intake.column("select surface from mentions") == ["Ülvi Həsənli"]
    assert intake.column("select name from sources") == ["turan"]


@pytest.mark.parametrize("text", ["Bəli.", "357", "Yox!\nHə.", "- 5\n= 7", "ВС"])
def test_short_lines_are_stored_as_they_are(intake: Intake, write: Write, text: str) -> None:
    intake.take(write("a.jsonl", line(text=text)))
    assert intake.column("select text from versions") == [text]


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{not json}", "not JSON"),
        ("[1]", "not a JSON object"),
        ("[" * 100_000, "not JSON"),
        (b'{"url": "\xff"}', "not UTF-8"),
        (line(url=None), "needs a url"),
        (line(url=7), "needs a url"),
        (line(url="ftp://a.b/c"), "is no http"),
        (line(url="http://[::1"), "is no http"),
        (line(fetched_at=None), "fetched_at must be an ISO time"),
        (line(fetched_at="yesterday"), "fetched_at must be an ISO time"),
        (line(fetched_at=20260614), "fetched_at must be an ISO time"),
        (line(text=None), "needs a text or html"),
        (line(text="  \n"), "needs a text or html"),
        (line(published="14.06.2026"), "published must be an ISO date"),
        (line(published="2026-02-30"), "published must be an ISO date"),
        (line(title=["x"]), "title must be text"),
        (line(authors={"a": 1}), "authors must be"),
        (line(source="x" * 300), "source must be a short name"),
    ],
)
def test_a_bad_line_is_named_and_skipped_and_the_rest_is_stored(
    intake: Intake, write: Write, bad: str | bytes, reason: str
) -> None:
    raw = bad if isinstance(bad, bytes) else bad.encode()
    content = line().encode() + raw.rstrip(b"\n") + b"\n\n" + line(url="http://turan.az/2").encode()
    path = write("a.jsonl", content)
    report = intake.take(path)
    assert (report.total, report.rejected) == ({"stored": 2}, 1)
    assert intake.rejected[0].startswith(f"{path}:2: ")
    assert reason in intake.rejected[0]


def test_the_same_file_again_stores_nothing_and_the_ledger_adds_up(
    intake: Intake, write: Write
) -> None:
    path = write("a.jsonl", line() + line(url="http://turan.az/2", source="turan"))
    intake.take(path)
    again = intake.take(path)
    assert again.total == {"unchanged": 2}
    assert intake.column("select count(*) from versions") == [2]
    runs = intake.conn.execute(
        "select source, discovered, stored, unchanged, adds_up from run_ledger order by id"
    )
    assert [tuple(run) for run in runs] == [
        ("import", 1, 1, 0, 1), ("turan", 1, 1, 0, 1), ("import", 1, 0, 1, 1),
        ("turan", 1, 0, 1, 1),
    ]  # fmt: skip


def test_an_import_that_breaks_off_has_its_ledger_and_is_taken_up_again(
    intake: Intake, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write("a.jsonl", line() + line(url="http://turan.az/2"))
    real, seen = intake.conn, []

    def stop(*args: object, **kwargs: object) -> object:
        seen.append(args)
        if len(seen) == 2:
            raise KeyboardInterrupt
        return record(*args, **kwargs)

    from monitor.importing import intake as module

    record = module.record_reading
    monkeypatch.setattr(module, "record_reading", stop)
    with pytest.raises(KeyboardInterrupt):
        intake.take(path)
    assert [tuple(row) for row in real.execute("select stored from run_ledger")] == [(1,)]
    monkeypatch.undo()
    assert intake.take(path).total == {"unchanged": 1, "stored": 1}


def test_an_edit_in_a_later_record_is_a_new_version(intake: Intake, write: Write) -> None:
    later = line(text="Ülvi Həsənli azaddır.", fetched_at="2026-06-15T10:00:00Z")
    intake.take(write("a.jsonl", line() + later))
    assert intake.column("select number from versions order by id") == [1, 2]


def test_a_history_taken_in_again_is_no_edit_back_and_forth(intake: Intake, write: Write) -> None:
    texts = ("Ülvi Həsənli həbsdədir.", "Ülvi Həsənli azaddır.", "Ülvi Həsənli azaddır.")
    days = [line(text=text, fetched_at=f"2026-06-{14 + n}") for n, text in enumerate(texts)]
    path = write("a.jsonl", "".join(days))
    assert intake.take(path).total == {"stored": 2, "unchanged": 1}
    flags = intake.column("select count(*) from flags")
    assert intake.take(path).total == {"unchanged": 3}
    assert intake.column("select count(*) from versions") == [2]
    assert intake.column("select count(*) from flags") == flags


def test_a_title_put_right_in_the_input_is_a_new_version(intake: Intake, write: Write) -> None:
    intake.take(write("a.jsonl", line(title="Həbs")))
    assert intake.take(write("a.jsonl", line(title="Azadlıq"))).total == {"stored": 1}


def test_half_a_character_in_a_title_does_not_stop_the_import(intake: Intake, write: Write) -> None:
    broken = '{"url": "http://turan.az/1", "fetched_at": "2026-06-14", "title": "a\\ud83d", ' \
        '"text": "b \\ud83d c"}\n'  # fmt: skip
    assert intake.take(write("a.jsonl", broken)).total == {"stored": 1}
    assert intake.column("select title from versions") == ["a�"]


def test_a_key_we_do_not_know_is_said_once_and_left_out(
    intake: Intake, write: Write, caplog: pytest.LogCaptureFixture
) -> None:
    lines = "".join(line(url=f"http://turan.az/{n}", colour="red") for n in range(3))
    with caplog.at_level(logging.WARNING):
        report = intake.take(write("a.jsonl", lines))
    assert report.total == {"stored": 3}
    assert caplog.text.count("'colour'") == 1


@pytest.mark.parametrize("name", ["a.jsonl.gz", "a.ndjson.gz"])
def test_packed_lines_are_read_and_a_packed_file_that_breaks_off_is_said(
    intake: Intake, write: Write, name: str
) -> None:
    packed = gzip.compress("".join(line(url=f"http://turan.az/{n}") for n in range(50)).encode())
    assert intake.take(write(name, packed)).total == {"stored": 50}
    report = intake.take(write("cut.jsonl.gz", packed[: len(packed) - 12]))
    assert report.rejected == 1
    assert "cannot be read on" in intake.rejected[0]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(intake: Intake, write: Write) -> None:
    content = b"\xef\xbb\xbf" + line().rstrip("\n").encode() + b"\r\n"
    assert intake.take(write("a.jsonl", content)).total == {"stored": 1}


def test_what_an_export_wrote_can_be_imported(intake: Intake, write: Write) -> None:
    row = {"version_id": 1, "article_id": 1, "number": 1, "cause": "first", "authors": [], **GOOD}
    assert intake.take(write("versions.jsonl", json.dumps(row) + "\n")).total == {"stored": 1}


def test_a_path_that_is_not_there_is_one_sentence(intake: Intake, tmp_path: Path) -> None:
    from monitor.exceptions import BadInput

    with pytest.raises(BadInput, match="no such file or folder"):
        intake.take(tmp_path / "nowhere.jsonl")
    (tmp_path / "a.docx").write_bytes(b"PK")
    with pytest.raises(BadInput, match="not a kind of file"):
        intake.take(tmp_path / "a.docx")
