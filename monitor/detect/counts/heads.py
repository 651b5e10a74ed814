"""What a number counts: the rules of docs/counts.md in order, each with an id.

A rule answers with a `Head` or passes; the first answer wins. A number no rule answers for is no
observation.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from monitor.detect.counts.context import Context
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import VERBS, NounPhrase, noun_phrase
from monitor.detect.counts.registry import Registry, slugify
from monitor.detect.counts.sentence import Sentence

_DASH_LABEL = re.compile(r'[")»]*\s*[–:\-(]\s*["(]?\s*$')
_LABEL_GAP = re.compile(r'["»”)\s]*[–:(\-]\s*["(]?\s*$')
_PLACE_GAP = re.compile(r"(?:'s)?\s*(?:\(|[–:-]|,? with|,? ilə|)\s*$")
_OPENING = re.compile(r'["«“(\s–\-•*]*$')
_CASE_NAME = re.compile(r"\b(?:case|işi|iş|дело|дела|davası|справа|affair)\b|\bcaso\b")
_OF_NUMBER = re.compile(r" (?:of|out of|из|in) \d{1,3}\b(?! )| (?:of|out of) \d{1,2} ")
_DASH = re.compile(r" [–-] ")
_OUT_OF = re.compile(r"\s+(?:out of|in)\s+(?:every\s+)?$")


@dataclass(frozen=True, slots=True)
class Head:
    """Whom a number counts: the rule that found it, the category (with raw label) and subset.

    `end` is where its noun phrase ends; `loose` says that the noun itself does not name the
    category ("people", nothing at all), so that the list spoken of gives it.
    """

    rule: str
    category: str
    end: int
    subset: str | None = None
    raw: str | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One number to be judged, with everything a rule may look at."""

    sentence: Sentence
    number: Number
    phrase: NounPhrase
    zone: tuple[int, int]
    context: Context
    registry: Registry

    def before(self) -> tuple[int, int]:
        """The part of the zone before the number."""
        return self.zone[0], self.number.start

    def behind(self) -> tuple[int, int]:
        """The part of the zone after the number."""
        return self.number.end, self.zone[1]


def find_head(case: Case) -> Head | None:
    """The head of a number, or None where it counts no prisoners."""
    noun = _head_noun(case.phrase)
    unknown = noun is not None and noun.value == "other" and not case.context.chained
    if case.phrase.is_unit or unknown or _is_share(case):
        return None
    if case.phrase.marks and _is_vetoed(case):
        case.context.refused = case.context.index
    for rule in _RULES:
        head = rule(case)
        if head is not None:
            return head if _is_held(case, head) else None
    return None


def _right(case: Case) -> Head | None:
    """Number + at most four words + a category noun: "63 jailed opposition journalists"."""
    cat = _head_noun(case.phrase)
    if cat is None or _speaks(case):
        return None
    category, _, subset = cat.value.partition("/")
    own = case.phrase.last("subset")
    head = Head("right", category, case.phrase.end, subset or (own.value if own else None))
    head = replace(head, raw=case.sentence.text(cat.start, cat.end))
    if category == "prison_population" and "political_prisoner" in _lists_named(case):
        return replace(head, category="political_prisoner")
    if category == "prison_population" and _means_listed(case):
        return replace(head, category=case.context.topic or category)
    return head


def _head_noun(phrase: NounPhrase) -> Mark | None:
    """The last category of the phrase; "jailed journalists" are journalists in either order."""
    cats = [mark for mark in phrase.marks if mark.label == "cat"]
    telling = [mark for mark in cats if mark.value != "prison_population"]
    return (telling or cats or [None])[-1]


def _means_listed(case: Case) -> bool:
    """Whether plain "prisoners" are those of the list spoken of."""
    topic = _topic(case)
    return topic not in (None, "prison_population") and (
        case.sentence.has("list", *case.zone) or topic in _lists_named(case)
    )


