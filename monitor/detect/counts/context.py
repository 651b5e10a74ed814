"""What earlier sentences of the text leave to later ones: topic, counter, place, list date."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.registry import Registry
from monitor.detect.counts.sentence import UNNAMED, Sentence

if TYPE_CHECKING:
    from monitor.detect.counts.attribution import Counter
    from monitor.detect.counts.draft import Draft

CAPTIVITY_REACH = 2
"""A word of captivity holds for its sentence and this many sentences after it."""
TOPIC_REACH = 6
"""A topic not named again is forgotten after this many sentences without it."""


@dataclass(slots=True)
class Context:
    """The state of reading; changed only by the reader, sentence after sentence.

    `topic` is the category whose list or census is spoken of; `listed` whether a list of it was
    named; `total` the position of the draft that is its total; `captive` the sentence in which a
    word of captivity last stood; `list_date` the date of the list.
    """

    place: str | None = None
    topic: str | None = None
    topic_at: int = 0
    listed: bool = False
    total: int | None = None
    captive: int = -10
    list_date: str | None = None
    list_date_at: int = -1
    total_at: int = -1
    org: str | None = None
    org_raw: str | None = None
    org_paragraph: int = -1
    last_place: str | None = None
    index: int = 0
    paragraph: int = 0
    talking: int = -1
    chained: bool = False
    sentence_topic: str | None = None
    sentence_topic_at: int = -1
    topic_paragraph: int = -1
    refused: int = -1

    def holds(self, sentence: Sentence) -> bool:
        """Whether the people of this sentence are known to be deprived of liberty."""
        return sentence.has("captive") or self.index - self.captive <= CAPTIVITY_REACH

    def census_of(self, topic: str | None, registry: Registry) -> bool:
        """Whether a "list" can be one of the topic: prisoners, or what the counter counts."""
        if topic is None or topic == "prison_population":
            return False
        counts = registry.organisations.get(self.org or "", {}).get("counts")
        return registry.held(topic) or counts == topic

    def open_text(self) -> None:
        """Begin the text proper: the title leaves its topic, not its counter or date."""
        self.index = 0
        self.captive = 0 if self.captive >= 0 else -10
        self.list_date = None

    def enter(self, sentence: Sentence) -> None:
        """Go on to the next sentence; a new paragraph that names no list starts anew."""
        self.index += 1
        new = sentence.line.paragraph != self.paragraph
        self.paragraph = sentence.line.paragraph
        if new and not sentence.line.bullet and not sentence.has("list"):
            self.total = None
            self.last_place = None
            self.listed = False
        self.sentence_topic = None
        if self.index - self.topic_at > TOPIC_REACH:
            self.topic = None
            self.listed = False

    def listen(self, sentence: Sentence, registry: Registry, found: Sequence[Mark]) -> None:
        """Take in what a sentence says besides its numbers."""
        if sentence.has("captive"):
            self.captive = self.index
        if found:
            last = found[-1]
            self.org = None if last.value == UNNAMED else last.value
            self.org_raw = sentence.source[last.start : last.end]
            self.org_paragraph = self.paragraph
        places = {mark.value for mark in sentence.marks.get("place", ())}
        if len(places) == 1:
            self.last_place = places.pop()
        topic = _topic_of(sentence, registry, found)
        if topic is not None:
            self.topic, self.topic_at = topic, self.index
            self.topic_paragraph = self.paragraph
        if sentence.has("list"):
            self.listed = True
            self.topic_at = self.index

    def speak(self, draft: "Draft") -> None:
        """Take in a number as soon as it is read: the rest of its sentence may lean on it."""
        self.talking = self.index
        self.topic_paragraph = draft.paragraph
        groups = ("life_sentenced", "case_group")
        whole = draft.role != "part" and draft.head.category not in groups
        if whole and draft.head.subset is None:
            self.sentence_topic = draft.head.category
            self.sentence_topic_at = draft.head.end
        self.chained = draft.role == "part"
        if self.topic is None:
            self.topic, self.topic_at = draft.head.category, self.index

    def inherited_date(self, draft: "Draft") -> tuple[str | None, str]:
        """The list date an earlier sentence leaves to the total of its list."""
        fresh = self.list_date is not None and self.list_date_at > self.total_at
        if not fresh or draft.kind != "stock" or draft.head.subset is not None:
            return None, "none"
        if draft.head.category != self.topic or self.index - self.list_date_at > 3:
            return None, "none"
        return self.list_date, "list_date"

    def learn(self, sentence: Sentence, drafts: "list[Draft]", first: int) -> None:
        """Take in what the numbers of a sentence turned out to be."""
        for at in range(first, len(drafts)):
            draft = drafts[at]
            self.topic_at = self.index
            if draft.role == "total" and draft.kind == "stock":
                if draft.head.subset is None:
                    self.topic, self.total = draft.head.category, at
                    self.total_at = self.index
                if draft.as_of and len(draft.as_of) > 4:
                    self.list_date = draft.as_of
        fresh = len(drafts) == first
        if fresh and sentence.has("list") and not sentence.has("prior"):
            days = [d.day for d in sentence.dates if d.role != "since" and len(d.day) > 4]
            if days:
                self.list_date, self.list_date_at = days[-1], self.index

    def inherited(self, draft: "Draft", registry: Registry) -> "Counter":
        """The counter an earlier sentence leaves to a number without one of its own."""
        from monitor.detect.counts.attribution import Counter

        if self.org_raw is None or not self._still_speaks(draft, registry):
            return Counter()
        return Counter(self.org, self.org_raw, "earlier_sentence")

    def _still_speaks(self, draft: "Draft", registry: Registry) -> bool:
        """Whether the counter named before also stands behind this number."""
        sentence = draft.case.sentence
        row = registry.organisations.get(self.org or "", {})
        if draft.place is not None and row.get("home") not in (None, draft.place):
            return False
        if draft.kind == "flow_out" and sentence.has("pardon") and not sentence.has("list"):
            return False
        counts = row.get("counts")
        if counts not in (None, draft.head.category) and draft.role == "total":
            return False
        if draft.paragraph == self.org_paragraph:
            return True
        if self.org in (None, "GOV"):
            return False
        anew = any(mark.value == "political_prisoner" for mark in sentence.marks.get("cat", ()))
        return sentence.line.bullet or (draft.head.loose and sentence.has("list") and not anew)


def _topic_of(sentence: Sentence, registry: Registry, found: Sequence[Mark]) -> str | None:
    """The category a sentence speaks of: held people it names, or what its counter's list holds."""
    held = [
        mark.value
        for mark in sentence.marks.get("cat", ())
        if registry.held(mark.value.partition("/")[0])
        and mark.value not in ("life_sentenced",)
        and not mark.value.startswith("case_group")
    ]
    if held:
        return "political_prisoner" if "political_prisoner" in held else held[-1]
    if sentence.has("list"):
        for mark in reversed(found):
            counts = registry.organisations.get(mark.value, {}).get("counts")
            if isinstance(counts, str):
                return counts
    return None
