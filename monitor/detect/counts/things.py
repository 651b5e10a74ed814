"""Bare numbers whose own clause says what they count, and it is no people: "trials rose to 40"."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.sentence import Sentence

_PEOPLE = (
    *("cat", "generic", "subset", "member", "entry", "list", "political", "captive", "arrest"),
    *("out", "in", "death", "recognise", "place", "org", "case", "part", "rest"),
)
"""Tables with words for people, for what is done to them, or for the list they stand on."""
_OF = {
    "en": re.compile(r"\b(?:number|numbers|count|tally) of (?:the |all |its |such )?"),
    "ru": re.compile(r"\b(?:числ[оаеу]|количеств[оаеу]|численност\w+) |\bтаких (?=дел|случа)"),
    "uk": re.compile(r"\b(?:числ[оаіу]|кількіст\w+|чисельніст\w+) "),
}
"""What leads to the noun whose number is told."""
_NOUN = {
    "en": re.compile(r"(?:[^\W\d]+ )?[^\W\d]{3,}s\b"),
    **dict.fromkeys(
        ("ru", "uk"),
        re.compile(r"(?:[^\W\d]+(?:ых|их) )?[^\W\d]+(?:ов|ев|ей|ий|ел|ств|ек|ок|ів)\b"),
    ),
}
"""That noun in the plural, with an adjective."""
_TURKIC_NOUN = re.compile(r"([^\W\d]{2,}l[aəe]r[iı]n(?:[iı]n)?) say[iı]")
"""The az, tr noun in the genitive plural before its number: `cinayət işlərinin sayı`."""
_WHO = re.compile(r"[aəe]nl[aəe]r|^(?:on|bun|kim|olan)l[aəe]r|^(?:adam|insan|şəxs|kişi)")
"""Such words for people: `tutulanların`, `onların`."""


def counts_things(case: Case) -> bool:
    """Whether the clause of a bare number is about the number of something that is no people."""
    sentence, (low, high) = case.sentence, case.before()
    if sentence.turkic:
        nouns = list(_TURKIC_NOUN.finditer(sentence.folded, low, high))
        return bool(nouns) and not (
            _WHO.search(nouns[-1][1]) or _about_people(sentence, low, nouns[-1].end(1))
        )
    leads, noun = _OF.get(sentence.lang), _NOUN.get(sentence.lang)
    if leads is None or noun is None:
        return False
    for lead in leads.finditer(sentence.folded, low, high):
        found = noun.match(sentence.folded, lead.end(), high)
        if found is not None and not _about_people(sentence, lead.end(), high):
            return True
    return False


def _about_people(sentence: Sentence, low: int, high: int) -> bool:
    return any(
        mark.start < high and low < mark.end
        for label in _PEOPLE
        for mark in sentence.marks.get(label, ())
    )
