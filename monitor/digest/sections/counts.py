"""Section 2: counts that changed or were first seen, and counts that disagree."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from db.digest_rows import FlagRow, PointRow
from db.records import Json, SeriesKey
from monitor.digest.evidence import Reprints, evidence, number_quote
from monitor.digest.model import CountItem, Figure, Peer, Step
from monitor.digest.ranking import PEER_DAYS, PEERS_SHOWN, place

Points = Mapping[str, Sequence[PointRow]]


def by_series(rows: Iterable[PointRow]) -> dict[str, list[PointRow]]:
    """Points by written series key, oldest first."""
    grouped: dict[str, list[PointRow]] = {}
    for row in rows:
        grouped.setdefault(row.series, []).append(row)
    return grouped


def count_items(
    flags: Iterable[FlagRow], points: Points, reprints: Reprints, today: date
) -> tuple[CountItem, ...]:
    """One item a flag, first ranks first, then priority, then the series' name."""
    ordered = sorted(flags, key=lambda f: (place(f).rank, -f.priority, f.series or "", f.id))
    return tuple(_item(flag, points, reprints, today) for flag in ordered)


def _item(flag: FlagRow, points: Points, reprints: Reprints, today: date) -> CountItem:
    key = SeriesKey.parse(flag.series or "")
    old, new = _whole(flag.old), _whole(flag.new)
    claimed = _whole(flag.detail.get("claimed_previous"))
    return CountItem(
        kind=flag.kind,
        series=str(key),
        place=key.place,
        category=key.category,
        subset=key.subset,
        measure=key.kind,
        since=key.since,
        org=key.org,
        old=None if old is None else Figure(value=old),
        new=_figure(flag, new),
        as_of=flag.detail.get("as_of"),
        claimed_previous=claimed,
        previous_agrees=flag.detail.get("previous_agrees"),
        evidence=evidence(flag, number_quote(flag, old, new, claimed), reprints),
        peers=_peers(key, points, today),
        steps=tuple(Step(day=p.effective, value=p.value) for p in points.get(str(key), ())),
    )


def _whole(value: Json) -> int | None:
    """A count as an int; a flag may also carry words, which are no number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _figure(flag: FlagRow, value: int | None) -> Figure | None:
    if value is None:
        return None
    return Figure(
        value=value,
        high=_whole(flag.detail.get("value_high")),
        qualifier=str(flag.detail.get("qualifier") or "exact"),
    )


def _peers(key: SeriesKey, points: Points, today: date) -> tuple[Peer, ...]:
    """What other named organisations said last, newest first; old figures are no comparison."""
    last = [series[-1] for name, series in points.items() if name != str(key) and series]
    fresh = [
        point
        for point in last
        if point.org is not None
        and point.effective >= today - timedelta(days=PEER_DAYS)
        and _comparable(SeriesKey.parse(point.series), key)
    ]
    fresh.sort(key=lambda point: (-point.effective.toordinal(), point.org or ""))
    return tuple(
        Peer(
            org=point.org,
            figure=Figure(value=point.value, high=point.value_high, qualifier=point.qualifier),
            effective=point.effective,
        )
        for point in fresh[:PEERS_SHOWN]
    )


def _comparable(one: SeriesKey, other: SeriesKey) -> bool:
    return (one.place, one.category, one.subset, one.kind, one.since) == (
        other.place,
        other.category,
        other.subset,
        other.kind,
        other.since,
    )
