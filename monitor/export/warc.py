"""WARC/1.1: the archived pages as they were fetched; imported texts as `conversion` records.

Record ids of what is written here are derived from the version, so that bytes are the same each
time; archived records keep theirs.
"""

import logging
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.archiveiterator import ArchiveIterator
from warcio.recordloader import ArcWarcRecord
from warcio.warcwriter import WARCWriter

from db.export import Archived, Bounds
from monitor import __version__
from monitor.exceptions import BadInput, StoreError
from monitor.export.corpus import Corpus
from monitor.export.parts import Part, bounds

VERSIONS_PER_FILE = 5000
logger = logging.getLogger(__name__)

Place = tuple[str, int]


def parts(corpus: Corpus, archive: Path | None) -> list[Part]:
    """Files of at most 5,000 versions each; raises BadInput without an `archive` folder."""
    if archive is None:
        raise BadInput("a WARC export needs the folder of the archive")

    def part(number: int, span: Bounds) -> Part:
        name = f"corpus-{number:05}.warc.gz"

        def write(path: Path) -> int:
            return _write(path, name, archive, corpus.archived(span))

        return Part(path=f"data/{name}", write=write)

    spans = bounds(corpus.chosen.versions, VERSIONS_PER_FILE)
    return [part(number, span) for number, span in enumerate(spans, 1)]


def _write(path: Path, name: str, archive: Path, versions: Iterator[Archived]) -> int:
    records = 0
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True, warc_version="WARC/1.1")
        seen: set[Place] = set()
        for version in versions:
            if records == 0:
                writer.write_record(_info(writer, name, version.fetched_at))
            for record in _records(writer, archive, version, seen):
                writer.write_record(record)
            records += 1
    return records


def _info(writer: WARCWriter, name: str, at: str) -> ArcWarcRecord:
    about = {"software": f"prisoner-monitor/{__version__}", "format": "WARC/1.1"}
    record = writer.create_warcinfo_record(name, about)
    record.rec_headers.replace_header("WARC-Record-ID", _record_id(name))
    record.rec_headers.replace_header("WARC-Date", at)
    return record


def _records(
    writer: WARCWriter, archive: Path, version: Archived, seen: set[Place]
) -> Iterator[ArcWarcRecord]:
    """The records of a version; one that two versions share is written once a file."""
    try:
        for place in version.snapshots:
            if place not in seen:
                seen.add(place)
                yield from _archived(archive, place)
    except StoreError as error:
        logger.warning("version %d: %s; its text is written instead", version.version_id, error)
        yield _conversion(writer, version)
    if not version.snapshots:
        yield _conversion(writer, version)


def _archived(archive: Path, place: Place) -> Iterator[ArcWarcRecord]:
    """One record, open until the next one is asked for."""
    path = archive / place[0]
    try:
        with path.open("rb") as stream:
            stream.seek(place[1])
            yield next(ArchiveIterator(stream))
    except (OSError, StopIteration, ValueError, EOFError) as error:
        raise StoreError(f"{path}: cannot be read at {place[1]}: {error}") from error


def _conversion(writer: WARCWriter, version: Archived) -> ArcWarcRecord:
    text = version.text.encode("utf-8")
    return writer.create_warc_record(
        version.url,
        "conversion",
        payload=BytesIO(text),
        length=len(text),
        warc_content_type="text/plain; charset=utf-8",
        warc_headers_dict={
            "WARC-Date": version.fetched_at,
            "WARC-Record-ID": _record_id(f"{version.url}#{version.version_id}"),
        },
    )


def _record_id(name: str) -> str:
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>"
