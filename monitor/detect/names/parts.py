"""Tracked tokens at their places in a text, and the names that they make."""

from collections.abc import Container, Iterator
from typing import NamedTuple

from db.records import Tier
from monitor.detect.names.endings import BARE_DATIVE
from monitor.detect.names.patterns import Person
from monitor.detect.names.scan import Scan, kin_after
from monitor.detect.names.tokens import SLIP, Hit

MUTE = f"{BARE_DATIVE}:e"


class Part(NamedTuple):
    """A tracked token found at `start:end` of the repaired text, in the scan's token `at`."""

    token: int
    at: int
    start: int
    end: int
    hit: Hit


class Found(NamedTuple):
    """A name found in the repaired text, and the parts that prove it."""

    entity: int
    alias: str
    start: int
    end: int
    tier: Tier
    cost: float
    parts: tuple[Part, ...]


def parts_at(scan: Scan, at: int, wanted: Container[int]) -> Iterator[Part]:
    """The tracked tokens that a token of the text may be, of those in the container `wanted`."""
    decision = scan.found[at] if 0 <= at < len(scan) else None
    for piece in decision or ():
        for token, hit in piece.hits.items():
            if token in wanted and _allowed_here(scan, hit):
                start = scan.starts[at] + piece.start
                yield Part(token, at, start, scan.starts[at] + piece.end, hit)


def _allowed_here(scan: Scan, hit: Hit) -> bool:
    if hit.ending == SLIP:
        return False
    if not hit.ending.startswith(BARE_DATIVE) or scan.written_in_azerbaijani:
        return True
    return _is_mute(scan, hit)


def _is_mute(scan: Scan, hit: Hit) -> bool:
    """French `Ramine`: the -e keeps the n from being nasal, and means nothing."""
    return hit.ending == MUTE and scan.written_in_french


def father_fits(scan: Scan, person: Person, between: range) -> bool:
    """A patronymic in the text must be the tracked one, where that is known."""
    if person.father is None or not between or between[-1] >= len(scan):
        return True
    at = between[-1]
    if kin_after(scan.text, scan.ends[at]) is None:
        return True
    return any(True for _ in parts_at(scan, at, {person.father}))
