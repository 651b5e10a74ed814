"""Whether the counted are deprived of liberty, and the number is meant at all.

Only judged here: what a refused number leaves to later ones is settled in `heads`.
"""

import re

from monitor.detect.counts.answers import Head
from monitor.detect.counts.case import Case
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.topics import is_talking, lists_named


def is_held(case: Case, head: Head) -> bool:
    """Whether the counted are deprived of liberty: by their name, the text or the list."""
    sentence = case.sentence
    if is_vetoed(case):
        return False
    if _hangs_on_refused(case, head) or (head.loose and sentence.has("other_list")):
        return False
    if case.registry.held(head.category) or head.loose:
        return True
    zone = case.zone[0], sentence.end if head.rule == "shared" else _chain_end(case)
    if sentence.has("captive", *zone) or is_talking(case) or _counted_here(case, head):
        return True
    if sentence.has("list") and head.rule in ("subject", "left-label", "partitive", "shared"):
        return True
    known = case.context.topic is not None and (
        case.context.listed or case.context.total is not None
    )
    return known or (not sentence.has("captive") and case.context.holds(sentence))


def died_outside(case: Case, head: Head) -> bool:
    """Whether the counted died, and nothing says that it was in custody."""
    sentence, zone = case.sentence, case.zone
    named = case.registry.held(head.category) and not head.loose
    if named or not sentence.has("death", *zone) or sentence.has("custody", *zone):
        return False
    if sentence.after("part", case.number.end, 2) is not None:
        return False
    freed = any(sentence.has(label, *zone) for label in ("out", "in", "list"))
    return not (freed or sentence.has("captive", *zone) or sentence.has("part", *case.before()))


def _counted_here(case: Case, head: Head) -> bool:
    """Whether a counter of such people, or a list of political prisoners, is named here."""
    sentence = case.sentence
    counts = lists_named(case)
    listed = sentence.has("list") or head.rule == "left-label"
    return head.category in counts or (listed and "political_prisoner" in counts)


def _hangs_on_refused(case: Case, head: Head) -> bool:
    """Whether the number is one "of them" where they were not held: "551 killed, 68 of them …"."""
    refused = case.context.refused == case.context.index
    return refused and head.loose and not case.sentence.has("captive", *case.zone)


def is_supposed(case: Case) -> bool:
    """Whether the number is a forecast, a supposition or a threshold.

    "If there were 146 in 2020, now …" compares.
    """
    sentence = case.sentence
    if sentence.before("threshold", case.number.start, 4):
        return True
    if sentence.turkic and _FUTURE.search(sentence.text(*case.zone)):
        return True
    marks = [mark for mark in sentence.within("hypothetical", *case.zone) if _governs(case, mark)]
    ifs = {(mark.start, mark.end) for mark in sentence.marks.get("if", ())}
    if any((mark.start, mark.end) not in ifs for mark in marks):
        return True
    compares = (
        sentence.has("past", *case.zone)
        or sentence.has("now")
        or _IF_THEN.search(sentence.text(sentence.start, sentence.end))
    )
    return bool(marks) and not compares


_FUTURE = re.compile(
    r"(?<![^\W\d])[^\W\d]{2,}(?:(?:acaq|əcək|acak|ecek)(?:dir|lar|lər|ler|t[iı]r)?|(?:acağ|əcəy)[iı]n[iı])\b"
)
_IF_THEN = re.compile(r"\d[^\d]*, то [^\d]*\d|\d[^\d]*, then [^\d]*\d")
"""Two figures of an "if" that compares: "если союз насчитал 357, то центр – 298"."""


def _governs(case: Case, mark: Mark) -> bool:
    """Whether a word of forecast stands in the number's own clause."""
    if mark.start >= case.number.end:
        between = case.sentence.text(max(case.phrase.end, case.number.end), mark.start)
        return _CLAUSE.search(between) is None
    return _TURN.search(case.sentence.text(mark.end, case.number.start)) is None


_CLAUSE = re.compile(r"[,;]| (?:and|but|и|но|və|amma) ")
_TURN = re.compile(r"[,;] (?:а|но|but|while|amma|lakin|isə) ")


def is_vetoed(case: Case) -> bool:
    """Whether the nearest telling word says something other than captivity: fined, gathered."""
    zone = case.zone[0], _chain_end(case)
    captive = _nearness(case, "captive", zone)
    if any(mark.end <= case.number.start for mark in case.sentence.within("arrest", *zone)):
        comma = _PAUSE.search(case.sentence.folded, case.phrase.end, zone[1])
        zone = zone[0], comma.start() if comma else zone[1]
    vetoes = _nearness(case, "veto", zone)
    return vetoes is not None and (captive is None or vetoes <= captive)


_PAUSE = re.compile(r"[,;]")


def _chain_end(case: Case) -> int:
    """Where the verb may stand that "20 lawyers and 30 reporters" share: the end of the chain."""
    end = case.zone[1]
    closed = case.phrase.end
    for low, high in case.sentence.zones:
        if low == end and not case.sentence.text(closed, low).strip():
            end = high
    return end


def _nearness(case: Case, label: str, zone: tuple[int, int]) -> int | None:
    """Characters between the noun phrase and the nearest mark of a label in the zone."""
    start, end = case.number.start, case.phrase.end
    decreed = case.sentence.has("decree")
    gaps = [
        mark.start - end if mark.start >= end else max(start - mark.end, 0)
        for mark in case.sentence.within(label, *zone)
        if not (decreed and _SIGNS.match(case.sentence.text(mark.start, mark.end)))
    ]
    return min(gaps, default=None)


_SIGNS = re.compile(r"sign|подпис|imza")
"""Signing frees nobody, but a decree is signed for those it frees."""


def is_withdrawn(case: Case) -> bool:
    """Whether the text takes the number back: "not 375 but 357", "səhvən 415 yazılmışdı"."""
    sentence, number = case.sentence, case.number
    for mark in sentence.within("retract", *case.zone):
        if mark.start >= number.end or "," not in sentence.text(mark.end, number.start):
            return True
    if sentence.turkic:
        return sentence.after("negation", max(number.end, case.phrase.end), 2) is not None
    return sentence.before("negation", number.start, 1) is not None
