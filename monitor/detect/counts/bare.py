"""Bare numbers: nothing countable follows, the noun stands before or is the list spoken of."""

import re

from monitor.detect.counts.answers import Head
from monitor.detect.counts.case import Case
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.generics import cause, of_group
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.phrases import VERBS
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.topics import (
    LISTED_MOST,
    acts,
    in_talk,
    is_penal,
    is_talking,
    meaning,
    of_party,
    topic_of,
)


def is_labelled(case: Case) -> bool:
    """Whether the number names a thing: "Prison No. 9", "article 234"; not after a colon.

    A year right after the prisoners names a list: "Political Prisoners 2025".
    """
    sentence, start = case.sentence, case.number.start
    if case.number.value in _YEARS and sentence.before("cat", start, 1) is not None:
        return True
    label = sentence.before("label_before", start, 2)
    if label is None or ":" in sentence.text(label.end, start):
        return False
    amounts = sentence.before("amounts", start, 1)
    return amounts is None or sentence.before("cat", amounts.start, GROUP_GAP) is None


_YEARS = range(1990, 2100)
"""Numbers that are years where they follow their prisoners at once."""
GROUP_GAP = 12
"""Room for "sentences" between those who serve life and the verb "number"."""


def is_bare(case: Case) -> bool:
    """Whether nothing countable follows: the sentence ends, or a verb or preposition follows."""
    if case.phrase.bare and case.phrase.stop in ("", "break"):
        return not is_labelled(case)
    qualifier = case.sentence.after("qualifier_after", case.number.end, 1)
    ends = (case.number.end, qualifier.end if qualifier else case.number.end)
    follows = any(case.sentence.after("follower", end, 2) is not None for end in ends)
    follows = follows or verb_follows(case) or case.phrase.verb or case.number.people
    dated = any(0 <= date.start - case.number.end <= 2 for date in case.sentence.dates)
    return (follows or dated) and not case.phrase.marks and not is_labelled(case)


def verb_follows(case: Case) -> bool:
    """Whether a verb of rise, fall or being follows the number at once: `392-yə çatıb`."""
    end = case.number.end
    labels = ("dir", "change", "past", "than", "remain", *VERBS)
    return any(case.sentence.after(label, end, 1) for label in labels)


def _before_qualifiers(sentence: Sentence, offset: int) -> int:
    """The offset before the qualifier, "more" and range words that precede a number."""
    opened = _RANGE_OPENS.search(sentence.text(offset - 16, offset))
    offset -= len(opened.group()) if opened else 0
    for _ in range(3):
        mark = sentence.before("qualifier_before", offset) or sentence.before("more", offset)
        if mark is None:
            return offset
        offset = mark.start
    return offset


_RANGE_OPENS = re.compile(r"\b(?:between|ranged from|ranging from|от|между) $")


def _leads_on(case: Case) -> bool:
    """Whether an ablative number leads to the next ("303-dən 375-ə yüksəlib")."""
    ablative = case.number.ending.endswith(("dan", "dən", "den", "tan", "ten"))
    return ablative and any(n.start > case.number.end for n in case.sentence.numbers)


def _is_age(case: Case) -> bool:
    """Whether a bare number is somebody's age: "the oldest is 74"."""
    sentence, number = case.sentence, case.number
    if number.value >= OLDEST:
        return False
    young = sentence.within("subset", number.start - 30, number.start)
    if number.high and number.high < ADULT and any(mark.value == "minors" for mark in young):
        return True
    named = _AFTER_NAME.search(
        sentence.source, max(sentence.start, number.start - 20), number.start
    )
    apart = sentence.text(number.end, number.end + 1) in (",", ")", ".")
    return sentence.has("aged", case.zone[0] - AGES_REACH, number.start) or (
        named is not None and apart
    )


ADULT = 22
"""Years at which a range of ages after "minors" must end."""
AGES_REACH = 14
"""Characters before the clause in which "aged" still speaks of its number."""
OLDEST = 110
"""No prisoner is older than this many years."""
_AFTER_NAME = re.compile(r"[A-ZƏİŞÇĞÖÜА-Я][\w’'-]+(?:, | \()$")


def is_named_age(case: Case) -> bool:
    """Whether a bare number between commas is the age of somebody named in full."""
    sentence, number = case.sentence, case.number
    named = _FULL_NAME.search(sentence.source, max(sentence.start, number.start - 40), number.start)
    if named is None or number.value >= OLDEST or sentence.text(number.end, number.end + 1) != ",":
        return False
    return sentence.before("place", number.start) is None


_FULL_NAME = re.compile(r"[A-ZƏİŞÇĞÖÜА-Я][\w’'-]+ [A-ZƏİŞÇĞÖÜА-Я][\w’'-]+, $")


