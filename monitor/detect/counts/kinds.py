"""Stock or flow: the kind of a number, from the verbs of its clause."""

import re

from monitor.detect.counts.case import Case, Head
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence
from monitor.detect.counts.wording import ABLATIVE, skip_qualifiers

_PUBLISHED = re.compile(r" (?:an?|its|their|new|the (?:list|latest|updated|names)|by|in its) ")


_STATE = re.compile(
    r"\b(?:are|is|as|remain|remained|remains|being|still|currently|now|остаются|находятся|həbsdə"
    r"|həbsxanada|həbsxanalarda|içəridə) $"
)


_TURN = re.compile(
    r"[,;] (?:but|although|though|however|но|хотя|однако|amma|lakin|ancak|pero|aber)\b"
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
    if sentence.has("death", *zone) and (
        sentence.has("custody") or case.registry.held(head.category)
    ):
        return "death"
    out, entry = _nearest(case, "out"), _nearest(case, "in")
    if out is not None and (entry is None or _distance(case, out) <= _distance(case, entry)):
        return "stock" if sentence.has("demand") else "flow_out"
    if entry is not None:
        return "flow_in"
    if head.rule == "left-label" or (head.rule == "ellipsis" and sentence.has("echo", *zone)):
        return case.context.flow(head.rule)
    if sentence.has("recognise", *zone):
        since = any(d.role == "since" and zone[0] <= d.start < zone[1] for d in sentence.dates)
        timed = bool(sentence.dates) or sentence.has("period")
        told = timed and _RECOGNISED.search(sentence.text(*zone)) is not None
        if since or told or _newly(case):
            return "cumulative" if since else "flow_in"
    if sentence.has("list", *zone) and _newly(case):
        return "flow_in"
    return _arrest_kind(case, head)


def _nearest(case: Case, label: str) -> Mark | None:
    marks = [
        mark
        for mark in case.sentence.within(label, *case.zone)
        if not _publishes(case, mark) and not _in_next_clause(case, mark)
    ]
    return min(marks, key=lambda mark: _distance(case, mark), default=None)


def _in_next_clause(case: Case, mark: Mark) -> bool:
    """Whether the verb belongs to a clause of its own: "357 names, but they keep adding to it"."""
    return _TURN.search(case.sentence.text(case.phrase.end, mark.start)) is not None


def _publishes(case: Case, mark: Mark) -> bool:
    """Whether a list is released, not a prisoner: "released a new list", "the one, released on"."""
    sentence = case.sentence
    if sentence.text(mark.start, mark.end) not in ("released", "release"):
        return False
    before = sentence.text(mark.start - 6, mark.start).rstrip()
    after = sentence.text(mark.end, mark.end + 14)
    subject = sentence.has("list", case.zone[0], mark.start) and mark.end < case.number.start
    listed = subject or before.endswith(("one", ",")) or sentence.before("list", mark.start, 2)
    return bool(listed) or (_PUBLISHED.match(after) is not None and sentence.has("list"))


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
    if head.rule in ("subject", "ellipsis") and sentence.has("dir"):
        return "stock"
    of_the = sentence.text(case.number.start - 7, case.number.start) == "of the "
    if of_the or not sentence.has("arrest", *zone) or _adjective(case):
        return "stock"
    since = any(date.role == "since" for date in sentence.dates)
    if since or sentence.has("cumulative"):
        return "cumulative"
    return "flow_in"


def _adjective(case: Case) -> bool:
    """Whether the verb of arrest only describes the noun ("63 jailed journalists", "are held")."""
    sentence, number = case.sentence, case.number
    verbs = sentence.within("arrest", *case.zone)
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
    if after is not None and _compares(sentence, after):
        return True
    return any(
        _NOUN_OF_CHANGE.fullmatch(sentence.text(mark.end, start))
        and sentence.text(mark.start, mark.end) in _CHANGE_NOUNS
        for mark in sentence.within("change", low, start)
    )


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
