"""From drafts to observations: dates and counters shared, priors settled, repeats merged."""

from collections.abc import Set

from db.records import Observation, Passage
from monitor.detect.counts.answers import Counter
from monitor.detect.counts.attributes import direction
from monitor.detect.counts.draft import Draft
from monitor.detect.counts.explain import explain
from monitor.detect.counts.registry import WORLD
from monitor.isoday import last_day

_ORDER = {"right": 0.95, "subject": 0.92, "generic": 0.9, "left-label": 0.9, "subset": 0.88}
_DATED = ("stock", "cumulative", "death")
_OLD_DAYS = 600
"""A figure dated to the month or day is history after this many days: a census is yearly."""
_OLD_YEAR = 330
"""The same, from the end of its year, for a figure dated to the year."""
NEIGHBOURS = 30
"""Numbers before and after one with which it is compared: this keeps assembly linear."""


def observations(
    drafts: list[Draft], announced: Set[int], passage: Passage
) -> tuple[Observation, ...]:
    """The finished observations of a passage, in text order, ids `o1`, `o2`, …

    `announced` are the numbers of groups the text announces.
    """
    _widen(drafts)
    _share_repeats(drafts)
    _share_dates(drafts)
    _date_entries(drafts)
    _settle_priors(drafts, passage)
    _set_directions(drafts)
    _use_publisher(drafts, passage)
    _mark_complete(drafts, announced)
    firsts = _merged(drafts)
    kept = sorted(set(firsts))
    names = {at: f"o{number}" for number, at in enumerate(kept, start=1)}
    of = [names[first] for first in firsts]
    return tuple(_observation(drafts[at], of, names[at], passage) for at in kept)


def _widen(drafts: list[Draft]) -> None:
    """A census of no stated country whose entries name several is one of the world."""
    for at, draft in enumerate(drafts):
        if not draft.assumed or draft.role == "part":
            continue
        named = {
            other.place
            for other in drafts[at + 1 : at + NEIGHBOURS]
            if not other.assumed and _same_census(other, draft)
        }
        if len(named) > 1:
            draft.place = WORLD


def _same_census(one: Draft, other: Draft) -> bool:
    """Whether two numbers may be entries of one census: near, alike and of one counter."""
    near = one.block == other.block or (one.counter.org and one.counter.org == other.counter.org)
    return (
        bool(near)
        and one.head.category == other.head.category
        and one.kind == other.kind
        and _same_counter(one, other)
    )


def _date_entries(drafts: list[Draft]) -> None:
    """Entries by country take the date of their census: of their paragraph, else the latest."""
    for at, draft in enumerate(drafts):
        if draft.as_of or draft.role != "total" or draft.kind not in _DATED:
            continue
        censuses = [
            other
            for other in reversed(drafts[max(0, at - NEIGHBOURS) : at])
            if _counts_countries(other, draft)
        ]
        here = [other for other in censuses if other.block == draft.block]
        if censuses:
            whole = here[0] if here else max(censuses, key=lambda other: other.as_of or "")
            draft.as_of, draft.as_of_basis = whole.as_of, "inherited"


def _counts_countries(census: Draft, entry: Draft) -> bool:
    """Whether a dated total of an earlier sentence or clause is the census of a country's entry."""
    named = entry.case.sentence.has("place", *entry.case.zone)
    return (
        census.role == "total"
        and census.as_of is not None
        and census.place != entry.place
        and (entry.head.rule == "country-list" or (census.place == WORLD and named))
        and (census.as_of_basis in ("stated", "list_date") or census.place == WORLD)
        and _same_census(census, entry)
    )


def _mark_complete(drafts: list[Draft], announced: Set[int]) -> None:
    """As many groups as the text announces are an exhaustive list: its last group says so."""
    groups: dict[int, list[Draft]] = {}
    for draft in drafts:
        if draft.of is not None and (draft.head.subset or "case:").startswith("case:"):
            groups.setdefault(draft.of, []).append(draft)
    for parts in groups.values():
        if len(parts) in announced:
            parts[-1].exhaustive = True


def _share_repeats(drafts: list[Draft]) -> None:
    """A total told again without a date has the date it was told with first."""
    for first, draft in zip(_firsts(drafts), drafts, strict=True):
        told = drafts[first]
        if draft.role == "total" and told.as_of and not draft.as_of and draft.kind in _DATED:
            draft.as_of, draft.as_of_basis = told.as_of, "inherited"


def _share_dates(drafts: list[Draft]) -> None:
    """Parts take the date of their total and, in one sentence, totals that of their parts."""
    for draft in drafts:
        if draft.of is None or draft.kind not in _DATED:
            continue
        total = drafts[draft.of]
        same = total.sentence == draft.sentence
        if same and draft.as_of and not total.as_of:
            total.as_of, total.as_of_basis = draft.as_of, draft.as_of_basis
    for draft in drafts:
        if draft.of is None or draft.as_of or draft.kind not in _DATED:
            continue
        total = drafts[draft.of]
        if total.as_of and total.kind == draft.kind:
            draft.as_of, draft.as_of_basis = total.as_of, "inherited"


def _settle_priors(drafts: list[Draft], passage: Passage) -> None:
    """Of several figures of one series, those with an older date are history."""
    for at, draft in enumerate(drafts):
        if draft.role != "total" or draft.kind != "stock":
            continue
        near = _around(drafts, at)
        if _yields_to_now(draft, near) or (
            draft.as_of and (_is_older(draft, near) or _is_long_ago(draft, passage))
        ):
            draft.role = "prior"


