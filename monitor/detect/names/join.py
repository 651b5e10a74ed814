"""Joining token decisions into names of persons, with the guards that keep other people out."""

from collections.abc import Iterator

from db.records import Tier
from monitor.detect.names import tables
from monitor.detect.names.agree import agrees
from monitor.detect.names.align import limit_of
from monitor.detect.names.index import is_given_name
from monitor.detect.names.letters import lower
from monitor.detect.names.parts import MUTE, Found, Part, father_fits, parts_at
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.scan import (
    Scan,
    bridges,
    is_direct,
    is_role,
    kin_after,
)
from monitor.detect.names.turned import turned

PAIR_LIMIT = 1.3
FAMILY_LIMIT = 0.6
_REACH = 4


def families(scan: Scan, patterns: Patterns, at: int) -> Iterator[tuple[Part, bool]]:
    """Family names at a token; the flag marks a kin name written apart (Vaqif qızı).

    Before a kin word a bare name is the father's (Əli Zeynal oğlu); a genitive is a relative's.
    """
    for part in parts_at(scan, at, patterns.families):
        if part.hit.ending or kin_after(scan.text, part.end) is None:
            yield part, False
    for part in parts_at(scan, at, patterns.kin_bases):
        family, mark = patterns.kin_bases[part.token]
        after = kin_after(scan.text, scan.ends[at])
        if after is not None and not part.hit.ending and _same_kin(after[1], mark):
            yield Part(family, at, part.start, after[0], part.hit), True


def _same_kin(word: str, mark: str) -> bool:
    kind = "kin_son" if mark == "oğlu" else "kin_daughter"
    return word in tables.words(kind)


def pairs_at(scan: Scan, patterns: Patterns, at: int) -> Iterator[Found]:
    """Every given + family pair whose family name is at this token."""
    for family, apart in families(scan, patterns, at):
        for given, people in _before(scan, patterns, family):
            for person in people:
                found = _pair(scan, patterns, person, given, family)
                if found is not None:
                    yield found._replace(tier="name") if apart and found.tier == "full" else found
        if not apart:
            yield from turned(scan, patterns, family)


def _before(
    scan: Scan, patterns: Patterns, family: Part
) -> Iterator[tuple[Part, tuple[Person, ...]]]:
    """Given names before a family name, with whom they would name."""
    for at in range(family.at - 1, max(-1, family.at - 1 - _REACH), -1):
        people = [
            (given, patterns.pairs[given.token, family.token])
            for given in parts_at(scan, at, patterns.givens)
            if (given.token, family.token) in patterns.pairs and _bare(scan, given)
        ]
        if people and _joins(scan, at, family.at):
            yield from people
    yield from _glued(scan, patterns, family)


def _glued(
    scan: Scan, patterns: Patterns, family: Part
) -> Iterator[tuple[Part, tuple[Person, ...]]]:
    """Given names in the same token, where the space was lost or is a hyphen: ÜlviHəsənli."""
    for given in parts_at(scan, family.at, patterns.givens):
        people = patterns.pairs.get((given.token, family.token))
        if people and 0 <= family.start - given.end <= 1 and not given.hit.ending:
            yield given, people


def _bare(scan: Scan, given: Part) -> bool:
    """A given name ends its token and carries no ending, but where given names decline."""
    if given.end != scan.ends[given.at]:
        return False
    if given.hit.ending == MUTE and scan.written_in_french:
        return scan.raws[given.at].lower().endswith("ine")
    return not given.hit.ending or given.hit.given


def _joins(scan: Scan, at: int, family: int) -> bool:
    gap = scan.text[scan.ends[at] : scan.starts[family]]
    return (at == family - 1 and is_direct(gap)) or bridges(gap) or _fathered(scan, at, family)


def _fathered(scan: Scan, at: int, family: int) -> bool:
    """İlham Bəxtiyar Hacıyev: the father's name without a word for "son of"."""
    if family - at != 2 or not scan.adjoins(at) or not scan.adjoins(at + 1):
        return False
    return _is_given(scan.raws[at + 1])


def _is_given(raw: str) -> bool:
    return is_given_name(raw) and not is_role(raw) and lower(raw) not in tables.words("honorific")


def _pair(
    scan: Scan, patterns: Patterns, person: Person, given: Part, family: Part
) -> Found | None:
    first = _earlier_givens(scan, person, given)
    if first is None or kin_after(scan.text, given.end) is not None:
        return None
    if not father_fits(scan, person, range(given.at + 1, family.at)):
        return None
    cost = given.hit.cost + family.hit.cost
    if cost > PAIR_LIMIT or not agrees(scan, patterns, given, family):
        return None
    start = min(scan.starts[first[0].at], first[0].start)
    end = closed(scan.text, start, max(family.end, scan.ends[family.at]))
    tier: Tier = "ambiguous" if _is_father(scan, first[0]) else person.tier
    return Found(person.entity, person.alias, start, end, tier, cost, (*first, family))


def _is_father(scan: Scan, given: Part) -> bool:
    """Whether another given name stands before: in İlham Bəxtiyar Hacıyev, Bəxtiyar is a father."""
    before = given.at - 1
    return (
        given.start == scan.starts[given.at]
        and scan.adjoins(before)
        and _is_given(scan.raws[before])
    )


def _earlier_givens(scan: Scan, person: Person, last: Part) -> tuple[Part, ...] | None:
    """All given names of a person with several, in a row, or None."""
    parts = [last]
    for wanted in reversed(person.given[:-1]):
        at = parts[0].at - 1
        if not scan.adjoins(at):
            return None
        part = next(parts_at(scan, at, {wanted}), None)
        if part is None:
            return None
        parts.insert(0, part)
    return tuple(parts)


def closed(text: str, start: int, end: int) -> int:
    """Where a name ends if a bracket or quote opened inside it is closed right after it."""
    for opening, closing in ("()", "[]", "«»", "“”"):
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing) and text[end : end + 1] == closing:
            return end + 1
    return end


def family_cost_ok(patterns: Patterns, part: Part) -> bool:
    """Whether a family name alone is near enough."""
    return part.hit.cost <= min(FAMILY_LIMIT, limit_of(patterns.words[part.token]))
