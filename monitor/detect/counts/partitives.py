"""Rules for parts of numbers told before, and for such numbers told again."""

import re
from dataclasses import replace

from monitor.detect.counts.answers import Head
from monitor.detect.counts.bare import is_bare
from monitor.detect.counts.case import Case
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.nouns import head_noun
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import noun_phrase
from monitor.detect.counts.topics import (
    acts,
    follows_part,
    in_talk,
    is_talking,
    meaning,
    topic_of,
)
from monitor.detect.counts.wording import ABLATIVE
from monitor.detect.counts.zones import OF_THE


def partitive(case: Case) -> Head | None:
    """N of them: `26 of them journalists`, `on səkkizi jurnalistdir`, `семеро из них осуждены`."""
    number = case.number
    part = case.sentence.after("part", number.end, 2)
    if (part is not None or number.possessive) and _of_other_things(case):
        return None
    whole = _whole_of(case)
    if whole is not None:
        return _of_whole(case, whole)
    if part is None and not (number.possessive or _is_said(case) or follows_part(case)):
        return None
    start = part.end if part else number.end
    any_noun = part is not None or case.sentence.has("part", *case.before())
    topic = topic_of(case)
    noun = _described(case, start, any_noun)
    if noun is not None and noun.label == "cat":
        category, _, subset = noun.value.partition("/")
        return Head("partitive", category, noun.end, subset or None)
    source = _taken_from(case)
    if source is not None and noun is None:
        category, _, subset = meaning(case, source).partition("/")
        return Head("group-before", category, start, subset or None)
    near = is_talking(case) or case.context.index - case.context.total_at <= 1
    told = near and (part is not None or number.possessive)
    if topic is None or (noun is None and not (acts(case) or told)):
        return None
    return Head("partitive", topic, start, noun.value if noun else None, loose=True)


def _taken_from(case: Case) -> Mark | None:
    """The az, tr noun in the ablative that the part is one of: "dindarlardan 16-sı həbsdədir"."""
    sentence = case.sentence
    if not (sentence.turkic and case.number.possessive):
        return None
    cats = sentence.within("cat", *case.before())
    taken = [mark for mark in cats if ABLATIVE.search(sentence.text(mark.start, mark.end))]
    return taken[-1] if taken and taken[-1].value != "other" else None


def _is_said(case: Case) -> bool:
    """Whether a bare number is the subject of what is said of the list: "eight are believers"."""
    sentence, end, context = case.sentence, case.number.end, case.context
    if _case_follows(case) and in_talk(case):
        return True
    spoken = context.monitored and context.index - context.topic_at <= LINK_REACH
    near = is_talking(case) or context.index - context.total_at <= 2 or spoken
    dash = _DASH.match(sentence.text(end, case.zone[1])) is not None
    return near and (dash or case.phrase.verb or sentence.after("copula", end, 1) is not None)


LINK_REACH = 3
"""Sentences after a list was spoken of in which "eight are believers" means eight of it."""
_DASH = re.compile(r" [–-] ")


def _whole_of(case: Case) -> Number | None:
    """The number that "of the …" leads to at once."""
    sentence, end = case.sentence, case.number.end
    following = next((n for n in sentence.numbers if n.start > end), None)
    if following is None or not OF_THE.fullmatch(sentence.text(end, following.start)):
        return None
    return following


def _case_follows(case: Case) -> bool:
    """Whether a case stands right after the number: "12 по делу Meydan TV"."""
    end = case.number.end
    return any(
        mark.value.startswith("case_group") and 0 <= mark.start - end <= 14
        for mark in case.sentence.marks.get("cat", ())
    )


def _of_whole(case: Case, whole: Number) -> Head | None:
    """A part before its total: "fourteen of the 392 political prisoners are women"."""
    phrase = noun_phrase(case.sentence, whole)
    noun = head_noun(phrase)
    told = case.context.told.get(whole.value)
    topic = meaning(case, noun) if noun else told.category if told else topic_of(case)
    described = _described(case, max(phrase.end, whole.end), True)
    if topic is None or (noun is None and told is None and not in_talk(case)):
        return None
    if described is not None and described.label == "cat":
        category, _, case_of = described.value.partition("/")
        return Head("partitive", category, described.end, case_of or None)
    subset = described.value if described else None
    return Head("partitive", topic.partition("/")[0], case.number.end, subset, loose=True)


def _of_other_things(case: Case) -> bool:
    """Whether "of them" means letters or votes counted before it, and no people."""
    things = [at for at in case.sentence.things if at < case.number.start]
    return bool(things) and not is_talking(case)


def _described(case: Case, start: int, any_noun: bool) -> Mark | None:
    """The category or subset said of a bare number in the rest of its zone.

    Words that say no more than "prisoner" describe only what "of them" leads to.
    """
    found = [
        mark
        for label in ("cat", "subset")
        for mark in case.sentence.within(label, start, min(case.zone[1], start + 70))
        if any_noun
        or not (label == "cat" and mark.value in (GENERAL, "political_prisoner"))
        or mark.value.startswith(("life", "case"))
    ]
    cases = [mark for mark in found if mark.value.startswith("case_group")]
    return min(cases or found, key=lambda mark: (mark.start, -mark.end), default=None)


def repeated(case: Case) -> Head | None:
    """A figure told again: "Out of the 324 …" is whom the 324 counted before."""
    number = case.number
    plain = {mark.label for mark in case.phrase.marks} <= {"generic"}
    if number.value < REPEATED or not (plain and (case.phrase.marks or is_bare(case))):
        return None
    told = case.context.told.get(number.value)
    return replace(told, rule="repeated", end=case.phrase.end, loose=True) if told else None


REPEATED = 20
"""Smaller figures are too common for a second one to mean the first."""
