"""What earlier sentences of the text leave to later ones: topic, counter, place, list date."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitor.detect.counts.answers import Counter, Head
from monitor.detect.counts.registry import Registry
from monitor.detect.counts.sentence import UNNAMED, Sentence

if TYPE_CHECKING:
    from monitor.detect.counts.draft import Draft

CAPTIVITY_REACH = 2
"""A word of captivity holds for its sentence and this many sentences after it."""
SPEAKER_REACH = 10
"""Sentences over which entries and loose figures are still those of the counter last named."""
DECREE_REACH = 2
"""A pardon or amnesty holds for this many sentences after the one that names it."""
GENERAL = "prison_population"
"""Prisoners of any kind: the words that name them may also mean those of a list spoken of."""
TOPIC_REACH = 6
"""A topic not named again is forgotten after this many sentences without it."""
_GROUPS = frozenset({"life_sentenced", "case_group", "other"})
"""Groups of a list; none is what a text is about."""


@dataclass(slots=True)
class Context:
    """The state of reading, changed by the reader alone, and by `find_head` for refused numbers.

    Sentences and blocks are counted; a block is a paragraph with the headings over it and the list
    entries under it.
    """

    index: int = 0
    paragraph: int = 0
    block: int = 0
    headed: bool = False

    # whose list or census is spoken of, where it was last named, and where its total is
    topic: str | None = None
    topic_at: int = 0
    topic_block: int = -1
    listed: bool = False
    total: int | None = None
    total_at: int = -1
    sentence_topic: str | None = None
    sentence_topic_at: int = -1

    # whether political prisoners are named anywhere in the text
    theme: bool = False

    # who counted; silent until a number has been laid to the counter last named
    org: str | None = None
    org_raw: str | None = None
    org_block: int = -1
    org_at: int = -100
    silent: bool = False

    # where, and as of when: the source's country, the one last named, the list's date
    place: str | None = None
    last_place: str | None = None
    list_date: str | None = None
    list_date_at: int = -1
    list_org: str | None = None
    last_day: str | None = None

    # the first list of political prisoners told, and the block whose groups are those of a list
    whole: int | None = None
    breakdown: int = -1

    # the sentences in which captivity, a pardon, a party were last spoken of, and a number refused
    captive: int = -10
    decree: int = -10
    party_at: int = -10
    refused: int = -1

    # numbers before: sentence and kind of the last, whether it was a part, whom each counted
    talking: int = -1
    last_kind: str = "stock"
    chained: bool = False
    told: dict[int, Head] = field(default_factory=dict)

    def holds(self, sentence: Sentence) -> bool:
        """Whether the people of this sentence are known to be deprived of liberty."""
        return sentence.has("captive") or self.index - self.captive <= CAPTIVITY_REACH

    @property
    def monitored(self) -> bool:
        """Whether the people spoken of are more than prisoners in general."""
        return self.topic not in (None, GENERAL)

    @property
    def decreed(self) -> bool:
        """Whether an act of grace was spoken of shortly before."""
        return self.index - self.decree <= DECREE_REACH

    @property
    def party(self) -> bool:
        """Whether a party was named in the sentence before."""
        return self.index - self.party_at <= 1

    def census_of(self, topic: str | None, registry: Registry) -> bool:
        """Whether a "list" can be one of the topic: prisoners, or what the counter counts."""
        if topic is None or topic == GENERAL:
            return False
        return registry.held(topic) or registry.counts(self.org) == topic

    def open_text(self, publishes: str | None) -> None:
        """Begin the text proper: the title leaves its topic, not its counter or date.

        `publishes` is the category that the source itself keeps a list of.
        """
        if publishes is not None and self.topic is None:
            self.topic = publishes
        self.topic_block = 0
        self.index = 0
        self.captive = 0 if self.captive >= 0 else -10
        self.list_date = None

    def enter(self, sentence: Sentence) -> None:
        """Go on to the next sentence; a new paragraph that names no list starts anew."""
        self.index += 1
        anew = sentence.line.paragraph != self.paragraph and not sentence.line.bullet
        self.paragraph = sentence.line.paragraph
        if anew and not self.headed:
            self.block += 1
            if not sentence.has("list"):
                self.total = None
                self.last_place = None
        self.headed = sentence.line.heading
        if sentence.has("breakdown"):
            self.breakdown = self.block
        self.sentence_topic = None
        if self.index - self.topic_at > TOPIC_REACH:
            self.topic = None
            self.listed = False

    def listen(self, sentence: Sentence, registry: Registry) -> None:
        """Take in what a sentence says besides its numbers."""
        if sentence.has("captive"):
            self.captive = self.index
        self.last_day = next(reversed(sentence.days), self.last_day)
        if sentence.has("decree"):
            self.decree = self.index
        if sentence.has("party"):
            self.party_at = self.index
        if sentence.counters:
            self._turn_to_speaker(sentence)
        places = {mark.value for mark in sentence.marks.get("place", ())}
        if len(places) == 1:
            self.last_place = places.pop()
        topic = _topic_of(sentence, registry, self.listed)
        if topic is not None and not (topic == GENERAL and self.monitored):
            self.topic, self.topic_at = topic, self.index
            self.topic_block = self.block
        if sentence.has("list"):
            self.listed = True
            self.topic_at = self.index

    def _turn_to_speaker(self, sentence: Sentence) -> None:
        """Take in who spoke last; a state body only where nobody else does."""
        found = sentence.counters
        last = found[0] if found[-1].value == "GOV" else found[-1]
        self.org = None if last.value == UNNAMED else last.value
        self.org_raw = sentence.source[last.start : last.end]
        self.org_block, self.org_at = self.block, self.index
        self.silent = True

    def echoed(self) -> str:
        """The kind of a figure that answers the one before: "confirmed only 70"; else stock."""
        return self.last_kind if self.index - self.talking <= 1 else "stock"

    def hear(self, category: str) -> None:
        """Take in what a withdrawn number counted: the right one may stand bare."""
        if self.topic is None:
            self.topic, self.topic_at, self.topic_block = category, self.index, self.block
            self.captive = self.index

    def forget(self, kept: int) -> None:
        """Take in that only so many of the drafts before were kept."""
        self.whole = self.whole if self.whole is not None and self.whole < kept else None
        self.total = self.total if self.total is not None and self.total < kept else None

    def refuse(self) -> None:
        """Take in that a number counted people not held: "of them" after it means these."""
        self.refused = self.index

    def speak(self, draft: "Draft") -> None:
        """Take in a number as soon as it is read: the rest of its sentence may lean on it."""
        self.talking = self.index
        self.refused = -1
        self.last_kind = draft.kind
        self.topic_block = draft.block
        self.silent = False
        named = draft.role != "part" or draft.head.rule == "repeated"
        whole = named and draft.head.category not in _GROUPS
        if whole and draft.head.subset is None:
            self.sentence_topic = draft.head.category
            self.sentence_topic_at = draft.head.end
        self.chained = draft.role == "part"
        if self.topic is None and draft.head.category not in _GROUPS:
            self.topic, self.topic_at = draft.head.category, self.index

    def inherited_date(self, draft: "Draft") -> tuple[str | None, str]:
        """The list date an earlier sentence leaves to the total of its list."""
        fresh = self.list_date is not None and self.list_date_at > self.total_at
        if not fresh or draft.kind != "stock" or draft.head.subset is not None:
            return None, "none"
        if self.topic not in (None, draft.head.category) or self.index - self.list_date_at > 3:
            return None, "none"
        named = draft.counter.basis == "same_sentence"
        if named and self.list_org not in (None, draft.counter.org):
            return None, "none"
        return self.list_date, "list_date"

    def learn(self, sentence: Sentence, drafts: "list[Draft]", first: int) -> None:
        """Take in what the numbers of a sentence turned out to be."""
        for at in range(first, len(drafts)):
            draft = drafts[at]
            self.topic_at = self.index
            self.told.setdefault(draft.value, draft.head)
            if draft.role == "total" and draft.kind == "stock":
                if draft.head.subset is None and draft.head.category not in _GROUPS:
                    self.total, self.total_at = at, self.index
                    if self.whole is None and draft.head.category == "political_prisoner":
                        self.whole = at
                    if self._takes_over(draft):
                        self.topic = draft.head.category
                if draft.as_of and len(draft.as_of) > 4:
                    self.list_date = draft.as_of
        fresh = len(drafts) == first
        issued = sentence.has("publication") and bool(sentence.counters)
        announces = sentence.has("list") or sentence.line.heading or issued
        if fresh and announces and not sentence.has("prior"):
            days = [day for day in sentence.days if len(day) > len("2025")]
            if days:
                self.list_date, self.list_date_at = days[-1], self.index
                self.list_org = self.org

    def _takes_over(self, draft: "Draft") -> bool:
        """Whether a total changes what the text is about: no group of the list spoken of does."""
        category, registry = draft.head.category, draft.case.registry
        if self.topic == "political_prisoner" and not registry.held(category):
            return registry.counts(draft.counter.org) == category
        return category != GENERAL or not self.monitored

    def inherited(self, draft: "Draft", registry: Registry) -> Counter:
        """The counter an earlier sentence leaves to a number without one of its own."""
        if self.org_raw is None or not self._still_speaks(draft, registry):
            return Counter()
        self.org_at = self.index
        return Counter(self.org, self.org_raw, "earlier_sentence")

    def _still_speaks(self, draft: "Draft", registry: Registry) -> bool:
        """Whether the counter named before also stands behind this number."""
        sentence = draft.case.sentence
        if draft.head.rule == "member":
            return False
        row = registry.organisations.get(self.org or "", {})
        if draft.place is not None and row.get("home") not in (None, draft.place):
            return False
        if draft.kind == "flow_out" and sentence.has("pardon") and not sentence.has("list"):
            return False
        counts = row.get("counts")
        if counts not in (None, draft.head.category) and draft.role == "total":
            return False
        if draft.block == self.org_block:
            return True
        if self.org in (None, "GOV"):
            return False
        if self.silent and draft.block == self.org_block + 1 and counts == draft.head.category:
            self.org_block = draft.block
            return True
        anew = any(mark.value == "political_prisoner" for mark in sentence.marks.get("cat", ()))
        if sentence.line.bullet or (draft.head.loose and sentence.has("list") and not anew):
            return True
        near = self.index - self.org_at <= SPEAKER_REACH
        census = counts in (draft.head.category, self.topic)
        compared = draft.head.rule == "country-list" or sentence.compares_countries
        return near and census and (draft.head.loose or compared)


def _topic_of(sentence: Sentence, registry: Registry, listed: bool) -> str | None:
    """The category a sentence speaks of: held people it names, or what its counter's list holds."""
    held = [
        mark.value
        for mark in sentence.marks.get("cat", ())
        if registry.held(mark.value.partition("/")[0])
        and mark.value != "life_sentenced"
        and not mark.value.startswith("case_group")
    ]
    if "political_prisoner" in held:
        return "political_prisoner"
    if set(held) == {GENERAL}:
        return _described(sentence) or GENERAL
    if held:
        return held[-1]
    if listed or sentence.has("list") or sentence.has("publication"):
        for mark in reversed(sentence.counters):
            counts = registry.counts(mark.value)
            if counts is not None:
                return counts
    return None


def _described(sentence: Sentence) -> str | None:
    """The group that prisoners of a sentence are said to be: "arrested journalists"."""
    groups = [mark.value.partition("/")[0] for mark in sentence.marks["cat"]]
    return next((group for group in groups if group not in (GENERAL, "other")), None)
