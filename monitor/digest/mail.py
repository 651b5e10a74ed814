"""The mail of a digest: who gets which part of it, in which language, and its headers."""

from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path

from db.digest_rows import FrozenDigest
from monitor.config.settings import Recipient, Settings
from monitor.digest.freeze import thawed
from monitor.digest.html import render_mail
from monitor.digest.language import phrases_of
from monitor.digest.model import Digest
from monitor.digest.narrow import narrowed, operators_part, without_operators_part
from monitor.digest.text import render_text
from monitor.digest.verdict import subject


@dataclass(frozen=True, kw_only=True)
class Letter:
    """Who gets which part of a digest."""

    recipient: Recipient
    part: str = "reader"


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
    message["From"] = sender(settings)
    message["To"] = letter.recipient.address
    message["Subject"] = _subject(digest, letter, language)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(settings, frozen.id, letter)
    message["Auto-Submitted"] = "auto-generated"
    message["List-Id"] = f"<digest.{domain(settings)}>"
    message["List-Unsubscribe"] = f"<mailto:{sender(settings)}?subject=unsubscribe>"
    message.set_content(render_text(digest, language))
    message.add_alternative(page.html, subtype="html")
    *_, html = message.iter_parts()
    assert isinstance(html, MIMEPart)
    for name, picture in page.images:
        html.add_related(picture, "image", "png", cid=f"<{name}>", disposition="inline")
    return message


def _for(letter: Letter, digest: Digest, has_operator: bool) -> Digest:
    """The part of the digest this letter carries."""
    if letter.part == "operator":
        return operators_part(digest)
    wanted = narrowed(digest, letter.recipient.sources, letter.recipient.entities)
    return without_operators_part(wanted) if has_operator else wanted


def _subject(digest: Digest, letter: Letter, language: str) -> str:
    if letter.part == "operator":
        t = phrases_of(digest, language)
        return f"{t('section.operator')}: {subject(digest, language)}"
    return subject(digest, language)


def sender(settings: Settings) -> str:
    return settings.smtp.sender or f"monitor@{settings.smtp.host}"


def domain(settings: Settings) -> str:
    return sender(settings).rpartition("@")[2]


def message_id(settings: Settings, digest: int, letter: Letter) -> str:
    """The same for the same mail, so that a repeated one is known as such."""
    who = f"{digest} {letter.part} {letter.recipient.address}"
    digits = sha256(who.encode()).hexdigest()[:24]
    return f"<digest-{digest}-{digits}@{domain(settings)}>"
