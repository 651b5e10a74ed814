"""Claims and their series: what a page says of which figure, from when, within which bounds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db.records import Day, Observation, Point, SeriesKey
from monitor.isoday import last_day, only_day

LEDGER_KINDS = frozenset({"stock", "cumulative", "death"})  # flows and net changes never compare
UNNAMED_ORGS = frozenset({None, "HRD_LOCAL"})  # nobody, or "local groups" without a name

Interval = tuple[float, float]
Peers = tuple[str, str, str | None, str, Day | None]


@dataclass(frozen=True, kw_only=True)
class Reported:
    """What one version of one article says of counts, and the circumstances.

    `article` is its identity (the same for all versions of a page), `fetched` the day we learned
    it, `publisher_org` the organisation of a source that itself counts, `place` the country
    assumed where an observation names none. `earlier` are the observations of the earlier versions
    of the article, oldest first. `baseline` marks the first run of a source, `rank` is the source's
    (1 is the most trusted).
    """

    article: int
    source: str
    url: str
    fetched: Day
    published: Day | None = None
    publisher_org: str | None = None
    place: str | None = None
    observations: tuple[Observation, ...] = ()
    earlier: tuple[tuple[Observation, ...], ...] = ()
    baseline: bool = False
    rank: int = 2

    @property
    def day(self) -> date:
        """The day it speaks from: published, else fetched; never after it was fetched."""
        fetched = last_day(self.fetched)
        return fetched if self.published is None else min(last_day(self.published), fetched)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An observation in its series, with the date it holds for (month or year ends if partial)."""

    key: SeriesKey
    said: Observation
    effective: date

    @property
    def series(self) -> str:
        return str(self.key)

    @property
    def as_of(self) -> Day | None:
        return None if self.said.as_of is None else only_day(self.said.as_of)


def series_of(
    observation: Observation, publisher_org: str | None, default_place: str | None
) -> SeriesKey | None:
    """The series an observation belongs to, None if it takes no part in the ledger.

    A text that names no counter is counted by its publisher if that one counts. Flows, net changes
    and groups without a category of their own belong to no series: they are never compared.
    """
    place = observation.place or default_place
    if observation.kind not in LEDGER_KINDS or observation.category == "other" or place is None:
        return None
    org = publisher_org if observation.org is None else observation.org
    return SeriesKey(
        place=place,
        category=observation.category,
        subset=observation.subset,
        org=None if org in UNNAMED_ORGS else org,
        kind=observation.kind,
        since=observation.since if observation.kind == "cumulative" else None,
    )


def peers_of(key: SeriesKey) -> Peers:
    """What series must share to be set side by side, whoever counted."""
    return (key.place, key.category, key.subset, key.kind, key.since)


def relevant(
    observations: Iterable[Observation], publisher_org: str | None, place: str | None
) -> set[Peers]:
    """(place, category, subset, kind, since) of every series a step over these may need."""
    keys = (series_of(observation, publisher_org, place) for observation in observations)
    return {peers_of(key) for key in keys if key is not None}


def claims_of(observations: Iterable[Observation], reported: Reported) -> tuple[Claim, ...]:
    """The observations that take part in the ledger, in the order of the text."""
    return tuple(
        Claim(key=key, said=said, effective=effective_date(said.as_of, reported.day))
        for said in observations
        if (key := series_of(said, reported.publisher_org, reported.place)) is not None
    )


def effective_date(as_of: Day | None, published: date) -> date:
    """The date a figure holds for: never after the page that says it.

    >>> effective_date("2025-02", date(2025, 3, 9)), effective_date("2025", date(2025, 3, 9))
    (datetime.date(2025, 2, 28), datetime.date(2025, 3, 9))
    """
    return published if as_of is None else min(last_day(as_of), published)


def interval(figure: Observation | Point) -> Interval:
    """The values a figure allows, both ends included.

    Raises ValueError for a qualifier that is not in the closed list.
    """
    value, top = figure.value, figure.value_high
    match figure.qualifier:
        case "exact":
            return value, value
        case "at_least":
            return value, float("inf")
        case "more_than":
            return value + 1, float("inf")
        case "at_most":
            return 0, value
        case "less_than":
            return 0, value - 1
        case "approx":
            margin = max(1.0, value / 10)
            return value - margin, value + margin
        case "range":
            return value, value if top is None else top
    raise ValueError(f"unknown qualifier {figure.qualifier!r}")


def compatible(one: Observation | Point, other: Observation | Point) -> bool:
    """Whether both figures can hold at once."""
    (low, high), (other_low, other_high) = interval(one), interval(other)
    return low <= other_high and other_low <= high


def same_figure(one: Observation | Point, other: Observation | Point) -> bool:
    """Whether both print the same figure: value, qualifier and upper end."""
    return (one.value, one.value_high, one.qualifier) == (
        other.value,
        other.value_high,
        other.qualifier,
    )


def current(points: Iterable[Point]) -> Point | None:
    """The point of the latest effective date; among equals the one learned last."""
    return max(
        (point for point in points if not point.superseded),
        key=lambda point: (point.effective, float("inf") if point.id is None else point.id),
        default=None,
    )
