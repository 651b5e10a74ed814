"""The rows a digest is made of: frozen records that `db.digests` reads and `monitor.digest` tells.

Times are aware UTC; a *day* is an ISO prefix (see `db.records`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from db.records import Day, Json


@dataclass(frozen=True, kw_only=True)
class CorrectedFigure:
    """A count as a person read it from the text."""

    flag: int
    value: int
    value_high: int | None
    qualifier: str


@dataclass(frozen=True, kw_only=True)
class FlagRow:
    """A flag beside what proves it: its article, source and entity. `state` is its last review."""

    id: int
    kind: str
    raised_at: datetime
    state: str = "open"
    source: str | None = None
    source_title: str = ""
    rank: int = 2
    article: int | None = None
    url: str = ""
    title: str = ""
    lang: str | None = None
    published: Day | None = None
    seen: datetime | None = None
    entity: str | None = None
    name: str = ""
    entity_kind: str | None = None
    series: str | None = None
    old: Json = None
    new: Json = None
    quote: str = ""
    priority: float = 0.5
    why: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)
    corrected: CorrectedFigure | None = None


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """A further article that says what a flag says."""

    flag: int
    relation: str
    source_title: str
    rank: int
    url: str
    title: str
    lang: str | None = None
    published: Day | None = None
    seen: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A source and its runs of the window.

    `health` is its last source flag's kind, if any; `problem` says in words what was wrong with it
    when the window ended, however little.
    """

    name: str
    title: str
    rank: int
    enabled: bool
    reason: str = ""
    publisher_org: str | None = None
    runs: int = 0
    good_runs: int = 0
    discovered: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    blocked: int = 0
    filtered: int = 0
    failed: int = 0
    error: str | None = None
    last_success_at: datetime | None = None
    health: str | None = None
    health_since: datetime | None = None
    health_detail: Mapping[str, Json] = field(default_factory=dict)
    problem: str | None = None


@dataclass(frozen=True, kw_only=True)
class PointRow:
    """A valid point of a series, oldest effective date first."""

    series: str
    org: str | None
    effective: date
    value: int
    value_high: int | None
    qualifier: str
    as_of: Day | None
    prior: bool


@dataclass(frozen=True, kw_only=True)
class BaselineRow:
    """What the first crawl of a source brought within the window."""

    source_title: str
    articles: int
    mentions: int
    counts: int


@dataclass(frozen=True, kw_only=True)
class RuleRow:
    """A suppression rule and how many flags of the window it hid."""

    id: int
    kind: str
    scope: str
    reason: str
    hidden: int


@dataclass(frozen=True, kw_only=True)
class QuietRow:
    """A difference seen and deliberately not flagged."""

    kind: str
    url: str
    title: str
    source_title: str


@dataclass(frozen=True, kw_only=True)
class CorrectionRow:
    """A review, within the window, that overturns a flag an earlier digest told."""

    digest: int
    flag: FlagRow
    decision: str
    reason: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """Everything a digest of the window `(since, until]` is built from, read in one snapshot.

    `last_flag` is the highest flag id there was: a flag stored later with an earlier time belongs
    to the next digest.
    """

    since: datetime
    until: datetime
    last_flag: int
    sources: tuple[SourceRow, ...] = ()
    flags: tuple[FlagRow, ...] = ()
    evidence: tuple[EvidenceRow, ...] = ()
    points: tuple[PointRow, ...] = ()
    new_articles: int = 0
    edited_articles: int = 0
    baselines: tuple[BaselineRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    quieted: Mapping[str, int] = field(default_factory=dict)
    quiet_examples: tuple[QuietRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class FrozenDigest:
    """A digest as it was stored, once and for all."""

    id: int
    number: int
    since: datetime
    until: datetime
    frequency: str
    language: str
    built_at: datetime
    last_flag: int
    content: str
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One digest for one recipient: due, claimed (being sent), sent, or failed (given up).

    `part` is `reader`, or `operator` for the mail about sources; `id` is 0 until stored.
    """

    digest: int
    recipient: str
    part: str
    message_id: str
    next_try_at: datetime
    id: int = 0
    state: str = "due"
    attempts: int = 0
    error: str | None = None
