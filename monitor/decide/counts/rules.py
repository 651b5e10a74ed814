"""The rules for one claim, in order: the first that fits decides (docs/counts.md, flag rules)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from db.records import Point
from monitor.decide.counts.draft import Draft, point_of
from monitor.decide.counts.flags import count_flag, reconciled
from monitor.decide.counts.series import (
    Claim,
    Reported,
    compatible,
    current,
    same_figure,
)
from monitor.isoday import last_day

SAME_EVENT = timedelta(days=40)  # copies and translations of one list arrive within
SAME_NEWS = timedelta(days=3)  # two outlets without a date speak of one list within


@dataclass(frozen=True, kw_only=True)
class Situation:
    """A claim and all that a rule may look at.

    `points` are those of its series, `peers` those of every series of the same place, category,
    subset and kind. `before` is what the latest earlier version of the page that spoke of the
    series said of it, `beside` what this version says of it in all. `priors` and `net_changes` are
    the page's own words on the change.
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

    @property
    def fresh(self) -> bool:
        """Whether the claim is news: dated, with a word of change, or from the counter itself."""
        return self.claim.as_of is not None or self.claim.change_cue or self.counter_itself


@dataclass(frozen=True)
class Rule:
    name: str
    fits: Callable[[Situation], bool]
    act: Callable[[Draft, Situation], None]


# ---------------------------------------------------------------------- when a rule fits


def starts_series(s: Situation) -> bool:
    return all(point.prior for point in s.points if not point.superseded)


def starts_group(s: Situation) -> bool:
    return all(point.prior for point in s.peers if not point.superseded)


def corrects(s: Situation) -> bool:
    return corrected(s) is not None


def corrected(s: Situation) -> Claim | None:
    """The claim of the page's earlier version that this one takes the place of."""
    if any(same_figure(was.said, s.claim.said) for was in s.before):
        return None
    for was in s.before:
        kept = any(same_figure(was.said, now.said) for now in s.beside)
        refined = was.said.qualifier != s.claim.said.qualifier and compatible(
            was.said, s.claim.said
        )
        if not kept and not refined and not has_moved_on(s, was):
            return was
    return None


def has_moved_on(s: Situation, was: Claim) -> bool:
    """Whether the page now speaks of a later list: a live counter, not a correction."""
    now = s.claim
    if now.as_of is not None and was.as_of is not None:
        return now.as_of != was.as_of
    own = _own_point(s, was)
    if own is None:
        return False
    if now.as_of is not None:
        return now.effective > _spoken(own)
    return s.reported.day - _spoken(own) > SAME_NEWS and (now.change_cue or s.counter_itself)


def is_restated(s: Situation) -> bool:
    return same_figure(s.claim.said, s.current)


def is_unchanged(s: Situation) -> bool:
    """The page said just this before: whatever else was edited, this is no news."""
    return any(
        same_figure(was.said, s.claim.said) and was.as_of == s.claim.as_of for was in s.before
    )


def is_compatible(s: Situation) -> bool:
    said, point = s.claim.said, s.current
    loose = said.qualifier != point.qualifier or said.qualifier in ("approx", "range")
    if not loose and not (said.qualifier != "exact" and speaks_of_one_list(s)):
        return False
    return compatible(said, point) or said.value == point.value


def is_stale(s: Situation) -> bool:
    """The series held the value before, and nothing says that it came back."""
    if any(has_moved_on(s, was) and not same_figure(was.said, s.claim.said) for was in s.before):
        return False
    return any(same_figure(point, s.claim.said) and _repeats(s.claim, point) for point in s.points)


def is_backfill(s: Situation) -> bool:
    return s.claim.effective < s.current.effective - SAME_NEWS


def is_conflict(s: Situation) -> bool:
    return not s.current.prior and s.current.article != s.reported.article and speaks_of_one_list(s)


def speaks_of_one_list(s: Situation) -> bool:
    """The same stated date; or no date in either, no word of change, and close publication.

    A counter that publishes again on its own pages moves on; it does not contradict itself.
    """
    point = s.current
    if s.claim.as_of is not None or point.as_of is not None:
        return s.claim.as_of == point.as_of
    if s.claim.change_cue or (s.counter_itself and point.source == s.reported.source):
        return False
    return abs(s.reported.day - _spoken(point)) <= SAME_NEWS


def is_fresh(s: Situation) -> bool:
    return s.fresh


def fits_any_peer(s: Situation) -> bool:
    return any(compatible(s.claim.said, point) for point in s.peers)


def is_exact_total(s: Situation) -> bool:
    return s.is_total and s.claim.said.qualifier == "exact"


def always(s: Situation) -> bool:
    return True


# ---------------------------------------------------------------------- what a rule does


