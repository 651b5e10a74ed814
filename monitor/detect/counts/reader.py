"""Reading a passage: sentence after sentence, numbers become drafts under a growing context."""

import re
from dataclasses import replace
from functools import cache

from db.records import Observation, Passage
from monitor.detect.counts import attributes, attribution, kinds
from monitor.detect.counts.answers import Counter, Head
from monitor.detect.counts.assemble import observations
from monitor.detect.counts.case import Case
from monitor.detect.counts.context import Context
from monitor.detect.counts.draft import Draft
from monitor.detect.counts.heads import find_head
from monitor.detect.counts.language import guess_language
from monitor.detect.counts.numbers import Number, last_number
from monitor.detect.counts.parts import attach_part
from monitor.detect.counts.phrases import NounPhrase, noun_phrase
from monitor.detect.counts.registry import Registry, default_registry, gate_stems, theme
from monitor.detect.counts.sentence import Sentence, Source, read_sentence
from monitor.detect.counts.text import fold, lines
from monitor.detect.counts.zones import divide

OPENING = 20
"""A counter named later speaks for the sentence before only so near the start of its own."""
CREDIT_OPENING = 40
"""The same after words of credit: "Source:", "такие данные приводит"."""
CREDIT_SENTENCES = 4
"""Sentences after a number in which it may be credited to a counter; later ones go unread."""
LOOKED_BACK = 16
"""Numbers before the sentence that a counter named later may be laid to."""
MOST_NUMBERS = 10_000
"""A text is read up to this many numbers: no article has more, and an attack may."""
_DATED_KINDS = frozenset({"stock", "cumulative", "death"})


def read_counts(passage: Passage, registry: Registry | None = None) -> tuple[Observation, ...]:
    """Every count of prisoners in a passage, in text order.

    Offsets are code points of `passage.text`. The title gives context only. An unknown language
    is guessed from the text. The rules are those of docs/counts.md.
    """
    folded = fold(passage.text)
    known = registry or default_registry()
    listing = known.counts(passage.publisher_org)
    if not (listing or _gate().search(folded) or _gate().search(fold(passage.title or ""))):
        return ()
    reader = _Reader(passage, known)
    reader.read_title()
    reader.read_text(folded)
    return observations(reader.drafts, reader.announced, passage)


@cache
def _gate() -> re.Pattern[str]:
    """Matches a text that has any word of captivity or list, in any language."""
    stems = sorted(gate_stems(), key=len, reverse=True)
    return re.compile(r"(?<![^\W\d_])(?:" + "|".join(map(re.escape, stems)) + ")")


