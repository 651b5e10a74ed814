"""What one body of an endpoint contains."""

from dataclasses import dataclass

from monitor.items import Hints

MOST_ENTRIES = 1000  # of one feed or listing page; what is older is found by sitemap or paging
MOST_URLS = 50_000  # of one sitemap, by its own standard

_NOTHING_SAID = Hints()


class NotReadable(ValueError):
    """Raised when the bytes are not a feed, sitemap or list at all; the text says what is wrong."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One address as it was written (resolved against its base), and what was said about it.

    `watched` is to be asked for in every run. `body` is the article itself, where the endpoint
    shows it whole (a message of a channel): then nothing more is asked for.
    """

    address: str
    hints: Hints = _NOTHING_SAID
    watched: bool = False
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True)
class Contents:
    """The entries of one body, newest first where it has an order.

    `parts` are further bodies of the same kind (the sitemaps of an index) with their dates,
    `following` the next page of a list, `depth_seconds` the time between the first and last dated
    entry. `note` is a defect worth telling although the body was read.
    """

    entries: tuple[Entry, ...] = ()
    parts: tuple[tuple[str, str | None], ...] = ()
    following: str | None = None
    depth_seconds: int | None = None
    note: str | None = None
