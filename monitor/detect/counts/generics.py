"""Whom people, names and other plain nouns mean: the named, a group, or the list spoken of."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.topics import (
    LISTED_MOST,
    follows_part,
    in_talk,
    is_penal,
    meaning,
    names_state_body,
    topic_of,
)
from monitor.detect.counts.wording import ABLATIVE


def generic_category(case: Case) -> str | None:
    """The category of "people" or "names": named in the clause, a group's, or the list's."""
    named = of_group(case) or _subject_group(case) or _among(case) or cause(case) or _named(case)
    if named is not None:
        return named
    if _is_nation(case) and not case.sentence.has("captive", *case.zone):
        return None
    if _at_protest(case):
        return "protest_detainee"
    whole = case.number.value >= LISTED_MOST and case.sentence.has("captive")
    if whole or is_penal(case):
        return GENERAL
    return _predicate(case) or _described(case) or _of_list(case) or _freed(case)


def _named(case: Case) -> str | None:
    """Prisoners the clause names, or says to be political."""
    sentence, (low, high) = case.sentence, case.zone
    held = [
        mark
        for mark in sentence.within("cat", low, high)
        if case.registry.held(mark.value.partition("/")[0]) and mark.value != "life_sentenced"
    ]
    if held:
        return meaning(case, ([m for m in held if m.end <= case.number.start] or held)[-1])
    if any(m.value == "life_sentenced" for m in sentence.within("cat", low, case.number.start)):
        return "life_sentenced"
    listed = case.context.topic == "political_prisoner" and sentence.has("list", low, high)
    return "political_prisoner" if listed or sentence.has("political") else None


def _described(case: Case) -> str | None:
    """What the people of a part are said to be after it."""
    if not (follows_part(case) or case.context.total is not None):
        return None
    marks = case.sentence.within("cat", case.number.end, case.zone[1])
    return next((mark.value for mark in marks if mark.value != "other"), None)


def _of_list(case: Case) -> str | None:
    """The list spoken of; a list of nobody named is one of political prisoners."""
    if not (case.sentence.has("list") or in_talk(case)):
        return None
    listed = case.sentence.has("list", *case.zone)
    return topic_of(case) or ("political_prisoner" if listed else None)


def _freed(case: Case) -> str | None:
    """People freed, by no act of grace, in a text about political prisoners: they are these."""
    decreed = case.context.decreed or case.sentence.has("decree")
    freed = case.sentence.has("out", *case.zone) and not decreed
    return "political_prisoner" if freed and case.context.theme else None


def _is_nation(case: Case) -> bool:
    """Whether the people are only named as those of a country: "40 Azerbaijanis"."""
    noun = case.phrase.last("generic")
    return noun is not None and any(
        mark.start == noun.start for mark in case.sentence.marks.get("place", ())
    )


def of_group(case: Case) -> str | None:
    """The group of the list that the clause names: “Milli azlıqlar” qrupuna 5 nəfər daxildir."""
    sentence, high = case.sentence, case.number.start
    for mark in reversed(sentence.within("cat", sentence.start, high)):
        if mark.start < case.zone[0] and "," in sentence.text(mark.end, high):
            break
        before = sentence.text(mark.start - 20, mark.start)
        if _GROUP.match(sentence.folded, mark.end, high) or _GROUP_OF.search(before):
            return mark.value
    return None


_GROUP = re.compile(r'[")\s]*(?:qrup|kateqori|bölm|групп|категор|раздел|groups?\b|categor)')
_GROUP_OF = re.compile(
    r'(?<!рабочей )(?<!рабочая )(?:групп|категор|раздел|group|category|section)\w* ["(]*$'
    r"|(?:^|[,;] |причислен\w* |отнесен\w* |относ\w* )ко? $"
)


def _predicate(case: Case) -> str | None:
    """What the people are said to be at once: "119 человек, составляют верующие"."""
    sentence, end = case.sentence, case.phrase.end
    cat = sentence.after("cat", end, PREDICATE_REACH)
    if cat is None or case.registry.held(cat.value) or cat.value == "other":
        return None
    return cat.value if _MAKE_UP.fullmatch(sentence.text(end, cat.start)) else None


PREDICATE_REACH = 16
"""Characters between the people and what they are said to be."""
_MAKE_UP = re.compile(r",? (?:составляют|это|– это|–|are|were) ")


def _among(case: Case) -> str | None:
    """A group in which so many people are: "müharibə əleyhdarları arasında üç nəfər"."""
    sentence, (low, high) = case.sentence, case.before()
    for mark in reversed(sentence.within("cat", low, high)):
        group = not case.registry.held(mark.value) and mark.value != "other"
        if group and _AMONG.match(sentence.text(mark.end, high)):
            return mark.value
    return None


_AMONG = re.compile(r" aras[iı]nda(?: (?:isə|da|də))? ")


def cause(case: Case) -> str | None:
    """The group told as the reason: "за антивоенные высказывания", "müharibə əleyhinə … görə"."""
    sentence = case.sentence
    for mark in sentence.within("cat", *case.zone):
        if mark.value not in ("anti_war", "believer"):
            continue
        before = sentence.text(mark.start - CAUSE_REACH, mark.end)
        if _FOR.search(before) or _BECAUSE.match(sentence.text(mark.end, mark.end + 30)):
            return mark.value
    return None


CAUSE_REACH = 40
"""Characters between the preposition and the cause it leads to."""
_FOR = re.compile(r"\b(?:за|for|из-за|по|because of) [^,.;:\d]*$")
_BECAUSE = re.compile(r"[^.;:,]{0,20}\b(?:görə|ucbat|səbəb)")


def _subject_group(case: Case) -> str | None:
    """The group that is "so many people": az `mühacirlər 5 nəfərdir`, `fəallardan 3 nəfər`."""
    sentence, (low, high) = case.sentence, case.before()
    cats = sentence.within("cat", low, high)
    if not sentence.turkic or not cats or not case.context.monitored:
        return None
    noun, between = cats[-1], sentence.text(cats[-1].end, high)
    held = case.registry.held(noun.value) or noun.value == "other"
    if held or "," in between or len(between) > NOUN_REACH:
        return None
    ablative = ABLATIVE.search(sentence.text(noun.start, noun.end)) and len(between) < 6
    plural = _PLURAL.search(sentence.text(noun.start, noun.end)) and case.phrase.stop != ""
    return noun.value if ablative or plural else None


NOUN_REACH = 40
"""Characters between a group and the number of its people."""
_PLURAL = re.compile(r"(?:lar|lər|ler)$")


def _at_protest(case: Case) -> bool:
    sentence = case.sentence
    many = (
        sentence.has("police") or names_state_body(sentence, _POLICE)
    ) and case.number.value >= ROUND_UP
    rallied = any(not sentence.is_dated(mark.start) for mark in sentence.marks.get("protest", ()))
    seized = sentence.has("arrest", *case.zone) and (rallied or many)
    seized = seized or (rallied and sentence.has("captive", *case.zone))
    return seized and not (sentence.has("list") or sentence.has("recognise"))


_POLICE = re.compile(
    r"polic|polis|полици|мвд|внутренних дел|interior|internal affairs|daxili işlər"
)
"""State bodies that command the police."""
ROUND_UP = 20
"""So many people detained by the police at once are taken from a crowd."""
