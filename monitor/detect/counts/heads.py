"""What a number counts: the rules of docs/counts.md in order, each with an id.

A rule answers with a `Head` or passes; the first answer wins. A number no rule answers for is no
observation.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from monitor.detect.counts.bare import (
    country,
    described,
    ellipsis,
    is_bare,
    is_labelled,
    subject,
)
from monitor.detect.counts.case import Case, Head
from monitor.detect.counts.context import GENERAL
from monitor.detect.counts.held import is_held, is_vetoed
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import NounPhrase, noun_phrase
from monitor.detect.counts.registry import slugify
from monitor.detect.counts.topics import (
    acts,
    follows_part,
    generic_category,
    in_talk,
    is_talking,
    lists_named,
    meaning,
    topic_of,
)
from monitor.detect.counts.wording import skip_qualifiers
from monitor.detect.counts.zones import OF_THE

_LABEL_GAP = re.compile(r'["»”)\s]*[–:(\-]\s*["(]?\s*$')


_CASE_NAME = re.compile(r"\b(?:case|işi|iş|дело|дела|davası|справа|affair)\b|\bcaso\b")


_OF_NUMBER = re.compile(r" (?:of|out of|из|in) \d{1,3}\b(?! )| (?:of|out of) \d{1,2} ")


_ACCUSATIVE = re.compile(r"\w+(?:[^\W\daeəiouöüs][iu]|[aeəiouöü]n[iu])")
"""One word with the az, tr ending of the object; `-si` is possessive."""


_RELATIVE = re.compile(
    r"\s+(?:who|that)\b[^,.;:\d]{1,60}?(?=\s(?:said|say|told|believe|warn|report))"
)


_DASH = re.compile(r" [–-] ")


_SHARE_LEADS = re.compile(
    r"(?:\b(?:hər|her|per|every|each|на каждые|из каждых|каждые|на каждую)"
    r"|(?:мест\w*|позици\w*|строч\w*|\d(?:st|nd|rd|th)|place|position)"
    r" (?:из|среди|of|out of|among))\s$"
)
"""Rates and ranks: "per 100,000", "167th of 180"."""


_LOCATIVE = frozenset({"da", "də", "de", "ta", "tə", "te"})
"""The ending of the lower number of a fraction: az `üçdə ikisi`."""


_OUT_OF = re.compile(r"\w\s+(?:out of|in)\s+(?:every\s+)?$")


def find_head(case: Case) -> Head | None:
    """The head of a number, or None where it counts no prisoners."""
    noun = _head_noun(case.phrase)
    unknown = noun is not None and noun.value == "other" and not case.context.chained
    unknown = unknown and noun is not None and not _is_others(case, noun)
    measures = case.phrase.is_unit and not case.number.people
    named = not case.phrase.marks and is_labelled(case)
    if measures or unknown or named or _is_share(case):
        return None
    if case.phrase.marks and is_vetoed(case):
        case.context.refused = case.context.index
    for rule in _RULES:
        head = rule(case)
        if head is not None:
            return head if is_held(case, head) else None
    return None


def _right(case: Case) -> Head | None:
    """Number + at most four words + a category noun: "63 jailed opposition journalists"."""
    cat = _head_noun(case.phrase)
    if cat is None or _speaks(case) or _is_object(case, cat):
        return None
    if cat.value == "other" and _is_others(case, cat):
        topic = topic_of(case)
        return Head("generic", topic, case.phrase.end, loose=True) if topic else None
    category, _, subset = _counted(case, cat).partition("/")
    raw = case.sentence.text(cat.start, cat.end)
    return Head("right", category, case.phrase.end, subset or _subset_of(case), raw)


def _counted(case: Case, cat: Mark) -> str:
    """The category and case of a noun; plain prisoners may be those of a list or a case."""
    if cat.value not in (GENERAL, "political_prisoner"):
        return cat.value
    if _serves_life(case):
        return "life_sentenced"
    cases = case.sentence.within("cat", *case.before())
    if cases and cases[-1].value.startswith("case_group/"):
        return cases[-1].value
    listed = cat.value == GENERAL and "political_prisoner" in lists_named(case)
    return "political_prisoner" if listed else meaning(case, cat)


def _serves_life(case: Case) -> bool:
    """Whether the prisoners are said to serve life: "14 prisoners are serving life terms"."""
    sentence, low = case.sentence, case.phrase.end
    marks = sentence.within("cat", low, min(case.zone[1], low + 40))
    return any(
        mark.value == "life_sentenced" and _IS.search(sentence.text(low, mark.start))
        for mark in marks
    )


def _is_others(case: Case, noun: Mark) -> bool:
    """Whether the noun only says "others", who are of those spoken of."""
    sentence = case.sentence
    said = sentence.has("rest", noun.start, noun.end) or sentence.has("more", noun.start, noun.end)
    return said and in_talk(case)


def _head_noun(phrase: NounPhrase) -> Mark | None:
    """The last category of the phrase; "jailed journalists" are journalists in either order."""
    cats = [mark for mark in phrase.marks if mark.label == "cat"]
    telling = [mark for mark in cats if mark.value != "prison_population"]
    ordered = telling or cats
    return ordered[-1] if ordered else None


def _speaks(case: Case) -> bool:
    """Whether the counted are the subject of a verb of saying: "Two lawyers said …"."""
    sentence, end = case.sentence, case.phrase.end
    relative = _RELATIVE.match(sentence.folded, end, sentence.end)
    return sentence.after("speech", relative.end() if relative else end, 1) is not None


def _is_object(case: Case, cat: Mark) -> bool:
    """Whether the noun is the object of what the counted do: "dörd nəfər jurnalisti gözləyib"."""
    sentence = case.sentence
    if sentence.lang not in ("az", "tr") or case.phrase.last("generic") is None:
        return False
    noun = sentence.text(cat.start, cat.end)
    if cat.start < case.phrase.marks[0].end or not _ACCUSATIVE.fullmatch(noun):
        return False
    return not any(sentence.after(label, cat.end, 1) for label in ("arrest", "out"))


def _is_share(case: Case) -> bool:
    """Whether the number is a share, the room of a prison, or the people of one cell."""
    sentence, number = case.sentence, case.number
    if sentence.after("fraction", number.end, 3) is not None:
        return True
    if sentence.before("capacity", number.start) or sentence.has("cell", *case.zone):
        return True
    if any(
        other.ending in _LOCATIVE and other.end + 1 == number.start for other in sentence.numbers
    ):
        return True
    if number.ending in _LOCATIVE and any(n.start == number.end + 1 for n in sentence.numbers):
        return True
    before = sentence.text(max(sentence.start, number.start - 24), number.start)
    if _SHARE_LEADS.search(before):
        return True
    if _OF_NUMBER.match(sentence.text(number.end, number.end + 8)):
        return True
    return number.value <= 20 and _OUT_OF.search(before) is not None


def _group_before(case: Case) -> Head | None:
    """The group stands right before: "верующих, их 231", "believers account for 256"."""
    people = [mark.label for mark in case.phrase.marks] == ["generic"]
    sentence = case.sentence
    if not (people or is_bare(case)):
        return None
    start = skip_qualifiers(sentence, case.number.start)
    led = sentence.before("amounts", start, 1)
    end = led.start if led else start
    women = sentence.within("subset", case.zone[0], end)
    if women and _TIGHT.fullmatch(sentence.text(women[-1].end, end)) and in_talk(case):
        topic = topic_of(case)
        fits = topic is not None and (led or _is_genitive(case, women[-1]))
        return Head("group-before", topic or "", end, women[-1].value, loose=True) if fits else None
    cats = sentence.within("cat", case.zone[0], end)
    if sentence.has("part", *case.before()):
        return None
    if not cats or cats[-1].value.startswith(("other", "case_group")):
        return None
    between = sentence.text(cats[-1].end, end)
    tight = _TIGHT.fullmatch(between) and (led or _is_genitive(case, cats[-1]))
    if not (tight or _LARGEST.fullmatch(between)) or not in_talk(case):
        return None
    category, _, subset = meaning(case, cats[-1]).partition("/")
    subset = subset or described(case, cats[-1])
    raw = sentence.text(cats[-1].start, cats[-1].end)
    return Head("group-before", category, case.phrase.end, subset or None, raw)


_TIGHT = re.compile(
    r'[\s,"–:(]*(?:alone |сейчас |теперь |уже |в нем |там |всего |среди них |их в списке )?[\s,–]*'
)
_LARGEST = re.compile(
    r"[^,.;]{0,30}(?:largest|biggest|main|больш|крупн|многочислен|böyük)[^,.;]{0,30}"
    r"(?:categor|group|категор|групп|qrup|bölm)[^\W\d]*[\s,–:(]*(?:with |of |их |– )?"
)
"""What stands between a group that is the largest and its number."""
_GENITIVE = re.compile(r"\w+(?:ов|ев|ей|их|ых|иц|ан|щиц|ниц|ство)")


def _is_genitive(case: Case, cat: Mark) -> bool:
    """Whether a Russian noun stands in the plural that numbers govern, and nobody speaks."""
    sentence = case.sentence
    if sentence.lang not in ("ru", "uk") or sentence.has("say", case.zone[0], cat.start):
        return False
    return _GENITIVE.fullmatch(sentence.text(cat.start, cat.end).split()[-1]) is not None


def _member(case: Case) -> Head | None:
    """Members of a party the sentence or the one before names: "17 of its members"."""
    member = case.phrase.last("member")
    if member is None or case.phrase.last("cat") is not None:
        return None
    party = case.sentence.has("party") or case.context.party
    return Head("member", "opposition_member", case.phrase.end) if party else None


def _left_label(case: Case) -> Head | None:
    """A label and its number: `journalists – 31`, `Quşçu işi: 9`, `believers (12)`."""
    people = [mark.label for mark in case.phrase.marks] == ["generic"]
    if not people and (not case.phrase.bare or case.phrase.stop not in ("", "break")):
        return None
    sentence, number = case.sentence, case.number
    gap = _LABEL_GAP.search(sentence.folded, max(sentence.start, number.start - 30), number.start)
    if gap is None:
        return None
    low, high = _label_span(case, gap.start())
    labels = sentence.within("cat", low, high)
    if labels:
        category, _, subset = labels[-1].value.partition("/")
        return Head("left-label", category, number.end, subset or None, sentence.text(low, high))
    if people:
        return None
    return _unknown_label(case, low, high)


def _label_span(case: Case, end: int) -> tuple[int, int]:
    """From the last separator of entries to the dash or bracket."""
    text = case.sentence.text(case.zone[0], end)
    if case.sentence.line.bullet and len(case.sentence.numbers) == 1:
        return case.zone[0], end
    cut = max(text.rfind(mark) for mark in (",", ";", ". ", ":"))
    return case.zone[0] + cut + 1, end


def _unknown_label(case: Case, low: int, high: int) -> Head | None:
    label = case.sentence.text(low, high).strip(' "–-•*')
    listed = case.sentence.line.bullet or is_talking(case)
    named = _CASE_NAME.search(label)
    if named:
        slug = "case:" + slugify(_CASE_NAME.sub("", label))
        return Head("left-label", "case_group", case.number.end, slug, label)
    if not label or len(label) > 90 or not listed or case.context.topic is None:
        return None
    if any(low < date.end and date.start < high for date in case.sentence.dates):
        return None
    if case.sentence.within("place", low, high) or case.sentence.within("list", low, high):
        return None
    return Head("left-label", "other", case.number.end, raw=label)


def _repeated(case: Case) -> Head | None:
    """A figure told again: "Out of the 324 …" is whom the 324 counted before."""
    number = case.number
    plain = {mark.label for mark in case.phrase.marks} <= {"generic"}
    if number.value < REPEATED or not (plain and (case.phrase.marks or is_bare(case))):
        return None
    told = case.context.told.get(number.value)
    return replace(told, rule="repeated", end=case.phrase.end, loose=True) if told else None


REPEATED = 20
"""Smaller figures are too common for a second one to mean the first."""


def _generic(case: Case) -> Head | None:
    """Number + people, names, nəfər, имён; the list or topic says who they are."""
    generic = case.phrase.last("generic")
    if generic is None:
        return None
    category = generic_category(case)
    if category is None:
        return None
    name, _, case_of = category.partition("/")
    return Head("generic", name, case.phrase.end, case_of or _subset_of(case), loose=True)


def _subset_of(case: Case) -> str | None:
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


_IS = re.compile(r"\b(?:are|were|is|isə|ise|это|–) (?:already |still |all |now |hələ |уже )?$")
_TURKIC_IS = re.compile(r"d[iuü]r\b")


def _subset(case: Case) -> Head | None:
    """Number + women, minors, foreigners, where their list is spoken of."""
    subset = case.phrase.last("subset")
    category = topic_of(case)
    if subset is None or category is None or not _is_of_list(case) or _is_family(case, subset):
        return None
    return Head("subset", category, case.phrase.end, subset.value, loose=True)


def _is_family(case: Case, subset: Mark) -> bool:
    """Whether the minors are somebody's children: "iki azyaşlı övladı var"."""
    sentence = case.sentence
    if subset.value != "minors":
        return False
    return sentence.has("kin", *case.before()) or sentence.has(
        "kin", case.number.end, subset.end + KIN_REACH
    )


