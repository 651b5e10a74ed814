"""The archive: WARC files that other tools read, and that a crash cannot spoil."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from db.crawling import keep_source
from db.fetches import add_fetch, known_body, snapshots, verify_chain
from db.records import Fetch, Source
from db.store import connect
from monitor.archive import Archive, read_snapshot, verify_snapshots
from monitor.exceptions import StoreError

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
BODY = "<p>Siyasi məhbuslar</p>".encode() * 50
HEADERS = [("Content-Type", "text/html"), ("Content-Encoding", "gzip"), ("X-Bad", "a\r\nb")]


def fetch(url: str = "http://a.test/1", body: bytes = BODY) -> Fetch:
    return Fetch(
        url=url, at=AT, source="a", status=200, final_url=url, ip="127.0.0.1",
        body_sha256=sha256(body).hexdigest(), body_bytes=len(body),
    )  # fmt: skip


def kept(archive: Archive, one: Fetch, known: Fetch | None = None, body: bytes = BODY) -> Fetch:
    return replace(one, snapshot=archive.keep(one, HEADERS, body, known))


def check(folder: Path) -> int:
    """What warcio itself says of the files."""
    files = [str(path) for path in sorted(folder.glob("*.warc.gz"))]
    command = [sys.executable, "-m", "warcio.cli", "check", *files]
    return subprocess.run(command, check=False, capture_output=True).returncode


def test_what_is_kept_can_be_read_back_by_us_and_by_others(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 10**9)
    first = kept(archive, fetch())
    second = kept(archive, fetch("http://a.test/2"), first)
    archive.close()
    assert first.snapshot
    assert second.snapshot
    headers, body = read_snapshot(tmp_path, first.snapshot)
    assert body == BODY
    assert headers["X-Archive-Orig-Content-Encoding"] == "gzip"
    assert read_snapshot(tmp_path, second.snapshot)[1] == b""
    with open(tmp_path / first.snapshot.warc_file, "rb") as stream:
        kinds = [record.rec_type for record in ArchiveIterator(stream)]
    assert kinds == ["warcinfo", "response", "revisit"]
    assert check(tmp_path) == 0


def test_a_file_is_closed_at_its_size_and_never_continued(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 500)
    files = {kept(archive, fetch(body=bytes([n]) * 900), body=bytes([n]) * 900).snapshot.warc_file
             for n in range(3)}  # fmt: skip
    archive.close()
    other = Archive(tmp_path, 500)
    files.add(kept(other, fetch()).snapshot.warc_file)
    other.close()
    assert len(files) == 4


def test_a_half_written_record_harms_no_other(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 10**9)
    whole, cut = (
        kept(archive, fetch()),
        kept(archive, fetch("http://a.test/2", b"x" * 9000), None, b"x" * 9000),
    )
    archive.close()
    file = tmp_path / whole.snapshot.warc_file
    file.write_bytes(file.read_bytes()[:-20])
    assert read_snapshot(tmp_path, whole.snapshot)[1] == BODY
    later = Archive(tmp_path, 10**9)
    assert kept(later, fetch("http://a.test/3")).snapshot.warc_file != file.name
    later.close()
    problems = list(verify_snapshots(tmp_path, [(1, whole.body_sha256, whole.snapshot),
                                                (2, cut.body_sha256, cut.snapshot)]))  # fmt: skip
    assert len(problems) == 1
    assert problems[0].startswith("fetch 2:")


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="file"):
        kept(Archive(tmp_path / "file", 10), fetch())


def test_missing_and_foreign_bytes_are_found(tmp_path: Path) -> None:
    archive = Archive(tmp_path, 10**9)
    one = kept(archive, fetch())
    archive.close()
    assert one.snapshot
    gone = replace(one.snapshot, warc_file="gone.warc.gz")
    found = list(verify_snapshots(tmp_path, [(1, "0" * 64, one.snapshot), (2, "0" * 64, gone)]))
    assert [problem.partition(":")[0] for problem in found] == ["fetch 1", "fetch 2"]


@pytest.mark.parametrize(
    "tampering",
    [
        "update fetches set status = 404 where id = 2",
        "delete from fetches where id = 2",
        "update fetches set body_sha256 = 'x' where id = 3",
        "update fetches set at = '2020-01-01T00:00:00Z' where id = 1",
    ],
)
def test_the_chain_shows_every_change(tmp_path: Path, tampering: str) -> None:
    conn = connect(tmp_path / "monitor.db")
    keep_source(conn, Source(name="a", title="a", kind="feed", home="http://a.test/"))
    for number in range(3):
        add_fetch(conn, fetch(f"http://a.test/{number}"))
    assert list(verify_chain(conn)) == []
    conn.execute(tampering)
    assert list(verify_chain(conn))
    conn.close()


def test_bytes_that_lie_in_the_archive_are_known_by_their_hash(tmp_path: Path) -> None:
    archive, conn = Archive(tmp_path, 10**9), connect(tmp_path / "monitor.db")
    keep_source(conn, Source(name="a", title="a", kind="feed", home="http://a.test/"))
    one = kept(archive, fetch())
    add_fetch(conn, one)
    assert one.body_sha256
    known = known_body(conn, one.body_sha256)
    assert known is not None
    assert known.snapshot == one.snapshot
    assert known_body(conn, "0" * 64) is None
    assert [digest for _, digest, _ in snapshots(conn)] == [one.body_sha256]
    archive.close()
    conn.close()
