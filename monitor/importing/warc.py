"""WARC files, our own and others': responses, resources, and texts that were extracted elsewhere.

Passed over, as they are no pages: requests, metadata, revisits, redirects, DNS answers, and
whatever is neither HTML, PDF nor plain text (archives of others hold styles, scripts and images).
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from monitor.exceptions import BadInput
from monitor.importing.records import Defaults, Given, Part, Rejected, known_url
from monitor.isoday import parse_moment
from monitor.items import Page

LARGEST_BODY = 50_000_000
_KINDS = ("response", "resource", "conversion")
_READABLE = ("text/html", "application/xhtml", "application/pdf", "text/plain")
# Some archives were packed as a whole and not record by record: warcio raises these, too.
_BROKEN = (ArchiveLoadFailed, EOFError, OSError, ValueError)


def read_warc(path: Path, defaults: Defaults) -> Iterator[Part]:
    """The pages of a file in order. A bad record is named and skipped; where the file itself breaks
    off, that is said and what came before is whole.
    """
    with path.open("rb") as stream:
        records = ArchiveIterator(stream)
        try:
            for record in records:
                if record.rec_type in _KINDS:
                    # not get_record_offset(), which reads the record to its end first
                    place = f"{path}@{records.offset}"
                    yield from _part(record, place, defaults)
        except _BROKEN as error:
            yield Rejected(place=str(path), reason=f"not a WARC file from here on: {error}")


def _part(record: ArcWarcRecord, place: str, defaults: Defaults) -> Iterator[Part]:
    try:
        page = _page(record, defaults)
    except BadInput as error:
        yield Rejected(place=place, reason=str(error))
        return
    if page is not None:
        yield Given(page=page, place=place)


def _page(record: ArcWarcRecord, defaults: Defaults) -> Page | None:
    """The page of a record; None if it is passed over, BadInput if it is garbled."""
    uri = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    mime = _mime(record)
    if uri.startswith("dns:") or (mime and not mime.lower().startswith(_READABLE)):
        return None
    status = _status(record)
    if 300 <= status < 400:
        return None
    url = known_url(uri)
    body = record.content_stream().read(LARGEST_BODY + 1)
    if len(body) > LARGEST_BODY:
        raise BadInput("larger than 50 MB")
    return Page(
        source=defaults.source,
        url=uri,
        final_url=uri,
        fetched_at=_date(record),
        status=status,
        body=body,
        mime=mime,
        headers={} if record.http_headers is None else dict(record.http_headers.headers),
        discovered_as=url,
    )


def _mime(record: ArcWarcRecord) -> str:
    headers = record.rec_headers if record.http_headers is None else record.http_headers
    return (headers.get_header("Content-Type") or "").strip()


def _status(record: ArcWarcRecord) -> int:
    """The HTTP status; a resource or a text was there when it was kept."""
    if record.http_headers is None:
        return 200
    code = record.http_headers.get_statuscode()
    if not code.isdigit():
        raise BadInput(f"{code!r} is no HTTP status")
    return int(code)


def _date(record: ArcWarcRecord) -> datetime:
    given = record.rec_headers.get_header("WARC-Date") or ""
    try:
        return parse_moment(given)
    except ValueError:
        raise BadInput(f"WARC-Date {given!r} is no ISO time") from None
