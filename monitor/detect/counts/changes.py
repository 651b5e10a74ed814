"""Numbers that are the size of a rise or fall: "grew by 8", "17 nəfər artıb"."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.wording import ABLATIVE, skip_qualifiers


def is_change(case: Case) -> bool:
    """Whether the number is the size of a rise or fall: "grew by 8", "17 nəfər artıb"."""
    sentence, number = case.sentence, case.number
    start = skip_qualifiers(sentence, number.start)
    if sentence.turkic:
        return _turkic_change(case)
    by = sentence.before("by", start, 1)
    if sentence.text(start - 4, start) == " up " or sentence.text(start - 6, start) == " down ":
        return True
    low = case.zone[0]
    if by is not None and sentence.within("change", low, case.zone[1]):
        return True
    if sentence.after("than", case.phrase.end, 1) or sentence.after("than", number.end, 1):
        return True
    after = sentence.after("change", case.phrase.end, 1)
    if after is not None and _compares(sentence, after):
        return True
    return any(
        _NOUN_OF_CHANGE.fullmatch(sentence.text(mark.end, start))
        and sentence.text(mark.start, mark.end) in _CHANGE_NOUNS
        for mark in sentence.within("change", low, start)
    )


_NOUN_OF_CHANGE = re.compile(r"\s*(?:of|by|was|в|составил\w*|–|:|=|на|de|um|o|olub|təşkil)?\s*")
_CHANGE_NOUNS = frozenset(
    "increase rise growth decrease drop decline fall прирост рост сокращение".split()
)


def _compares(sentence: Sentence, mark: Mark) -> bool:
    """Whether the word after the number says "more" or "fewer", and not than so many years."""
    word = sentence.text(mark.start, mark.end)
    return word in _MORE_OR_FEWER and not _AGE.match(sentence.folded, mark.end)


_AGE = re.compile(r" \d{1,2} (?:лет|год)")
_MORE_OR_FEWER = frozenset({"больше", "меньше", "de plus", "de moins"})


def _turkic_change(case: Case) -> bool:
    """Whether a verb of change follows a number without the case of a start or goal."""
    sentence = case.sentence
    end = max(case.phrase.end, case.number.end)
    if ABLATIVE.search(sentence.text(end - 5, end)):
        return False
    if _DATIVE.search(sentence.text(end - 4, end)) and not case.phrase.marks:
        return False
    if case.phrase.marks and _DATIVE.search(sentence.text(end - 3, end)):
        return False
    change = sentence.after("change", end, 1)
    if change is None or (sentence.within("list", *case.zone) and sentence.after("in", end, 1)):
        return False
    return case.number.ending not in _DATIVE_ENDINGS


_DATIVE = re.compile(r"(?:y[aəe]|[^\Wnd][aəe]|d[aəe]k)$")
_DATIVE_ENDINGS = frozenset("a ə e ya yə ye na nə ne dək dek adək ədək yadək yədək".split())