def _generic(case: Case) -> Head | None:
    """Number + people, names, nəfər, имён; the list or topic says who they are."""
    generic = case.phrase.last("generic")
    if generic is None:
        return None
    category = _generic_category(case)
    subset = case.phrase.last("subset")
    if category is None:
        return None
    name, _, case_of = category.partition("/")
    return Head(
        "generic", name, case.phrase.end, case_of or (subset.value if subset else None), loose=True
    )


def _subset(case: Case) -> Head | None:
    """Number + women, minors, foreigners, where their list is spoken of."""
    subset = case.phrase.last("subset")
    category = _topic(case)
    if subset is None or category is None or not _in_talk(case):
        return None
    return Head("subset", category, case.phrase.end, subset.value, loose=True)


def _shared(case: Case) -> Head | None:
    """A bare number whose noun stands after the next one: "28, 19 and 16 journalists"."""
    sentence, number = case.sentence, case.number
    following = [other for other in sentence.numbers if other.start > number.end]
    if not case.phrase.bare or not following or following[0].start - number.end > SHARED_REACH:
        return None
    between = sentence.text(number.end, following[0].start)
    if not between.lstrip().startswith(
        (",", "and ", "və ", "и ", "ve ", "y ", "et ", "und ", "i ")
    ):
        return None
    cat = _head_noun(noun_phrase(sentence, following[0]))
    phrase = noun_phrase(sentence, following[0])
    if cat is None and phrase.last("generic") is not None:
        category, _, subset = (_generic_category(case) or "").partition("/")
        return Head("shared", category, number.end, subset or None) if category else None
    if cat is None or cat.value == "other":
        return _further_shared(case, following[0])
    return Head("shared", cat.value.partition("/")[0], number.end)


def _further_shared(case: Case, following: Number) -> Head | None:
    phrase = noun_phrase(case.sentence, following)
    return _shared(replace(case, number=following, phrase=phrase)) if phrase.bare else None


SHARED_REACH = 26
"""Room for the name of a country between two numbers of one noun."""


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
    cut = max(text.rfind(mark) for mark in (",", ";", ". ", ":"))
    return case.zone[0] + cut + 1, end


def _unknown_label(case: Case, low: int, high: int) -> Head | None:
    label = case.sentence.text(low, high).strip(' "–-•*')
    listed = case.sentence.line.bullet or (case.context.listed and case.context.drafts)
    named = _CASE_NAME.search(label)
    if named:
        slug = "case:" + slugify(_CASE_NAME.sub("", label))
        return Head("left-label", "case_group", case.number.end, slug, label)
    if not label or len(label) > 90 or not listed or case.context.topic is None:
        return None
    if case.sentence.within("place", low, high) or case.sentence.within("list", low, high):
        return None
    return Head("left-label", "other", case.number.end, raw=label)


def _partitive(case: Case) -> Head | None:
    """N of them: `26 of them journalists`, `on səkkizi jurnalistdir`, `семеро из них осуждены`."""
    sentence, number = case.sentence, case.number
    part = sentence.after("part", number.end, 2)
    if part is not None and _of_other_things(case):
        return None
    near = _is_talking(case) or case.context.index - case.context.total_at <= 2
    linked = sentence.after("copula", number.end, 1) or _DASH.match(
        sentence.text(number.end, case.zone[1])
    )
    said = bool(linked) and near
    if part is None and not (number.possessive or said or _follows_part(case)):
        return None
    start = part.end if part else number.end
    any_noun = part is not None or sentence.has("part", *case.before())
    described = _described(case, start, any_noun)
    topic = _topic(case)
    if described is not None:
        label, value = described.label, described.value
        if label == "subset":
            return None if topic is None else Head("partitive", topic, start, value, loose=True)
        category, _, subset = value.partition("/")
        return Head("partitive", category, described.end, subset or None)
    if topic is None or not _acts(case):
        return None
    return Head("partitive", topic, start, loose=True)


