"""A step of the ledger while it is being drawn up: later rules see what earlier ones did."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from db.records import Flag, Ledger, LedgerStep, Point, SeriesKey
from monitor.decide.counts.series import Claim, Peers, Reported, peers_of

Pair = tuple[str, str]


class Draft:
    """The ledger as it would be, and the step that makes it so.

    `changed` are the totals of named organisations that were first seen, changed or corrected in
    this step: organisations are compared on them alone.
    """

    def __init__(self, ledger: Ledger, reported: Reported) -> None:
        self.reported = reported
        self.points = {series: list(points) for series, points in ledger.points.items()}
        self.disagreements = set(ledger.disagreements)
        self.changed: list[Claim] = []
        self._flags: list[Flag] = []
        self._inserted: list[Point] = []
        self._superseded: list[int] = []
        self._confirmed: dict[int, date] = {}
        self._support: list[int] = []
        self._opened: list[Pair] = []
        self._closed: list[Pair] = []

    def series(self, series: str) -> list[Point]:
        return self.points.get(series, [])

    def side_by_side(self, peers: Peers) -> Iterator[tuple[SeriesKey, list[Point]]]:
        """The series of all organisations that count the same."""
        for series, points in sorted(self.points.items()):
            key = SeriesKey.parse(series)
            if peers_of(key) == peers:
                yield key, points

    def raise_flag(self, flag: Flag) -> None:
        self._flags.append(flag)

    def insert(self, claim: Claim, *, prior: bool = False, superseded: bool = False) -> None:
        """A new point; a superseded one is a refused claim, kept for the record."""
        self._put(point_of(claim, self.reported, prior=prior, superseded=superseded))

    def revise(self, old: Point, claim: Claim) -> None:
        """Put another figure in the place of a point; of both dates the more precise stays."""
        self.supersede(old)
        date_of = old if len(old.as_of or "") >= len(claim.as_of or "") else claim
        revised = replace(
            point_of(claim, self.reported, prior=old.prior),
            as_of=date_of.as_of,
            effective=date_of.effective,
            confirmed=date_of.effective,
            part=old.part,
        )
        self._put(revised)

    def change(self, claim: Claim) -> None:
        """A new point that organisations are to be compared on, if it is a named one's total."""
        self.insert(claim)
        if claim.said.role == "total" and claim.key.org is not None:
            self.changed.append(claim)

    def supersede(self, point: Point) -> None:
        withdrawn = replace(point, superseded=True)
        _swap(self.points[point.series], point, withdrawn)
        if point.id is None:
            _swap(self._inserted, point, withdrawn)
        else:
            self._superseded.append(point.id)

    def confirm(self, point: Point, day: date) -> None:
        """The value was said again: it now holds at least until `day`."""
        self.support(point)
        if point.id is not None:
            known = self._confirmed.get(point.id, point.confirmed)
            self._confirmed[point.id] = max(known, day)

    def support(self, point: Point) -> None:
        """The page is one more piece of evidence, if another page was the first."""
        if point.id is None or point.article == self.reported.article:
            return
        if point.id not in self._support:
            self._support.append(point.id)

    def open(self, pair: Pair) -> None:
        self.disagreements.add(pair)
        self._opened.append(pair)

    def close(self, pair: Pair) -> None:
        self.disagreements.discard(pair)
        self._closed.append(pair)

    def _put(self, point: Point) -> None:
        self.points.setdefault(point.series, []).append(point)
        self._inserted.append(point)

    def step(self) -> LedgerStep:
        return LedgerStep(
            flags=tuple(self._flags),
            inserted=tuple(self._inserted),
            superseded=tuple(self._superseded),
            confirmed=tuple(self._confirmed.items()),
            support=tuple(self._support),
            opened=tuple(self._opened),
            closed=tuple(self._closed),
        )


def point_of(
    claim: Claim, reported: Reported, *, prior: bool = False, superseded: bool = False
) -> Point:
    """The point a claim would be in its series."""
    said = claim.said
    return Point(
        series=claim.series,
        value=said.value,
        value_high=said.value_high,
        qualifier=said.qualifier,
        as_of=claim.as_of,
        effective=claim.effective,
        confirmed=claim.effective,
        published=reported.published,
        article=reported.article,
        source=reported.source,
        url=reported.url,
        quote=said.quote,
        prior=prior,
        part=said.role == "part",
        superseded=superseded,
    )


def _swap(points: list[Point], old: Point, new: Point) -> None:
    points[points.index(old)] = new
