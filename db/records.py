"""The vocabulary everyone shares: frozen records that travel between modules.

Conventions. Times are aware UTC `datetime`s. A *day* is an ISO prefix: `2026`, `2026-06`,
`2026-06-14` or a full `2026-06-14T10:00:00Z`; its length is its precision, so a date known to the
month is an interval (`monitor.isoday` computes with them). Offsets are code points of the text,
half open. Languages are ISO 639-1, with `az-Cyrl` for Azerbaijani in Cyrillic.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Day = str
Json = Any

# ---------------------------------------------------------------------- the watchlist

EntityKind = Literal["person", "organisation", "outlet", "case"]
AliasType = Literal[
    "same_person", "pen_name", "legal", "maiden", "acronym", "translation", "misspelling"
]


@dataclass(frozen=True, kw_only=True)
class Alias:
    """Another name of an entity; spellings of the canonical name need no alias."""

    text: str
    type: AliasType = "same_person"
    orthography: str | None = None
    case_sensitive: bool = False
    flag_alone: bool = False
    valid_from: Day | None = None
    valid_to: Day | None = None


@dataclass(frozen=True, kw_only=True)
class Exclude:
    """A phrase (or, with `regex`, a pattern) that drops a mention it covers."""

    pattern: str
    regex: bool = False
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Entity:
    """A tracked person, organisation, outlet or case; the watchlist is all of them."""

    id: str
    kind: EntityKind
    canonical: str
    aliases: tuple[Alias, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    family_unambiguous: bool = False
    orthography: str | None = None
    given: str | None = None
    family: str | None = None
    valid_from: Day | None = None
    valid_to: Day | None = None
    note: str = ""
    source: str = ""


# ---------------------------------------------------------------------- what is understood

Tier = Literal[
    "full", "reversed", "name", "org", "outlet", "case",
    "family-unambiguous", "family", "family-before-full", "typo", "ambiguous",
]  # fmt: skip
Leads = Literal["flag", "weak", "highlight", "review"]

LEADS_TO: Mapping[Tier, Leads] = {
    "full": "flag",
    "reversed": "flag",
    "name": "flag",
    "org": "flag",
    "outlet": "flag",
    "case": "flag",
    "family-unambiguous": "weak",
    "family": "highlight",
    "family-before-full": "highlight",
    "typo": "review",
    "ambiguous": "review",
}


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A text to be understood, and what is known of it beforehand.

    `place` is the ISO country code (or `WORLD`) assumed where the text names none;
    `publisher_org` the organisation id of a source that itself counts or speaks.
    """

    text: str
    title: str | None = None
    lang: str | None = None
    published: Day | None = None
    source: str | None = None
    publisher_org: str | None = None
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Mention:
    """An entity named at `text[start:end]`, or with `part` "title" at that span of the title.

    `why` explains without running code: `words` (a sentence), `cost`, `rules` (hash of names and
    tables) and one record a token. `status` is a status verb found near it, such as `detained`.
    """

    entity: str
    start: int
    end: int
    surface: str
    alias: str
    tier: Tier
    score: float
    why: Mapping[str, Json] = field(default_factory=dict)
    status: str | None = None
    part: Literal["text", "title"] = "text"

    @property
    def leads_to(self) -> Leads:
        return LEADS_TO[self.tier]


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person named in an arrest context who is not on the watchlist."""

    name: str
    start: int
    end: int
    status: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A counted figure: value, what, who counted, as of when, and the evidence for each.

    The fields and their closed lists are those of docs/counts.md. `id` is unique within the
    version; `part_of` names the `id` of the total. `exhaustive` on a part says that the parts of
    its kind (men and women, groups) are all there are; on a total, that this holds of all splits.
    `spans` holds the number and its repetitions; `quote` is the sentence, at `sentence`.
    """

    id: str
    value: int
    category: str
    kind: str
    role: str
    spans: tuple[tuple[int, int], ...]
    value_high: int | None = None
    qualifier: str = "exact"
    category_raw: str | None = None
    subset: str | None = None
    place: str | None = None
    org: str | None = None
    org_raw: str | None = None
    org_basis: str = "none"
    as_of: Day | None = None
    as_of_basis: str = "none"
    since: Day | None = None
    direction: str | None = None
    part_of: str | None = None
    exhaustive: bool = False
    sentence: tuple[int, int] | None = None
    quote: str = ""
    rule: str = ""
    confidence: float = 1.0
    why: str = ""


@dataclass(frozen=True, kw_only=True)
class Version:
    """What was read of an article at one moment.

    `text_hash` is sha256 of title and text after normalisation (white space, NFC, learned
    boilerplate removed): equal hashes mean nothing was edited. `page_starts` are the offsets at
    which the pages of a document begin. `partial` marks a paywalled or feed-only text.
    """

    title: str
    text: str
    text_hash: str
    extractor: str
    lang: str | None = None
    authors: tuple[str, ...] = ()
    published: Day | None = None
    modified: Day | None = None
    canonical: str | None = None
    page_starts: tuple[int, ...] = ()
    partial: bool = False


