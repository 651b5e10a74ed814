"""How a number is meant: its qualifier, whether it is history, its direction, part or whole."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.wording import ABLATIVE, skip_qualifiers

_NEEDS_ABLATIVE = re.compile(
    r"(?:çox|artiq|az|fazla|yuxari|aşkin)(?:dir|dur|unun|u|i|inin)?|az deyil\w*|az olmayan"
)
_TOWARDS = re.compile(r"\b(?:to|до|hasta|a|auf|do|à)\b")
_WHEN = re.compile(r"[\s,]*(?:when|which|когда|котор\w+|где|orada|burada)\b")
_PAUSE = re.compile(r"[,;(]| – ")
_WEAK_PRIOR = frozenset(
    {"from", "с", "со", "от", "после", "over the", "the", "desde", "de los", "de", "von", "nach",
     "z", "з", "из прежних", "із", "вместо", "from the"}
)  # fmt: skip


def qualifier(case: Case) -> str:
    """The qualifier of a number; `exact` without one."""
    sentence, number = case.sentence, case.number
    if number.high is not None:
        return "range"
    before = _qualifier_before(sentence, number.start)
    if before is not None:
        return before
    for offset in (number.end, case.phrase.end):
        after = sentence.after("qualifier_after", offset, 1)
        if after is not None and _fits(sentence, offset, after):
            return after.value
    if sentence.has("estimate", *case.zone):
        return "approx"
    return "exact"


def _qualifier_before(sentence: Sentence, offset: int) -> str | None:
    for _ in range(4):
        found = sentence.before("qualifier_before", offset, 1)
        if found is not None and not _is_target(sentence, found):
            return found.value
        skipped = (
            found
            or sentence.before("more", offset, 1)
            or sentence.before("by", offset, 1)
            or _article(sentence, offset)
        )
        if skipped is None:
            return None
        offset = skipped.start
    return None


def _is_target(sentence: Sentence, mark: Mark) -> bool:
    """Whether "up to", "до" names what a rise led to, and bounds nothing."""
    return mark.value == "at_most" and (sentence.has("dir") or sentence.has("change"))


def _article(sentence: Sentence, offset: int) -> Mark | None:
    text = sentence.text(offset - 4, offset)
    if text.endswith("the "):
        return Mark("article", "", offset - 4, offset - 1)
    return Mark("article", "", offset - 2, offset - 1) if text.endswith(" a ") else None


def _fits(sentence: Sentence, offset: int, mark: Mark) -> bool:
    """Whether a postposition governs the word before it (az `300-dən çox`, not `85 nəfər çoxdur`)."""  # noqa: E501
    word = sentence.text(mark.start, mark.end)
    if sentence.turkic and _NEEDS_ABLATIVE.fullmatch(word):
        return ABLATIVE.search(sentence.text(offset - 5, offset)) is not None
    return True


def is_prior(case: Case, has_total: bool) -> bool:
    """Whether the number is a baseline or history: "up from 331", "əvvəlki siyahıda … idi"."""
    sentence, number = case.sentence, case.number
    start = skip_qualifiers(sentence, number.start)
    cue = sentence.before("prior_before", start, 5)
    if cue is not None and _opens_comparison(sentence, cue, number.end):
        return True
    if _is_source_of_rise(case) or _is_compared(case):
        return True
    if _THAN_THEN.search(sentence.text(case.zone[0], start)):
        return True
    if sentence.has("now", *case.zone):
        return False
    if _tells_of_earlier(case):
        return True
    if any(_tells_past(case, mark) for mark in sentence.within("prior", *case.zone)):
        return True
    plain_past = sentence.turkic or sentence.slavic
    return plain_past and has_total and sentence.has("past", *case.zone)


_THAN_THEN = re.compile(r"\b(?:чем|than) (?:в|на|in|on|at|during) .{3,60}$")
"""A comparison with an earlier time leads to the number: "fewer than in 2024, when it was"."""


def _tells_of_earlier(case: Case) -> bool:
    """Whether the clause is about an earlier list: "since the previous edition, when it had …"."""
    sentence, low = case.sentence, case.zone[0]
    if not _WHEN.match(sentence.folded, low, case.number.start):
        return False
    since = max((n.end for n in sentence.numbers if n.end <= low), default=sentence.start)
    return bool(sentence.within("prior", since, low))


def _is_compared(case: Case) -> bool:
    """Whether the clause is the other side of a comparison: "compared with June, when …"."""
    sentence, zone = case.sentence, case.zone
    cues = sentence.within("compared", zone[0], case.number.start)
    if not cues or sentence.has("dir", *zone):
        return False
    between = sentence.text(cues[-1].end, case.number.start)
    listed = "," not in between and sentence.has("list", cues[-1].end, case.number.start)
    return listed or sentence.has("past", *zone)


def _is_source_of_rise(case: Case) -> bool:
    """Whether an ablative number is what a rise or fall began at ("303-dən 375-ə yüksəlib")."""
    sentence, end = case.sentence, max(case.number.end, case.phrase.end)
    if not sentence.turkic or not ABLATIVE.search(sentence.text(end - 5, end)):
        return False
    later = any(number.start > end for number in sentence.numbers)
    return later and (sentence.has("dir") or sentence.has("change"))


def _tells_past(case: Case, mark: Mark) -> bool:
    """Whether a word of history is about this number, not a date or an afterthought."""
    sentence = case.sentence
    if _inside_stated(sentence, mark) or _is_still(sentence, mark):
        return False
    if sentence.turkic or mark.start < case.number.end:
        return True
    return not _PAUSE.search(sentence.text(case.number.end, mark.start))


def _is_still(sentence: Sentence, mark: Mark) -> bool:
    """Whether the word ends a longer one that says the opposite ("по-прежнему")."""
    return any(
        d.start <= mark.start and mark.end <= d.end and d.end - d.start > mark.end - mark.start
        for d in sentence.marks.get("dir", ())
    )


def _inside_stated(sentence: Sentence, mark: Mark) -> bool:
    """Whether the words belong to a full date ("ötən il dekabrın 1-i")."""
    return any(
        date.basis == "stated" and date.start <= mark.start and mark.end <= date.end
        for date in sentence.dates
    )


def _opens_comparison(sentence: Sentence, cue: Mark, end: int) -> bool:
    """Whether "from", "с" or "the" before a number compares; alone they need a "to" or a rise."""
    word = sentence.text(cue.start, cue.end)
    if word not in _WEAK_PRIOR:
        return True
    rise = sentence.has("dir") or sentence.has("change")
    around = sentence.text(cue.start - 30, cue.start), sentence.text(end, end + 60)
    return rise and any(_TOWARDS.search(text) for text in around)


def direction(case: Case, neighbours: list[tuple[int, int]]) -> str | None:
    """Up, down or same where the clause says so, or the clause of its own baseline does.

    `neighbours` are the zones of priors in the same sentence.
    """
    sentence = case.sentence
    for low, high in (case.zone, *neighbours):
        marks = sentence.within("dir", low, high)
        if (low, high) != case.zone:
            marks = marks or sentence.within("change", low, high)
        if marks:
            return marks[0].value
    return None


def is_part_cue(case: Case) -> bool:
    """Whether words like "including", "of them", "o cümlədən" lead the number or follow it."""
    sentence, number = case.sentence, case.number
    return (
        sentence.has("part", *case.before())
        or sentence.has("rest", *case.before())
        or sentence.after("part", number.end, 2) is not None
        or (sentence.after("part", case.phrase.end, 1) is not None and not sentence.turkic)
    )
