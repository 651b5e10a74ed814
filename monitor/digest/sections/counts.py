"""Section 2: counts that changed or were first seen, and counts that disagree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db.digest_rows import FlagRow, PointRow
from db.records import Json, SeriesKey
from monitor.digest.evidence import Reprints, evidence, number_quote, shorten
from monitor.digest.model import CountItem, Figure, Link, OtherSide, Peer, Quoted, Step
from monitor.digest.ranking import PEER_DAYS, PEERS_SHOWN, place

Points = Mapping[str, Sequence[PointRow]]


def by_series(rows: Iterable[PointRow]) -> dict[str, list[PointRow]]:
    """Points by written series key, oldest first."""
    grouped: dict[str, list[PointRow]] = {}
    for row in rows:
        grouped.setdefault(row.series, []).append(row)
    return grouped


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known around the counts of a window: series, reprints, names of sources."""

    points: Points
    reprints: Reprints
    titles: Mapping[str, str]
    today: date


def count_items(flags: Iterable[FlagRow], known: Known) -> tuple[CountItem, ...]:
    """One item a flag, first ranks first, then priority, then the series' name."""
    ordered = sorted(flags, key=lambda f: (place(f).rank, -f.priority, f.series or "", f.id))
    return tuple(_item(flag, known) for flag in ordered)


def without_repeats(items: Iterable[CountItem], told: Iterable[CountItem]) -> tuple[CountItem, ...]:
    """The items without quotes that were told already; the articles are still cited."""
    quotes = {item.evidence.quoted.text for item in told}
    found = []
    for item in items:
        if item.evidence.quoted.text in quotes:
            item = replace(item, evidence=replace(item.evidence, quoted=Quoted(text="")))
        if item.against is not None and item.against.quoted.text in quotes:
            item = replace(item, against=replace(item.against, quoted=Quoted(text="")))
        found.append(item)
    return tuple(found)


def _item(flag: FlagRow, known: Known) -> CountItem:
    key = SeriesKey.parse(flag.series or "")
    old, new = _whole(flag.old), _whole(flag.new)
    claimed = _whole(flag.detail.get("claimed_previous"))
    against = _against(flag, known.titles)
    return CountItem(
        kind=flag.kind,
        series=str(key),
        place=key.place,
        category=key.category,
        subset=key.subset,
        measure=key.kind,
        since=key.since,
        org=key.org,
        old=_old_figure(flag, old),
        new=new_figure(flag),
        misread=new if flag.corrected else None,
        as_of=flag.detail.get("as_of"),
        claimed_previous=claimed,
        previous_agrees=flag.detail.get("previous_agrees"),
        evidence=evidence(
            flag, number_quote(flag.quote, flag.lang, old, new, claimed), known.reprints
        ),
        peers=_peers(key, known),
        steps=tuple(Step(day=p.effective, value=p.value) for p in known.points.get(str(key), ())),
        against=against if place(flag).section == "disagreements" else None,
        parts=tuple((str(one["label"]), int(one["value"])) for one in flag.detail.get("parts", ())),
    )


def _whole(value: Json) -> int | None:
    """A count as an int; a flag may also carry words, which are no number."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def new_figure(flag: FlagRow) -> Figure | None:
    """The figure a flag tells, as a person corrected it if one did; None if it has none."""
    value = _whole(flag.new)
    if flag.corrected is not None:
        right = flag.corrected
        return Figure(value=right.value, high=right.value_high, qualifier=right.qualifier)
    if value is None:
        return None
    return Figure(
        value=value,
        high=_whole(flag.detail.get("value_high")),
        qualifier=str(flag.detail.get("qualifier") or "exact"),
    )


def _old_figure(flag: FlagRow, value: int | None) -> Figure | None:
    if value is None:
        return None
    previous = flag.detail.get("previous") or {}
    return Figure(value=value, qualifier=str(previous.get("qualifier") or "exact"))


def _against(flag: FlagRow, titles: Mapping[str, str]) -> OtherSide | None:
    """The stored point the flag sets itself against, as the decision wrote it down."""
    previous = flag.detail.get("previous")
    if previous is None:
        return None
    value = int(previous["value"])
    return OtherSide(
        org=SeriesKey.parse(previous["series"]).org,
        figure=Figure(value=value, qualifier=str(previous.get("qualifier") or "exact")),
        effective=date.fromisoformat(previous["effective"]),
        quoted=shorten(number_quote(str(previous.get("quote") or ""), None, value)),
        article=Link(
            url=str(previous.get("url") or ""),
            source=titles.get(previous.get("source") or "", str(previous.get("source") or "")),
            source_name=str(previous.get("source") or ""),
        ),
    )


def _peers(key: SeriesKey, known: Known) -> tuple[Peer, ...]:
    """What other named organisations said last, newest first; old figures are no comparison."""
    series = [points for name, points in known.points.items() if name != str(key)]
    last = [points[-1] for points in series if points]
    fresh = [
        point
        for point in last
        if point.org is not None
        and point.effective >= known.today - timedelta(days=PEER_DAYS)
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
