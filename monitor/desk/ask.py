"""What a page is asked and what it answers: plain values, so that pages need no web server."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from db.accounts import Account
from db.desk import QUEUES, Wanted
from monitor.exceptions import BadInput, MonitorError
from monitor.isoday import moment

if TYPE_CHECKING:
    from monitor.desk.house import House
    from monitor.desk.words import Words

LONGEST_FIELD = 4000
FIRST_SHIFT = timedelta(hours=24)  # how far back "since my last shift" goes the first time


class Missing(MonitorError):
    """Raised when there is nothing at an address."""


class Forbidden(MonitorError):
    """Raised when an account's role does not allow what it asks."""


@dataclass(frozen=True, kw_only=True)
class Ask:
    """One request: where, by whom, when, with which fields (each name may stand repeatedly)."""

    house: "House"
    account: Account
    words: "Words"
    now: datetime
    path: str = "/"
    part: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, Sequence[str]] = field(default_factory=dict)
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    token: str | None = None
    address: str = ""

    @property
    def at(self) -> str:
        """The time as it is stored."""
        return moment(self.now)

    def said(self, name: str) -> str | None:
        """A field of the query, None if absent or empty."""
        return next((value for value in self.query.get(name, ()) if value), None)

    def written(self, name: str, default: str = "") -> str:
        """A field of the form, without blanks at its ends; raises BadInput if it is very long."""
        value = next(iter(self.form.get(name, ())), default).strip()
        if len(value) > LONGEST_FIELD:
            raise BadInput(f"{name}: at most {LONGEST_FIELD} characters")
        return value

    def needed(self, name: str) -> str:
        """A field of the form that must be filled; raises BadInput if it is not."""
        value = self.written(name)
        if not value:
            raise BadInput(f"{name}: must not be empty")
        return value

    def ticked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return bool(self.form.get(name))

    def number(self, name: str, default: int = 0) -> int:
        """A whole number of the query; raises BadInput if it is none."""
        return whole(self.said(name) or default, name)

    def wanted(self, **changes: Any) -> Wanted:
        """The flags the query asks for; raises BadInput for a queue that does not exist."""
        queue = self.said("queue") or "new"
        if queue not in QUEUES:
            raise BadInput(f"queue: {queue}: one of {', '.join(QUEUES)}")
        named = {key: self.said(key) for key in ("kind", "source", "entity", "org", "series")}
        shift = self.account.last_shift_at or self.now - FIRST_SHIFT
        article = self.said("article")
        given = {
            "queue": queue,
            "me": self.account.name,
            "shift": moment(shift),
            "article": None if article is None else whole(article, "article"),
            **named,
        }
        return Wanted(**{**given, **changes})

    def back(self, default: str = "/") -> str:
        """Where the form says to go next, if that is a path of ours and nothing else."""
        return local(self.written("next"), default)

    def here(self, **changes: Any) -> str:
        """This address with other query fields; None drops one."""
        fields: dict[str, Any] = {name: list(values) for name, values in self.query.items()}
        fields.update({name: [] if value is None else [value] for name, value in changes.items()})
        query = urlencode(fields, doseq=True)
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A page: the template that shows it and the values, which are also its JSON."""

    template: str
    data: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Done; see there. `data` is the answer for those who asked for JSON."""

    to: str
    data: Mapping[str, Any] = field(default_factory=dict)
    cookies: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """A file as it is, with headers of its own."""

    body: bytes
    headers: Mapping[str, str]


def whole(value: Any, name: str) -> int:
    """A whole number that SQLite can hold; raises BadInput with the field's name otherwise.

    >>> whole("12", "page")
    12
    """
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise BadInput(f"{name}: {str(value)[:40]!r} is not a whole number") from None
    if abs(number) >= 2**63:
        raise BadInput(f"{name}: the number is too large")
    return number


def one_of(value: str, allowed: Sequence[str], name: str) -> Any:
    """A value of a closed list; raises BadInput with the list otherwise."""
    if value not in allowed:
        raise BadInput(f"{name}: {value[:40]!r}: one of {', '.join(filter(None, allowed))}")
    return value


def local(target: str, default: str = "/") -> str:
    r"""A path on this desk, or the default: never an address that leads elsewhere.

    >>> local("/?queue=mine"), local("//evil.example"), local("https://evil.example")
    ('/?queue=mine', '/', '/')
    >>> local("/\\evil.example"), local("/\t/evil.example")
    ('/', '/')
    """
    unsafe = target.startswith(("//", "/\\")) or "\\" in target
    if not target.startswith("/") or unsafe or any(ord(letter) < 33 for letter in target):
        return default
    return target
