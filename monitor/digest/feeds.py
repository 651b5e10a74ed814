"""Atom: one digest as a feed, and feeds of flags (all, by entity, by series) kept as files.

The format is RFC 4287; identifiers are tag URIs (RFC 4151), so that an entry stays the same entry.
"""

import os
import re
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree as ET

from db import digest_inputs
from db.digest_rows import FlagRow
from monitor.digest import verdict
from monitor.digest.build import known_of, organisation_names, printable
from monitor.digest.entries import Entry, entries, flag_entry
from monitor.digest.language import Phrases, phrases, phrases_of
from monitor.digest.model import Digest
from monitor.digest.ranking import KINDS
from monitor.digest.sections.counts import Known
from monitor.isoday import moment

ATOM = "http://www.w3.org/2005/Atom"
TAG = "tag:prisoner-monitor,2026:"
FEED_DAYS = 30
FEED_ENTRIES = 100
MARK_FILE = ".written"
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]+")

ET.register_namespace("", ATOM)


def render_atom(digest: Digest, language: str) -> str:
    """The items of one digest as an Atom feed."""
    t = phrases_of(digest, language)
    when = moment(digest.built_at)
    feed = _feed(
        t,
        f"digest/{digest.number or 'draft'}",
        f"{verdict.title(t, digest)}: {verdict.subject(digest, language)}",
        when,
    )
    for one in entries(t, digest):
        _add(feed, one, when)
    return _written(feed)


def write_feeds(
    conn: sqlite3.Connection, folder: Path, now: datetime, *, language: str, zone: str
) -> list[Path]:
    """Write `all.xml`, `entity/ID.xml` and `series/KEY.xml` of the last 30 days' flags.

    Each holds the newest 100 at most; a file is replaced whole, so that a reader never sees half.
    Flags overturned by reviewers are left out. Without a new flag or review nothing is written.
    """
    mark = " ".join(map(str, digest_inputs.newest(conn)))
    written = folder / MARK_FILE
    if written.is_file() and written.read_text("utf-8") == mark:
        return []
    paths = _write_all(conn, folder, now, language, zone)
    written.write_text(mark, encoding="utf-8")
    return paths


def _write_all(
    conn: sqlite3.Connection, folder: Path, now: datetime, language: str, zone: str
) -> list[Path]:
    inputs = digest_inputs.inputs(conn, now - timedelta(days=FEED_DAYS), now)
    t = phrases(language, zone, now, organisation_names(inputs))
    flags = [printable(flag) for flag in inputs.flags if _is_told(flag)]
    flags.sort(key=lambda flag: (flag.raised_at, flag.id), reverse=True)
    named = {flag.entity: flag.name for flag in flags if flag.entity}
    keys = sorted({flag.series for flag in flags if flag.series})
    told = {
        "all": (t("feed.all"), flags),
        **{f"entity/{one}": (name, [f for f in flags if f.entity == one])
           for one, name in sorted(named.items())},
        **{f"series/{key}": (key, [f for f in flags if f.series == key]) for key in keys},
    }  # fmt: skip
    known = known_of(inputs)
    return [
        _write(folder, path, _flag_feed(t, path, title, chosen[:FEED_ENTRIES], known))
        for path, (title, chosen) in told.items()
    ]


def _flag_feed(
    t: Phrases, path: str, title: str, flags: Iterable[FlagRow], known: Known
) -> ET.Element:
    flags = list(flags)
    feed = _feed(t, f"flags/{path}", title, moment(max(flag.raised_at for flag in flags)) if flags
                 else "1970-01-01T00:00:00Z")  # fmt: skip
    for flag in flags:
        _add(feed, flag_entry(t, flag, known.reprints, known), moment(flag.raised_at))
    return feed


def _is_told(flag: FlagRow) -> bool:
    return flag.state not in digest_inputs.OVERTURNED and KINDS[flag.kind].section != "operator"


def _feed(t: Phrases, name: str, title: str, updated: str) -> ET.Element:
    feed = ET.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": t.language})
    _text(feed, "id", TAG + name)
    _text(feed, "title", title)
    _text(feed, "updated", updated)
    author = ET.SubElement(feed, f"{{{ATOM}}}author")
    _text(author, "name", "prisoner-monitor")
    return feed


def _add(feed: ET.Element, one: Entry, updated: str) -> None:
    entry = ET.SubElement(feed, f"{{{ATOM}}}entry")
    _text(entry, "id", f"{TAG}flag/{one.flags[0]}")
    _text(entry, "title", one.title)
    _text(entry, "updated", updated)
    if one.url:
        ET.SubElement(entry, f"{{{ATOM}}}link", {"href": one.url})
    _text(entry, "content", one.html).set("type", "html")


def _text(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text
    return child


def _written(feed: ET.Element) -> str:
    ET.indent(feed)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(feed, "unicode") + "\n"


def _write(folder: Path, path: str, feed: ET.Element) -> Path:
    kind, _, name = path.partition("/")
    target = folder / kind / f"{_file_name(name)}.xml" if name else folder / f"{kind}.xml"
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(_written(feed), encoding="utf-8")
    os.replace(part, target)
    return target


def _file_name(name: str) -> str:
    """A safe name; where letters had to go, a few digits keep it one of a kind.

    >>> _file_name("ulvi-hasanli"), _file_name("../x")
    ('ulvi-hasanli', '-x-d6b96a97')
    """
    safe = _UNSAFE.sub("-", name)
    return safe if safe == name else f"{safe}-{sha256(name.encode()).hexdigest()[:8]}"
