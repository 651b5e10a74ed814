"""Stored pages as they were read, for a frame that runs nothing and loads nothing."""

import re
from collections.abc import Mapping
from typing import Any

from db import pages
from db.records import Snapshot
from monitor.archive import read_snapshot
from monitor.desk.ask import Ask, Bytes, Missing
from monitor.desk.guard import SANDBOX
from monitor.exceptions import StoreError

SHOWN = ("text/html", "application/xhtml+xml", "text/plain")
CHARSET = re.compile(r"charset=[\"']?([\w-]{1,40})", re.I | re.A)


def show(ask: Ask) -> Bytes:
    """The bytes of one fetch; what is no page of text is only given to keep."""
    with ask.house.memory.reading() as conn:
        fetch = pages.fetch(conn, int(ask.part["fetch"]))
        digest = None if fetch is None else fetch["body_sha256"]
        kept = None if digest is None else pages.first_copy(conn, digest)
    if fetch is None or kept is None:
        raise Missing("snapshot")
    headers, body = _archived(ask, kept)
    return Bytes(
        body=body, headers={**_shown_as(fetch, headers), "content-security-policy": SANDBOX}
    )


def _archived(ask: Ask, kept: Mapping[str, Any]) -> tuple[dict[str, str], bytes]:
    snapshot = Snapshot(
        warc_file=kept["warc_file"],
        warc_offset=kept["warc_offset"],
        record_id=kept["record_id"] or "",
    )
    try:
        return read_snapshot(ask.house.space.archive, snapshot)
    except StoreError:
        raise Missing("the archive no longer holds it") from None


def _shown_as(fetch: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, str]:
    """Our own words for what it is; of the server's only the charset, which the text needs."""
    mime = str(fetch["mime"]).split(";")[0].strip().lower()
    if mime not in SHOWN:
        name = f'attachment; filename="snapshot-{fetch["id"]}"'
        return {"content-type": "application/octet-stream", "content-disposition": name}
    sent = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    charset = CHARSET.search(sent)
    return {"content-type": f"{mime}; charset={charset[1]}" if charset else mime}
