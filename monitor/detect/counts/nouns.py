"""Rules for a noun after the number: "63 jailed journalists", "412 names", "14 women".

`subset` and `shared` count on the list spoken of, or on the noun of a later number.
"""

import re
from dataclasses import replace

from monitor.detect.counts.answers import Head
from monitor.detect.counts.case import Case
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.generics import generic_category, of_group
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.phrases import NounPhrase, noun_phrase
from monitor.detect.counts.topics import (
    in_talk,
    is_talking,
    lists_named,
    meaning,
    of_party,
    topic_of,
)

_IS = re.compile(r"\b(?:are|were|is|isə|ise|это|–) (?:already |still |all |now |hələ |уже )?$")


def right(case: Case) -> Head | None:
    """Number + at most four words + a category noun: "63 jailed opposition journalists"."""
    cat = head_noun(case.phrase)
    if cat is None or _speaks(case) or _is_object(case, cat):
        return None
    if cat.value == "other" and is_others(case, cat):
        topic = topic_of(case)
        return Head("generic", topic, case.phrase.end, loose=True) if topic else None
    category, _, subset = _counted(case, cat).partition("/")
    raw = case.sentence.text(cat.start, cat.end)
    return Head("right", category, case.phrase.end, subset or subset_of(case), raw)


def _counted(case: Case, cat: Mark) -> str:
    """The category and case of a noun; plain prisoners may be those of a list or a case."""
    named = case.sentence.after("cat", case.phrase.end, AS_REACH)
    if named is not None and _AS.fullmatch(case.sentence.text(case.phrase.end, named.start)):
        return named.value
    if cat.value == "national_minority" and _named_political(case):
        return "political_prisoner"
    if cat.value not in (GENERAL, "political_prisoner"):
        return cat.value
    if _serves_life(case):
        return "life_sentenced"
    cases = case.sentence.within("cat", *case.before())
    if cases and cases[-1].value.startswith("case_group/"):
        return cases[-1].value
    listed = cat.value == GENERAL and "political_prisoner" in lists_named(case)
    return "political_prisoner" if listed and not _pardoned(case) else meaning(case, cat)


def _pardoned(case: Case) -> bool:
    """Whether the prisoners are those an act of grace frees, of whatever kind."""
    decreed = case.context.decreed or case.sentence.has("decree")
    return decreed and case.sentence.has("out", *case.zone)


AS_REACH = 5
"""Room for "as"."""
_AS = re.compile(r" (?:as|как) ")
"""What the counted are recognised as: "16 detainees as political prisoners"."""


def _named_political(case: Case) -> bool:
    """Whether the sentence makes political prisoners of the people it counts."""
    sentence = case.sentence
    made = sentence.has("recognise") or sentence.has("in", *case.zone)
    prisoners = any(mark.value == "political_prisoner" for mark in sentence.marks.get("cat", ()))
    return made and prisoners


def _serves_life(case: Case) -> bool:
    """Whether the prisoners are said to serve life: "14 prisoners are serving life terms"."""
    sentence, low = case.sentence, case.phrase.end
    marks = sentence.within("cat", low, min(case.zone[1], low + 40))
    return any(
        mark.value == "life_sentenced" and _IS.search(sentence.text(low, mark.start))
        for mark in marks
    )


def is_others(case: Case, noun: Mark) -> bool:
    """Whether the noun only says "others", who are of those spoken of."""
    sentence = case.sentence
    said = sentence.has("rest", noun.start, noun.end) or sentence.has("more", noun.start, noun.end)
    return said and in_talk(case)


def last_group(cats: list[Mark]) -> Mark | None:
    """The last group of a phrase; activists of a minority are that minority's."""
    if not cats:
        return None
    ethnic = [mark for mark in cats if mark.value == "national_minority"]
    return ethnic[-1] if ethnic and cats[-1].value == "activist" else cats[-1]


def head_noun(phrase: NounPhrase) -> Mark | None:
    """The last category of the phrase; "jailed journalists" are journalists in either order."""
    cats = [mark for mark in phrase.marks if mark.label == "cat"]
    telling = [mark for mark in cats if mark.value != GENERAL]
    return last_group(telling or cats)


def _speaks(case: Case) -> bool:
    """Whether the counted are the subject of a verb of saying: "Two lawyers said …"."""
    sentence, end = case.sentence, case.phrase.end
    relative = _RELATIVE.match(sentence.folded, end, sentence.end)
    return sentence.after("speech", relative.end() if relative else end, 1) is not None


_RELATIVE = re.compile(
    r"\s+(?:who|that)\b[^,.;:\d]{1,60}?(?=\s(?:said|say|told|believe|warn|report))"
)


def _is_object(case: Case, cat: Mark) -> bool:
    """Whether the noun is the object of what the counted do: "dörd nəfər jurnalisti gözləyib"."""
    sentence = case.sentence
    if not sentence.turkic or case.phrase.last("generic") is None:
        return False
    noun = sentence.text(cat.start, cat.end)
    if cat.start < case.phrase.marks[0].end or not _ACCUSATIVE.fullmatch(noun):
        return False
    return not any(sentence.after(label, cat.end, 1) for label in ("arrest", "out"))


