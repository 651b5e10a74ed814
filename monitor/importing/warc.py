"""Responses of WARC files, our own and others'."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from monitor.exceptions import BadInput
from monitor.isoday import parse_moment

LARGEST_BODY = 50_000_000


@dataclass(frozen=True, kw_only=True)
class Response:
    """One archived HTTP response; `offset` is where its record begins in the file."""

    url: str
    at: datetime
    status: int
    mime: str
    headers: dict[str, str]
    body: bytes
    offset: int


def responses(path: Path) -> Iterator[Response]:
    """The response records of a file in order; other records and bodies over 50 MB are passed.

    Raises BadInput where the file cannot be read on; what came before is whole.
    """
    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        try:
            for record in records:
                if record.rec_type == "response" and record.http_headers is not None:
                    response = _response(record, records.get_record_offset())
                    if response is not None:
                        yield response
        except (ArchiveLoadFailed, EOFError, OSError, ValueError) as error:
            raise BadInput(f"not a WARC file from here on: {error}") from None


def _response(record: ArcWarcRecord, offset: int) -> Response | None:
    body = record.content_stream().read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        return None
    headers = dict(record.http_headers.headers)
    return Response(
        url=record.rec_headers.get_header("WARC-Target-URI").strip("<>"),
        at=parse_moment(record.rec_headers.get_header("WARC-Date")),
        status=int(record.http_headers.get_statuscode()),
        mime=record.http_headers.get_header("Content-Type") or "",
        headers=headers,
        body=body,
        offset=offset,
    )