def _of_other_things(case: Case) -> bool:
    """Whether "of them" means letters or votes counted before it, and no people."""
    things = [at for at in case.sentence.things if at < case.number.start]
    return bool(things) and not _is_talking(case)


def _verb_follows(case: Case) -> bool:
    """Whether a verb of rise, fall or being follows the number at once: `392-yə çatıb`."""
    end = case.number.end
    labels = ("dir", "change", "past", "than", "remain", *VERBS)
    return any(case.sentence.after(label, end, 1) for label in labels)


def _is_talking(case: Case) -> bool:
    """Whether a number of this very sentence was read before."""
    return case.context.talking == case.context.index


def _follows_part(case: Case) -> bool:
    """Whether words like "of whom" open the number's clause, or the rest is spoken of."""
    if not case.phrase.bare and case.phrase.strangers > 2:
        return False
    if case.context.chained:
        return True
    return case.sentence.has("part", *case.before()) or case.sentence.has("rest", *case.before())


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


def _subject(case: Case) -> Head | None:
    """The category stands before the number: `Məhbusların sayı 233-ə çatıb`."""
    if not _is_bare(case):
        return None
    low, high = case.before()
    cats = case.sentence.within("cat", low, high)
    if not cats:
        return None
    counted = case.sentence.has("number_of", low, high) or case.sentence.has("list", low, high)
    near = case.number.start - cats[-1].end <= 40
    if not (counted or (near and case.registry.held(cats[-1].value))):
        return None
    category, _, subset = cats[-1].value.partition("/")
    own = case.sentence.within("subset", low, high)
    return Head(
        "subject",
        category,
        case.number.end,
        subset or (own[-1].value if own and own[-1].end <= cats[-1].start else None),
    )


def _country(case: Case) -> Head | None:
    """An entry of a country list: `Vietnam (28)`, `50 in China`, `China with 50`."""
    sentence, number = case.sentence, case.number
    cats = [mark.value.partition("/")[0] for mark in sentence.marks.get("cat", ())]
    topic = _topic(case) if _is_talking(case) or not cats else cats[0]
    if not _is_bare(case) or topic is None:
        return None
    before = [mark for mark in sentence.within("place", *case.before()) if mark.value != "WORLD"]
    close = before and _PLACE_GAP.fullmatch(sentence.text(before[-1].end, number.start))
    after = sentence.after("place", number.end, 10)
    if not close and after is None:
        return None
    return Head("country-list", topic, number.end, loose=case.registry.held(topic))


def _acts(case: Case) -> bool:
    """Whether the clause puts people on a list, off it, or in and out of prison."""
    return any(case.sentence.has(label, *case.zone) for label in ("out", "in", "arrest", "death"))


def _ellipsis(case: Case) -> Head | None:
    """A bare number after to, from, was, уже, isə, a dash: the list spoken of is meant."""
    topic = _topic(case)
    if topic is None or not _is_bare(case) or not _in_talk(case):
        return None
    sentence, number = case.sentence, case.number
    start = _before_qualifiers(sentence, number.start)
    leads = (("expect", start), ("prior_before", start), ("expect", number.start))
    led = next((m for label, at in leads if (m := sentence.before(label, at, 3))), None)
    by = sentence.before("by", start, 1) if sentence.has("change") else None
    led = led or by
    tail = sentence.text(start - 3, start)
    pointed = "–" in tail or ":" in tail
    dated = _is_talking(case) and any(0 <= d.start - number.end <= 4 for d in sentence.dates)
    if dated or _leads_on(case):
        return Head("ellipsis", topic, number.end, loose=True)
    held = any(0 <= mark.start - number.end <= 30 for mark in sentence.marks.get("captive", ()))
    if led is None and not (pointed or held or _acts(case) or _verb_follows(case)):
        return None
    return Head("ellipsis", topic, number.end, loose=True)


