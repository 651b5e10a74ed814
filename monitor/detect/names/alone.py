"""Family names alone: who owns them is told by the nearest earlier full name."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from db.records import Tier
from monitor.detect.names import tables
from monitor.detect.names.align import align
from monitor.detect.names.join import families, family_cost_ok
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.parts import Found, Part
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.scan import (
    CAPITALS,
    Scan,
    bridges,
    is_direct,
    is_initial_gap,
    is_role,
    kin_after,
    kin_words,
    looks_like_name,
)


class _Lone(NamedTuple):
    part: Part
    initials: str
    start: int
    end: int


def lone_families(scan: Scan, patterns: Patterns, full: Sequence[Found]) -> Iterator[Found]:
    """Family names (or initial + family) that the article itself ties to a tracked person."""
    taken = {part.at for found in full for part in found.parts}
    owners = _Owners(patterns, full)
    for at in range(len(scan)):
        if scan.found[at] is None or at in taken:
            continue
        for part, apart in families(scan, patterns, at):
            if apart or not family_cost_ok(patterns, part):
                continue
            lone = _lone(scan, part)
            if lone is None:
                owners.other(part)
            elif lone.initials or not _name_follows(scan, at, inflected=_closes(part)):
                yield from owners.claims(lone)


class _Owners:
    """Walks through the article and knows whose family name was named in full last."""

    def __init__(self, patterns: Patterns, full: Sequence[Found]) -> None:
        self._patterns = patterns
        self._full = sorted(
            (found for found in full if len(found.parts) > 1), key=lambda found: found.start
        )
        self._next = 0
        self._owner: dict[int, Found | None] = {}

    def other(self, part: Part) -> None:
        """Somebody else of that family was named."""
        self._advance(part.start)
        self._owner[part.token] = None

    def claims(self, lone: _Lone) -> Iterator[Found]:
        """What a lone family name means here."""
        self._advance(lone.start)
        family = lone.part.token
        if family in self._owner:
            owner = self._owner[family]
            if owner is not None and self._initial_fits(lone, owner):
                yield self._found(lone, owner.entity, owner.alias, "family")
            return
        later = [found for found in self._full[self._next :] if _family(found) == family]
        if later and len({found.entity for found in later}) == 1:
            if self._initial_fits(lone, later[0]):
                yield self._found(lone, later[0].entity, later[0].alias, "family-before-full")
        elif not later and family in self._patterns.unambiguous:
            yield from self._declared(lone)

    def _declared(self, lone: _Lone) -> Iterator[Found]:
        for person in self._patterns.families[lone.part.token]:
            entity = self._patterns.entities[person.entity]
            if entity.family_unambiguous and self._initial_of(lone, person):
                yield self._found(lone, person.entity, person.alias, "family-unambiguous")

    def _advance(self, start: int) -> None:
        while self._next < len(self._full) and self._full[self._next].start < start:
            found = self._full[self._next]
            self._owner[_family(found)] = found
            self._next += 1

    def _initial_fits(self, lone: _Lone, found: Found) -> bool:
        people = self._patterns.families[lone.part.token]
        return any(
            person.entity == found.entity and self._initial_of(lone, person) for person in people
        )

    def _initial_of(self, lone: _Lone, person: Person) -> bool:
        given = self._patterns.words[person.given[0]]
        return not lone.initials or starts_like(given, lone.initials)

    @staticmethod
    def _found(lone: _Lone, entity: int, alias: str, tier: Tier) -> Found:
        return Found(entity, alias, lone.start, lone.end, tier, lone.part.hit.cost, (lone.part,))


def _family(found: Found) -> int:
    return (found.parts[0] if found.tier == "reversed" else found.parts[-1]).token


def starts_like(given: str, initial: str) -> bool:
    """Whether an initial may stand for a given name.

    >>> starts_like("cəlal", "Дж"), starts_like("şahin", "Sh"), starts_like("cəlal", "R")
    (True, True, False)
    """
    folded, script = fold(initial)
    return any(align(given[:size], folded, script) for size in (1, 2) if len(given) >= size)


def _lone(scan: Scan, part: Part) -> _Lone | None:
    """The family name with its initials; None if another given name stands before it."""
    at = part.at
    end = max(part.end, scan.ends[at])
    after = _INITIALS_AFTER.match(scan.text, end)
    if after is not None and not is_role(after[1]):
        return _Lone(part, after[1], scan.starts[at], after.end())
    alone = _Lone(part, "", scan.starts[at], end)
    if at == 0:
        return alone
    gap = scan.gap(at - 1, at)
    before = scan.raws[at - 1]
    if is_direct(gap):
        return alone if _is_no_name(scan, at - 1) else None
    if _same_name(gap) and not is_role(before):
        return None
    if len(before) <= 3 and is_initial_gap(gap) and not is_role(before):
        first = _first_initial(scan, at - 1)
        if scan.written_in_french and lower(scan.raws[first]) in tables.words("monsieur"):
            return alone
        return _Lone(part, scan.raws[first], scan.starts[first], end)
    return alone


def _same_name(gap: str) -> bool:
    """Whether a patronymic or honorific joins the family name to the given name before it."""
    if len(gap) > 30:
        return False
    words = [lower(word) for word in re.findall(r"[^\W\d_]+", gap)]
    return bridges(gap) or (len(words) == 1 and words[0] in kin_words())


_INITIALS_AFTER = re.compile(
    rf",?[ \u00a0]([{CAPITALS}][^\W\d_]{{0,2}})\.(?:[ \u00a0]?[{CAPITALS}][^\W\d_]{{0,2}}\.)?"
)


def _first_initial(scan: Scan, at: int) -> int:
    if at and len(scan.raws[at - 1]) <= 3 and is_initial_gap(scan.gap(at - 1, at)):
        return at if is_role(scan.raws[at - 1]) else at - 1
    return at


def _is_no_name(scan: Scan, at: int) -> bool:
    raw = scan.raws[at]
    if is_role(raw):
        return True
    return _caseless(raw) and not looks_like_name(raw)


def _caseless(raw: str) -> bool:
    return fold(raw)[1] == "georgian" or (raw.isupper() and len(raw) > 1)


def _closes(part: Part) -> bool:
    return part.hit.ending != "" and not part.hit.given


def _name_follows(scan: Scan, at: int, *, inflected: bool) -> bool:
    """Whether the next word makes this family name part of another name: Əliyev Rauf.

    But for Russian, a family name with an ending is the last word of its name.
    """
    if not inflected and kin_after(scan.text, scan.ends[at]) is not None:
        return True
    if not scan.adjoins(at):
        return False
    after = scan.raws[at + 1]
    if is_role(after) or lower(after) in tables.words("honorific"):
        return False
    return looks_like_name(after) or not (inflected or _caseless(after))
