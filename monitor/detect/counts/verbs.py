"""Which verbs of release, entry and death are said of a number, and which beside it."""

import re

from monitor.detect.counts.case import Case
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence


def nearest(case: Case, label: str) -> Mark | None:
    """The mark of a table of verbs that is said of the number and stands nearest to it."""
    marks = [
        mark
        for mark in case.sentence.within(label, *case.zone)
        if not (
            _publishes(case, mark)
            or _in_next_clause(case, mark)
            or (is_adjunct(case.sentence, mark) and not _governs(case, mark))
            or _is_saying(case, mark)
            or _in_clause_before(case, mark)
            or in_name(case, mark)
        )
    ]
    return min(marks, key=case.gap, default=None)


def in_name(case: Case, mark: Mark) -> bool:
    """Whether the verb stands in quotation marks and the number outside: "Arrested in …" group."""
    sentence = case.sentence
    low, high = sorted((mark.start, case.number.start))
    between = sentence.text(low, high)
    before = sentence.text(sentence.start, mark.start)
    return between.count('"') % 2 == 1 and before.count('"') % 2 == 1


def _governs(case: Case, mark: Mark) -> bool:
    """Whether the number is the object of the verb: "after a court released three journalists"."""
    verb = _ACTIVE.search(case.sentence.text(mark.start, mark.end)) is not None
    return verb and case.sentence.text(mark.end, case.number.start) == " "


_ACTIVE = re.compile(r"(?:ed|ing|ли|ла|ло|л)$")


def _in_next_clause(case: Case, mark: Mark) -> bool:
    """Whether the verb belongs to a clause of its own: "357 names, but they keep adding to it"."""
    return _TURN.search(case.sentence.text(case.phrase.end, mark.start)) is not None


_TURN = re.compile(
    r"[,;] (?:(?:but|although|though|however|но|хотя|однако|amma|lakin|ancak|pero|aber)\b"
    r"|остальн|the rest|the others|qalan)"
)


def _in_clause_before(case: Case, mark: Mark) -> bool:
    """Whether the word belongs to what was said before: "hailed the release, but said that"."""
    if mark.end > case.number.start:
        return False
    return _SAID_THAT.search(case.sentence.text(mark.end, case.number.start)) is not None


_SAID_THAT = re.compile(
    r" (?:but|and|но|и) (?:[^,;]{0,20} )?(?:that|что) "
    r"|[,;] (?:[^,;]{0,60}\b)?"
    r"(?:что|that|ki|но|but|однако|however|amma|lakin|хотя|although|while)\b"
)


def _is_saying(case: Case, mark: Mark) -> bool:
    """Whether "added" is a verb of saying: "he added", "добавил он", "deyə əlavə edib"."""
    sentence = case.sentence
    if not _ADDED.match(sentence.text(mark.start, mark.end)):
        return False
    before, after = (
        sentence.text(mark.start - 12, mark.start),
        sentence.source[mark.end : mark.end + 3],
    )
    if sentence.turkic:
        return _THUS.search(before) is not None
    return (
        _WHO.search(before) is not None
        or after[1:2].isupper()
        or _HE.match(sentence.text(mark.end, mark.end + 6)) is not None
    )


_ADDED = re.compile(r"added$|добавил|əlavə ed|ekled")
_THUS = re.compile(r"(?:\bo|deyə|[\"]),? (?:də |da )?$")
_WHO = re.compile(r"(?:\b(?:he|she|they|who|он|она|они)|,) $")
_HE = re.compile(r",? (?:он|она|они|that|что)\b")


def is_adjunct(sentence: Sentence, mark: Mark) -> bool:
    """Whether the word only dates the clause: "before the pardon", "həbsindən sonra"."""
    if sentence.turkic:
        return _AFTER_IT.match(sentence.text(mark.start, mark.end + 24)) is not None
    return _BEFORE_IT.search(sentence.text(mark.start - 40, mark.start)) is not None


_BEFORE_IT = re.compile(
    r"\b(?:before|after|following|until|ahead of|prior to|despite|with|with the|upon"
    r"|до|после|перед|накануне|несмотря на|antes de|después de|tras|avant|après|vor|nach|przed|po"
    r"|перед|після) (?:the |a |his |her |their |its |this |that |last |el |la |los |le |der |dem )?"
    r"(?:[^\W\d]+ ){0,2}$"
)
_AFTER_IT = re.compile(r"[^\W\d]+(?: [^\W\d]+)?[dt][aəe]n (?:sonra|əvvəl|qabaq|öncə|önce|beri)\b")


def _publishes(case: Case, mark: Mark) -> bool:
    """Whether a list is released, not a prisoner: "released a new list", "the one, released on"."""
    sentence = case.sentence
    word = sentence.text(mark.start, mark.end)
    if not _ISSUED.fullmatch(word):
        return False
    low = case.zone[0]
    issues = [*sentence.within("list", low, mark.start)]
    issues += sentence.within("publication", low, mark.start)
    if issues:
        last = max(found.end for found in issues)
        between = sentence.text(last, mark.start)
        subject = last <= case.number.start or _WHICH.search(between)
        if len(between) < ISSUE_REACH and subject:
            return True
    if sentence.text(mark.start - 6, mark.start).rstrip().endswith(("one", ",")):
        return word in ("released", "release")
    if sentence.slavic and sentence.has("list", mark.end, mark.end + OBJECT_REACH):
        return True
    named = sentence.has("list") or sentence.has("publication")
    return _PUBLISHED.match(sentence.text(mark.end, mark.end + 14)) is not None and named


_PUBLISHED = re.compile(r" (?:an?|its|their|new|the (?:list|latest|updated|names)|by|in its) ")
OBJECT_REACH = 50
"""The same from the verb to the list it issues."""
ISSUE_REACH = 120
"""Characters between a list and the verb that says it came out."""
_ISSUED = re.compile(
    r"released?|releas(?:es|ing)|выпуст\w+|выпущен\w*|вышл[аои]|вышел|buraxıb|buraxib"
)
_WHICH = re.compile(r"котор|\bthat\b|\bwhich\b|^,?\s*$|^ (?:it|they|we|he|she) (?:ha[sd] )?$")
