"""What is true of a claim when it meets its series: the conditions of the flag rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from db.records import Point
from monitor.decide.counts.series import Claim, Reported, compatible, current, same_figure
from monitor.isoday import last_day

SAME_EVENT = timedelta(days=40)  # copies and translations of one list arrive within
SAME_NEWS = timedelta(days=3)  # two outlets without a date speak of one list within


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A claim and all that a rule may look at.

    `points` are those of its series, `peers` those of every series of the same place, category,
    subset and kind. `before` is what the latest earlier version of the page that spoke of the
    series said of it, `beside` all that this version says of it, in the order of reading. `priors`
    and `net_changes` are the page's own words on the change.
    """

    claim: Claim
    reported: Reported
    points: Sequence[Point]
    peers: Sequence[Point]
    before: tuple[Claim, ...]
    beside: tuple[Claim, ...]
    priors: tuple[Claim, ...]
    net_changes: tuple[int, ...]

    @property
    def current(self) -> Point:
        point = current(self.points)
        assert point is not None, "rule 1 takes every series without a point"
        return point

    @property
    def is_total(self) -> bool:
        return self.claim.said.role == "total"

    @property
    def counter_itself(self) -> bool:
        """Whether the publisher is the organisation that counts."""
        return self.claim.key.org is not None and self.claim.key.org == self.reported.publisher_org


def starts_series(s: Situation) -> bool:
    return all(point.prior for point in s.points if not point.superseded)


def starts_group(s: Situation) -> bool:
    return all(point.prior for point in s.peers if not point.superseded)


def corrected(s: Situation) -> Claim | None:
    """The claim of the page's earlier version that this one takes the place of, if any."""
    if _is_same_as_before(s):
        return None
    return next((was for was in s.before if _is_replaced(s, was)), None)


def corrects(s: Situation) -> bool:
    return corrected(s) is not None


def is_restated(s: Situation) -> bool:
    return same_figure(s.claim.said, s.current)


def is_unchanged(s: Situation) -> bool:
    """The page said just this before: whatever else was edited, this is no news."""
    return any(
        same_figure(was.said, s.claim.said) and was.as_of == s.claim.as_of for was in s.before
    )


def is_compatible(s: Situation) -> bool:
    """Another qualifier (or both vague, or two bounds for one date), and both can hold."""
    said, point = s.claim.said, s.current
    comparable = (
        said.qualifier != point.qualifier
        or said.qualifier in ("approx", "range")
        or (said.qualifier != "exact" and _speaks_of_current(s))
    )
    return comparable and (compatible(said, point) or said.value == point.value)


def is_stale(s: Situation) -> bool:
    """The series held the value before, and no live counter says that it came back."""
    newer = s.claim.effective > s.current.effective
    if newer and not _is_same_as_before(s) and any(_has_moved_on(s, was) for was in s.before):
        return False
    return is_held(s)


def is_held(s: Situation) -> bool:
    """Whether the series has or had the very figure, of this date or of any if undated."""
    return any(same_figure(point, s.claim.said) and _repeats(s.claim, point) for point in s.points)


def is_backfill(s: Situation) -> bool:
    return s.claim.effective < s.current.effective - SAME_NEWS


def is_second_thought(s: Situation) -> bool:
    """The page gave another figure for the same list before: the first stands."""
    before = takewhile(lambda claim: claim is not s.claim, s.beside)
    return any(
        claim.as_of == s.claim.as_of
        and not (claim.as_of is None and _says_so(s.claim, claim.said.value))
        for claim in before
    )


def is_conflict(s: Situation) -> bool:
    return not s.current.prior and _speaks_of_current(s)


def is_fresh(s: Situation) -> bool:
    """The claim is news: dated, with a word of change, or from the counter itself."""
    return s.claim.as_of is not None or s.counter_itself or _says_so(s.claim, s.current.value)


def fits_any_peer(s: Situation) -> bool:
    return any(compatible(s.claim.said, point) for point in s.peers)


def is_exact_total(s: Situation) -> bool:
    return s.is_total and s.claim.said.qualifier == "exact"


def always(s: Situation) -> bool:
    return True


def _is_same_as_before(s: Situation) -> bool:
    return any(same_figure(was.said, s.claim.said) for was in s.before)


def _is_replaced(s: Situation, was: Claim) -> bool:
    """Whether the page withdrew it: no longer says it, nor refines it, nor has moved on."""
    kept = any(same_figure(was.said, now.said) for now in s.beside)
    refined = was.said.qualifier != s.claim.said.qualifier and compatible(was.said, s.claim.said)
    return not kept and not refined and not _has_moved_on(s, was)


def _has_moved_on(s: Situation, was: Claim) -> bool:
    """Whether the page now speaks of a later list: a live counter, not a correction.

    Undated, it does so if it tells its old figure as past, or speaks from a later day with a word
    of change or as the counter itself.
    """
    now = s.claim
    if now.as_of is not None and was.as_of is not None:
        return now.as_of != was.as_of
    if any(prior.said.value == was.said.value for prior in s.priors):
        return True
    own = [p for p in s.points if p.article == s.reported.article and same_figure(p, was.said)]
    if not own:
        return False
    spoke = min(_spoken(point) for point in own)
    if now.as_of is not None:
        return now.effective > spoke and all(point.as_of != now.as_of for point in own)
    newly_told = s.counter_itself or _says_so(now, was.said.value)
    return newly_told and s.reported.day > spoke + SAME_NEWS


def _speaks_of_current(s: Situation) -> bool:
    """The same stated date; or no date in either, no word of change, and close publication.

    A counter that publishes again on its own pages moves on; it does not contradict itself.
    """
    point = s.current
    if s.claim.as_of is not None or point.as_of is not None:
        return s.claim.as_of == point.as_of
    if _says_so(s.claim, point.value) or (s.counter_itself and point.source == s.reported.source):
        return False
    return abs(s.reported.day - _spoken(point)) <= SAME_NEWS


def _says_so(claim: Claim, old: int) -> bool:
    """Whether the text says that the figure rose or fell, as it would have from `old`.

    "Has grown to 340" after 357 tells of another time, not of a fall.
    """
    return claim.said.direction == ("up" if claim.said.value > old else "down")


def _repeats(claim: Claim, point: Point) -> bool:
    """Whether an equal figure is that point again.

    A withdrawn or disputed figure comes back only with the date it was given for, or undated soon
    after: the series never held it.
    """
    apart = abs(claim.effective - point.effective)
    if claim.as_of is None:
        return not point.superseded or apart <= SAME_EVENT
    if point.superseded:
        return apart <= SAME_NEWS if point.as_of is None else claim.as_of == point.as_of
    return apart <= SAME_EVENT


def _spoken(point: Point) -> date:
    """The day the page of a point spoke from."""
    return point.effective if point.published is None else last_day(point.published)
