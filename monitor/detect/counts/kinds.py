"""Stock or flow: the kind of a number, from the verbs of its clause."""

import re

from monitor.detect.counts.case import Case, Head
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.wording import ABLATIVE, skip_qualifiers

_PUBLISHED = re.compile(r" (?:an?|its|their|new|the (?:list|latest|updated|names)|by|in its) ")


_STATE = re.compile(
    r"\b(?:are|is|as|those|remain|remained|remains|being|still|currently|now|остаются|находятся|həbsdə"
    r"|həbsxanada|həbsxanalarda|içəridə) $"
)


_TURN = re.compile(
    r"[,;] (?:(?:but|although|though|however|но|хотя|однако|amma|lakin|ancak|pero|aber)\b"
    r"|остальн|the rest|the others|qalan)"
)


_THOSE = re.compile(r"[aə]nl[aə]r")
"""The az, tr ending of "those who were" ("həbs edilənlər")."""


_RECOGNISED = re.compile(
    r"\bпризнал[аио]?\b|\b(?:recogni[sz]ed|designated) (?!as\b|by\b)|\btanıyıb\b|\btaniyib\b"
)
_CHANGE_NOUNS = frozenset(
    "increase rise growth decrease drop decline fall прирост рост сокращение artım azalma".split()
)


_NOUN_OF_CHANGE = re.compile(r"\s*(?:of|by|was|в|составил\w*|–|:|=|на|de|um|o|olub|təşkil)?\s*")


_DATIVE = re.compile(r"(?:y[aəe]|[^\Wnd][aəe]|d[aəe]k)$")


_DATIVE_ENDINGS = frozenset("a ə e ya yə ye na nə ne dək dek adək ədək yadək yədək".split())


def kind(case: Case, head: Head) -> str:
    """Stock, flow_in, flow_out, cumulative, death or net_change, from the clause's verbs."""
    if is_change(case):
        return "net_change"
    sentence, zone = case.sentence, case.zone
    if _is_whole(case):
        return "stock"
    event = _event(case, head)
    if event is not None:
        return "stock" if event == "flow_out" and sentence.has("demand") else event
    if head.rule == "left-label" or (head.rule == "ellipsis" and sentence.has("echo", *zone)):
        return case.context.flow(head.rule)
    if sentence.has("recognise", *zone):
        since = any(d.role == "since" and zone[0] <= d.start < zone[1] for d in sentence.dates)
        timed = bool(sentence.dates) or sentence.has("period")
        within = any(d.role == "on" and len(d.day) == len("2025-10") for d in sentence.dates)
        told = not _has_as_of(sentence) and (
            within or (timed and _RECOGNISED.search(sentence.text(*zone)) is not None)
        )
        if since or told or _newly(case):
            return "cumulative" if since else "flow_in"
    if sentence.has("list", *zone) and _newly(case):
        return "flow_in"
    return _arrest_kind(case, head)


def _is_whole(case: Case) -> bool:
    """Whether the number is what a part is taken from: "из 392 имён … освобождены семеро"."""
    sentence, number = case.sentence, case.number
    if not _WHOLE.search(sentence.text(number.start - 24, number.start)):
        return False
    labels = ("out", "in", "death", "arrest")
    return not any(sentence.within(label, number.end, case.phrase.end) for label in labels)


_WHOLE = re.compile(r"(?:^|[\s(\"])(?:из|out of|of the|of these|of those)\s(?:the |этих |тех )?$")
_EVENTS = {"death": "death", "out": "flow_out", "in": "flow_in"}


def _event(case: Case, head: Head) -> str | None:
    """The kind told by the verb of death, release or entry that stands nearest, if any does."""
    mortal = case.sentence.has("custody") or case.registry.held(head.category)
    found = [
        (_distance(case, mark), kind)
        for label, kind in _EVENTS.items()
        if (mortal or label != "death") and (mark := _nearest(case, label)) is not None
    ]
    return min(found, key=lambda event: event[0])[1] if found else None


def _nearest(case: Case, label: str) -> Mark | None:
    marks = [
        mark
        for mark in case.sentence.within(label, *case.zone)
        if not (
            _publishes(case, mark)
            or _in_next_clause(case, mark)
            or _is_adjunct(case.sentence, mark)
            or _is_said(case, mark)
            or _in_clause_before(case, mark)
        )
    ]
    return min(marks, key=lambda mark: _distance(case, mark), default=None)


def _in_next_clause(case: Case, mark: Mark) -> bool:
    """Whether the verb belongs to a clause of its own: "357 names, but they keep adding to it"."""
    return _TURN.search(case.sentence.text(case.phrase.end, mark.start)) is not None


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


def _is_said(case: Case, mark: Mark) -> bool:
    """Whether "added" is a verb of saying: "he added", "добавил он", "deyə əlavə edib"."""
    sentence = case.sentence
    if not _ADDED.match(sentence.text(mark.start, mark.end)):
        return False
    before, after = (
        sentence.text(mark.start - 12, mark.start),
        sentence.source[mark.end : mark.end + 3],
    )
    if sentence.lang in ("az", "tr"):
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


