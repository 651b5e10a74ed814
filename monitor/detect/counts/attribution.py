"""Who counted, where, and as of when: by clause, then sentence, then what earlier ones left."""

import re

from monitor.detect.counts.answers import Counter
from monitor.detect.counts.case import Case
from monitor.detect.counts.context import Context
from monitor.detect.counts.dates import AT, Dated, shift
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.registry import Registry
from monitor.detect.counts.sentence import UNNAMED, Sentence

SAY_REACH = 60
"""Characters between a name and the verb that makes it speak."""
_FOREIGNERS = frozenset({"captive", "prisoner_of_war"})
"""The country named with these is theirs, not where they are held, unless it says "in"."""
_ELSEWHERE = frozenset({"deported_emigrant"})
"""The country named with these is where they were, not where they are held."""


def counters(sentence: Sentence, context: Context, registry: Registry) -> list[Mark]:
    """The organisations that speak or count in a sentence, in order."""
    found = [
        mark
        for mark in sentence.marks.get("org", ())
        if says(sentence, mark) or not _is_force(sentence, mark)
    ]
    found += [mark for mark in sentence.marks.get("org_speaks", ()) if says(sentence, mark)]
    for short in sentence.marks.get("org_short", ()):
        shared = registry.called(context.org, sentence.text(short.start, short.end))
        mark = short._replace(value=context.org) if shared and context.org else short
        known = context.org == mark.value
        at_home = registry.home(mark.value) in (context.place, context.last_place)
        if known or (at_home and registry.home(mark.value) and says(sentence, mark)):
            found.append(mark)
    found += [
        Mark("org_speaks", "GOV", mark.start, mark.end)
        for mark in sentence.marks.get("place", ())
        if sentence.after("speech", mark.end, 1) is not None and _opens_clause(sentence, mark)
    ]
    return sorted(_plain(found), key=lambda mark: mark.start)


def _opens_clause(sentence: Sentence, mark: Mark) -> bool:
    """Whether a country or capital is the subject: "Baku says", not "the press of Baku says"."""
    before = sentence.text(sentence.start, mark.start).rstrip()
    return not before or before[-1] in ',;:–"('


def _is_force(sentence: Sentence, mark: Mark) -> bool:
    """Whether the police or a court is named: they act more often than they count."""
    named = mark.value == "GOV"
    return named and _FORCE.search(sentence.text(mark.start, mark.end)) is not None


_FORCE = re.compile(r"polis|polic|полици|\bсуд|court|məhkəmə|mahkeme")


def _plain(marks: list[Mark]) -> list[Mark]:
    """Without a loose mention inside or beside a named one."""
    named = [mark for mark in marks if mark.label == "org"]
    return [
        mark
        for mark in marks
        if mark.label == "org" or not any(n.start <= mark.start < n.end for n in named)
    ]


def says(sentence: Sentence, mark: Mark) -> bool:
    """Whether a verb of saying or counting stands near the name."""
    low, high = mark.start - SAY_REACH, mark.end + SAY_REACH
    deeds = ("list", "in", "out", "arrest", "recognise")
    done = {found.start for label in deeds for found in sentence.marks.get(label, ())}
    if mark.label == "org_speaks" and any(0 <= mark.start - n.end <= 3 for n in sentence.numbers):
        return False
    return any(
        low <= say.start and say.end <= high
        for say in sentence.marks.get("say", ())
        if mark.label == "org_short" or say.start not in done
    )


def counter(case: Case) -> Counter:
    """Who counted a number, from the organisations of its own sentence."""
    found = case.sentence.counters
    if not found:
        return Counter()
    low, high = case.zone
    inside = [mark for mark in found if mark.start >= low and mark.end <= high]
    inside = [mark for mark in inside if mark.label == "org"] or inside
    if len(inside) > 1:
        inside = [min(inside, key=lambda mark: abs(mark.start - case.number.start))]
    chosen = inside or [mark for mark in found if mark.start < low][-1:] or _after(case)
    return named(case.sentence, chosen[0], "same_sentence") if chosen else Counter()


