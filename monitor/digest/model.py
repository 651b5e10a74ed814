"""The digest as values: what is told, in order, before any language or layout.

A Digest is what is frozen: text, HTML, JSON and Atom are made from it and nothing else.
"""

from dataclasses import dataclass
from datetime import date, datetime

from db.records import Day


@dataclass(frozen=True, kw_only=True)
class Quoted:
    """Words of a source, and the spans `[start, end)` of them to mark (code points)."""

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    lang: str | None = None


@dataclass(frozen=True, kw_only=True)
class Link:
    """An article as it is cited; `seen` is when we read it."""

    url: str
    title: str = ""
    source: str = ""
    source_name: str = ""
    rank: int = 2
    lang: str | None = None
    published: Day | None = None
    seen: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What proves an item: the quote, its article, who else says so, and why it is shown.

    `tier` and `surface` say how a name matched and how it was printed.
    """

    flags: tuple[int, ...]
    quoted: Quoted
    article: Link
    reprints: tuple[Link, ...] = ()
    tier: str = ""
    surface: str = ""
    why: str = ""
    confirmed: bool = False
    priority: float = 0.5


# ---------------------------------------------------------------------- 1 coverage


@dataclass(frozen=True, kw_only=True)
class SourceState:
    """How a source stands: degraded, failing, silent, not_read or paused, and since when."""

    name: str
    title: str
    state: str
    since: datetime | None = None
    usual_gap_days: float | None = None
    failed: int = 0
    discovered: int = 0
    cause: str = ""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """The summed ledger of the window's runs: every discovered URL has one outcome."""

    discovered: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    blocked: int = 0
    filtered: int = 0
    failed: int = 0

    @property
    def unaccounted(self) -> int:
        outcomes = self.stored + self.unchanged + self.duplicate
        return self.discovered - outcomes - self.blocked - self.filtered - self.failed


@dataclass(frozen=True, kw_only=True)
class Baseline:
    """The first crawl of a source: stored and searchable, not told one by one."""

    source: str
    articles: int
    mentions: int
    counts: int


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """Section 1. `read` of `active` sources had a good run; `troubled` are those to know about."""

    active: int = 0
    read: int = 0
    paused: int = 0
    troubled: tuple[SourceState, ...] = ()
    new: int = 0
    edited: int = 0
    tally: Tally = Tally()
    baselines: tuple[Baseline, ...] = ()


# ---------------------------------------------------------------------- 2 counts


@dataclass(frozen=True, kw_only=True)
class Figure:
    """A number as it was said: at least, more than, a range."""

    value: int
    high: int | None = None
    qualifier: str = "exact"


@dataclass(frozen=True, kw_only=True)
class Peer:
    """What another organisation says now of the same thing."""

    org: str | None
    figure: Figure
    effective: date


@dataclass(frozen=True, kw_only=True)
class Step:
    """A point of a series' chart."""

    day: date
    value: int


@dataclass(frozen=True, kw_only=True)
class OtherSide:
    """The point a count changes or disagrees with, and where it was said."""

    org: str | None
    figure: Figure
    effective: date
    quoted: Quoted
    article: Link


@dataclass(frozen=True, kw_only=True)
class CountItem:
    """A change, first sight or disagreement of a count.

    `parts` are the groups, as labelled, of a breakdown that does not add up to its total `old`;
    `misread` is what the machine read where a person set `new` right.
    """

    kind: str
    series: str
    place: str
    category: str
    measure: str
    new: Figure | None
    old: Figure | None
    org: str | None
    evidence: Evidence
    subset: str | None = None
    since: Day | None = None
    as_of: Day | None = None
    claimed_previous: int | None = None
    previous_agrees: bool | None = None
    peers: tuple[Peer, ...] = ()
    steps: tuple[Step, ...] = ()
    against: OtherSide | None = None
    parts: tuple[tuple[str, int], ...] = ()
    misread: int | None = None


# ---------------------------------------------------------------------- 3 people


@dataclass(frozen=True, kw_only=True)
class PeopleItem:
    """Entities named together: `names` share the same articles and the same news.

    `news` is a rule of `ranking.NEWS`; `more` counts articles beyond those shown.
    """

    entities: tuple[str, ...]
    names: tuple[str, ...]
    kinds: tuple[str, ...]
    news: str
    silence_days: int | None
    status: str | None
    stories: tuple[Evidence, ...]
    more: int = 0


