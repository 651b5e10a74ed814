"""Freezing: a window's digest is stored once, numbered, and is the same for ever after."""

import sqlite3
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from db import digests
from db.digest_rows import FrozenDigest
from db.store import writing
from monitor.digest.html import render_html
from monitor.digest.model import Digest
from monitor.digest.text import render_text
from monitor.digest.verdict import subject


def freeze(conn: sqlite3.Connection, digest: Digest, language: str) -> FrozenDigest:
    """Store the digest of its window; a window already frozen is given back as it was.

    The number, the rendering and the flags it tells are stored in one transaction.
    """
    with writing(conn):
        stored = digests.find(conn, digest.since, digest.until, digest.frequency)
        if stored is not None:
            return stored
        numbered = replace(digest, number=digests.next_number(conn))
        digests.insert(conn, _frozen(numbered, language), numbered.flags)
    stored = digests.find(conn, digest.since, digest.until, digest.frequency)
    assert stored is not None
    return stored


def thawed(frozen: FrozenDigest) -> Digest:
    """The values a frozen digest was rendered from."""
    return _adapter().validate_json(frozen.content)


def render_json(digest: Digest) -> str:
    """The digest as JSON, keys in the order it is told."""
    return _adapter().dump_json(digest, indent=2).decode() + "\n"


def _frozen(digest: Digest, language: str) -> FrozenDigest:
    assert digest.number is not None
    return FrozenDigest(
        id=0,
        number=digest.number,
        since=digest.since,
        until=digest.until,
        frequency=digest.frequency,
        language=language,
        built_at=digest.built_at,
        last_flag=digest.last_flag,
        content=render_json(digest),
        subject=subject(digest, language),
        text=render_text(digest, language),
        html=render_html(digest, language),
    )


@cache
def _adapter() -> TypeAdapter[Digest]:
    return TypeAdapter(Digest)