def _after(case: Case) -> list[Mark]:
    """The first counter after the clause, unless it opens the clause of another number."""
    zones = zip(case.sentence.zones, case.sentence.numbers, strict=True)
    others = [(low, number.start) for (low, _), number in zones if number != case.number]
    return [
        mark
        for mark in case.sentence.counters
        if not any(low <= mark.start < at for low, at in others)
    ][:1]


def named(sentence: Sentence, mark: Mark, basis: str) -> Counter:
    """The counter a mark names; unnamed local groups keep their words but have no id."""
    org = None if mark.value == UNNAMED else mark.value
    return Counter(org, sentence.source[mark.start : mark.end], basis)


def place(case: Case, category: str) -> str | None:
    """The country the sentence gives a number: that of its clause, else one named before it."""
    sentence = case.sentence
    if category in _ELSEWHERE:
        return None
    low, high = case.zone
    inside = [m for m in sentence.within("place", low, high) if not _is_goal(sentence, m)]
    low, high = case.number.end, case.phrase.end
    inside = [mark for mark in inside if not low <= mark.start < high] or inside
    located = [mark for mark in inside if _located(sentence, mark)]
    if category in _FOREIGNERS:
        inside = located
    if inside:
        pool = located or inside
        return min(pool, key=case.gap).value
    if category in _FOREIGNERS:
        return None
    others = [n for n in sentence.zones if n != case.zone]
    marks = [
        mark
        for mark in sentence.marks.get("place", [])
        if (mark.end <= case.number.start or not any(a <= mark.start < b for a, b in others))
        and not _is_goal(sentence, mark)
    ]
    if marks:
        earlier = [mark for mark in marks if mark.end <= case.number.start]
        return (earlier[-1] if earlier else marks[0]).value
    return None


def _is_goal(sentence: Sentence, mark: Mark) -> bool:
    """Whether a country is where people were taken or came from: "to Lithuania", «в Литву»."""
    if sentence.slavic:
        return sentence.text(mark.start, mark.end).endswith(("у", "ю"))
    return _GOAL.search(sentence.text(mark.start - 6, mark.start)) is not None


_GOAL = re.compile(r"\b(?:to|into|from) $")


def _located(sentence: Sentence, mark: Mark) -> bool:
    return sentence.before("place_lead", mark.start, 1) is not None


def when(case: Case, role: str, base: str | None) -> tuple[str | None, str, str | None]:
    """As-of date, its basis, and the start of the period, from the dates of the sentence."""
    low, high = case.zone
    dates = case.sentence.dates
    since = [date for date in dates if date.role == "since"]
    usable = [date for date in dates if date.role in AT and (date.day or date.back)]
    inside = [date for date in usable if date.start >= low and date.end <= high]
    chosen = _pick(case, inside)
    start = next((date.day for date in since if low <= date.start < high), None)
    start = start or (since[0].day if since else None)
    if chosen is None and role != "prior":
        chosen = _of_sentence(case, usable)
    if chosen is None:
        return None, "none", start
    return _day(chosen, base), "relative" if chosen.basis == "relative" else "stated", start


def _of_sentence(case: Case, dates: list[Dated]) -> Dated | None:
    """The date that opens the sentence holds for every number that brings none of its own."""
    sentence = case.sentence
    first = sentence.numbers[0].start
    own = sentence.has("now", *case.zone) or sentence.has("org", *case.zone)
    plain = [date for date in dates if not date.back.endswith(("y", "m"))]
    last = sentence.numbers[-1].end
    shared = [
        date
        for date in plain
        if (date.end <= first and ";" not in sentence.text(date.end, case.number.start))
        or (date.role == "as_of" and date.start >= last)
    ]
    return None if own or not shared else _pick(case, shared)


def _pick(case: Case, dates: list[Dated]) -> Dated | None:
    """An "as of" date first, then the nearest; a day rather than the year it lies in."""
    stated = [date for date in dates if date.role == "as_of"]
    nearest = min(stated or dates, key=case.gap, default=None)
    if nearest is None or not nearest.day:
        return nearest
    within = [date for date in dates if date.day.startswith(nearest.day)]
    return max(within, key=lambda date: (len(date.day), -case.gap(date)))


def _day(date: Dated, base: str | None) -> str | None:
    if date.back and date.back[-1] == "y" and base:
        return shift(base, date.back)
    return date.day or None
