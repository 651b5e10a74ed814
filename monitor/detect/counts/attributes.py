"""How a number is meant: its qualifier, its kind (stock, flow, …), its role and direction."""

import re

from monitor.detect.counts.heads import Case, Head
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.sentence import Sentence

_ABLATIVE = re.compile(r"[dt][aəe]n$")
_DATIVE = re.compile(r"(?:y[aəe]|[^\Wnd][aəe]|d[aəe]k)$")
_NEEDS_ABLATIVE = frozenset({"çox", "artiq", "az", "fazla", "yuxari", "aşkin", "çoxunun", "artiği"})
_NOUN_OF_CHANGE = re.compile(r"\s*(?:of|by|was|в|составил\w*|–|:|=|на|de|um|o|olub|təşkil)?\s*")
_TO = frozenset(
    {"to", "до", "a", "auf", "do", "à", "hasta", "at", "reached", "reaches", "составил"}
)


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
        if found is not None:
            return None if _is_target(sentence, found) else found.value
        skipped = (
            sentence.before("more", offset, 1)
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
    if sentence.lang in ("az", "tr") and word in _NEEDS_ABLATIVE:
        return _ABLATIVE.search(sentence.text(offset - 5, offset)) is not None
    return True


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
    if sentence.has("recognise", *zone):
        since = any(d.role == "since" and zone[0] <= d.start < zone[1] for d in sentence.dates)
        if since or _newly(case):
            return "cumulative" if since else "flow_in"
    if sentence.has("list", *zone) and _newly(case):
        return "flow_in"
    return _arrest_kind(case, head)


def _nearest(case: Case, label: str) -> Mark | None:
    marks = [m for m in case.sentence.within(label, *case.zone) if not _publishes(case, m)]
    return min(marks, key=lambda mark: _distance(case, mark), default=None)


_PUBLISHED = re.compile(r" (?:an?|its|their|new|the (?:list|latest|updated|names)|by|in its) ")


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
    return "flow_in" if _event(case) else "stock"


def _adjective(case: Case) -> bool:
    """Whether the verb of arrest only describes the noun ("63 jailed journalists", "are held")."""
    sentence, number = case.sentence, case.number
    verbs = sentence.within("arrest", *case.zone)
    return all(
        number.end <= verb.start < case.phrase.end or not _eventive(sentence, verb)
        for verb in verbs
    )


_STATE = re.compile(
    r"(?:are|is|remain|remained|remains|being|still|currently|now|остаются|находятся|həbsdə"
    r"|həbsxanada|həbsxanalarda|içəridə) $"
)


def _eventive(sentence: Sentence, verb: Mark) -> bool:
    return _STATE.search(sentence.text(verb.start - 12, verb.start)) is None


def _event(case: Case) -> bool:
    """Whether arrests are told as events: by a date, a period, or a finite verb."""
    return True


def is_change(case: Case) -> bool:
    """Whether the number is the size of a rise or fall: "grew by 8", "17 nəfər artıb"."""
    sentence, number = case.sentence, case.number
    start = _skip_qualifiers(sentence, number.start)
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


_CHANGE_NOUNS = frozenset(
    "increase rise growth decrease drop decline fall прирост рост сокращение artım azalma".split()
)


def _compares(sentence: Sentence, mark: Mark) -> bool:
    word = sentence.text(mark.start, mark.end)
    following = sentence.text(mark.end, mark.end + 6)
    return word in ("больше", "меньше", "de plus", "de moins") and "," in following[:1] + ","


def _turkic_change(case: Case) -> bool:
    sentence = case.sentence
    end = max(case.phrase.end, case.number.end)
    if _ABLATIVE.search(sentence.text(end - 5, end)):
        return False
    if _DATIVE.search(sentence.text(end - 4, end)) and not case.phrase.marks:
        return False
    if case.phrase.marks and _DATIVE.search(sentence.text(end - 3, end)):
        return False
    change = sentence.after("change", end, 1)
    if change is None or sentence.within("list", *case.zone) and sentence.after("in", end, 1):
        return False
    return case.number.ending not in _DATIVE_ENDINGS


_DATIVE_ENDINGS = frozenset("a ə e ya yə ye na nə ne dək dek adək ədək yadək yədək".split())


def _skip_qualifiers(sentence: Sentence, offset: int) -> int:
    for _ in range(3):
        found = sentence.before("qualifier_before", offset, 1)
        if found is None:
            return offset
        offset = found.start
    return offset


def is_prior(case: Case, has_total: bool) -> bool:
    """Whether the number is a baseline or history: "up from 331", "əvvəlki siyahıda … idi"."""
    sentence, number = case.sentence, case.number
    start = _skip_qualifiers(sentence, number.start)
    cue = sentence.before("prior_before", start, 5)
    if cue is not None and _opens_comparison(sentence, cue, number.end):
        return True
    if _is_source_of_rise(case):
        return True
    if sentence.has("now", *case.zone):
        return False
    if any(_tells_past(case, mark) for mark in sentence.within("prior", *case.zone)):
        return True
    turkic = sentence.lang in ("az", "tr", "ru", "uk")
    return turkic and has_total and sentence.has("past", *case.zone)


def _is_source_of_rise(case: Case) -> bool:
    """Whether an ablative number is what a rise or fall began at ("303-dən 375-ə yüksəlib")."""
    sentence, end = case.sentence, max(case.number.end, case.phrase.end)
    if sentence.lang not in ("az", "tr") or not _ABLATIVE.search(sentence.text(end - 5, end)):
        return False
    later = any(number.start > end for number in sentence.numbers)
    return later and (sentence.has("dir") or sentence.has("change"))


def _tells_past(case: Case, mark: Mark) -> bool:
    """Whether a word of history is about this number, not a date or an afterthought."""
    sentence = case.sentence
    if _inside_stated(sentence, mark):
        return False
    if sentence.lang in ("az", "tr") or mark.start < case.number.end:
        return True
    return not _PAUSE.search(sentence.text(case.number.end, mark.start))


_PAUSE = re.compile(r"[,;(]| – ")


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


_TOWARDS = re.compile(r"\b(?:to|до|hasta|a|auf|do|à)\b")
_WEAK_PRIOR = frozenset(
    {"from", "с", "со", "от", "после", "over the", "the", "desde", "de los", "de", "von", "nach",
     "z", "з", "из прежних", "із", "вместо", "from the"}
)  # fmt: skip


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
        or sentence.after("part", case.phrase.end, 1) is not None
    )
