"""The review tier: a full name of which one part is one slip of the pen away."""

from collections.abc import Iterator

from monitor.detect.names.index import common_name
from monitor.detect.names.parts import Found, Part, parts_at
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.scan import Scan, is_direct
from monitor.detect.names.tokens import SLIP, Decision

_EXACT = 0.2
_SHORTEST_FAMILY = 6


def slipped(decision: Decision) -> Iterator[int]:
    """The tracked tokens of which this token is a slip."""
    for piece in decision:
        for token, hit in piece.hits.items():
            if hit.ending == SLIP:
                yield token


def typos_at(scan: Scan, patterns: Patterns, at: int) -> Iterator[Found]:
    """Names of which this token is a slip, the other part standing beside it without one."""
    for token in slipped(scan.found[at] or ()):
        for person in patterns.families.get(token, ()):
            if len(patterns.words[token]) >= _SHORTEST_FAMILY:
                yield from _found(scan, person, (at - 1, at), slip=at)
        for person in patterns.givens.get(token, ()):
            yield from _found(scan, person, (at, at + 1), slip=at)


def _found(scan: Scan, person: Person, places: tuple[int, int], slip: int) -> Iterator[Found]:
    left, right = places
    if len(person.given) > 1 or left < 0 or right >= len(scan):
        return
    if not is_direct(scan.gap(left, right)) or common_name(scan.raws[slip]) is not None:
        return
    exact = left if slip == right else right
    wanted = person.given[0] if exact == left else person.family
    for part in parts_at(scan, exact, {wanted}):
        whole = part.end - part.start == scan.ends[exact] - scan.starts[exact]
        if part.hit.cost <= _EXACT and whole and (exact == right or not part.hit.ending):
            yield _joined(scan, person, part, slip)


def _joined(scan: Scan, person: Person, part: Part, slip: int) -> Found:
    wanted = person.family if slip > part.at else person.given[0]
    hit = next(piece.hits[wanted] for piece in scan.found[slip] or () if wanted in piece.hits)
    other = Part(wanted, slip, scan.starts[slip], scan.ends[slip], hit)
    parts = (part, other) if slip > part.at else (other, part)
    return Found(
        person.entity, person.alias, parts[0].start, parts[1].end,
        "typo", other.hit.cost + part.hit.cost, parts,
    )  # fmt: skip
