"""What a spider hands to the pipeline: a Page (bytes of one URL at one moment) or a miss."""

from dataclasses import dataclass, field
from datetime import datetime

from db.records import Fetch, Outcome, Snapshot, Validators

_NO_VALIDATORS = Validators()


@dataclass(frozen=True, kw_only=True)
class Hints:
    """What was known of an article before it was read: a feed's or a sitemap's word on it.

    `published` and `modified` are ISO prefixes (see `db.records`); all are second witnesses
    to the page itself and never win over it. `place` and `publisher_org` are set by imports.
    `known_before` says that the first reading of an endpoint showed it: it is no news.
    """

    title: str | None = None
    summary: str | None = None
    content: str | None = None
    published: str | None = None
    modified: str | None = None
    lang: str | None = None
    authors: tuple[str, ...] = ()
    place: str | None = None
    publisher_org: str | None = None
    known_before: bool = False


@dataclass(frozen=True, kw_only=True)
class Link:
    """An address that an endpoint showed as an article's.

    `address` is where to ask, `url` the canonical form under which the article is known,
    `number` its article number if the site has such. A link with `filtered` is not asked for, for
    that reason of the ledger; one that is `watched` is asked for in every run.
    """

    address: str
    url: str
    number: str | None = None
    hints: Hints = Hints()
    found_by: str | None = None
    filtered: str | None = None
    watched: bool = False


@dataclass(frozen=True, kw_only=True)
class Target:
    """An article this run asks for: a new one, or (with `article`) a known one visited again.

    `conditional` says whether the server may answer "not modified".
    """

    url: str
    address: str
    hints: Hints = Hints()
    found_by: str | None = None
    article: int | None = None
    validators: Validators = _NO_VALIDATORS
    conditional: bool = True


@dataclass(frozen=True, kw_only=True)
class Page:
    """The bytes of one URL at one moment, and its headers.

    `url` is the address asked for, `final_url` the one that answered. `status` is the HTTP
    status (0 for imported files without one); `body` is empty for 304. `discovered_as` is the
    canonical URL under which the ledger of the run knows this page; `found_by` the endpoint that
    showed it first. `fetch` is the request as it is kept; with status 304 and a fetch of status 200
    the server sent the same bytes again. `article` is the known article that was asked for, and
    `moved` says that every redirect to the page was a permanent one.
    """

    source: str
    url: str
    final_url: str
    fetched_at: datetime
    status: int
    body: bytes = field(repr=False)
    discovered_as: str
    headers: dict[str, str] = field(default_factory=dict)
    mime: str = ""
    redirects: tuple[str, ...] = ()
    ip: str | None = None
    conditional: bool = False
    snapshot: Snapshot | None = None
    found_by: str | None = None
    run: int | None = None
    hints: Hints = Hints()
    fetch: Fetch | None = None
    article: int | None = None
    moved: bool = False


@dataclass(frozen=True, kw_only=True)
class Missed:
    """A URL of the ledger that brought no page: its one outcome and the reason.

    `fetch` is the request that failed, if one was made; `article` the known one that was asked for.
    """

    source: str
    discovered_as: str
    outcome: Outcome
    reason: str
    run: int | None = None
    fetch: Fetch | None = None
    article: int | None = None
