"""Stock or flow: the kind of a number, from the verbs of its clause."""

import re

from monitor.detect.counts.answers import Head
from monitor.detect.counts.case import Case
from monitor.detect.counts.changes import is_change
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.verbs import in_name, is_adjunct, nearest


def kind(case: Case, head: Head) -> str:
    """Stock, flow_in, flow_out, cumulative, death or net_change, from the clause's verbs."""
    if is_change(case):
        return "net_change"
    sentence, zone = case.sentence, case.zone
    if is_whole(case):
        return "stock"
    event = _event(case, head)
    if event is not None:
        return "stock" if event == "flow_out" and sentence.has("demand") else event
    if _is_pardoned(case):
        return "flow_out"
    if head.rule == "left-label":
        return "stock"
    if head.rule == "ellipsis" and sentence.has("echo", *zone):
        return case.context.echoed()
    if sentence.has("recognise", *zone) and (recognised := _recognised_kind(case)):
        return recognised
    if sentence.has("list", *zone) and _newly(case):
        return "flow_in"
    return _arrest_kind(case, head)


def _is_pardoned(case: Case) -> bool:
    """Whether the number counts those named in an act of grace: "found only nine in the decree"."""
    sentence, zone = case.sentence, case.zone
    marks = sentence.within("decreed", *zone)
    if case.context.listed or sentence.has("list"):
        marks = [mark for mark in marks if mark.value != "it"]
    decreed = case.context.decreed or sentence.has("decree")
    absent = _NOBODY.search(sentence.text(zone[0], sentence.end)) is not None
    return bool(marks) and decreed and not (absent or sentence.has("remain", *zone))


_NOBODY = re.compile(r"\b(?:yoxdur|heç bir|нет ни|ни од|none|not one|nobody)")


def _recognised_kind(case: Case) -> str | None:
    """The kind of a number of people recognised as prisoners within a time told, if one is."""
    sentence, zone = case.sentence, case.zone
    if _YEARS.search(sentence.text(*zone)):
        return "cumulative"
    since = any(d.role == "since" and zone[0] <= d.start < zone[1] for d in sentence.dates)
    timed = bool(sentence.dates) or sentence.has("period")
    within = any(d.role == "on" and len(d.day) == len("2025-10") for d in sentence.dates)
    told = not _has_as_of(sentence) and (
        within
        or sentence.has("period", *zone)
        or (timed and _RECOGNISED.search(sentence.text(*zone)) is not None)
    )
    if since or told or _newly(case):
        return "cumulative" if since else "flow_in"
    return None


_RECOGNISED = re.compile(
    r"\bпризнал[аио]?\b|\b(?:recogni[sz]ed|designated) (?!as\b|by\b)|\btanıyıb\b|\btaniyib\b"
)
_YEARS = re.compile(
    r"\bза (?:последние )?[^\W\d]+ лет\b|\bover the (?:past|last) [^\W\d]+ years"
    r"|\bson [^\W\d]+ il(?:də)?\b"
)
"""Years over which people were recognised: all that ever were."""


def is_whole(case: Case) -> bool:
    """Whether the number is what a part is taken from: "из 392 имён … освобождены семеро"."""
    sentence, number = case.sentence, case.number
    if not _WHOLE.search(sentence.text(number.start - 24, number.start)):
        return False
    labels = ("out", "in", "death", "arrest")
    return not any(sentence.within(label, number.end, case.phrase.end) for label in labels)


_WHOLE = re.compile(r"(?:^|[\s(\"])(?:из|out of|of the|of these|of those)\s(?:the |этих |тех )?$")


def _event(case: Case, head: Head) -> str | None:
    """The kind told by the verb of death, release or entry that stands nearest, if any does."""
    mortal = case.sentence.has("custody") or case.registry.held(head.category)
    found = [
        (case.gap(mark), kind)
        for label, kind in _EVENTS.items()
        if (mortal or label != "death") and (mark := nearest(case, label)) is not None
    ]
    return min(found, key=lambda event: event[0])[1] if found else None


_EVENTS = {"death": "death", "out": "flow_out", "in": "flow_in"}


def _newly(case: Case) -> bool:
    """Whether the number is said to be new or further: "another 17", "ещё 17", "daha 17"."""
    sentence, number = case.sentence, case.number
    before = sentence.before("more", number.start, 1)
    inside = sentence.within("more", number.end, case.phrase.end)
    return before is not None or bool(inside)


