"""Where alerts go: mail, chats by way of apprise, a webhook with signed JSON."""

import hmac
import json
import os
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from http.client import HTTPMessage
from typing import IO, Any

from db.digest_rows import FlagRow
from monitor.config.settings import Recipient, Settings
from monitor.digest.entries import Entry
from monitor.digest.mail import domain, sender
from monitor.digest.smtp import open_line
from monitor.exceptions import ConfigError, MonitorError
from monitor.isoday import moment

TIMEOUT_SECONDS = 20


class NotTaken(MonitorError):
    """Raised when a channel did not take an alert; it may later."""


@dataclass(frozen=True, kw_only=True)
class Alert:
    """One urgent flag in words; `more` others wait because the channel is full."""

    flag: FlagRow
    entry: Entry
    now: datetime
    more: str = ""

    @property
    def body(self) -> str:
        """The lines of the entry without its title."""
        address = [self.entry.url] if self.entry.url else []
        return "\n".join([*self.entry.lines, *address, *([self.more] if self.more else [])])


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A way out: its name in the ledger, its language, and what sends one alert.

    `send` raises NotTaken, OSError or SMTPException if the alert did not leave.
    """

    name: str
    language: str
    send: Callable[[Alert], None]


def channels(settings: Settings) -> list[Channel]:
    """All ways configured. Raises ConfigError if a variable is not set or apprise is missing."""
    language = settings.digest.language or settings.language
    found = []
    if settings.smtp.host is not None:
        found += [
            _mail(settings, one, one.language or language)
            for one in settings.digest.recipient
            if one.frequency == "urgent"
        ]
    if settings.alerts.chat_env is not None:
        addresses = _variable("chat_env", settings.alerts.chat_env).split()
        found += [_chat(address, language) for address in addresses]
    if settings.alerts.webhook is not None:
        found.append(_webhook(settings, settings.alerts.webhook, language))
    return found


def signature(secret: str, seconds: int, body: bytes) -> str:
    """HMAC-SHA256 of `SECONDS.BODY`, hexadecimal: the time is signed too, against replays.

    >>> signature("s3cret", 0, b"{}")[:16]
    '4f08262fc59cee10'
    """
    return hmac.new(secret.encode(), b"%d." % seconds + body, sha256).hexdigest()


def _mail(settings: Settings, recipient: Recipient, language: str) -> Channel:
    def send(alert: Alert) -> None:
        message = EmailMessage(policy=SMTP)
        message["From"] = sender(settings)
        message["To"] = recipient.address
        message["Subject"] = alert.entry.title
        message["Date"] = format_datetime(alert.now)
        digits = sha256(f"{alert.flag.id} {recipient.address}".encode()).hexdigest()[:24]
        message["Message-ID"] = f"<alert-{alert.flag.id}-{digits}@{domain(settings)}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(f"{alert.entry.title}\n\n{alert.body}\n")
        with open_line(settings.smtp, domain(settings)) as line:
            line.server().send_message(message)

    return Channel(name=f"mail {recipient.address}", language=language, send=send)


def _chat(address: str, language: str) -> Channel:
    """A chat service; its address holds a token, so that only a digest of it is stored."""
    try:
        import apprise
    except ImportError:
        raise ConfigError(
            "monitor.toml: alerts.chat_env: chats need apprise; install the extra `alerts`"
        ) from None

    def send(alert: Alert) -> None:
        chat = apprise.Apprise()
        if not chat.add(address):
            raise NotTaken("apprise does not know this kind of chat address")
        if not chat.notify(title=alert.entry.title, body=alert.body):
            raise NotTaken("the chat service did not take the message")

    name = sha256(address.encode()).hexdigest()[:12]
    return Channel(name=f"chat {name}", language=language, send=send)


def _webhook(settings: Settings, url: str, language: str) -> Channel:
    if settings.alerts.webhook_secret_env is None:
        raise ConfigError(
            "monitor.toml: alerts.webhook: name the secret's variable in webhook_secret_env"
        )
    secret = _variable("webhook_secret_env", settings.alerts.webhook_secret_env)

    def send(alert: Alert) -> None:
        body = json.dumps(_record(alert), ensure_ascii=False).encode()
        seconds = int(alert.now.timestamp())
        request = urllib.request.Request(  # noqa: S310 (the configuration takes http and https only)
            url,
            data=body,
            headers={
                "Content-Type": "application/json",
                "X-Monitor-Delivery": str(alert.flag.id),
                "X-Monitor-Signature": f"t={seconds},v1={signature(secret, seconds, body)}",
            },
        )
        opener = urllib.request.build_opener(_NoRedirect)
        opener.open(request, timeout=TIMEOUT_SECONDS).close()

    return Channel(name=f"webhook {url}", language=language, send=send)


def _record(alert: Alert) -> dict[str, Any]:
    flag = alert.flag
    return {
        "id": flag.id,
        "kind": flag.kind,
        "title": alert.entry.title,
        "text": alert.body,
        "url": flag.url,
        "source": flag.source,
        "entity": flag.entity,
        "series": flag.series,
        "old": flag.old,
        "new": flag.new,
        "quote": flag.quote,
        "priority": flag.priority,
        "raised_at": moment(flag.raised_at),
    }


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A webhook answers itself: a redirect would carry the alert to somebody else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> None:
        return None


def _variable(key: str, name: str) -> str:
    value = os.environ.get(name)
    if not value:
        raise ConfigError(f"monitor.toml: alerts.{key}: the variable {name} is not set")
    return value
