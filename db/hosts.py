"""What is remembered of hosts and endpoints between runs."""

import json
import sqlite3
from datetime import datetime

from db.records import EndpointState, HostState, Validators
from monitor.isoday import moment, parse_moment


def host_state(conn: sqlite3.Connection, host: str) -> HostState:
    """What is known of a host; of one never met, nothing but its name."""
    row = conn.execute("select * from hosts where host = ?", (host,)).fetchone()
    if row is None:
        return HostState(host=host)
    return HostState(
        host=host,
        last_request_at=_when(row["last_request_at"]),
        not_before=_when(row["not_before"]),
        rest_seconds=row["rest_seconds"],
        crawl_delay=row["crawl_delay"],
        robots_status=row["robots_status"],
        robots_body=row["robots_body"],
        robots_fetched_at=_when(row["robots_fetched_at"]),
        robots_note=row["robots_note"],
        validators_trusted=bool(row["validators_trusted"]),
    )


def save_host(conn: sqlite3.Connection, state: HostState) -> None:
    """Store all that is known of a host; call it inside a write transaction."""
    conn.execute(
        "insert or replace into hosts (host, last_request_at, not_before, rest_seconds,"
        " crawl_delay, robots_status, robots_body, robots_fetched_at, robots_note,"
        " validators_trusted) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            state.host,
            _stored(state.last_request_at),
            _stored(state.not_before),
            state.rest_seconds,
            state.crawl_delay,
            state.robots_status,
            state.robots_body,
            _stored(state.robots_fetched_at),
            state.robots_note,
            int(state.validators_trusted),
        ),
    )


def endpoint_state(conn: sqlite3.Connection, source: str, url: str, kind: str) -> EndpointState:
    """What is known of an endpoint; of one never read, nothing but its address."""
    row = conn.execute(
        "select * from endpoints where source = ? and url = ?", (source, url)
    ).fetchone()
    if row is None:
        return EndpointState(url=url, kind=kind)
    return EndpointState(
        url=url,
        kind=row["kind"],
        validators=Validators(
            etag=row["etag"], last_modified=row["last_modified"], body_sha256=row["body_sha256"]
        ),
        visited_at=_when(row["visited_at"]),
        unconditional_at=_when(row["unconditional_at"]),
        links=tuple(json.loads(row["links"])),
        depth_seconds=row["depth_seconds"],
        error=row["error"],
    )


def save_endpoint(conn: sqlite3.Connection, source: str, state: EndpointState) -> None:
    """Store all that is known of an endpoint; call it in the transaction of its links."""
    conn.execute(
        "insert or replace into endpoints (source, url, kind, etag, last_modified, body_sha256,"
        " visited_at, unconditional_at, links, depth_seconds, error)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            source,
            state.url,
            state.kind,
            state.validators.etag,
            state.validators.last_modified,
            state.validators.body_sha256,
            _stored(state.visited_at),
            _stored(state.unconditional_at),
            json.dumps(state.links, ensure_ascii=False),
            state.depth_seconds,
            state.error,
        ),
    )


def _when(text: str | None) -> datetime | None:
    return None if text is None else parse_moment(text)


def _stored(when: datetime | None) -> str | None:
    return None if when is None else moment(when)