def subject(case: Case) -> Head | None:
    """The category stands before the number: `Məhbusların sayı 233-ə çatıb`."""
    if not is_bare(case) or _is_age(case):
        return None
    low, high = case.before()
    sentence = case.sentence
    cats = [
        mark
        for mark in sentence.within("cat", low, high)
        if mark.value != "other" and sentence.after("tells", mark.end, 1) is None
    ]
    members = case.sentence.within("member", low, high)
    if members and case.sentence.has("number_of", low, high) and of_party(case):
        return Head("subject", "opposition_member", case.number.end)
    if not cats:
        return None
    counted = case.sentence.has("number_of", low, high) or case.sentence.has("list", low, high)
    near = case.number.start - cats[-1].end <= 40
    if not (counted or (near and case.registry.held(cats[-1].value))):
        return None
    noun = _numbered(case, cats)
    category, _, subset = meaning(case, noun).partition("/")
    subset = subset or described(case, noun)
    return Head("subject", category, case.number.end, subset or None)


def _numbered(case: Case, cats: list[Mark]) -> Mark:
    """The noun whose number is told: the first after "the number of", else the last."""
    counted = case.sentence.within("number_of", *case.before())
    after = [
        mark
        for mark in cats
        if counted and 0 <= mark.start - counted[-1].end <= 2 and mark.value != GENERAL
    ]
    return (after or cats[-1:])[0]


def described(case: Case, noun: Mark) -> str:
    """Women, minors … said before the noun whose number is told: "qadın məhbusların sayı"."""
    own = case.sentence.within("subset", case.zone[0], noun.start)
    return own[-1].value if own else ""


def country(case: Case) -> Head | None:
    """An entry of a country list: `Vietnam (28)`, `50 in China`, `China with 50`."""
    sentence, number = case.sentence, case.number
    cats = [meaning(case, mark).partition("/")[0] for mark in sentence.marks.get("cat", ())]
    topic = topic_of(case) if is_talking(case) or not cats else cats[0]
    if not is_bare(case) or topic is None:
        return None
    before = [mark for mark in sentence.within("place", *case.before()) if mark.value != "WORLD"]
    named = bool(before) and _leads_to(case, before[-1])
    named = named or (sentence.has("respectively") and sentence.has("place"))
    if not named and sentence.after("place", number.end, 10) is None:
        return None
    return Head("country-list", topic, number.end, loose=case.registry.held(topic))


def _leads_to(case: Case, place: Mark) -> bool:
    """Whether a country before the number is the one counted: "China (50)", "Belarus with 25"."""
    sentence, start = case.sentence, case.number.start
    if sentence.has("respectively") or _WITH.search(sentence.text(start - 6, start)):
        return True
    return _PLACE_GAP.fullmatch(sentence.text(place.end, start)) is not None


_PLACE_GAP = re.compile(r"(?:'s)?\s*(?:\(|[–:-]|,? with|,? ilə|)\s*$")
_WITH = re.compile(r"\b(?:with|с|со|con|avec|mit|z|із|з) $")


def ellipsis(case: Case) -> Head | None:
    """A bare number after to, from, was, уже, isə, a dash: the list spoken of is meant."""
    topic = of_group(case) or cause(case) or (GENERAL if is_penal(case) else topic_of(case))
    whole = case.number.value >= LISTED_MOST and case.sentence.has("captive")
    topic = GENERAL if whole and topic is None else topic
    if topic is None or not is_bare(case) or not (whole or in_talk(case)) or _is_age(case):
        return None
    sentence, number = case.sentence, case.number
    start = _before_qualifiers(sentence, number.start)
    leads = (
        ("expect", start),
        ("prior_before", start),
        ("expect", number.start),
        ("remain", start),
    )
    led = next((m for label, at in leads if (m := sentence.before(label, at, 3))), None)
    by = sentence.before("by", start, 1) if sentence.has("change") else None
    told = sentence.before("number_of", start, 1) or sentence.before("say", start, 1)
    led = led or by or told
    tail = sentence.text(start - 3, start)
    pointed = "–" in tail or ":" in tail
    dated = is_talking(case) and any(0 <= d.start - number.end <= 4 for d in sentence.dates)
    if dated or _leads_on(case):
        return Head("ellipsis", topic, number.end, loose=True)
    acted = {mark.start for mark in sentence.marks.get("arrest", ())}
    held = any(mark.start not in acted for mark in sentence.within("captive", *case.zone))
    follows = case.phrase.verb or case.number.people or verb_follows(case)
    if led is None and not (pointed or held or acts(case) or follows or whole):
        return None
    return Head("ellipsis", topic, number.end, loose=True)
