"""Breakdowns that claim to be complete and do not add up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from db.records import Flag, Observation
from monitor.decide.counts.flags import mismatch_flag
from monitor.decide.counts.series import Claim, Reported, claims_of

# Each split is summed on its own dimension; groups by category are one more dimension.
DIMENSIONS: Mapping[str, str] = {
    "women": "sex",
    "men": "sex",
    "minors": "age",
    "elderly": "age",
    "military": "service",
    "civilian": "service",
    "convicted": "trial",
    "pretrial": "trial",
    "foreign": "origin",
    "monitoring": "monitoring",
    "religious": "religion",
    "nonreligious": "religion",
}
GROUPS = "groups"
RELIGION = "religion"


def mismatches(reported: Reported) -> Iterator[Flag]:
    """A flag for each exhaustive split that differs from its total, told once for all versions."""
    known = {
        (total.series, total.said.value, printed)
        for version in reported.earlier
        for total, printed, _ in _uneven(version, reported)
    }
    for total, printed, parts in _uneven(reported.observations, reported):
        if (total.series, total.said.value, printed) not in known:
            shown = [{"label": _label(part), "value": part.value} for part in parts]
            yield mismatch_flag(total, reported, printed, shown)


def _uneven(
    observations: Sequence[Observation], reported: Reported
) -> Iterator[tuple[Claim, int, list[Observation]]]:
    """Totals with the differing sum of one of their splits, and its parts."""
    for total in claims_of(observations, reported):
        if total.said.role == "prior" or total.said.qualifier != "exact":
            continue
        for parts in _splits(total.said, observations):
            printed = sum(part.value for part in parts)
            if printed != total.said.value:
                yield total, printed, parts


def _splits(total: Observation, observations: Iterable[Observation]) -> Iterator[list[Observation]]:
    """The exhaustive splits of a total: at least two parts, all exact.

    One marked part ("the rest") marks its split; without any, a mark on the total is for all.
    """
    parts = [o for o in observations if o.part_of == total.id and o.kind == total.kind]
    marked = any(part.exhaustive for part in parts)
    religious = any(part.subset == "nonreligious" for part in parts)
    splits: dict[str, list[Observation]] = {}
    for part in parts:
        splits.setdefault(_dimension(part, total, religious), []).append(part)
    for split in splits.values():
        complete = any(part.exhaustive for part in split) if marked else total.exhaustive
        if complete and len(split) > 1 and all(part.qualifier == "exact" for part in split):
            yield split


def _dimension(part: Observation, total: Observation, religious: bool) -> str:
    """What the part divides its total by; "the other 80, non-religious" divides believers off."""
    if religious and part.category == "believer" and part.subset is None:
        return RELIGION
    if part.subset is None or part.subset.startswith("case:"):
        return GROUPS
    dimension = DIMENSIONS.get(part.subset, part.subset)
    return dimension if part.category == total.category else f"{part.category} by {dimension}"


def _label(part: Observation) -> str:
    return part.subset or part.category_raw or part.category
