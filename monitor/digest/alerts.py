"""Alerts: the few kinds of flags that may interrupt somebody, once each on each channel."""

import logging
import smtplib
import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from db import alerts, deliveries, digest_inputs, digests
from db.digest_rows import FlagRow, Inputs
from monitor import lock
from monitor.config.settings import Settings
from monitor.digest.build import known_of, organisation_names, printable
from monitor.digest.channels import Alert, Channel, NotTaken, channels
from monitor.digest.entries import flag_entry
from monitor.digest.language import phrases
from monitor.digest.ranking import urgent
from monitor.exceptions import LockHeld

REACH = timedelta(hours=24)  # what is older is no longer urgent
HOUR = timedelta(hours=1)
FIRST_RETRY = timedelta(minutes=2)
TRIES = 5
LOCK_FILE = "alerting.lock"

logger = logging.getLogger(__name__)


def alert(conn: sqlite3.Connection, settings: Settings, now: datetime) -> int:
    """Send urgent flags no digest has told yet; how many left, counting each channel.

    What a full channel cannot take now follows within the hour or comes with the digest. Raises
    ConfigError if a channel is configured by halves.
    """
    ways = channels(settings)
    if not ways:
        return 0
    try:
        with lock.hold(deliveries.folder(conn), LOCK_FILE, "sending alerts"):
            inputs = digest_inputs.inputs(conn, now - REACH, now)
            flags = _urgent_flags(conn, inputs)
            return sum(_send(conn, settings, way, flags, inputs) for way in ways)
    except LockHeld:
        return 0


def _urgent_flags(conn: sqlite3.Connection, inputs: Inputs) -> list[FlagRow]:
    last = digests.last(conn)
    told = 0 if last is None else last.last_flag
    flags = [
        printable(flag)
        for flag in inputs.flags
        if flag.id > told and flag.state not in digest_inputs.OVERTURNED and urgent(flag)
    ]
    return sorted(flags, key=lambda flag: (-flag.priority, flag.id))


def _send(
    conn: sqlite3.Connection,
    settings: Settings,
    way: Channel,
    flags: Sequence[FlagRow],
    inputs: Inputs,
) -> int:
    now, known = inputs.until, known_of(inputs)
    settled = alerts.settled(conn, way.name, [flag.id for flag in flags], now)
    waiting = [flag for flag in flags if flag.id not in settled]
    room = max(0, settings.alerts.per_hour - alerts.sent_since(conn, way.name, now - HOUR))
    t = phrases(way.language, str(settings.timezone), now, organisation_names(inputs))
    sent = 0
    for n, flag in enumerate(waiting[:room], 1):
        is_last = n == room and len(waiting) > room
        message = Alert(
            flag=flag,
            entry=flag_entry(t, flag, known.reprints, known),
            now=now,
            more=t("alert.more", n=len(waiting) - room) if is_last else "",
        )
        sent += _send_one(conn, way, message)
    return sent


def _send_one(conn: sqlite3.Connection, way: Channel, message: Alert) -> bool:
    """Claim, send, mark: a crash in between sends it again, known by its id or Message-ID."""
    flag, now = message.flag.id, message.now
    attempt = alerts.claim(conn, way.name, flag)
    try:
        way.send(message)
    except (NotTaken, OSError, smtplib.SMTPException) as error:
        words = f"{type(error).__name__}: {error}"
        next_try = now + FIRST_RETRY * 2 ** (attempt - 1) if attempt < TRIES else None
        alerts.mark_unsent(conn, way.name, flag, words, next_try)
        logger.warning("alert %d by %s did not leave: %s", flag, way.name.split()[0], words)
        return False
    alerts.mark_sent(conn, way.name, flag, now)
    return True