def start(draft: Draft, s: Situation) -> None:
    """First seen; a part starts its series silently."""
    if s.is_total:
        old = current(s.points)
        _flag(draft, s, "first_seen", old)
    draft.change(s.claim)


def correct(draft: Draft, s: Situation) -> None:
    """Replace the point that held the withdrawn value, and say what it was."""
    was = corrected(s)
    assert was is not None
    held = [point for point in s.points if not point.superseded and same_figure(point, was.said)]
    target = current([p for p in held if p.as_of == was.as_of] or held)
    old = target or point_of(was, s.reported)
    _flag(draft, s, "correction", old)
    if target is not None:
        draft.supersede(target)
        draft.change(s.claim)


def confirm(draft: Draft, s: Situation) -> None:
    draft.confirm(s.current, s.claim.effective)


def refine(draft: Draft, s: Situation) -> None:
    """Nothing to flag; but the first exact figure within a bound is what the next is held against.

    Else a series begun with "more than 300" would swallow every exact list that follows.
    """
    if s.claim.said.qualifier == "exact" and s.current.qualifier != "exact":
        draft.insert(s.claim)
    else:
        draft.support(s.current)


def support_held(draft: Draft, s: Situation) -> None:
    held = [point for point in s.points if same_figure(point, s.claim.said)]
    draft.support(max(held, key=lambda point: point.effective))


def remember(draft: Draft, s: Situation) -> None:
    draft.insert(s.claim)


def dispute(draft: Draft, s: Situation) -> None:
    """Show both figures; the refused one stays for the record, so that a copy of it is no news."""
    _flag(draft, s, "report_conflict", s.current)
    draft.insert(s.claim, superseded=True)


def change(draft: Draft, s: Situation) -> None:
    old = s.current
    _flag(draft, s, "up" if s.claim.said.value > old.value else "down", old)
    draft.change(s.claim)


def support_peer(draft: Draft, s: Situation) -> None:
    fitting = [point for point in s.peers if compatible(s.claim.said, point)]
    draft.support(max(fitting, key=lambda p: (p.value == s.claim.said.value, p.effective)))


def ask(draft: Draft, s: Situation) -> None:
    """For the review queue; the point makes every repetition fit."""
    _flag(draft, s, "possible_change", current(s.peers))
    draft.insert(s.claim)


def leave(draft: Draft, s: Situation) -> None:
    """No flag: the observation stays evidence of its article."""


# ---------------------------------------------------------------------- the tables

CORRECTION = Rule("2 correction", corrects, correct)  # decided for all claims of a page first

NAMED: tuple[Rule, ...] = (
    Rule("1 first seen", starts_series, start),
    CORRECTION,
    Rule("3 restated", is_restated, confirm),
    Rule("- the page says what it said", is_unchanged, leave),
    Rule("4 compatible", is_compatible, refine),
    Rule("5 stale repeat", is_stale, support_held),
    Rule("6 backfill", is_backfill, remember),
    Rule("7 report conflict", is_conflict, dispute),
    Rule("8 change", is_fresh, change),
    Rule("9 unproven", always, leave),
)
# Who counted is not known: held against every organisation's figures.
UNNAMED: tuple[Rule, ...] = (
    Rule("1 first seen", starts_group, start),
    CORRECTION,
    Rule("- the page says what it said", is_unchanged, leave),
    Rule("fits a known count", fits_any_peer, support_peer),
    Rule("possible change", is_exact_total, ask),
    Rule("unproven", always, leave),
)


def rule_for(s: Situation) -> Rule:
    """The first rule that fits."""
    table = UNNAMED if s.claim.key.org is None else NAMED
    return next(rule for rule in table if rule.fits(s))


# ---------------------------------------------------------------------- parts of rules


def _flag(draft: Draft, s: Situation, kind: str, old: Point | None) -> None:
    detail = reconciled(s.claim, s.priors, old, s.net_changes)
    draft.raise_flag(count_flag(kind, s.claim, s.reported, old, detail))


def _repeats(claim: Claim, point: Point) -> bool:
    """Whether an equal figure is that point again.

    A withdrawn or disputed figure comes back only with the date it was given for, or undated soon
    after: the series never held it.
    """
    near = abs(claim.effective - point.effective) <= SAME_EVENT
    if point.superseded:
        return near if claim.as_of is None else claim.as_of == point.as_of
    return claim.as_of is None or near


def _own_point(s: Situation, was: Claim) -> Point | None:
    return current(
        point
        for point in s.points
        if point.article == s.reported.article and same_figure(point, was.said)
    )


def _spoken(point: Point) -> date:
    """The day the page of a point spoke from."""
    return point.effective if point.published is None else last_day(point.published)
