"""Rules for what stands before the number: labels of list entries, and groups told first."""

import re

from monitor.detect.counts.answers import Head
from monitor.detect.counts.bare import described, is_bare
from monitor.detect.counts.case import Case
from monitor.detect.counts.generics import of_group
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.nouns import last_group
from monitor.detect.counts.registry import slugify
from monitor.detect.counts.topics import in_talk, is_talking, meaning, topic_of
from monitor.detect.counts.wording import skip_qualifiers

_TIGHT = re.compile(
    r'[\s,"–:(]*(?:(?:alone|сейчас|теперь|уже|в нем|там|всего|среди них|их в списке'
    r"|в документе|в перечне|в списке) )*(?:, (?:по|со) [^,\d]{4,60}, )?[\s,–]*"
)


def left_label(case: Case) -> Head | None:
    """A label and its number: `journalists – 31`, `Quşçu işi: 9`, `believers (12)`."""
    people = [mark.label for mark in case.phrase.marks] == ["generic"]
    if not people and (not case.phrase.bare or case.phrase.stop not in ("", "break")):
        return None
    sentence, number = case.sentence, case.number
    gap = _LABEL_GAP.search(sentence.folded, max(sentence.start, number.start - 30), number.start)
    if gap is None or sentence.has("aged", *case.before()):
        return None
    low, high = _label_span(case, gap.start())
    label = last_group(sentence.within("cat", low, high))
    if label is not None:
        category, _, subset = label.value.partition("/")
        return Head("left-label", category, number.end, subset or None, sentence.text(low, high))
    if people or gap.group() == _QUOTED:
        return None
    women, topic = sentence.within("subset", low, high), topic_of(case)
    if women and topic is not None and in_talk(case):
        return Head("left-label", topic, number.end, women[-1].value, loose=True)
    return _unknown_label(case, low, high)


_LABEL_GAP = re.compile(r'[")\s]*[–:(\-]\s*["(]?\s*$|" $')
_QUOTED = '" '
"""The end of a quoted label without a dash: only a known group is one."""


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
    if any(case.sentence.within(label, low, high) for label in _NO_LABELS):
        return None
    return Head("left-label", "other", case.number.end, raw=label)


_CASE_NAME = re.compile(r"\b(?:case|işi|iş|дело|дела|davası|справа|affair)\b|\bcaso\b")
_NO_LABELS = ("place", "list", "cumulative", "now", "prior", "political", "number_of", "captive")
"""Words of which no group of a list is made: what they lead to is a figure of the list."""


def group_before(case: Case) -> Head | None:
    """The group stands right before: "верующих, их 231", "believers account for 256"."""
    people = [mark.label for mark in case.phrase.marks] == ["generic"]
    if not (people or is_bare(case)):
        return None
    start = skip_qualifiers(case.sentence, case.number.start)
    led = case.sentence.before("amounts", start, 1)
    end = led.start if led else start
    return (
        _women_before(case, end, led) or _category_before(case, end, led) or _in_group(case, people)
    )


def _in_group(case: Case, people: bool) -> Head | None:
    """A bare number in the group named: "“Hüquq müdafiəçiləri” bölməsində beş"."""
    category = None if people else of_group(case)
    if category is None:
        return None
    name, _, subset = category.partition("/")
    return Head("group-before", name, case.number.end, subset or None)


def _women_before(case: Case, end: int, led: Mark | None) -> Head | None:
    """Women, minors … right before their number: "женщин среди них 743"."""
    found = case.sentence.within("subset", case.zone[0], end)
    topic = topic_of(case)
    if not found or topic is None or not (led or _is_genitive(case, found[-1])):
        return None
    if not _TIGHT.fullmatch(case.sentence.text(found[-1].end, end)) or not in_talk(case):
        return None
    return Head("group-before", topic, case.phrase.end, found[-1].value, loose=True)


def _category_before(case: Case, end: int, led: Mark | None) -> Head | None:
    sentence = case.sentence
    cats = sentence.within("cat", case.zone[0], end)
    if not cats or cats[-1].value.startswith(("other", "case_group")):
        return None
    between = sentence.text(cats[-1].end, end)
    tight = _TIGHT.fullmatch(between) and (led or _is_genitive(case, cats[-1]))
    largest = _LARGEST.fullmatch(between) or (
        len(between) < GROUP_REACH
        and _LARGEST_LEADS.search(sentence.text(cats[-1].start - 50, cats[-1].start))
    )
    if not (tight or largest or _AT.fullmatch(between)) or not in_talk(case):
        return None
    if sentence.has("part", *case.before()):
        return None
    category, _, subset = meaning(case, cats[-1]).partition("/")
    subset = subset or described(case, cats[-1])
    raw = sentence.text(cats[-1].start, cats[-1].end)
    return Head("group-before", category, case.phrase.end, subset or None, raw)


_AT = re.compile(r",? (?:at|numbering|totalling|totaling) ")
"""Words from a group to its number: "believers, at 226, form …"."""
_LARGEST = re.compile(
    r"[^,.;]{0,30}(?:largest|biggest|main|больш|крупн|многочислен|böyük)[^,.;]{0,30}"
    r"(?:categor|group|категор|групп|qrup|bölm)[^\W\d]*[\s,–:(]*(?:with |of |их |– )?"
)
"""What stands between a group that is the largest and its number."""
_LARGEST_LEADS = re.compile(r"(?:largest|biggest|многочисленн|крупн|ən böyük)\w*[^.;,]{0,30}$")
GROUP_REACH = 34
"""Characters between the name of a largest group and its number."""


def _is_genitive(case: Case, cat: Mark) -> bool:
    """Whether a Russian noun stands in the plural that numbers govern, and nobody speaks."""
    sentence = case.sentence
    if not sentence.slavic or sentence.has("say", case.zone[0], cat.start):
        return False
    return _GENITIVE.fullmatch(sentence.text(cat.start, cat.end).split()[-1]) is not None


_GENITIVE = re.compile(r"\w+(?:ов|ев|ей|их|ых|иц|ан|щиц|ниц|щин|ство)")