def _around(drafts: list[Draft], at: int) -> list[Draft]:
    """The drafts near one: figures are compared with their neighbours, which keeps it linear."""
    return drafts[max(0, at - NEIGHBOURS) : at + NEIGHBOURS + 1]


def _is_older(draft: Draft, drafts: list[Draft]) -> bool:
    """Whether a total of the same series near by is younger."""
    return any(
        other is not draft
        and other.key == draft.key
        and other.role == "total"
        and abs(other.sentence - draft.sentence) <= 4
        and _same_counter(other, draft)
        and _is_after(other, draft)
        for other in drafts
    )


def _same_counter(one: Draft, other: Draft) -> bool:
    """Whether no two counters are named; an unnamed one may be the other."""
    orgs = {one.counter.org, other.counter.org}
    return len(orgs - {None}) <= 1


def _is_after(other: Draft, draft: Draft) -> bool:
    """Whether another figure is younger: by its date, or undated beside a past tense."""
    if other.as_of:
        return last_day(other.as_of) > last_day(draft.as_of or "")
    zone = draft.case.zone
    if other.value == draft.value:
        return False
    if draft.head.rule == "ellipsis" and other.sentence == draft.sentence:
        return other.head.rule != "ellipsis"
    return draft.as_of_basis == "stated" and draft.case.sentence.has("past", *zone)


def _yields_to_now(draft: Draft, drafts: list[Draft]) -> bool:
    """Whether the same sentence gives a figure for now beside this one."""
    if draft.case.sentence.has("now", *draft.case.zone):
        return False
    return any(
        other.sentence == draft.sentence
        and other.key == draft.key
        and other.value != draft.value
        and _same_counter(other, draft)
        and (other.case.sentence.has("now", *other.case.zone) or _only_then(draft, other))
        for other in drafts
    )


def _only_then(draft: Draft, other: Draft) -> bool:
    """Whether an undated figure in the past tense leads to a dated one."""
    past = draft.case.sentence.has("past", *draft.case.zone)
    return past and not draft.as_of and bool(other.as_of) and other.role == "total"


def _is_long_ago(draft: Draft, passage: Passage) -> bool:
    """Whether a figure is too old to be that of now."""
    if not passage.published or not draft.as_of:
        return False
    limit = _OLD_DAYS if len(draft.as_of) > len("2025") else _OLD_YEAR
    return (last_day(passage.published) - last_day(draft.as_of)).days > limit


def _set_directions(drafts: list[Draft]) -> None:
    """Say whether a figure rose or fell; for a total the clause of its baseline may say so."""
    for at, draft in enumerate(drafts):
        if draft.role == "prior" or draft.kind not in _DATED:
            continue
        zones = [
            other.case.zone
            for other in _around(drafts, at)
            if other.sentence == draft.sentence
            and (other.role == "prior" or other.kind == "net_change")
            and draft.role == "total"
        ]
        draft.direction = direction(draft.case, zones)


def _use_publisher(drafts: list[Draft], passage: Passage) -> None:
    """Lay figures nobody else is named for to the source, where it counts itself."""
    if passage.publisher_org is None:
        return
    for draft in drafts:
        if draft.counter.basis == "none":
            draft.counter = Counter(passage.publisher_org, None, "publisher")


def _merged(drafts: list[Draft]) -> list[int]:
    """For each draft the position of the one kept for it; a repetition adds its span to that."""
    firsts = _firsts(drafts)
    for first, draft in zip(firsts, drafts, strict=True):
        drafts[first].spans.append((draft.case.number.start, draft.case.number.end))
    return firsts


def _firsts(drafts: list[Draft]) -> list[int]:
    """For each draft the position of the first that tells the same figure."""
    seen: dict[tuple[object, ...], list[int]] = {}
    firsts: list[int] = []
    for at, draft in enumerate(drafts):
        key = (draft.value, draft.case.number.high, draft.role == "prior", *draft.key)
        same = seen.setdefault(key, [])
        first = next((other for other in same if _same_counter(draft, drafts[other])), None)
        if first is None:
            same.append(at)
        firsts.append(at if first is None else first)
    return firsts


def _observation(draft: Draft, names: list[str], name: str, passage: Passage) -> Observation:
    """The observation of a draft; `names` are the ids all drafts of the text end up under."""
    sentence = draft.case.sentence
    quote = passage.text[sentence.start : sentence.end]
    return Observation(
        id=name,
        value=draft.value,
        value_high=draft.case.number.high,
        qualifier=draft.qualifier,
        category=draft.head.category,
        category_raw=draft.head.raw,
        subset=draft.head.subset,
        kind=draft.kind,
        role=draft.role,
        place=draft.place,
        org=draft.counter.org,
        org_raw=draft.counter.raw,
        org_basis=draft.counter.basis,
        as_of=draft.as_of,
        as_of_basis=draft.as_of_basis if draft.as_of else "none",
        since=draft.since,
        direction=draft.direction,
        part_of=names[draft.of] if draft.of is not None else None,
        exhaustive=draft.exhaustive,
        spans=tuple(draft.spans),
        sentence=(sentence.start, sentence.end),
        quote=quote,
        rule=draft.head.rule,
        confidence=_confidence(draft),
        why=explain(draft, passage.text),
    )


def _confidence(draft: Draft) -> float:
    """An order of trust, not a probability: the rule, less what had to be inherited."""
    trust = _ORDER.get(draft.head.rule, 0.8)
    if draft.counter.basis == "earlier_sentence":
        trust -= 0.1
    if draft.as_of_basis in ("inherited", "relative"):
        trust -= 0.05
    return round(trust, 2)
