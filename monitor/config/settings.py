"""monitor.toml: how this installation runs, crawls and tells."""

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationInfo, field_validator

import monitor
from monitor.config.values import (
    Address,
    AtLeastOne,
    Contact,
    Count,
    Duration,
    FilePath,
    Flag,
    Hours,
    MailAddress,
    Port,
    RobotsToken,
    Seconds,
    Size,
    Slug,
    Table,
    Text,
    TimeOfDay,
    Timezone,
    Url,
)

PLACEHOLDER_CONTACT = "https://example.org/who-we-are"
_RESERVED_HOSTS = ("example.org", "example.com", "example.net", "example")
_SUBMISSION_PORTS = {"none": 25, "starttls": 587, "tls": 465}

Interface = Literal["en", "az", "ru"]


class Crawl(Table):
    """How sources are read; the defaults of collecting, each source may say otherwise."""

    delay: Seconds = Field(
        default=2.0,
        description="Seconds between two requests to one host; a longer Crawl-delay wins.",
    )
    timeout: Annotated[Seconds, Field(gt=0)] = Field(
        default=60.0, description="Seconds until a request without an answer is given up."
    )
    run_limit: Duration = Field(
        default=timedelta(hours=1),
        description="The longest run of one source; the rest stays queued.",
    )
    max_html: Size = Field(
        default=10_000_000, description="Largest page or feed, after decompression."
    )
    max_pdf: Size = Field(default=32_000_000, description="Largest PDF or DOCX document.")
    max_sitemap: Size = Field(
        default=50_000_000, description="Largest sitemap, after decompression."
    )
    every: Duration = Field(
        default=timedelta(hours=2),
        description="How often a source is read; at most half the time its feed reaches back.",
    )
    quiet_hours: Hours | None = Field(
        default=None,
        description="Hours of the day in `timezone` in which nothing is read on schedule.",
    )
    revisits_per_run: Count = Field(
        default=500, description="How many known articles a run visits again to see changes."
    )
    new_per_run: Count = Field(
        default=500, description="How many new articles a run reads; the others stay queued."
    )
    allow_addresses: tuple[Address, ...] = Field(
        default=(),
        description="Private addresses, networks or hosts that may be read all the same "
        "(an intranet, a test web). Requests to any other private address are refused.",
    )
    verify_tls: Flag = Field(default=True, description="Whether certificates must be valid.")
    archive: Flag = Field(default=True, description="Whether raw bytes are kept as WARC files.")
    archive_segment: Size = Field(
        default=1_000_000_000, description="A WARC file is closed at this size and a new one begun."
    )
    wayback: Flag = Field(
        default=False,
        description="Whether the Internet Archive is asked to keep a copy of each new version; "
        "it learns by that which pages you watch.",
    )
    wayback_url: Url = Field(
        default="https://web.archive.org/save/",
        description="Where it is asked; the address of the page is put behind.",
    )


class Recipient(Table):
    """Who gets the digest by mail, and which part of it."""

    address: MailAddress = Field(description="Mail address.")
    language: Interface | None = Field(
        default=None, description="Language of this copy; without it that of the digest."
    )
    sources: tuple[Slug, ...] = Field(
        default=(), description="Names of sources this person wants; empty for all."
    )
    entities: tuple[Text, ...] = Field(
        default=(), description="Ids of the watchlist this person wants; empty for all."
    )
    frequency: Literal["daily", "weekly", "urgent"] = Field(
        default="daily", description="Each day, each Monday, or only when something urgent happens."
    )


class DigestSettings(Table):
    """When and how the digest is made, and who reads it."""

    at: TimeOfDay = Field(default=time(8, 0), description="Hour of the digest in `timezone`.")
    language: Interface | None = Field(
        default=None, description="Language of the digest; without it the `language` of the top."
    )
    cap: AtLeastOne = Field(
        default=200,
        description="Most items shown in one digest; the others are counted and linked.",
    )
    operator: MailAddress | None = Field(
        default=None,
        description="Who gets problems of sources and disks; without it the digest has them.",
    )
    recipient: tuple[Recipient, ...] = Field(default=(), description="One table a recipient.")


