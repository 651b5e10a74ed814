"""Sending digests by SMTP: each recipient once, whatever breaks in between.

The order that survives a crash: what is owed is noted; a delivery is claimed; the mail goes to
the server; the delivery is marked sent. Killed before the server took the mail, the claim is taken
again and nothing is lost. Killed in the instant between the server's "250" and our mark, the mail
goes out again under the same Message-ID, by which mail servers drop duplicates: no order of two
systems can close that gap (https://www.rfc-editor.org/rfc/rfc1047).
"""

import logging
import os
import smtplib
import sqlite3
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from db import deliveries, digests
from db.digest_rows import Delivery, FrozenDigest
from monitor import lock
from monitor.config.settings import Recipient, Settings, Smtp
from monitor.digest.freeze import subject, thawed
from monitor.digest.html import render_mail
from monitor.digest.language import phrases
from monitor.digest.model import Digest
from monitor.digest.narrow import narrowed, operators_part, without_operators_part
from monitor.digest.text import render_text
from monitor.exceptions import ConfigError, LockHeld

TIMEOUT_SECONDS = 30
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


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Who gets which part of a digest."""

    recipient: Recipient
    part: str = "reader"


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
            message_id=_message_id(settings, number, letter),
            next_try_at=now,
        )
        for letter in letters(settings)
        if letter.recipient.frequency == digest.frequency
        for number in deliveries.owed(conn, letter.recipient.address, letter.part, digest.frequency)
    ]
    deliveries.queue(conn, noted)


def letters(settings: Settings) -> list[Letter]:
    """Everybody who gets mail: the readers, and the operator if there is one."""
    found = [Letter(recipient=one) for one in settings.digest.recipient]
    if settings.digest.operator is not None:
        found.append(Letter(recipient=Recipient(address=settings.digest.operator), part="operator"))
    return found


def write_mails(
    settings: Settings, digest: FrozenDigest, folder: Path, now: datetime
) -> list[Path]:
    """The dry run: the mails as .eml files, one a recipient; nothing is sent or noted."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for letter in letters(settings):
        if letter.recipient.frequency != digest.frequency:
            continue
        message = compose(settings, digest, letter, now)
        name = letter.recipient.address.replace("/", "_")
        path = folder / f"{digest.number:05}-{letter.part}-{name}.eml"
        path.write_bytes(message.as_bytes())
        paths.append(path)
    return paths


def compose(
    settings: Settings, frozen: FrozenDigest, letter: Letter, now: datetime
) -> EmailMessage:
    """The mail of one recipient: text and HTML twins, charts attached, nothing remote."""
    language = letter.recipient.language or frozen.language
    digest = _for(letter, thawed(frozen), bool(settings.digest.operator))
    page = render_mail(digest, language)
    message = EmailMessage(policy=SMTP)
    message["From"] = _sender(settings)
    message["To"] = letter.recipient.address
    message["Subject"] = _subject(digest, letter, language)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = _message_id(settings, frozen.id, letter)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<digest.{_domain(settings)}>"
    message["List-Unsubscribe"] = f"<mailto:{_sender(settings)}?subject=unsubscribe>"
    message.set_content(render_text(digest, language))
    message.add_alternative(page.html, subtype="html")
    *_, html = message.iter_parts()
    assert isinstance(html, MIMEPart)
    for name, picture in page.images:
        html.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline")
    return message


def _send_due(conn: sqlite3.Connection, settings: Settings, now: datetime) -> Outcome:
    outcome = Outcome()
    server: smtplib.SMTP | None = None
    by_address = {(one.recipient.address, one.part): one for one in letters(settings)}
    try:
        while delivery := deliveries.claim(conn, now):
            letter = by_address.get((delivery.recipient, delivery.part))
            if letter is None:
                deliveries.mark_failed(conn, delivery.id, "no longer a recipient")
                continue
            try:
                server = server or connect(settings.smtp, _domain(settings))
                _send_one(conn, settings, server, delivery, letter, now)
                outcome.sent.append(delivery.recipient)
            except (OSError, smtplib.SMTPException) as error:
                _note_error(conn, delivery, error, now, outcome)
                server = _still_usable(server)
    finally:
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()
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


def _still_usable(server: smtplib.SMTP | None) -> smtplib.SMTP | None:
    """The connection if it answers after an error, else None: a new one is made."""
    if server is None:
        return None
    try:
        server.rset()
    except (OSError, smtplib.SMTPException):
        server.close()
        return None
    return server


def connect(smtp: Smtp, name: str) -> smtplib.SMTP:
    """Sign in to the mail server; certificates are always checked.

    We greet as `name`, the domain the mail comes from, and not by the name of this machine.

    Raises OSError or SMTPException if it cannot be reached or refuses, ConfigError for a password
    that cannot be read.
    """
    password = _password(smtp)
    context = ssl.create_default_context()
    host, port = str(smtp.host), int(smtp.port or 0)
    server: smtplib.SMTP
    if smtp.security == "tls":
        server = smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, port, name, timeout=TIMEOUT_SECONDS)
    with _closing_on_error(server):
        if smtp.security == "starttls":
            server.starttls(context=context)
        if smtp.username is not None and password is not None:
            server.login(smtp.username, password)
    return server


@contextmanager
def _closing_on_error(server: smtplib.SMTP) -> Iterator[None]:
    try:
        yield
    except BaseException:
        server.close()
        raise


def _password(smtp: Smtp) -> str | None:
    """The password from where the configuration says; it is never in the configuration itself."""
    if smtp.password_env is not None:
        password = os.environ.get(smtp.password_env)
        if password is None:
            raise ConfigError(
                f"monitor.toml: smtp.password_env: the variable {smtp.password_env} is not set"
            )
        return password
    if smtp.password_file is None:
        return None
    try:
        return smtp.password_file.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(
            f"monitor.toml: smtp.password_file: {smtp.password_file}: {error.strerror}"
        ) from error


def _for(letter: Letter, digest: Digest, has_operator: bool) -> Digest:
    """The part of the digest this letter carries."""
    if letter.part == "operator":
        return operators_part(digest)
    wanted = narrowed(digest, letter.recipient.sources, letter.recipient.entities)
    return without_operators_part(wanted) if has_operator else wanted


def _subject(digest: Digest, letter: Letter, language: str) -> str:
    if letter.part == "operator":
        t = phrases(language, digest.zone, digest.until)
        return f"{t('section.operator')}: {subject(digest, language)}"
    return subject(digest, language)


def _sender(settings: Settings) -> str:
    return settings.smtp.sender or f"monitor@{settings.smtp.host}"


def _domain(settings: Settings) -> str:
    return _sender(settings).rpartition("@")[2]


def _message_id(settings: Settings, digest: int, letter: Letter) -> str:
    """The same for the same mail, so that a repeated one is known as such."""
    who = f"{digest} {letter.part} {letter.recipient.address}"
    digits = sha256(who.encode()).hexdigest()[:24]
    return f"<digest-{digest}-{digits}@{_domain(settings)}>"