# ---------------------------------------------------------------------- 4 edits and removals


@dataclass(frozen=True, kw_only=True)
class Change:
    """One changed passage; an empty side was inserted or deleted."""

    before: Quoted
    after: Quoted


@dataclass(frozen=True, kw_only=True)
class EditItem:
    """An edited article: names it no longer has, and only the changed sentences."""

    evidence: Evidence
    changes: tuple[Change, ...] = ()
    more: int = 0
    removed: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()
    silent: bool = False
    replaced: bool = False


@dataclass(frozen=True, kw_only=True)
class StateItem:
    """An article removed, blocked, moved or restored, since when, and how we know."""

    kind: str
    evidence: Evidence
    since: datetime | None = None
    from_url: str = ""
    to_url: str = ""
    grounds: str = ""


# ---------------------------------------------------------------------- 5, 6, 7


@dataclass(frozen=True, kw_only=True)
class ConfirmItem:
    """Something a person must decide: a candidate, an uncertain match, a possible new count."""

    kind: str
    name: str
    evidence: Evidence
    entity: str | None = None
    status: str | None = None
    new: Figure | None = None
    series: str | None = None


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A source problem for the operator: new, ongoing or resolved."""

    phase: str
    kind: str
    source: str
    since: datetime
    cause: str = ""
    mend: str = ""


@dataclass(frozen=True, kw_only=True)
class HiddenBy:
    """What a suppression rule hid."""

    rule: int
    scope: str
    reason: str
    hidden: int


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """Section 7: seen, and deliberately not told."""

    kinds: tuple[tuple[str, int], ...] = ()
    examples: tuple[tuple[str, Link], ...] = ()
    rules: tuple[HiddenBy, ...] = ()
    rejected: int = 0


@dataclass(frozen=True, kw_only=True)
class Correction:
    """A flag of an earlier digest that did not stand."""

    digest: int
    kind: str
    subject: str
    decision: str
    reason: str
    url: str
    figure: Figure | None = None


# ---------------------------------------------------------------------- the whole


@dataclass(frozen=True, kw_only=True)
class Beyond:
    """How many items of a section were left to the desk."""

    counts: int = 0
    people: int = 0
    edits: int = 0
    confirm: int = 0

    @property
    def total(self) -> int:
        return self.counts + self.people + self.edits + self.confirm


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What the window held before capping: the subject and the verdict are made of it."""

    counts: int = 0
    newly_named: int = 0
    others_newly_named: int = 0
    named: int = 0
    names_removed: int = 0
    edited: int = 0
    removed: int = 0
    blocked: int = 0
    moved: int = 0
    restored: int = 0
    disagreements: int = 0
    to_confirm: int = 0


SECTIONS = (
    "coverage", "counts", "people", "edits", "confirm", "operator", "quiet", "corrections",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Digest:
    """The account of `(since, until]`, in the order it is told. `number` is None until frozen.

    `zone` is the IANA zone times are shown in; `late_hours` whole hours between the end of the
    window and the building, if more than one; `sections` those this copy shows; `organisations`
    names those who count, by id.
    """

    number: int | None
    frequency: str
    since: datetime
    until: datetime
    built_at: datetime
    last_flag: int
    zone: str
    late_hours: int = 0
    narrowed: bool = False
    coverage: Coverage = Coverage()
    counts: tuple[CountItem, ...] = ()
    disagreements: tuple[CountItem, ...] = ()
    people: tuple[PeopleItem, ...] = ()
    edits: tuple[EditItem, ...] = ()
    states: tuple[StateItem, ...] = ()
    confirm: tuple[ConfirmItem, ...] = ()
    operator: tuple[Problem, ...] = ()
    sections: tuple[str, ...] = SECTIONS
    quiet: Quiet = Quiet()
    corrections: tuple[Correction, ...] = ()
    beyond: Beyond = Beyond()
    totals: Totals = Totals()
    organisations: tuple[tuple[str, str], ...] = ()
    flags: tuple[int, ...] = ()