_ACCUSATIVE = re.compile(r"\w+(?:[^\W\daeəiouöüs][iu]|[aeəiouöü]n[iu])")
"""One word with the az, tr ending of the object; `-si` is possessive."""


def member(case: Case) -> Head | None:
    """Members of a party the sentence or the one before names: "17 of its members"."""
    member = case.phrase.last("member")
    if member is None or case.phrase.last("cat") is not None:
        return None
    return Head("member", "opposition_member", case.phrase.end) if of_party(case) else None


def generic(case: Case) -> Head | None:
    """Number + people, names, nəfər, имён; the list or topic says who they are."""
    generic = case.phrase.last("generic")
    if generic is None:
        return None
    category = generic_category(case)
    if category is None:
        return None
    name, _, case_of = category.partition("/")
    return Head("generic", name, case.phrase.end, case_of or subset_of(case), loose=True)


def subset_of(case: Case) -> str | None:
    """Women, minors, civilians: in the noun phrase, or said of it ("… are teenagers")."""
    own = case.phrase.last("subset")
    if own is not None:
        return own.value
    sentence, low = case.sentence, case.phrase.end
    for mark in sentence.within("subset", low, min(case.zone[1], low + 60)):
        between = sentence.text(low, mark.start)
        said = _TURKIC_IS.search(sentence.text(mark.start, mark.end + 3))
        if _IS.search(between) or (said and len(between) < 6):
            return mark.value
    return None


_TURKIC_IS = re.compile(r"d[iuü]r\b")


def subset(case: Case) -> Head | None:
    """Number + women, minors, foreigners, where their list is spoken of."""
    subset = case.phrase.last("subset")
    among = _among_whom(case)
    category, _, case_of = (of_group(case) or among or topic_of(case) or "").partition("/")
    if (
        subset is None
        or not category
        or not (among or _is_of_list(case))
        or _is_family(case, subset)
    ):
        return None
    return Head("subset", category, case.phrase.end, case_of or subset.value, loose=True)


def _among_whom(case: Case) -> str | None:
    """The prisoners named right after: "14 women among Azerbaijan's political prisoners"."""
    sentence, end = case.sentence, case.phrase.end
    cat = sentence.after("cat", end, AMONG_REACH)
    if cat is None or not case.registry.held(cat.value):
        return None
    return meaning(case, cat) if _AMONG.fullmatch(sentence.text(end, cat.start)) else None


AMONG_REACH = 40
"""Room for "among the country's"."""
_AMONG = re.compile(
    r" (?:are |were )?(?:among|amongst|среди|из числа|из|entre|parmi|unter)\b[^,.;:\d]*"
)


def _is_family(case: Case, subset: Mark) -> bool:
    """Whether the minors are somebody's children: "iki azyaşlı övladı var"."""
    sentence = case.sentence
    if subset.value != "minors":
        return False
    return sentence.has("kin", *case.before()) or sentence.has(
        "kin", case.number.end, subset.end + KIN_REACH
    )


KIN_REACH = 14
"""Characters after the minors in which a word of kin makes them somebody's."""


def _is_of_list(case: Case) -> bool:
    """Whether women or minors are those of a list or of prison, and nobody's family."""
    sentence = case.sentence
    context = case.context
    recent = context.index - context.total_at <= 3
    recent = recent or (context.monitored and context.topic_block == context.block)
    near = is_talking(case) or sentence.has("list") or sentence.has("captive", *case.zone)
    return in_talk(case) and (recent or near or sentence.has("part", *case.before()))


def shared(case: Case) -> Head | None:
    """A bare number whose noun stands after the next one: "28, 19 and 16 journalists"."""
    sentence, number = case.sentence, case.number
    following = [other for other in sentence.numbers if other.start > number.end]
    if not case.phrase.bare or not following or following[0].start - number.end > SHARED_REACH:
        return None
    between = sentence.text(number.end, following[0].start)
    if sentence.has("part", number.end, following[0].start):
        return None
    if not between.lstrip().startswith(_JOINERS):
        return None
    phrase = noun_phrase(sentence, following[0])
    cat = head_noun(phrase)
    if cat is None and phrase.last("generic") is not None:
        category, _, subset = (generic_category(case) or "").partition("/")
        return Head("shared", category, number.end, subset or None) if category else None
    if cat is None or cat.value == "other":
        further = replace(case, number=following[0], phrase=phrase)
        return shared(further) if phrase.bare else None
    return Head("shared", cat.value.partition("/")[0], number.end)


SHARED_REACH = 26
"""Room for the name of a country between two numbers of one noun."""
_JOINERS = (",", "and ", "və ", "и ", "ve ", "y ", "et ", "und ", "i ")
"""What may stand between such numbers."""
