"""Fetches: one row a request, each carrying the hash of the row before it.

The chain makes later changes visible: who alters, drops or inserts a row breaks every hash after
it. `verify_chain` walks it.
"""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import sha256

from db.records import Fetch, Snapshot
from monitor.isoday import moment, parse_moment

_COLUMNS = (
    "run_id", "source", "url", "at", "status", "final_url", "redirects", "etag", "last_modified",
    "conditional", "body_sha256", "body_bytes", "mime", "ip", "warc_file", "warc_offset",
    "record_id", "error",
)  # fmt: skip
_INSERT = (
    f"insert into fetches ({', '.join(_COLUMNS)}, chain) "  # noqa: S608
    f"values ({', '.join('?' * len(_COLUMNS))}, ?)"
)


def add_fetch(conn: sqlite3.Connection, fetch: Fetch, run: int | None = None) -> int:
    """Append a fetch to the chain and return its id; call it inside a write transaction."""
    last = conn.execute("select chain from fetches order by id desc limit 1").fetchone()
    row = _row(fetch, run)
    chain = _link("" if last is None else last[0], row)
    added = conn.execute(_INSERT, (*row, chain)).lastrowid
    assert added is not None
    return added


def verify_chain(conn: sqlite3.Connection) -> Iterator[str]:
    """One sentence for each row whose hash does not follow from the row before it."""
    before = ""
    rows = conn.execute(f"select id, chain, {', '.join(_COLUMNS)} from fetches order by id")  # noqa: S608
    for number, chain, *row in rows:
        if chain != _link(before, tuple(row)):
            yield f"fetch {number}: changed, or a row before it was added or removed"
        before = chain


def known_body(conn: sqlite3.Connection, body_sha256: str) -> Fetch | None:
    """The first fetch whose archived bytes are these, for a revisit record to refer to."""
    row = conn.execute(
        "select url, at, source, status, final_url, warc_file, warc_offset, record_id from fetches"
        " where body_sha256 = ? and warc_file is not null order by id limit 1",
        (body_sha256,),
    ).fetchone()
    if row is None:
        return None
    return Fetch(
        url=row["url"],
        at=parse_moment(row["at"]),
        source=row["source"],
        status=row["status"],
        final_url=row["final_url"],
        body_sha256=body_sha256,
        snapshot=Snapshot(
            warc_file=row["warc_file"], warc_offset=row["warc_offset"], record_id=row["record_id"]
        ),
    )


def snapshots(conn: sqlite3.Connection) -> Iterator[tuple[int, str, Snapshot]]:
    """Every archived fetch: its id, the sha256 its bytes must have, and where they lie."""
    rows = conn.execute(
        "select id, body_sha256, warc_file, warc_offset, record_id from fetches"
        " where warc_file is not null order by warc_file, warc_offset"
    )
    for number, digest, file, offset, record in rows:
        yield number, digest, Snapshot(warc_file=file, warc_offset=offset, record_id=record)


def _row(fetch: Fetch, run: int | None) -> tuple[object, ...]:
    snapshot = fetch.snapshot
    return (
        run,
        fetch.source,
        fetch.url,
        moment(fetch.at),
        fetch.status,
        fetch.final_url,
        json.dumps(fetch.redirects, ensure_ascii=False),
        fetch.etag,
        fetch.last_modified,
        int(fetch.conditional),
        fetch.body_sha256,
        fetch.body_bytes,
        fetch.mime,
        fetch.ip,
        snapshot and snapshot.warc_file,
        snapshot and snapshot.warc_offset,
        snapshot and snapshot.record_id,
        fetch.error,
    )


def _link(before: str, row: tuple[object, ...]) -> str:
    """sha256 over the previous hash and the row as canonical JSON (keys sorted, no spaces)."""
    named = dict(zip(_COLUMNS, row, strict=True))
    written = json.dumps(named, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256((before + written).encode("utf-8", "surrogatepass")).hexdigest()