def _leads_on(case: Case) -> bool:
    """Whether an ablative number leads to the next ("303-dən 375-ə yüksəlib")."""
    ablative = case.number.ending.endswith(("dan", "dən", "den", "tan", "ten"))
    return ablative and any(n.start > case.number.end for n in case.sentence.numbers)


def _before_qualifiers(sentence: Sentence, offset: int) -> int:
    """The offset before the qualifier and "more" words that precede a number."""
    for _ in range(3):
        mark = sentence.before("qualifier_before", offset) or sentence.before("more", offset)
        if mark is None:
            return offset
        offset = mark.start
    return offset


def _is_bare(case: Case) -> bool:
    """Whether nothing countable follows: the sentence ends, or a verb or preposition follows."""
    if case.phrase.bare and case.phrase.stop in ("", "break"):
        return not case.sentence.before("label_before", case.number.start, 2)
    follows = case.sentence.after("follower", case.number.end, 2) is not None
    follows = follows or _verb_follows(case)
    dated = any(0 <= date.start - case.number.end <= 2 for date in case.sentence.dates)
    labelled = case.sentence.before("label_before", case.number.start, 2)
    return (follows or dated) and not case.phrase.marks and labelled is None


def _topic(case: Case) -> str | None:
    """The category spoken of: in the sentence before the number, else the one inherited."""
    low, _ = case.zone
    marks = case.sentence.within("cat", case.sentence.start, case.number.start)
    spoken = case.context.sentence_topic if _is_talking(case) else None
    held = [m for m in marks if case.registry.held(m.value) and m.value != "life_sentenced"]
    since = case.context.sentence_topic_at
    if spoken is not None and not any(m.start >= min(low, since) for m in held):
        return spoken
    if held and (
        held[-1].start >= low
        or case.context.topic is None
        or held[-1].value == "political_prisoner"
    ):
        return held[-1].value.partition("/")[0]
    inherited = case.context.topic
    if case.sentence.has("list") and not case.context.census_of(inherited, case.registry):
        return "political_prisoner"
    if inherited is not None:
        return inherited
    return marks[0].value.partition("/")[0] if marks else None


def _generic_category(case: Case) -> str | None:
    sentence, (low, high) = case.sentence, case.zone
    named = [
        mark
        for mark in sentence.within("cat", low, high)
        if case.registry.held(mark.value.partition("/")[0]) and mark.value != "life_sentenced"
    ]
    if named:
        pick = [m for m in named if m.end <= case.number.start] or named
        value = pick[-1].value
        return case.context.topic if value == "prison_population" and _means_listed(case) else value
    if sentence.has("political"):
        return "political_prisoner"
    described = [m for m in sentence.within("cat", case.number.end, high) if m.value != "other"]
    if described and (_follows_part(case) or case.context.total is not None):
        return described[0].value
    if sentence.has("list") or _in_talk(case):
        topic = _topic(case)
        if topic is not None:
            return topic
        return "political_prisoner" if sentence.has("list", low, high) else None
    if sentence.has("protest") and sentence.has("arrest", low, high):
        return "protest_detainee"
    return None


def _in_talk(case: Case) -> bool:
    """Whether the list spoken of is still near enough for a loose noun to mean it."""
    sentence = case.sentence
    here = case.context.topic_paragraph == sentence.line.paragraph or sentence.line.bullet
    acts = here or _acts(case) or sentence.has("part", *case.before())
    return (
        sentence.has("list")
        or (case.context.topic is not None and acts)
        or _is_talking(case)
        or any(case.registry.held(mark.value) for mark in sentence.marks.get("cat", ()))
    )


def _speaks(case: Case) -> bool:
    """Whether the counted are the subject of a verb of saying: "Two lawyers said …"."""
    return case.sentence.after("speech", case.phrase.end, 2) is not None