def _is_adjunct(sentence: Sentence, mark: Mark) -> bool:
    """Whether the word only dates the clause: "before the pardon", "həbsindən sonra"."""
    if sentence.lang in ("az", "tr"):
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
    named = sentence.has("list") or sentence.has("publication")
    return _PUBLISHED.match(sentence.text(mark.end, mark.end + 14)) is not None and named


ISSUE_REACH = 120
"""Characters between a list and the verb that says it came out."""
_ISSUED = re.compile(
    r"released?|releas(?:es|ing)|выпуст\w+|выпущен\w*|вышл[аои]|вышел|buraxıb|buraxib"
)
_WHICH = re.compile(r"котор|\bthat\b|\bwhich\b|^,?\s*$")


def _distance(case: Case, mark: Mark) -> int:
    if mark.start >= case.number.end:
        return mark.start - case.number.end
    return case.number.start - mark.end


def _newly(case: Case) -> bool:
    """Whether the number is said to be new or further: "another 17", "ещё 17", "daha 17"."""
    sentence, number = case.sentence, case.number
    before = sentence.before("more", number.start, 1)
    inside = sentence.within("more", number.end, case.phrase.end)
    return before is not None or bool(inside)


def _arrest_kind(case: Case, head: Head) -> str:
    sentence, zone = case.sentence, case.zone
    first = sentence.numbers[0].start
    since = any(
        d.role == "since" and (d.end <= first or zone[0] <= d.start < zone[1])
        for d in sentence.dates
        if "," not in sentence.text(case.phrase.end, d.start)
    )
    if head.rule in ("subject", "ellipsis") and sentence.has("dir") and not since:
        return "stock"
    of_the = sentence.text(case.number.start - 7, case.number.start) == "of the "
    ever = since or sentence.has("cumulative", *zone)
    if _KEEPS.search(sentence.text(case.number.start - 30, case.number.start)):
        return "stock"
    if since and _ARRESTED.search(sentence.text(zone[0], case.number.start)):
        return "cumulative"
    if not ever and (_has_as_of(sentence) or sentence.has("same_date")):
        return "stock"
    if (
        of_the
        or not sentence.has("arrest", *zone)
        or (_adjective(case) and not _sums_up(case, ever))
    ):
        return "stock"
    if since or sentence.has("cumulative"):
        return "cumulative"
    return "flow_in"


def _has_as_of(sentence: Sentence) -> bool:
    return any(date.role == "as_of" for date in sentence.dates)


_KEEPS = re.compile(r"\b(?:kept|keeps?|keeping|held|holds?|holding) (?:[^\W\d]+ ){0,2}$")
"""Verbs of holding before the number: "kept 24 journalists locked up"."""
_ARRESTED = re.compile(
    r"\b(?:числ\w+|количеств\w+) (?:арестованн|задержанн|осужденн)"
    r"|\bnumber of [^.;]{0,30}(?:arrested|detained|held since)"
)
"""The number of those ever arrested, which a date of beginning makes cumulative."""


def _sums_up(case: Case, ever: bool) -> bool:
    """Whether all of a period are told: "1,000 people have been sentenced since", "since 2023 the
    number of journalists arrested has risen to 30"."""
    perfect = case.phrase.last("subset")
    risen = case.sentence.has("number_of", *case.before()) and case.sentence.has("dir", *case.zone)
    return ever and (risen or (perfect is not None and perfect.start >= case.number.end))


def _adjective(case: Case) -> bool:
    """Whether the verb of arrest only describes the noun ("63 jailed journalists", "are held")."""
    sentence, number = case.sentence, case.number
    verbs = [
        verb for verb in sentence.within("arrest", *case.zone) if not _is_adjunct(sentence, verb)
    ]
    return all(
        number.end <= verb.start < case.phrase.end or not _eventive(sentence, verb)
        for verb in verbs
    )


def _eventive(sentence: Sentence, verb: Mark) -> bool:
    if sentence.lang in ("az", "tr") and _THOSE.search(sentence.text(verb.start, verb.end)):
        return False
    return _STATE.search(sentence.text(verb.start - 12, verb.start)) is None


def is_change(case: Case) -> bool:
    """Whether the number is the size of a rise or fall: "grew by 8", "17 nəfər artıb"."""
    sentence, number = case.sentence, case.number
    start = skip_qualifiers(sentence, number.start)
    if sentence.lang in ("az", "tr"):
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
    if (
        after is not None
        and _compares(sentence, after)
        and not _AGE.match(sentence.folded, after.end)
    ):
        return True
    return any(
        _NOUN_OF_CHANGE.fullmatch(sentence.text(mark.end, start))
        and sentence.text(mark.start, mark.end) in _CHANGE_NOUNS
        for mark in sentence.within("change", low, start)
    )


_AGE = re.compile(r" \d{1,2} (?:лет|год)")


def _compares(sentence: Sentence, mark: Mark) -> bool:
    word = sentence.text(mark.start, mark.end)
    following = sentence.text(mark.end, mark.end + 6)
    return word in ("больше", "меньше", "de plus", "de moins") and "," in following[:1] + ","


def _turkic_change(case: Case) -> bool:
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