def _arrest_kind(case: Case, head: Head) -> str:
    """The kind of a number whose clause may tell of arrests: stock, flow_in or cumulative."""
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
    names = sentence.within("entry", case.number.end, case.phrase.end)
    if names or sentence.has("remain", *zone):
        return "stock"
    if _KEEPS.search(sentence.text(case.number.start - 30, case.number.start)):
        return "stock"
    if since and _ARRESTED.search(sentence.text(zone[0], case.number.start)):
        return "cumulative"
    if not ever and (_has_as_of(sentence) or sentence.has("same_date")):
        return "stock"
    if (
        of_the
        or not sentence.has("arrest", *zone)
        or (_only_describes(case) and not _sums_up(case, ever))
    ):
        return "stock"
    if since or sentence.has("cumulative"):
        return "cumulative"
    return "stock" if _is_state(case) else "flow_in"


def _is_state(case: Case) -> bool:
    """Whether the clause tells how people are: "361 behind bars", not "fifteen days in jail"."""
    sentence = case.sentence
    return any(
        _TERM.search(sentence.text(mark.start - 8, mark.start)) is None
        for mark in sentence.within("state", *case.zone)
    )


_TERM = re.compile(r"\b(?:days?|weeks?|months?|years?|суток|дней|лет|года?|месяц\w*|gün|ay|il) $")


_KEEPS = re.compile(r"\b(?:kept|keeps?|keeping|held|holds?|holding) (?:[^\W\d]+ ){0,2}$")
"""Verbs of holding before the number: "kept 24 journalists locked up"."""
_ARRESTED = re.compile(
    r"\b(?:числ\w+|количеств\w+) (?:арестованн|задержанн|осужденн)"
    r"|\bnumber of [^.;]{0,30}(?:arrested|detained|held since)"
)
"""The number of those ever arrested, which a date of beginning makes cumulative."""


def _has_as_of(sentence: Sentence) -> bool:
    return any(date.role == "as_of" for date in sentence.dates)


def _sums_up(case: Case, ever: bool) -> bool:
    """Whether all of a period are told: "1,000 people have been sentenced since", "since 2023 the
    number of journalists arrested has risen to 30"."""
    perfect = case.phrase.last("subset")
    risen = case.sentence.has("number_of", *case.before()) and case.sentence.has("dir", *case.zone)
    return ever and (risen or (perfect is not None and perfect.start >= case.number.end))


def _only_describes(case: Case) -> bool:
    """Whether the verb of arrest only describes the noun ("63 jailed journalists", "are held")."""
    sentence, number = case.sentence, case.number
    verbs = [
        verb
        for verb in sentence.within("arrest", *case.zone)
        if not (is_adjunct(sentence, verb) or in_name(case, verb))
    ]
    return all(
        number.end <= verb.start < case.phrase.end or not _tells_event(sentence, verb)
        for verb in verbs
    )


def _tells_event(sentence: Sentence, verb: Mark) -> bool:
    """Whether a verb of arrest tells that it happened, not how somebody is."""
    if sentence.turkic and _THOSE.search(sentence.text(verb.start, verb.end)):
        return False
    if _KEPT.match(sentence.text(verb.start, verb.end)) and _in_prison(sentence):
        return False
    return _STATE.search(sentence.text(verb.start - 12, verb.start)) is None


_STATE = re.compile(
    r"\b(?:are|is|as|those|remain|remained|remains|being|still|currently|now|остаются|находятся|həbsdə"
    r"|həbsxanada|həbsxanalarda|içəridə) $"
)


def _in_prison(sentence: Sentence) -> bool:
    """Whether the sentence says where people are kept: az, tr prisons in the locative."""
    return any(
        _WHERE.search(sentence.text(mark.start, mark.end))
        for mark in sentence.marks.get("captive", ())
    )


_KEPT = re.compile(r"saxlan|tutul")
_WHERE = re.compile(r"(?:xana|yer|müəssisə|koloniya|türmə|cezaev|zindan)\w*d[aə](?:k[iı])?$")
_THOSE = re.compile(r"[aə]nl[aə]r")
"""The az, tr ending of "those who were" ("həbs edilənlər")."""
