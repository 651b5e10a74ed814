"""The list or census spoken of: what "names", "people" or a bare number mean."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence

LISTED_MOST = 10_000
"""No list of names is longer; more prisoners are those of a whole country."""


def is_talking(case: Case) -> bool:
    """Whether a number of this very sentence was read before."""
    return case.context.talking == case.context.index


def follows_part(case: Case) -> bool:
    """Whether words like "of whom" open the number's clause, or the rest is spoken of."""
    if not case.phrase.bare and case.phrase.strangers > 2:
        return False
    if case.context.chained:
        return True
    return case.sentence.has("part", *case.before()) or case.sentence.has("rest", *case.before())


def topic_of(case: Case) -> str | None:
    """The category spoken of: in the sentence before the number, else the one inherited."""
    if case.sentence.has("political", *case.before()):
        return "political_prisoner"
    marks = case.sentence.within("cat", case.sentence.start, case.number.start)
    held = [m for m in marks if case.registry.held(m.value) and m.value != "life_sentenced"]
    return _counted_here(case, held) or _named_here(case, held) or _inherited(case, marks)


def _counted_here(case: Case, held: list[Mark]) -> str | None:
    """What the numbers before in the sentence counted, unless other prisoners are named since."""
    spoken = case.context.sentence_topic if is_talking(case) else None
    if spoken is None:
        return None
    people, group = case.phrase.last("generic") is not None, not case.registry.held(spoken)
    if people and group and case.context.topic == "political_prisoner":
        return "political_prisoner"
    since = min(case.zone[0], case.context.sentence_topic_at)
    return None if any(mark.start >= since for mark in held) else spoken


def _named_here(case: Case, held: list[Mark]) -> str | None:
    """The prisoners named last before the number; in an earlier clause, only without a topic."""
    if not held:
        return None
    last, topic = held[-1], case.context.topic
    own = last.start >= case.zone[0] or last.value == "political_prisoner"
    return meaning(case, last).partition("/")[0] if own or topic is None else None


def _inherited(case: Case, marks: list[Mark]) -> str | None:
    """What the one counter named keeps a list of, what earlier sentences left, or any noun."""
    counted = lists_named(case)
    inherited = case.context.topic
    if len(counted) == 1 and inherited not in counted:
        return counted.pop()
    if case.sentence.has("list") and not case.context.census_of(inherited, case.registry):
        return "political_prisoner"
    if inherited is not None:
        return inherited
    return marks[0].value.partition("/")[0] if marks else None


def in_talk(case: Case) -> bool:
    """Whether the list spoken of is still near enough for a loose noun to mean it."""
    sentence = case.sentence
    here = case.context.topic_block == case.context.block or sentence.line.bullet
    moved = here or acts(case) or sentence.has("part", *case.before()) or _on_list(case)
    return (
        sentence.has("list")
        or bool(lists_named(case))
        or (case.context.topic is not None and moved)
        or is_talking(case)
        or any(case.registry.held(mark.value) for mark in sentence.marks.get("cat", ()))
        or (
            sentence.has("captive", *case.zone)
            and sentence.has("cat", sentence.start, case.zone[0])
        )
    )


def _on_list(case: Case) -> bool:
    """Whether the number counts names, or people said to be held."""
    entries = case.sentence.within("entry", case.number.end, case.phrase.end)
    held = case.sentence.has("captive", *case.zone)
    told = case.context.monitored and case.sentence.has("number_of", *case.before())
    return (
        bool(entries)
        or held
        or told
        or (case.context.monitored and case.sentence.compares_countries)
    )


def acts(case: Case) -> bool:
    """Whether the clause puts people on a list, off it, or in and out of prison."""
    return any(case.sentence.has(label, *case.zone) for label in ("out", "in", "arrest", "death"))


def of_party(case: Case) -> bool:
    """Whether the sentence or the one before names a party."""
    return case.sentence.has("party") or case.context.party


def lists_named(case: Case) -> set[str]:
    """The categories of which counters named in the sentence keep lists."""
    kept = (case.registry.counts(mark.value) for mark in case.sentence.counters)
    return {category for category in kept if category is not None}


def meaning(case: Case, mark: Mark) -> str:
    """What a category word means here: plain "prisoners" are those of the list spoken of."""
    political = case.sentence.has("political", *case.zone) or _is_list_of(case, mark)
    if mark.value == GENERAL and political:
        return "political_prisoner"
    foreign = case.context.topic in ("captive", "prisoner_of_war")
    if mark.value != GENERAL or foreign or not case.context.monitored or is_penal(case):
        return mark.value
    if case.number.value >= LISTED_MOST:
        return GENERAL
    listed = _is_listed(case) or case.context.topic in lists_named(case)
    kept = lists_named(case)
    if case.context.topic is None and len(kept) == 1 and case.sentence.has("list"):
        return kept.pop()
    if listed or case.sentence.has("listable", mark.start, mark.end):
        return case.context.topic or GENERAL
    return GENERAL


def _is_list_of(case: Case, mark: Mark) -> bool:
    """Whether a list of plain "prisoners" is counted: rights groups keep those of politics."""
    sentence = case.sentence
    listed = sentence.has("listable", mark.start, mark.end) and _is_listed(case)
    return listed and case.number.value < LISTED_MOST and not is_penal(case)


def names_state_body(
    sentence: Sentence, kind: re.Pattern[str], zone: tuple[int, int] | None = None
) -> bool:
    """Whether a state body of a kind is named in a zone (default: the sentence)."""
    low, high = zone or (sentence.start, sentence.end)
    return any(
        mark.value == "GOV" and kind.search(sentence.text(mark.start, mark.end))
        for mark in sentence.within("org", low, high)
    )


_PRISON_OFFICE = re.compile(
    r"penit|prison|justice|пенитенц|юстиц|фсин|исполнени|ədliyyə|adalet|cezaev"
)
"""State bodies that run the prisons."""


def _is_listed(case: Case) -> bool:
    """Whether the number's own clause speaks of a list: before it, or after it without a comma."""
    sentence = case.sentence
    if sentence.has("list", sentence.start, case.number.start):
        return True
    after = sentence.within("list", case.phrase.end, case.zone[1])
    return bool(after) and (
        sentence.turkic or "," not in sentence.text(case.phrase.end, after[0].start)
    )


def is_penal(case: Case) -> bool:
    """Whether the clause is about prisons at large: their office speaks, or a pardon frees."""
    sentence, zone = case.sentence, case.zone
    cats = {mark.value for mark in sentence.within("cat", *zone)}
    if "political_prisoner" in cats or _is_listed(case) or sentence.has("political"):
        return False
    if follows_part(case):
        return False
    if sentence.has("penitentiary", *zone) or names_state_body(sentence, _PRISON_OFFICE, zone):
        return True
    if "political_prisoner" in lists_named(case):
        return False
    if not case.phrase.marks and case.context.topic_block == case.context.block:
        return False
    decreed = sentence.has("decree") or case.context.decreed
    return decreed and sentence.has("out", *zone)
