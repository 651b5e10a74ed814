"""Telling: the digest of a window, built once, frozen, and sent to those who want it."""

import sqlite3
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db import digests
from db.digest_rows import FrozenDigest
from monitor import clock
from monitor.digest.build import build, weekly_is_due, window
from monitor.digest.freeze import freeze
from monitor.workspace import Workspace


def tell(space: Workspace) -> int:
    """Build, freeze and send the digest that is due, and the weekly one on Mondays; its number.

    Told again, the same window is the same digest, and nobody gets it twice.
    """
    from monitor.digest.send import deliver

    conn = space.open()
    try:
        now = clock.now()
        frozen = frozen_digest(space, conn, now)
        deliver(conn, space.settings, frozen, now)
        if _has_weekly_readers(space) and weekly_is_due(conn, now, str(space.settings.timezone)):
            weekly = frozen_digest(space, conn, now, frequency="weekly")
            deliver(conn, space.settings, weekly, now)
        return frozen.number
    finally:
        conn.close()


def keep_telling(space: Workspace) -> None:
    """What cannot wait for the next digest: alerts, feeds of flags, and mails to be tried again.

    Cheap if there is nothing to do; meant to be called after each round, or every few minutes.
    """
    from monitor.digest.alerts import alert
    from monitor.digest.feeds import write_feeds
    from monitor.digest.send import send_due

    settings = space.settings
    conn = space.open()
    try:
        now = clock.now()
        send_due(conn, settings, now)
        alert(conn, settings, now)
        language = settings.digest.language or settings.language
        folder = space.data_dir / "feeds"
        write_feeds(conn, folder, now, language=language, zone=str(settings.timezone))
    finally:
        conn.close()


def send(
    space: Workspace, conn: sqlite3.Connection, frozen: FrozenDigest, *, dry_run: bool
) -> list[str]:
    """Send a digest to its recipients, or write the mails as files; a line for each."""
    from monitor.digest.mail import write_mails
    from monitor.digest.send import deliver

    now = clock.now()
    if dry_run:
        folder = space.data_dir / "digests" / "mails"
        return [f"written: {path}" for path in write_mails(space.settings, frozen, folder, now)]
    outcome = deliver(conn, space.settings, frozen, now)
    return [
        *(f"sent: {address}" for address in outcome.sent),
        *(f"waits to be tried again: {address}" for address in outcome.waiting),
        *(f"given up: {address}" for address in outcome.failed),
    ]


def _has_weekly_readers(space: Workspace) -> bool:
    return any(one.frequency == "weekly" for one in space.settings.digest.recipient)


def frozen_digest(
    space: Workspace,
    conn: sqlite3.Connection,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    frequency: str = "daily",
) -> FrozenDigest:
    """The digest of a window, as stored if it was built before; also written as files."""
    settings = space.settings
    since, until = window(conn, now, since=since, until=until, frequency=frequency)
    digest = build(
        conn, since, until, now=now, zone=str(settings.timezone), cap=settings.digest.cap
    )
    digest = replace(digest, frequency=frequency)
    frozen = freeze(conn, digest, settings.digest.language or settings.language)
    write_files(space, frozen)
    return frozen


def write_files(space: Workspace, frozen: FrozenDigest) -> Path:
    """Keep text and HTML of a digest as files too; where the HTML lies."""
    folder = space.data_dir / "digests"
    folder.mkdir(mode=0o700, exist_ok=True)
    page = folder / f"{frozen.number:05}.html"
    page.write_text(frozen.html, encoding="utf-8")
    page.with_suffix(".txt").write_text(frozen.text, encoding="utf-8")
    return page


def is_missed(space: Workspace, conn: sqlite3.Connection, now: datetime) -> bool:
    """Whether the last digest hour has passed without a digest, though something was collected."""
    zone = ZoneInfo(str(space.settings.timezone))
    at = space.settings.digest.at
    hour = now.astimezone(zone).replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if hour > now:
        hour -= timedelta(days=1)
    last = digests.last(conn, "daily")
    return last is not None and last.until < hour


def rendered(frozen: FrozenDigest, form: str, language: str | None) -> str:
    """A frozen digest as it was stored, or in another form or language from the same values."""
    from monitor.digest.freeze import thawed
    from monitor.digest.html import render_html
    from monitor.digest.text import render_text

    if form == "json":
        return frozen.content
    same = language in (None, frozen.language)
    if form == "text":
        return frozen.text if same else render_text(thawed(frozen), str(language))
    if form == "html":
        return frozen.html if same else render_html(thawed(frozen), str(language))
    from monitor.digest.feeds import render_atom

    return render_atom(thawed(frozen), language or frozen.language)
