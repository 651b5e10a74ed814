"""Clauses of a sentence, one around each number: where its own words end and the next begin."""

import re

from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import NounPhrase
from monitor.detect.counts.sentence import Sentence

_STRONG = re.compile(r";")
_COLON = re.compile(r":(?!\d)")
_COMMA = re.compile(r"[,(]| [–-] ")
OF_THE = re.compile(
    r" (?:of|out of) (?:the|these|those|its|their) (?:[^\W\d]+ ){0,2}| из(?: [^\W\d]+)? "
)
"""Between a part and its total: "ten of the 26", "семеро из этих 30"."""
_SAID = re.compile(
    r"(?:released|published|issued|made public|опубликованн|обнародованн|составленн)"
)


def divide(sentence: Sentence, phrases: list[NounPhrase]) -> list[tuple[int, int]]:
    """The zone of each number, given the noun phrases after them."""
    numbers = sentence.numbers
    borders = [
        _border(sentence, phrases[at], numbers[at + 1], phrases[at + 1])
        for at in range(len(numbers) - 1)
    ]
    starts = [sentence.start, *borders]
    ends = [*borders, sentence.end]
    for at in range(len(numbers) - 1):
        if OF_THE.fullmatch(sentence.text(numbers[at].end, numbers[at + 1].start)):
            ends[at], ends[at + 1] = ends[at + 1], max(phrases[at + 1].end, numbers[at + 1].end)
    return list(zip(starts, ends, strict=True))


def _border(sentence: Sentence, phrase: NounPhrase, right: Number, following: NounPhrase) -> int:
    """The offset at which the words of the next number begin."""
    low, high = min(phrase.end, right.start), right.start
    named = following.last("cat") is not None or following.last("subset") is not None
    between = sentence.folded[low:high]
    strong = _STRONG.search(between)
    if strong:
        return low + strong.end()
    commas = [
        low + match.start()
        for match in _COMMA.finditer(between)
        if _separates(match, len(between), named)
        and not _inside_date(sentence, low + match.start())
        and not _labels_date(sentence, low + match.start(), match)
    ]
    colon = _COLON.search(between)
    if colon and not (commas and commas[0] < low + colon.start()):
        return low + colon.end()
    if commas:
        return _best_comma(sentence, commas, high)
    return _word_border(sentence, low, high)


def _separates(match: re.Match[str], length: int, has_noun: bool) -> bool:
    """Whether a comma, bracket or dash parts clauses.

    Just before a number a dash leads to it, and so does a bracket: `China (50)`, but not `(12 men`.
    """
    if match.group() == "," or (match.group() == "(" and has_noun):
        return True
    return length - match.start() > 3 and match.start() > 0


def _inside_date(sentence: Sentence, offset: int) -> bool:
    return any(date.start < offset < date.end for date in sentence.dates)


def _labels_date(sentence: Sentence, offset: int, match: re.Match[str]) -> bool:
    """Whether the dash leads from a date to its figure: "в 2024-м – уже 319"."""
    return match.group() not in (",", "(") and any(date.end == offset for date in sentence.dates)


def _best_comma(sentence: Sentence, commas: list[int], high: int) -> int:
    """The first comma that opens a clause of its own, else the last one."""
    for comma in commas:
        if sentence.after("conj", comma, 3) is not None:
            return comma
    last = commas[-1]
    if len(commas) > 1 and len(sentence.folded[last + 1 : high].split()) == 1:
        return commas[0] if not _tail(sentence, commas) else commas[-2]
    return last


def _tail(sentence: Sentence, commas: list[int]) -> bool:
    """Whether the words after the first comma still belong to the earlier number."""
    return _SAID.match(sentence.folded, commas[0] + 2) is not None


def _word_border(sentence: Sentence, low: int, high: int) -> int:
    """Without punctuation: before the last joining word, else right after the noun phrase."""
    for label in ("conj", "prior_before"):
        marks = sentence.within(label, low, high)
        if marks:
            return marks[-1].start
    led = sentence.before("expect", high, 1)
    return led.start if led is not None and led.start >= low else low
