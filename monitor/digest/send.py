"""Sending digests by SMTP: each recipient once, whatever breaks in between.

The order that survives a crash: what is owed is noted; a delivery is claimed; the mail goes to
the server; the delivery is marked sent. Killed before the server took the mail, the claim is taken
again and nothing is lost. Killed in the instant between the server's "250" and our mark, the mail
goes out again under the same Message-ID, by which mail servers drop duplicates: no order of two
systems can close that gap (https://www.rfc-editor.org/rfc/rfc1047).
"""

import logging
import smtplib
import sqlite3
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from db import deliveries, digests
from db.digest_rows import Delivery, FrozenDigest
from monitor import lock
from monitor.config.settings import Settings
from monitor.digest.mail import Letter, compose, domain, letters, message_id
from monitor.digest.smtp import open_line
from monitor.exceptions import LockHeld

FIRST_RETRY = timedelta(minutes=5)  # doubled each time: nine tries reach over a day
TRIES = 9
LOCK_FILE = "sending.lock"

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """Addresses by what became of their mail."""

    sent: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def deliver(
    conn: sqlite3.Connection, settings: Settings, digest: FrozenDigest, now: datetime
) -> Outcome:
    """Send what is owed: this digest, and any earlier one that did not reach somebody.

    A recipient who cannot be reached now is tried again at a later call, in growing intervals;
    what another process is sending right now is left to it. Without a mail server nothing is
    owed. Raises ConfigError if the password cannot be read.
    """
    if settings.smtp.host is None:
        return Outcome()
    queue(conn, settings, digest, now)
    return send_due(conn, settings, now)


def send_due(conn: sqlite3.Connection, settings: Settings, now: datetime) -> Outcome:
    """Send what was noted and whose time has come: retries, and what a crash left behind."""
    if settings.smtp.host is None:
        return Outcome()
    try:
        with lock.hold(deliveries.folder(conn), LOCK_FILE, "sending"):
            return _send_due(conn, settings, now)
    except LockHeld:
        return Outcome()


def queue(
    conn: sqlite3.Connection, settings: Settings, digest: FrozenDigest, now: datetime
) -> None:
    """Note every digest a recipient of its frequency has not been sent."""
    noted = [
        Delivery(
            digest=number,
            recipient=letter.recipient.address,
            part=letter.part,
            message_id=message_id(settings, number, letter),
            next_try_at=now,
        )
        for letter in letters(settings)
        if letter.recipient.frequency == digest.frequency
        for number in deliveries.owed(conn, letter.recipient.address, letter.part, digest.frequency)
    ]
    deliveries.queue(conn, noted)


def _send_due(conn: sqlite3.Connection, settings: Settings, now: datetime) -> Outcome:
    outcome = Outcome()
    by_address = {(one.recipient.address, one.part): one for one in letters(settings)}
    with open_line(settings.smtp, domain(settings)) as line:
        while delivery := deliveries.claim(conn, now):
            letter = by_address.get((delivery.recipient, delivery.part))
            if letter is None:
                deliveries.mark_failed(conn, delivery.id, "no longer a recipient")
                continue
            try:
                _send_one(conn, settings, line.server(), delivery, letter, now)
                outcome.sent.append(delivery.recipient)
            except (OSError, smtplib.SMTPException) as error:
                _note_error(conn, delivery, error, now, outcome)
    return outcome


def _send_one(
    conn: sqlite3.Connection,
    settings: Settings,
    server: smtplib.SMTP,
    delivery: Delivery,
    letter: Letter,
    now: datetime,
) -> None:
    frozen = digests.by_id(conn, delivery.digest)
    assert frozen is not None
    server.send_message(compose(settings, frozen, letter, now))
    deliveries.mark_sent(conn, delivery.id, now)


def _note_error(
    conn: sqlite3.Connection,
    delivery: Delivery,
    error: Exception,
    now: datetime,
    outcome: Outcome,
) -> None:
    words = f"{type(error).__name__}: {error}"
    if _is_final(error) or delivery.attempts >= TRIES:
        deliveries.mark_failed(conn, delivery.id, words)
        outcome.failed.append(delivery.recipient)
        logger.error("digest mail to %s given up: %s", delivery.recipient, words)
        return
    wait = FIRST_RETRY * 2 ** (delivery.attempts - 1)
    deliveries.mark_due(conn, delivery.id, words, now + wait)
    outcome.waiting.append(delivery.recipient)
    logger.warning("digest mail to %s waits: %s", delivery.recipient, words)


def _is_final(error: Exception) -> bool:
    """Whether the server refused this recipient for good (a 5xx answer to its address)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    return False