KIN_REACH = 14
SHARED_REACH = 26
"""Room for the name of a country between two numbers of one noun."""


def _is_of_list(case: Case) -> bool:
    """Whether women or minors are those of a list or of prison, and nobody's family."""
    sentence = case.sentence
    context = case.context
    recent = context.index - context.total_at <= 3
    recent = recent or (context.monitored and context.topic_block == context.block)
    near = is_talking(case) or sentence.has("list") or sentence.has("captive", *case.zone)
    return in_talk(case) and (recent or near or sentence.has("part", *case.before()))


def _shared(case: Case) -> Head | None:
    """A bare number whose noun stands after the next one: "28, 19 and 16 journalists"."""
    sentence, number = case.sentence, case.number
    following = [other for other in sentence.numbers if other.start > number.end]
    if not case.phrase.bare or not following or following[0].start - number.end > SHARED_REACH:
        return None
    between = sentence.text(number.end, following[0].start)
    if sentence.has("part", number.end, following[0].start):
        return None
    if not between.lstrip().startswith(
        (",", "and ", "və ", "и ", "ve ", "y ", "et ", "und ", "i ")
    ):
        return None
    cat = _head_noun(noun_phrase(sentence, following[0]))
    phrase = noun_phrase(sentence, following[0])
    if cat is None and phrase.last("generic") is not None:
        category, _, subset = (generic_category(case) or "").partition("/")
        return Head("shared", category, number.end, subset or None) if category else None
    if cat is None or cat.value == "other":
        return _further_shared(case, following[0])
    return Head("shared", cat.value.partition("/")[0], number.end)


