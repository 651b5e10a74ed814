"""`Family Given` and `Family, Given`, told from lists of people."""

import re
from collections.abc import Iterator

from monitor.detect.names import tables
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.parts import Found, Part, father_fits, parts_at
from monitor.detect.names.patterns import Patterns
from monitor.detect.names.scan import Scan, is_role, is_turned, kin_after, looks_like_name

REVERSED_LIMIT = 1.0


def turned(scan: Scan, patterns: Patterns, family: Part) -> Iterator[Found]:
    """`Family Given` and `Family, Given`."""
    at = family.at + 1
    if at >= len(scan) or family.hit.ending.startswith("'"):
        return
    if not _may_be_turned(scan, family.at):
        return
    for given in parts_at(scan, at, patterns.givens):
        for person in patterns.pairs.get((given.token, family.token), ()):
            cost = given.hit.cost + family.hit.cost
            if len(person.given) > 1 or cost > REVERSED_LIMIT or given.start != scan.starts[at]:
                continue
            if kin_after(scan.text, given.end) is not None:
                continue
            end = _patronymic_end(scan, at)
            if end is not None and not father_fits(scan, person, range(at + 1, at + 2)):
                continue
            if end is None or (given.hit.ending and not _case_fits(given, family)):
                continue
            yield Found(
                person.entity, person.alias, family.start, end,
                "reversed", cost, (family, given),
            )  # fmt: skip


def _may_be_turned(scan: Scan, at: int) -> bool:
    gap = scan.gap(at, at + 1)
    comma = "," in gap
    if not is_turned(gap) or (comma and _and_follows(scan, at + 1)):
        return False
    return _stands_alone(scan, at, comma=comma)


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
