"""Joining token decisions into names of persons, with the guards that keep other people out."""

import re
from collections.abc import Container, Iterator
from typing import NamedTuple

from db.records import Tier
from monitor.detect.names import tables
from monitor.detect.names.agree import agrees
from monitor.detect.names.align import limit_of
from monitor.detect.names.endings import BARE_DATIVE
from monitor.detect.names.index import is_given_name
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.scan import (
    Scan,
    bridges,
    is_direct,
    is_role,
    is_turned,
    kin_after,
    looks_like_name,
)
from monitor.detect.names.tokens import SLIP, Hit

PAIR_LIMIT = 1.3
REVERSED_LIMIT = 1.0
FAMILY_LIMIT = 0.6
_REACH = 4
_MUTE = f"{BARE_DATIVE}:e"


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
    return hit.ending == _MUTE and scan.written_in_french


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
            yield from _turned(scan, patterns, family)


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
    if given.hit.ending == _MUTE and scan.written_in_french:
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
    if not _father_fits(scan, person, range(given.at + 1, family.at)):
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
    return given.start == scan.starts[given.at] and scan.adjoins(before) and _is_given(
        scan.raws[before]
    )


def _father_fits(scan: Scan, person: Person, between: range) -> bool:
    """A patronymic in the text must be the tracked one, where that is known."""
    if person.father is None or not between or between[-1] >= len(scan):
        return True
    at = between[-1]
    if kin_after(scan.text, scan.ends[at]) is None:
        return True
    return any(True for _ in parts_at(scan, at, {person.father}))


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


def _turned(scan: Scan, patterns: Patterns, family: Part) -> Iterator[Found]:
    """`Family Given` and `Family, Given`."""
    at = family.at + 1
    if at >= len(scan) or family.hit.ending.startswith("'"):
        return
    gap = scan.gap(family.at, at)
    if not is_turned(gap) or ("," in gap and _and_follows(scan, at)) or not _stands_alone(scan, family.at, comma="," in gap):
        return
    for given in parts_at(scan, at, patterns.givens):
        for person in patterns.pairs.get((given.token, family.token), ()):
            cost = given.hit.cost + family.hit.cost
            if len(person.given) > 1 or cost > REVERSED_LIMIT or given.start != scan.starts[at]:
                continue
            if kin_after(scan.text, given.end) is not None:
                continue
            end = _patronymic_end(scan, at)
            if end is not None and not _father_fits(scan, person, range(at + 1, at + 2)):
                continue
            if end is None or (given.hit.ending and not _case_fits(given, family)):
                continue
            yield Found(
                person.entity, person.alias, family.start, end,
                "reversed", cost, (family, given),
            )  # fmt: skip


_NEXT = re.compile(r"[ \u00a0]([^\W\d_]+)")


def _and_follows(scan: Scan, at: int) -> bool:
    """`Şıxəliyev, Cəlal və başqaları` lists people, one by family and one by given name."""
    after = _NEXT.match(scan.text, scan.ends[at])
    return after is not None and lower(after[1]) in tables.words("conjunction")


def _case_fits(given: Part, family: Part) -> bool:
    """In `Family Given` the last word carries the ending; before a comma only both may."""
    return family.hit.given or not family.hit.ending


def _stands_alone(scan: Scan, at: int, *, comma: bool) -> bool:
    """The list guard: no other given name directly before a turned name."""
    before = at - 1
    if not scan.adjoins(before) or is_role(scan.raws[before]):
        return True
    if comma or looks_like_name(scan.raws[before]):
        return False
    return _starts_sentence(scan, before)


_SENTENCE_END = re.compile(r"[.!?…:»”\"\n]\s*\Z")


def _starts_sentence(scan: Scan, at: int) -> bool:
    start = scan.starts[at]
    before = scan.text[max(0, start - 4) : start]
    return start == 0 or _SENTENCE_END.search(before) is not None


def _patronymic_end(scan: Scan, given: int) -> int | None:
    """Where a turned name ends, patronymic included; None if another name follows."""
    end = scan.ends[given]
    if not scan.adjoins(given):
        return end
    after = given + 1
    kin = kin_after(scan.text, scan.ends[after])
    if kin is None and scan.adjoins(after):
        kin = kin_after(scan.text, scan.ends[after + 1])
    if kin is not None:
        return kin[0]
    raw = scan.raws[after]
    word = lower(raw)
    if word.endswith(tuple(tables.words("patronymic_endings"))) or _ends_in_kin(word):
        return scan.ends[after]
    if is_role(raw):
        return end
    shouting = raw.isupper() and len(raw) > 1
    return end if (shouting or _caseless(raw)) and not looks_like_name(raw) else None


def _ends_in_kin(word: str) -> bool:
    return "-" in word and word.rpartition("-")[2] in (
        tables.words("kin_son") | tables.words("kin_daughter")
    )


def _caseless(raw: str) -> bool:
    return fold(raw)[1] == "georgian"


def family_cost_ok(patterns: Patterns, part: Part) -> bool:
    """Whether a family name alone is near enough."""
    return part.hit.cost <= min(FAMILY_LIMIT, limit_of(patterns.words[part.token]))