def _further_shared(case: Case, following: Number) -> Head | None:
    phrase = noun_phrase(case.sentence, following)
    return _shared(replace(case, number=following, phrase=phrase)) if phrase.bare else None


def _partitive(case: Case) -> Head | None:
    """N of them: `26 of them journalists`, `on səkkizi jurnalistdir`, `семеро из них осуждены`."""
    sentence, number = case.sentence, case.number
    part = sentence.after("part", number.end, 2)
    if (part is not None or number.possessive) and _of_other_things(case):
        return None
    whole = next((n for n in sentence.numbers if n.start > number.end), None)
    if whole is not None and OF_THE.fullmatch(sentence.text(number.end, whole.start)):
        return _of_whole(case, whole)
    spoken = case.context.monitored and case.context.index - case.context.topic_at <= LINK_REACH
    near = is_talking(case) or case.context.index - case.context.total_at <= 2 or spoken
    dash = _DASH.match(sentence.text(number.end, case.zone[1])) is not None
    linked = dash or case.phrase.verb or sentence.after("copula", number.end, 1) is not None
    said = (linked and near) or (_case_follows(case) and in_talk(case))
    if part is None and not (number.possessive or said or follows_part(case)):
        return None
    start = part.end if part else number.end
    any_noun = part is not None or sentence.has("part", *case.before())
    described = _described(case, start, any_noun)
    topic = topic_of(case)
    if described is not None:
        label, value = described.label, described.value
        if label == "subset":
            return None if topic is None else Head("partitive", topic, start, value, loose=True)
        category, _, subset = value.partition("/")
        return Head("partitive", category, described.end, subset or None)
    told = is_talking(case) and (part is not None or number.possessive)
    if topic is None or not (acts(case) or told):
        return None
    return Head("partitive", topic, start, loose=True)


LINK_REACH = 3
"""Sentences after a list was spoken of in which "eight are believers" means eight of it."""


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
    noun = _head_noun(phrase)
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
        or not (label == "cat" and case.registry.held(mark.value.partition("/")[0]))
        or mark.value.startswith(("life", "case"))
    ]
    cases = [mark for mark in found if mark.value.startswith("case_group")]
    return min(cases or found, key=lambda mark: (mark.start, -mark.end), default=None)


_RULES: tuple[Callable[[Case], Head | None], ...] = (
    _right,
    _member,
    _left_label,
    _group_before,
    _repeated,
    _generic,
    _subset,
    _shared,
    _partitive,
    subject,
    country,
    ellipsis,
)