def _is_share(case: Case) -> bool:
    sentence, number = case.sentence, case.number
    if sentence.after("fraction", number.end, 3) is not None:
        return True
    if _OF_NUMBER.match(sentence.text(number.end, number.end + 8)):
        return True
    before = sentence.text(max(sentence.start, number.start - 16), number.start)
    return number.value <= 20 and _OUT_OF.search(before) is not None and before[:1].isalnum()


def _is_held(case: Case, head: Head) -> bool:
    """Whether the counted are deprived of liberty: by their name, the text or the list."""
    sentence = case.sentence
    if _is_hypothetical(case):
        return False
    if _withdrawn(case):
        return False
    if _is_vetoed(case):
        return False
    if _hangs_on_refused(case, head):
        return False
    if case.registry.held(head.category) or head.loose:
        return True
    zone = case.zone[0], sentence.end if head.rule == "shared" else _chain_end(case)
    if sentence.has("captive", *zone) or _is_talking(case) or _counted_here(case, head):
        return True
    if sentence.has("list") and head.rule in ("subject", "left-label", "partitive", "shared"):
        return True
    known = case.context.topic is not None and (
        case.context.listed or case.context.total is not None
    )
    return known or (not sentence.has("captive") and case.context.holds(sentence))


def _lists_named(case: Case) -> set[str | None]:
    """What the counters named in the sentence keep lists of."""
    return {
        case.registry.organisations.get(mark.value, {}).get("counts")
        for mark in case.sentence.marks.get("org", ())
    }


def _hangs_on_refused(case: Case, head: Head) -> bool:
    """Whether the number is one "of them" where they were not held: "551 killed, 68 of them …"."""
    refused = case.context.refused == case.context.index
    return refused and head.loose and not case.sentence.has("captive", *case.zone)


def _counted_here(case: Case, head: Head) -> bool:
    """Whether a counter of such people, or a list of political prisoners, is named here."""
    sentence = case.sentence
    counts = _lists_named(case)
    return head.category in counts or (sentence.has("list") and "political_prisoner" in counts)


def _is_hypothetical(case: Case) -> bool:
    """Whether the clause forecasts or supposes; "if there were 146 in 2020, now …" compares."""
    sentence = case.sentence
    words = {sentence.text(m.start, m.end) for m in sentence.within("hypothetical", *case.zone)}
    compares = sentence.has("past", *case.zone) or sentence.has("now")
    return bool(words - _IFS) or (bool(words) and not compares)


_IFS = frozenset({"if", "если", "əgər", "eğer", "si", "falls", "jeśli", "якщо"})


def _is_vetoed(case: Case) -> bool:
    """Whether the nearest telling word says something other than captivity: fined, gathered."""
    zone = case.zone[0], _chain_end(case)
    vetoes = _nearness(case, "veto", zone)
    captive = _nearness(case, "captive", zone)
    return vetoes is not None and (captive is None or vetoes <= captive)


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
    gaps = [
        mark.start - end if mark.start >= end else max(start - mark.end, 0)
        for mark in case.sentence.within(label, *zone)
    ]
    return min(gaps, default=None)


def _withdrawn(case: Case) -> bool:
    """Whether the text takes the number back: "not 375 but 357", "səhvən 415 yazılmışdı"."""
    sentence, number = case.sentence, case.number
    if sentence.has("retract", *case.zone):
        return True
    if sentence.lang in ("az", "tr"):
        return sentence.after("negation", max(number.end, case.phrase.end), 2) is not None
    return sentence.before("negation", number.start, 1) is not None


_RULES: tuple[Callable[[Case], Head | None], ...] = (
    _right,
    _left_label,
    _generic,
    _subset,
    _shared,
    _partitive,
    _subject,
    _country,
    _ellipsis,
)


def make_case(sentence: Sentence, at: int, context: Context, registry: Registry) -> Case:
    """The case of the number at an index of a divided sentence."""
    number = sentence.numbers[at]
    phrase = noun_phrase(sentence, number)
    return Case(sentence, number, phrase, sentence.zones[at], context, registry)