class Smtp(Table):
    """The mail server. The password itself never stands in a configuration file."""

    host: Text | None = Field(
        default=None, description="Name of the server; without it no mail is sent."
    )
    security: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="`starttls` (usual), `tls` from the first byte, or `none`."
    )
    port: Port | None = Field(
        default=None,
        validate_default=True,
        description="Port of the server; without it 587 for starttls, 465 for tls, 25 for none.",
    )
    username: Text | None = Field(
        default=None, description="Name to sign in with, if the server asks."
    )
    password_env: Text | None = Field(
        default=None, description="Name of the environment variable that holds the password."
    )
    password_file: FilePath | None = Field(
        default=None, description="File that holds the password and nothing else."
    )
    sender: MailAddress | None = Field(default=None, description="Address the mail comes from.")

    @field_validator("port")
    @classmethod
    def _usual_port(cls, port: int | None, info: ValidationInfo) -> int | None:
        return port or _SUBMISSION_PORTS.get(info.data.get("security", ""))

    @field_validator("password_file")
    @classmethod
    def _one_password(cls, file: Path | None, info: ValidationInfo) -> Path | None:
        if file is not None and info.data.get("password_env") is not None:
            raise ValueError("password_env says where the password is already; keep one of them")
        return file


class Alerts(Table):
    """Messages that go out at once. Chat addresses and the secret stand in the environment."""

    chat_env: Text | None = Field(
        default=None,
        description="Name of the environment variable that holds chat addresses as apprise writes "
        "them, separated by spaces.",
    )
    webhook: Url | None = Field(default=None, description="Address that gets each alert as JSON.")
    webhook_secret_env: Text | None = Field(
        default=None,
        description="Name of the environment variable that holds the secret alerts are signed "
        "with; a webhook needs it.",
    )
    per_hour: AtLeastOne = Field(
        default=20, description="Most alerts an hour on one channel; the others wait."
    )


class Desk(Table):
    """The review desk."""

    host: Text = Field(
        default="127.0.0.1", description="Address it listens on; a public one needs accounts."
    )
    port: Port = Field(default=8765, description="Port it listens on.")
    origin: Text | None = Field(
        default=None, description="Public address people use, like https://desk.example.org."
    )
    user_header: Text | None = Field(
        default=None, description="Header in which a trusted proxy names who is signed in."
    )
    certificate: FilePath | None = Field(
        default=None, description="TLS certificate (PEM); it needs its `key` beside it."
    )
    key: FilePath | None = Field(default=None, description="Key of the certificate (PEM).")


class Settings(Table):
    """All of monitor.toml. Without a file every value is its default."""

    data_dir: FilePath = Field(
        default=Path("data"),
        description="Folder of database, archive and digests; "
        "a relative one starts at the folder of this file.",
    )
    registries: FilePath | None = Field(
        default=None,
        description="Folder with your own organisations, categories and places, "
        "read after the shipped ones.",
    )
    bot_name: RobotsToken = Field(
        default="prisoner-monitor", description="Our name in the User-Agent and in robots.txt."
    )
    contact: Contact = Field(
        default=PLACEHOLDER_CONTACT,
        description="Web page or mailto: where a site can reach you; sent with every request.",
    )
    timezone: Timezone = Field(
        default="Asia/Baku", description="Zone of all times shown and of `at`."
    )
    language: Interface = Field(
        default="en", description="Language of digest and desk: en, az or ru."
    )
    workers: Annotated[AtLeastOne, Field(le=64)] = Field(
        default=2, description="Processes that read pages; one a core is right."
    )
    crawl: Crawl = Field(default=Crawl(), description="How sources are read.")
    digest: DigestSettings = Field(default=DigestSettings(), description="The digest.")
    smtp: Smtp = Field(default=Smtp(), description="The mail server.")
    alerts: Alerts = Field(default=Alerts(), description="Messages that cannot wait.")
    desk: Desk = Field(default=Desk(), description="The review desk.")

    @property
    def has_placeholder_contact(self) -> bool:
        """Whether nobody could be reached: real hosts must not be crawled like that.

        >>> Settings().has_placeholder_contact
        True
        >>> Settings(contact="mailto:press@rights.az").has_placeholder_contact
        False
        """
        host = urlsplit(self.contact).hostname or self.contact.rpartition("@")[2]
        return any(host == one or host.endswith(f".{one}") for one in _RESERVED_HOSTS)

    @property
    def user_agent(self) -> str:
        """Names us and our contact, and passes servers that ask for `Mozilla`."""
        version = monitor.__version__
        return f"Mozilla/5.0 (compatible; {self.bot_name}/{version}; +{self.contact})"