@dataclass(frozen=True, kw_only=True)
class Reading:
    """All that one worker call makes of one page: the version and what was understood in it.

    `folded` is the shadow of title and text for the full-text index, empty where folding says no
    more than the text; `signature` the near-duplicate signature (bottom-k hashes of word shingles);
    `decisions` are token decisions of the name matcher that were not known before, valid under
    `rules`.
    """

    version: Version
    mentions: tuple[Mention, ...] = ()
    observations: tuple[Observation, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    folded: str = ""
    signature: tuple[int, ...] = ()
    rules: str = ""
    decisions: Mapping[str, str] = field(default_factory=dict)


# ---------------------------------------------------------------------- collecting

Outcome = Literal["stored", "unchanged", "duplicate", "blocked", "filtered", "failed"]


@dataclass(frozen=True, kw_only=True)
class Source:
    """An outlet or organisation we read; the mirror of one table of sources.toml."""

    name: str
    title: str
    kind: str
    home: str
    languages: tuple[str, ...] = ()
    place: str | None = None
    rank: int = 2
    publisher_org: str | None = None
    enabled: bool = True
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """Where the bytes of a page lie in the archive."""

    warc_file: str
    warc_offset: int
    record_id: str


@dataclass(frozen=True, kw_only=True)
class Fetch:
    """One request that reached a server (or was refused on the way), as it is chained and kept."""

    url: str
    at: datetime
    source: str
    status: int
    final_url: str = ""
    redirects: tuple[str, ...] = ()
    etag: str | None = None
    last_modified: str | None = None
    conditional: bool = False
    body_sha256: str | None = None
    body_bytes: int = 0
    mime: str = ""
    ip: str | None = None
    snapshot: Snapshot | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Validators:
    """What a conditional request sends: saved with the content, in the same transaction."""

    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class HostState:
    """What is remembered of a host between runs, so that politeness survives a restart.

    Until `not_before` it asked to be left alone; `rest_seconds` is the last rest we chose
    ourselves (it doubles). `robots_body` is the last robots.txt that was read (empty if the host
    has none), `robots_fetched_at` when.
    """

    host: str
    last_request_at: datetime | None = None
    not_before: datetime | None = None
    rest_seconds: int | None = None
    crawl_delay: float | None = None
    robots_status: int | None = None
    robots_body: bytes | None = None
    robots_fetched_at: datetime | None = None
    robots_note: str | None = None
    validators_trusted: bool = True


@dataclass(frozen=True, kw_only=True)
class EndpointState:
    """What is remembered of a feed, sitemap or listing between two readings.

    `links` are the canonical URLs it showed last, newest first; `depth_seconds` the time its
    entries span.
    """

    url: str
    kind: str
    validators: Validators = Validators()
    visited_at: datetime | None = None
    unconditional_at: datetime | None = None
    links: tuple[str, ...] = ()
    depth_seconds: int | None = None
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunCounts:
    """The sums of a run's ledger; `discovered` is the sum of the others."""

    discovered: int = 0
    stored: int = 0
    unchanged: int = 0
    duplicate: int = 0
    blocked: int = 0
    filtered: int = 0
    failed: int = 0


# ---------------------------------------------------------------------- the ledger of counts


@dataclass(frozen=True, kw_only=True, order=True)
class SeriesKey:
    """Observations with equal keys may be compared.

    >>> str(SeriesKey(place="AZ", category="political_prisoner", org="UFPP", kind="stock"))
    'AZ/political_prisoner/-/UFPP/stock'
    >>> SeriesKey.parse("AZ/journalist/women/-/cumulative/2023-11").since
    '2023-11'
    """

    place: str
    category: str
    subset: str | None = None
    org: str | None = None
    kind: str
    since: Day | None = None

    def __str__(self) -> str:
        words = [self.place, self.category, self.subset or "-", self.org or "-", self.kind]
        return "/".join(words + ([self.since] if self.since else []))

    @classmethod
    def parse(cls, text: str) -> "SeriesKey":
        """Read the written form; raises ValueError on any other shape."""
        place, category, subset, org, kind, *since = text.split("/")
        return cls(
            place=place,
            category=category,
            subset=None if subset == "-" else subset,
            org=None if org == "-" else org,
            kind=kind,
            since=since[0] if since else None,
        )


@dataclass(frozen=True, kw_only=True)
class Point:
    """One point of a series: a value that held at an effective date, and when we learned it.

    `id` is None until stored. `prior` marks a value known only from "up from N", `part` one told
    only as a part of another total. `superseded` points were corrected, revised or disputed and
    stay for the record. `confirmed` is the last effective date at which the value was said again.
    """

    series: str
    value: int
    effective: date
    confirmed: date
    article: int
    source: str
    id: int | None = None
    value_high: int | None = None
    qualifier: str = "exact"
    as_of: Day | None = None
    published: Day | None = None
    url: str = ""
    quote: str = ""
    prior: bool = False
    part: bool = False
    superseded: bool = False


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """What the ledger of counts knows that may touch one page.

    `points` holds, by written series key, every point of every series that shares place, category,
    subset and kind with an observation of the page, oldest effective date first;
    `disagreements` the pairs of series (ordered) now in contradiction.
    """

    points: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    disagreements: frozenset[tuple[str, str]] = frozenset()


# ---------------------------------------------------------------------- deciding

FLAG_KINDS = (
    "new_mention",
    "mention_removed",
    "count_first_seen",
    "count_up",
    "count_down",
    "count_correction",
    "count_contradiction",
    "count_report_conflict",
    "count_history_revised",
    "count_breakdown_mismatch",
    "count_possible_change",
    "article_edited",
    "article_removed",
    "article_blocked",
    "article_moved",
    "article_restored",
    "candidate",
    "source_silent",
    "source_failing",
    "source_recovered",
)


@dataclass(frozen=True, kw_only=True)
class Flag:
    """Something staff must look at, with the quote that proves it.

    `key` names the fact, so that the same page read again raises nothing twice. `old` and `new`
    are a number for counts, words else. `detail` is what a card shows besides (kind by kind, see
    docs/data.md). `baseline` flags are stored but never told one by one.
    """

    kind: str
    key: str
    quote: str = ""
    entity: str | None = None
    series: str | None = None
    old: Json = None
    new: Json = None
    priority: float = 0.5
    why: str = ""
    detail: Mapping[str, Json] = field(default_factory=dict)
    baseline: bool = False


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A further article that says what a flag says: another outlet, language or copy."""

    flag: int
    quote: str
    relation: Literal["reprint", "same_fact", "confirms"]


@dataclass(frozen=True, kw_only=True)
class LedgerStep:
    """What one page does to the ledger of counts.

    `inserted` are new points; `superseded` and `confirmed` refer to stored point ids, the latter
    with the new confirmation date; `opened` and `closed` are disagreements. `support` lists stored
    point ids for which this page is one more piece of evidence.
    """

    flags: tuple[Flag, ...] = ()
    inserted: tuple[Point, ...] = ()
    superseded: tuple[int, ...] = ()
    confirmed: tuple[tuple[int, date], ...] = ()
    support: tuple[int, ...] = ()
    opened: tuple[tuple[str, str], ...] = ()
    closed: tuple[tuple[str, str], ...] = ()


# ---------------------------------------------------------------------- what is known, what follows


@dataclass(frozen=True, kw_only=True)
class Article:
    """The identity of an article: its canonical URL at one source, and how it stands."""

    id: int
    source: str
    url: str
    state: str
    baseline: bool
    first_seen: datetime
    changed_at: datetime
    missing_since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class StoredVersion:
    """A version as it is remembered, with what was understood in it."""

    id: int
    number: int
    cause: str
    fetched_at: datetime
    version: Version
    mentions: tuple[Mention, ...] = ()
    observations: tuple[Observation, ...] = ()


@dataclass(frozen=True, kw_only=True)
class EntityHistory:
    """Where an entity was named before: ever, in this source, and last before this article."""

    ever: bool = False
    in_source: bool = False
    last: date | None = None


@dataclass(frozen=True, kw_only=True)
class Twin:
    """An article of almost the same text, and the flags it raised: (flag id, kind, entity)."""

    article: int
    source: str
    flags: tuple[tuple[int, str, str | None], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is remembered that may matter for one page, read in the transaction that decides.

    `latest` is the newest version, None for a new article, and `compared` its text without lines
    that were learned to be boilerplate since; `recent_hashes` the text hashes of the
    last versions, newest first; `named_before` the entities any earlier version named at flag tier;
    `earlier` the observations of each earlier version, oldest first; `candidates` maps the folded
    name of candidates flagged of late to the flag.
    """

    source: Source
    article: Article
    latest: StoredVersion | None = None
    compared: str = ""
    recent_hashes: tuple[str, ...] = ()
    named_before: frozenset[str] = frozenset()
    earlier: tuple[tuple[Observation, ...], ...] = ()
    history: Mapping[str, EntityHistory] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    ledger: Ledger = Ledger()
    twins: tuple[Twin, ...] = ()
    candidates: Mapping[str, int] = field(default_factory=dict)
    baseline: bool = False


@dataclass(frozen=True, kw_only=True)
class Visit:
    """The circumstances of one reading: which address, when, from which fetch.

    `same_bytes` says that the bytes were read before and only the extractor is new.
    """

    url: str
    at: datetime
    fetch: int | None = None
    same_bytes: bool = False


@dataclass(frozen=True, kw_only=True)
class Quiet:
    """A difference that was seen and deliberately not flagged, for the digest's last section."""

    kind: Literal["cosmetic", "minor_edit", "unstable"]
    detail: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Update:
    """The intent for one page: everything that must be stored together, or not at all.

    `cause` is None if no version is to be stored (then only `quiet` may be set). `series` gives
    the written series key of each observation by its id.
    """

    article: int
    visit: Visit
    cause: Literal["first", "edit", "technical", "restored"] | None
    reading: Reading
    series: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    ledger: LedgerStep = LedgerStep()
    quiet: tuple[Quiet, ...] = ()
