"""WARC files of all makes: pages are taken in, the rest is passed over, damage is named."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.importing.conftest import Intake, Write

WORDS = "Ülvi Həsənli həbsdədir. Məhkəmə onun işinə baxır və qərar gələn həftə elan olunacaq."
HTML = f"<html><body><article><h1>Həbs</h1><p>{WORDS}</p></article></body></html>".encode()


def response(  # type: ignore[no-untyped-def]
    writer: WARCWriter, url: str = "http://turan.az/1", *, status: str = "200 OK", body=HTML, **told
):
    headers = [("Content-Type", told.get("mime", "text/html; charset=utf-8"))]
    headers += told.get("headers", [])
    return writer.create_warc_record(
        url,
        "response",
        payload=BytesIO(body),
        length=len(body),
        http_headers=StatusAndHeaders(status, headers, protocol="HTTP/1.1"),
        warc_headers_dict={"WARC-Date": told.get("date", "2026-06-14T10:00:00Z")},
    )


def archive(write: Write, name: str, *makers) -> Path:  # type: ignore[no-untyped-def]
    out = BytesIO()
    writer = WARCWriter(out, gzip=name.endswith(".gz"))
    for make in makers:
        writer.write_record(make(writer))
    return write(name, out.getvalue())


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_response_is_read_like_a_page_that_was_crawled(
    intake: Intake, write: Write, name: str
) -> None:
    report = intake.take(archive(write, name, response), source="turan")
    assert (report.total, intake.rejected) == ({"stored": 1}, [])
    (row,) = intake.conn.execute("select text, fetched_at from versions").fetchall()
    assert WORDS in row["text"]
    assert row["fetched_at"] == "2026-06-14T10:00:00Z"
    assert intake.column("select source from articles") == ["turan"]


@pytest.mark.parametrize(
    "told",
    [
        {"body": gzip.compress(HTML), "headers": [("Content-Encoding", "gzip")]},
        {
            "body": b"%x\r\n%s\r\n0\r\n\r\n" % (len(HTML), HTML),
            "headers": [("Transfer-Encoding", "chunked")],
        },
        {"date": "2026-06-14T10:00:00.123456Z"},
        {"mime": "TEXT/HTML"},
        {"mime": "application/xhtml+xml"},
    ],
    ids=["gzip", "chunked", "microseconds", "upper", "xhtml"],
)
def test_what_others_write_is_understood(
    intake: Intake,
    write: Write,
    told: dict,  # type: ignore[type-arg]
) -> None:
    path = archive(write, "a.warc.gz", lambda writer: response(writer, **told))
    assert intake.take(path).total == {"stored": 1}


def test_resources_and_extracted_texts_are_pages_too(intake: Intake, write: Write) -> None:
    def kept(kind: str, url: str, mime: str, body: bytes):  # type: ignore[no-untyped-def]
        return lambda writer: writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), warc_content_type=mime,
            warc_headers_dict={"WARC-Date": "2026-06-14T10:00:00Z"},
        )  # fmt: skip

    path = archive(
        write, "a.warc.gz", kept("resource", "http://a.az/1", "text/html", HTML),
        kept("conversion", "http://a.az/2", "text/plain", WORDS.encode()),
    )  # fmt: skip
    assert intake.take(path).total == {"stored": 2}


@pytest.mark.parametrize(
    "told",
    [
        {"mime": "image/png", "body": b"\x89PNG"},
        {"mime": "text/css", "body": b"p {}"},
        {"mime": "application/javascript", "body": b"1"},
        {"status": "301 Moved Permanently", "body": b""},
    ],
    ids=lambda told: told.get("mime", "redirect"),
)
def test_what_is_no_page_is_passed_over(
    intake: Intake,
    write: Write,
    told: dict,  # type: ignore[type-arg]
) -> None:
    report = intake.take(archive(write, "a.warc", lambda writer: response(writer, **told)))
    assert (report.total, report.rejected) == ({}, 0)


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"url": "http:///nowhere"}, "no http or https address"),
        ({"date": "14 June"}, "is no ISO time"),
        ({"status": "OK"}, "is no HTTP status"),
    ],
)
def test_a_bad_record_is_named_and_the_next_is_stored(
    intake: Intake,
    write: Write,
    told: dict,  # type: ignore[type-arg]
    reason: str,
) -> None:
    path = archive(write, "a.warc", lambda writer: response(writer, **told), response)
    report = intake.take(path)
    assert report.total == {"stored": 1}
    assert intake.rejected[0].startswith(f"{path}@0: ")
    assert reason in intake.rejected[0]


def test_a_file_that_breaks_off_gives_what_came_before(intake: Intake, write: Write) -> None:
    whole = archive(write, "a.warc.gz", response, lambda w: response(w, "http://turan.az/2"))
    cut = write("cut.warc.gz", whole.read_bytes()[:-40])
    assert intake.take(cut).total["stored"] >= 1


@pytest.mark.parametrize(
    "content", [b"", b"nonsense\r\n\r\n", b"\x1f\x8b\x08nonsense", b"WARC/1.0\r\n"]
)
def test_what_is_no_warc_harms_nothing(intake: Intake, write: Write, content: bytes) -> None:
    assert intake.take(write("a.warc", content)).total == {}


def test_a_missing_page_of_an_archive_is_in_the_ledger_and_makes_no_article(
    intake: Intake, write: Write
) -> None:
    path = archive(write, "a.warc", lambda w: response(w, status="404 Not Found"))
    assert intake.take(path).total == {"failed": 1}
    assert intake.column("select count(*) from articles") == [0]
