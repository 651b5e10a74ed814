"""One page against the ledger of counts: the rules in their order, and the ledger afterwards."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from db.records import Ledger, LedgerStep, Observation, Point, SeriesKey
from monitor.decide.counts.breakdown import mismatches
from monitor.decide.counts.disagreement import cross_check, read_prior
from monitor.decide.counts.draft import Draft
from monitor.decide.counts.rules import CORRECTION, rule_for
from monitor.decide.counts.series import Claim, Reported, claims_of, peers_of
from monitor.decide.counts.situation import Situation


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a version tells: its totals and parts in the order of reading, and its priors."""

    figures: tuple[Claim, ...]
    priors: tuple[Claim, ...]


def step(ledger: Ledger, reported: Reported) -> LedgerStep:
    """What one version of one article does to the ledger of counts.

    In this order: corrections, dated priors, totals, parts, organisations side by side, sums of
    breakdowns. Pure: the same log in the order of fetching gives the same flags. The ledger must
    hold every series of `relevant(...)`.
    """
    draft = Draft(ledger, reported)
    told = _told(reported.observations, reported)
    corrections = [c for c in told.figures if rule_for(_situation(draft, c, told)) is CORRECTION]
    _apply(draft, corrections, told)
    for prior in told.priors:
        if not _is_misdated(prior, told):
            read_prior(draft, prior)
    _apply(draft, [c for c in told.figures if c not in corrections], told)
    for claim in draft.changed:
        cross_check(draft, claim)
    for flag in mismatches(reported):
        draft.raise_flag(flag)
    return draft.step()


def advance(ledger: Ledger, step: LedgerStep, next_id: int) -> Ledger:
    """The ledger after a step; inserted points get ids from `next_id` on, in their order."""
    confirmed = dict(step.confirmed)
    points = {
        series: [_advanced(point, step, confirmed.get(point.id or 0)) for point in stored]
        for series, stored in ledger.points.items()
    }
    for number, point in enumerate(step.inserted, start=next_id):
        points.setdefault(point.series, []).append(replace(point, id=number))
    return Ledger(
        points={
            series: tuple(sorted(stored, key=lambda point: point.effective))
            for series, stored in points.items()
        },
        disagreements=(ledger.disagreements | set(step.opened)) - set(step.closed),
    )


def _apply(draft: Draft, figures: Iterable[Claim], told: _Told) -> None:
    for claim in figures:
        situation = _situation(draft, claim, told)
        rule_for(situation).act(draft, situation)


def _told(observations: Iterable[Observation], reported: Reported) -> _Told:
    """The claims of a version as they are to be read.

    A part of a figure of the past is of the past. A part in the series of a total ("the other 93")
    is not a count of that series.
    """
    claims = claims_of(observations, reported)
    past = {claim.said.id for claim in claims if claim.said.role == "prior"}
    totals = {claim.key for claim in claims if claim.said.role == "total"}
    priors = [c for c in claims if c.said.role == "prior" or c.said.part_of in past]
    figures = [
        c for c in claims if c not in priors and (c.said.role == "total" or c.key not in totals)
    ]
    return _Told(figures=tuple(sorted(figures, key=_order)), priors=tuple(priors))


def _is_misdated(prior: Claim, told: _Told) -> bool:
    """Whether it bears the date of the figure that followed it: then it has none of its own."""
    return any(prior.key == c.key and prior.as_of == c.as_of for c in told.figures)


def _order(claim: Claim) -> tuple[bool, bool, bool]:
    """Totals before parts, named counters before unnamed, exact figures before bounds.

    So what a page says twice, once less exactly, is told once; else the order of the text holds.
    """
    return claim.said.role == "part", claim.key.org is None, claim.said.qualifier != "exact"


def _situation(draft: Draft, claim: Claim, told: _Told) -> Situation:
    peers = [point for _, points in draft.side_by_side(peers_of(claim.key)) for point in points]
    return Situation(
        claim=claim,
        reported=draft.reported,
        points=tuple(draft.series(claim.series)),
        peers=peers,
        before=_before(claim.key, draft.reported),
        beside=tuple(c for c in told.figures if c.key == claim.key),
        priors=tuple(c for c in told.priors if c.key == claim.key),
        net_changes=_net_changes(claim.key, draft.reported),
    )


def _before(key: SeriesKey, reported: Reported) -> tuple[Claim, ...]:
    """What the latest earlier version of the page that spoke of a series said of it."""
    for version in reversed(reported.earlier):
        said = tuple(c for c in _told(version, reported).figures if c.key == key)
        if said:
            return said
    return ()


def _net_changes(key: SeriesKey, reported: Reported) -> tuple[int, ...]:
    return tuple(
        o.value
        for o in reported.observations
        if o.kind == "net_change"
        and (o.place or reported.place, o.category, o.subset)
        == (key.place, key.category, key.subset)
        and o.org in (None, key.org)
    )


def _advanced(point: Point, step: LedgerStep, confirmed: date | None) -> Point:
    if confirmed is not None:
        point = replace(point, confirmed=max(point.confirmed, confirmed))
    return replace(point, superseded=True) if point.id in step.superseded else point