class _Reader:
    """The state of reading one passage."""

    def __init__(self, passage: Passage, registry: Registry) -> None:
        self.passage = passage
        self.registry = registry
        self.lang = guess_language(passage)
        home = registry.home(passage.publisher_org or "")
        self.context = Context(place=passage.place or home)
        self.drafts: list[Draft] = []
        self.announced: set[int] = set()
        self.seen = 0

    def read_title(self) -> None:
        title = self.passage.title or ""
        source = Source(title, fold(title), self.lang, self._published, self.registry)
        for line in lines(title, source.folded, self.lang):
            sentence = read_sentence(line, source)
            sentence.counters = attribution.counters(sentence, self.context, self.registry)
            self.context.listen(sentence, self.registry)
        self.context.open_text(self.registry.counts(self.passage.publisher_org))

    def read_text(self, folded: str) -> None:
        source = Source(self.passage.text, folded, self.lang, self._published, self.registry)
        self.context.theme = theme().search(folded) is not None
        end = last_number(folded, self.lang)
        following = 0
        for line in lines(source.text, folded, self.lang):
            following += line.start > end
            if following > CREDIT_SENTENCES or self.seen > MOST_NUMBERS:
                break
            sentence = read_sentence(line, source)
            self.context.enter(sentence)
            sentence.counters = attribution.counters(sentence, self.context, self.registry)
            self._take_back(sentence)
            first = len(self.drafts)
            self._read_numbers(sentence)
            self._look_back(sentence)
            self._date_figures(sentence)
            self.context.listen(sentence, self.registry)
            self.context.learn(sentence, self.drafts, first)

    def _take_back(self, sentence: Sentence) -> None:
        """Drop the figures of the sentence before where this one corrects them with its own.

        "375 were reported. This is wrong: the list has 356 names." Who denies gives no figure.
        """
        opens = sentence.after("withdraw", sentence.start) is not None
        if not (opens and sentence.numbers) or any(m.value == "GOV" for m in sentence.counters):
            return
        while self.drafts and self.drafts[-1].sentence == self.context.index - 1:
            self.context.hear(self.drafts.pop().head.category)
        self.context.forget(len(self.drafts))

    def _look_back(self, sentence: Sentence) -> None:
        """Lay numbers without a counter to the one the next sentences name or credit."""
        credited, authored = sentence.has("credit"), sentence.has("authors")
        opening, reach = (CREDIT_OPENING, CREDIT_SENTENCES) if credited else (OPENING, 1)
        if not sentence.counters or sentence.counters[0].value == "GOV":
            return
        speaker = sentence.counters[0]
        opens = speaker.start - sentence.start <= opening
        keeps = self.registry.counts(speaker.value)
        for draft in self.drafts[-LOOKED_BACK:]:
            near = 0 < self.context.index - draft.sentence <= reach
            unnamed = draft.counter.basis == "none" or (authored and draft.counter.org is None)
            same = self.context.block - draft.block <= authored and unnamed
            told = opens and (credited or draft.kind == "stock")
            listed = keeps == draft.head.category and draft.case.sentence.has("list")
            listed = listed and attribution.says(sentence, speaker)
            if near and same and (told or listed):
                draft.counter = attribution.named(sentence, speaker, "later_sentence")
                self._date_back(sentence, draft)

    def _date_figures(self, sentence: Sentence) -> None:
        """Date the totals told before by a sentence about them: "all figures are as of 1 May"."""
        days = [day for day in sentence.days if len(day) > len("2025")]
        if not days or sentence.numbers or not sentence.has("figures"):
            return
        for draft in self.drafts[-LOOKED_BACK:]:
            near = draft.block == self.context.block and draft.role == "total"
            if near and draft.kind == "stock" and days[-1].startswith(draft.as_of or ""):
                draft.as_of, draft.as_of_basis = days[-1], "stated"
        self.context.list_date, self.context.list_date_at = days[-1], self.context.index

    def _date_back(self, sentence: Sentence, draft: Draft) -> None:
        """Give a total the date of the list it is credited to ("в списке от 12 февраля")."""
        days = sentence.days
        whole = draft.role == "total" and draft.kind == "stock" and draft.as_of is None
        if whole and days and not sentence.numbers and sentence.has("list"):
            draft.as_of, draft.as_of_basis = days[0], "list_date"

    @property
    def _published(self) -> str | None:
        return self.passage.published[:10] if self.passage.published else None

    def _read_numbers(self, sentence: Sentence) -> None:
        first = len(self.drafts)
        self.seen += len(sentence.numbers)
        phrases, groups = _countable(sentence)
        self.announced |= groups
        sentence.zones = divide(sentence, phrases)
        self.context.chained = False
        for at, phrase in enumerate(phrases):
            case = self._case(sentence, at, phrase)
            head = find_head(case)
            if head is not None:
                self._draft(case, head)
        if sentence.has("respectively"):
            _pair_places(sentence, self.drafts[first:])

    def _case(self, sentence: Sentence, at: int, phrase: NounPhrase) -> Case:
        number, zone = sentence.numbers[at], sentence.zones[at]
        return Case(sentence, number, phrase, zone, self.context, self.registry)

    def _draft(self, case: Case, head: Head) -> None:
        kind = kinds.kind(case, head)
        counter = attribution.counter(case)
        draft = Draft(
            case=case,
            head=head,
            kind=kind,
            role=self._role(case, head, kind, counter),
            qualifier=attributes.qualifier(case),
            place=attribution.place(case, head.category),
            counter=counter,
            sentence=self.context.index,
            block=self.context.block,
            optional=_is_optional(case),
        )
        self._share_subset(draft)
        if kind == "cumulative" and head.subset == "convicted":
            draft.head = replace(head, subset=None)
        attach_part(draft, self.drafts, self.context)
        self._date(draft)
        if draft.counter.basis == "none":
            draft.counter = self._earlier_counter(draft)
        draft.place = self._place(draft)
        if not draft.optional:
            self.drafts.append(draft)
            self.context.speak(draft)

    def _share_subset(self, draft: Draft) -> None:
        """Give a bare baseline the subset of the figure beside it: "14 women, up from 12"."""
        last = self.drafts[-1] if self.drafts else None
        bare = draft.head.loose and draft.head.subset is None and draft.role == "prior"
        if bare and last is not None and last.sentence == draft.sentence:
            draft.head = replace(draft.head, subset=last.head.subset)

    def _place(self, draft: Draft) -> str | None:
        """The country the text names, else that of its counter, else what the passage is about."""
        home = self.registry.home(draft.counter.org or "")
        draft.assumed = not (draft.place or home or self.context.last_place)
        return draft.place or home or self.context.last_place or self.context.place

    def _earlier_counter(self, draft: Draft) -> Counter:
        total = self.drafts[draft.of] if draft.of is not None else None
        if total is not None and total.counter.basis != "none":
            return total.counter
        return self.context.inherited(draft, self.registry)

    def _role(self, case: Case, head: Head, kind: str, counter: Counter) -> str:
        dated = kind in _DATED_KINDS
        if head.rule == "partitive" and case.sentence.after("part", case.number.end, 2):
            return "total"
        led = kind == "stock" and self._has_total(head, counter.org)
        return "prior" if dated and attributes.is_prior(case, led) else "total"

    def _has_total(self, head: Head, org: str | None) -> bool:
        """Whether a number of the same category and counter was read shortly before."""
        return any(
            draft.head.category == head.category
            and (org is None or draft.counter.org in (None, org))
            and draft.kind == "stock"
            and self.context.index - draft.sentence <= 3
            for draft in self.drafts[-6:]
        )

    def _told_day(self, draft: Draft) -> str | None:
        """The day of the figure before in the sentence, from which "a year earlier" counts."""
        last = self.drafts[-1] if self.drafts else None
        if last is None or last.sentence != draft.sentence or not last.as_of:
            return None
        return last.as_of if len(last.as_of) == len("2025-12-01") else None

    def _date(self, draft: Draft) -> None:
        if draft.kind not in _DATED_KINDS:
            return
        base = self._told_day(draft) or self.context.list_date or self._published
        day, basis, since = attribution.when(draft.case, draft.role, base)
        if day is None and draft.case.sentence.has("same_date"):
            day, basis = self.context.last_day, "inherited"
        if draft.head.rule == "left-label" and draft.role == "part":
            day, basis = None, "none"
        if day is None and draft.role == "total":
            day, basis = self.context.inherited_date(draft)
        draft.as_of, draft.as_of_basis = day, basis
        draft.since = since if draft.kind == "cumulative" else None


