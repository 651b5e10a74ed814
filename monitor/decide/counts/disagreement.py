"""Figures that cannot both hold: a past restated otherwise, and organisations that differ."""

from datetime import timedelta

from db.records import Point
from monitor.decide.counts.draft import Draft
from monitor.decide.counts.flags import count_flag
from monitor.decide.counts.series import Claim, compatible, current, peers_of, same_figure
from monitor.decide.counts.situation import SAME_EVENT
from monitor.isoday import agree

COMPARABLE = timedelta(days=45)  # counts of two organisations, between their effective dates


def read_prior(draft: Draft, prior: Claim) -> None:
    """Hold a dated figure of the past against the points of that date.

    One that fits (or was once replaced) is evidence, one that differs revises history, one without
    counterpart enters history, so that a later change knows the list that was missed. Without a
    date it stays what its article says.
    """
    if prior.as_of is None:
        return
    fitting = [p for p in _peers_of_day(draft, prior) if _fits(p, prior)]
    stored = [p for p in _live(draft.series(prior.series)) if _same_day(p, prior)]
    if fitting:
        draft.support(fitting[-1])
    elif stored:
        _revise(draft, prior, stored)
    elif not any(_same_event(p, prior) for p in _live(draft.series(prior.series))):
        draft.insert(prior, prior=True)


def cross_check(draft: Draft, claim: Claim) -> None:
    """Hold a changed total against the current totals of the other named organisations.

    A pair is told once, and again only after the two agreed in between.
    """
    for key, points in draft.side_by_side(peers_of(claim.key)):
        other = current(points)
        if key.org in (None, claim.key.org) or other is None or other.prior or other.part:
            continue
        if abs(other.effective - claim.effective) > COMPARABLE:
            continue
        one, two = sorted((claim.series, other.series))
        is_open = (one, two) in draft.disagreements
        if compatible(claim.said, other):
            if is_open:
                draft.close((one, two))
        elif not is_open:
            draft.open((one, two))
            draft.raise_flag(count_flag("contradiction", claim, draft.reported, other))


def _revise(draft: Draft, prior: Claim, stored: list[Point]) -> None:
    """Replace the latest point of that date; it keeps its own, more precise date."""
    old = current(stored)
    assert old is not None
    draft.raise_flag(count_flag("history_revised", prior, draft.reported, old))
    draft.revise(old, prior)


def _peers_of_day(draft: Draft, prior: Claim) -> list[Point]:
    """The points of that date: of the series, or of anyone's where nobody is named."""
    if prior.key.org is not None:
        points = draft.series(prior.series)
    else:
        points = [p for _, peers in draft.side_by_side(peers_of(prior.key)) for p in peers]
    return [point for point in points if _same_day(point, prior)]


def _fits(point: Point, prior: Claim) -> bool:
    if point.superseded and prior.key.org is not None:
        return same_figure(point, prior.said)
    return compatible(point, prior.said)


def _same_day(point: Point, prior: Claim) -> bool:
    assert prior.as_of is not None
    return point.as_of is not None and agree(point.as_of, prior.as_of)


def _same_event(point: Point, prior: Claim) -> bool:
    near = abs(point.effective - prior.effective) <= SAME_EVENT
    return near and point.value == prior.said.value


def _live(points: list[Point]) -> list[Point]:
    return [point for point in points if not point.superseded]
