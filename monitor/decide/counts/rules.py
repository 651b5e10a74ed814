"""The flag rules for one claim, in order: the first that fits decides (docs/counts.md)."""

from collections.abc import Callable
from dataclasses import dataclass

from db.records import Point
from monitor.decide.counts import situation as when
from monitor.decide.counts.draft import Draft, point_of
from monitor.decide.counts.flags import count_flag, reconciled
from monitor.decide.counts.series import compatible, current, same_figure
from monitor.decide.counts.situation import Situation


@dataclass(frozen=True)
class Rule:
    name: str
    fits: Callable[[Situation], bool]
    act: Callable[[Draft, Situation], None]


def start(draft: Draft, s: Situation) -> None:
    """First seen; a part starts its series silently."""
    if s.is_total:
        _flag(draft, s, "first_seen", current(s.points))
    draft.change(s.claim)


def correct(draft: Draft, s: Situation) -> None:
    """Replace the point that held the withdrawn figure; neither up nor down.

    Where no point held it (it was refused, or fitted another organisation's) the new figure is
    kept as refused, or as one more unnamed figure, so that a copy of it is no news.
    """
    was = when.corrected(s)
    assert was is not None
    held = [point for point in s.points if same_figure(point, was.said)]
    target = current([point for point in held if point.as_of == was.as_of]) or current(held)
    _flag(draft, s, "correction", target or point_of(was, s.reported))
    if when.is_held(s):
        return
    if target is not None:
        draft.supersede(target)
        draft.change(s.claim)
    else:
        draft.insert(s.claim, superseded=s.claim.key.org is not None)


def confirm(draft: Draft, s: Situation) -> None:
    draft.confirm(s.current, s.claim.effective)


def refine(draft: Draft, s: Situation) -> None:
    """Nothing to flag; but the first exact figure within a bound is what the next is held against.

    Else a series begun with "more than 300" would swallow every exact list that follows.
    """
    refines = s.claim.said.qualifier == "exact" and s.current.qualifier != "exact"
    if refines and not when.is_held(s):
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


CORRECTION = Rule("2 correction", when.corrects, correct)  # decided for all claims of a page first

NAMED: tuple[Rule, ...] = (
    Rule("1 first seen", when.starts_series, start),
    CORRECTION,
    Rule("3 restated", when.is_restated, confirm),
    Rule("- the page says what it said", when.is_unchanged, leave),
    Rule("4 compatible", when.is_compatible, refine),
    Rule("5 stale repeat", when.is_stale, support_held),
    Rule("- the page's second figure for one list", when.is_second_thought, leave),
    Rule("6 backfill", when.is_backfill, remember),
    Rule("7 report conflict", when.is_conflict, dispute),
    Rule("8 change", when.is_fresh, change),
    Rule("9 unproven", when.always, leave),
)
# Who counted is not known: the claim is held against every organisation's figures.
UNNAMED: tuple[Rule, ...] = (
    CORRECTION,
    Rule("fits a known count", when.fits_any_peer, support_peer),
    Rule("first seen", when.starts_group, start),
    Rule("possible change", when.is_exact_total, ask),
    Rule("unproven", when.always, leave),
)


def rule_for(s: Situation) -> Rule:
    """The first rule that fits."""
    table = UNNAMED if s.claim.key.org is None else NAMED
    return next(rule for rule in table if rule.fits(s))


def _flag(draft: Draft, s: Situation, kind: str, old: Point | None) -> None:
    detail = reconciled(s.claim, s.priors, old, s.net_changes)
    draft.raise_flag(count_flag(kind, s.claim, s.reported, old, detail))