def _pair_places(sentence: Sentence, drafts: list[Draft]) -> None:
    """Lay "A, B and C hold 28, 19 and 16 journalists respectively" out in order."""
    places = sentence.marks.get("place", [])
    if len(drafts) == len(places):
        for draft, mark in zip(drafts, places, strict=True):
            draft.place = mark.value


def _is_optional(case: Case) -> bool:
    """Whether the clause speaks of house arrest and the like; a comma or semicolon ends it.

    "Freed or transferred to house arrest" counts the freed.
    """
    low, high = case.zone
    end = _CLAUSE_END.search(case.sentence.folded, case.phrase.end, high)
    high = end.start() if end else high
    return case.sentence.has("optional", low, high) and not case.sentence.has("out", low, high)


_CLAUSE_END = re.compile(r"; |, (?:daha|isə|while|whereas|а|и|еще|and|but) ")


def _countable(sentence: Sentence) -> tuple[list[NounPhrase], set[int]]:
    """The noun phrases of the numbers, once those that measure or count things are put aside.

    Also the numbers of groups announced ("in 12 groups").
    """
    kept: list[tuple[Number, NounPhrase]] = []
    groups: set[int] = set()
    measured: Number | None = None
    for number in reversed(sentence.numbers):
        phrase = noun_phrase(sentence, number)
        foreign = phrase.strangers and not phrase.marks and not (number.ending or number.people)
        joined = measured and sentence.text(number.end, measured.start).strip() in _JOINERS
        if (phrase.is_unit and not number.people) or foreign or joined:
            measured = number
            sentence.things.append(number.start)
            if phrase.is_unit and _GROUP.match(sentence.folded, phrase.marks[0].start):
                groups.add(number.value)
            continue
        kept.insert(0, (number, phrase))
    sentence.numbers = [number for number, _ in kept]
    return [phrase for _, phrase in kept], groups


_GROUP = re.compile(r"group|categor|qrup|kateqori|групп|категор|grup|kategori|груп")
_JOINERS = frozenset({"to", "or", "and", "-", "–", "до", "или", "и", "ilə", "və", "y", "a", "o"})
