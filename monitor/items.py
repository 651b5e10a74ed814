"""Page: the bytes of one URL at one moment, as a spider hands them to the pipeline."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What was known of an article before it was read: a feed's or a sitemap's word on it.

    `published` and `modified` are ISO prefixes (see `db.records`); all are second witnesses
    to the page itself and never win over it.
    """

    title: str | None = None
    summary: str | None = None
    content: str | None = None
    published: str | None = None
    modified: str | None = None
    lang: str | None = None
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """The bytes of one URL at one moment, and its headers.

    `url` is the address asked for, `final_url` the one that answered. `status` is the HTTP
    status (0 for imported files without one); `body` is empty for 304. `discovered_as` is the
    canonical URL under which the ledger of the run knows this page.
    """

    source: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    body: bytes
    discovered_as: str
    headers: dict[str, str] = field(default_factory=dict)
    mime: str = ""
    redirects: tuple[str, ...] = ()
    ip: str | None = None
    snapshot: Any = None
    hints: Hints = Hints()
    flags: tuple[str, ...] = ()
