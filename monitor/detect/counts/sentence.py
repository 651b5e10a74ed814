"""One sentence as the rules see it: words, known phrases, numbers, dates and number zones."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from monitor.detect.counts.dates import AT, Dated, find_dates
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.numbers import Number, find_numbers
from monitor.detect.counts.registry import WORLD, Registry
from monitor.detect.counts.text import Line, Word, words

UNNAMED = "HRD_LOCAL"
"""The value of a counter without an id: unnamed groups and unknown organisations."""
_ORGANISATION = re.compile(
    r"\b(?:[A-ZƏİŞÇĞÖÜ][\w'’-]+ ){1,4}(?:Group|Network|Committee|Cent(?:er|re)|Council|Foundation"
    r"|Institute|Association|Platform|Observatory|Coalition|Alliance|Initiative"
    r"|Qrupu|Şəbəkəsi|Mərkəzi|Komitəsi|Birliyi|Təşkilatı|İnstitutu|Fondu|Assosiasiyası)\w*"
    r"|\b(?:[Сс]ет|[Цц]ентр|[Пп]роект|[Оо]рганизаци|[Фф]онд|[Кк]оалици)\w* «[^»\n]{2,40}»"
)
_COUNTRIES = re.compile(
    r"\b(?:(?:in|across|в|у|en|dans|w) \d{1,3} "
    r"(?:countries|стран\w*|країн\w*|pays|países|ländern|kraj\w*)"
    r"|\d{1,3} (?:ölkə|ülke)[dn]\w+)\b"
)
CROWD = 80
"""A sentence with more numbers is a table or noise, and tells no counts."""
ENUMERATED = 31
"""No inline list has more entries."""
_HOUR = re.compile(r"\s?(?:[ap]\.\s?m\b|[ap]m\b|o'clock)")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_MONEY = re.compile(r"[$€£₼₺₽]\s?$")
_SHARE = re.compile(r"\s?(?:[%°€$£₼₺₽]|-?faiz|-?процент)")
_PHONE = re.compile(r"\+\d[\d ()-]{6,}\d")
Landmarks = tuple[dict[int, Mark], set[int], set[int], dict[int, Mark]]
"""Where the nouns, stops, verbs and qualifiers of a sentence start."""


@dataclass(slots=True)
class Sentence:
    """Everything found in one line of the text; `zones` are parallel to `numbers`.

    `things` are the offsets of numbers that count or measure something else; `counters` the
    organisations that speak or count here.
    """

    line: Line
    source: str
    folded: str
    lang: str
    tokens: list[Word]
    marks: dict[str, list[Mark]]
    dates: list[Dated]
    numbers: list[Number]
    zones: list[tuple[int, int]] = field(default_factory=list)
    things: list[int] = field(default_factory=list)
    counters: list[Mark] = field(default_factory=list)
    landmarks: Landmarks | None = None

    @property
    def start(self) -> int:
        return self.line.start

    @property
    def end(self) -> int:
        return self.line.end

    @property
    def turkic(self) -> bool:
        """Whether nouns and numbers carry their case as an ending and the verb comes last."""
        return self.lang in ("az", "tr")

    @property
    def slavic(self) -> bool:
        """Whether Russian or Ukrainian: the noun stands in the case its number governs."""
        return self.lang in ("ru", "uk")

    @property
    def days(self) -> list[str]:
        """The days, months and years at which the sentence says that something stood."""
        return [date.day for date in self.dates if date.role in AT and date.day]

    def is_dated(self, offset: int) -> bool:
        """Whether a word stands inside a date."""
        return any(date.start <= offset < date.end for date in self.dates)

    @property
    def compares_countries(self) -> bool:
        """Whether figures of several countries are told."""
        places = {mark.value for mark in self.marks.get("place", ())}
        return len(places) > 1 and len(self.numbers) > 1

    def within(self, label: str, low: int, high: int) -> list[Mark]:
        """The marks of a label between two offsets."""
        marks = self.marks.get(label)
        if marks is None:
            return []
        return [mark for mark in marks if mark.start >= low and mark.end <= high]

    def has(self, label: str, low: int | None = None, high: int | None = None) -> bool:
        """Whether a mark of the label stands between two offsets (default: the sentence)."""
        marks = self.marks.get(label)
        if marks is None or low is None:
            return marks is not None
        last = self.line.end if high is None else high
        return True in [start >= low and end <= last for _, _, start, end in marks]

    def before(self, label: str, offset: int, gap: int = 2) -> Mark | None:
        """The mark of a label that ends at most `gap` characters before an offset."""
        marks = self.marks.get(label)
        if marks is not None:
            for mark in marks:
                if 0 <= offset - mark.end <= gap:
                    return mark
        return None

    def after(self, label: str, offset: int, gap: int = 2) -> Mark | None:
        """The mark of a label that starts at most `gap` characters after an offset."""
        marks = self.marks.get(label)
        if marks is not None:
            for mark in marks:
                if 0 <= mark.start - offset <= gap:
                    return mark
        return None

    def text(self, low: int, high: int) -> str:
        """A stretch of the folded text."""
        return self.folded[low if low > 0 else 0 : high]


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be read: as printed, folded, its language, its day, and the tables to read by."""

    text: str
    folded: str
    lang: str
    published: str | None
    registry: Registry


def read_sentence(line: Line, source: Source) -> Sentence:
    """Find everything the tables know in one line."""
    folded, lang, registry = source.folded, source.lang, source.registry
    tokens = words(folded, line.start, line.end)
    if _is_crowded(tokens):
        return Sentence(line, source.text, folded, lang, tokens, {}, [], [])
    named = registry.names(lang).find(folded, tokens)
    masks = named.pop("org", [])
    masks += [mark for mark in _unknown_names(source.text, line) if not _meets(mark, masks)]
    outside = _outside(tokens, masks)
    marks = registry.words(lang).find(folded, outside)
    _drop_towns(folded, marks, line)
    _add_names(marks, named, masks)
    worldwide = [Mark("place", WORLD, *m.span()) for m in _within(_COUNTRIES, folded, line)]
    if worldwide:
        marks["place"] = marks.get("place", []) + worldwide
    dates = find_dates(folded, tokens, lang, source.published)
    numbers = find_numbers(folded, outside, lang)
    numbers = [] if len(numbers) > CROWD else numbers
    kept = _unmasked(folded, numbers, line, _away(folded, line, dates, marks) if numbers else [])
    return Sentence(line, source.text, folded, lang, tokens, marks, dates, kept)


def _drop_towns(folded: str, marks: dict[str, list[Mark]], line: Line) -> None:
    """Drop the name of a town that is not said to be a case and labels no entry."""
    if any(mark.value.startswith("case_group") for mark in marks.get("cat", ())):
        kept = [mark for mark in marks["cat"] if _is_case(folded, mark, line)]
        marks.pop("cat")
        if kept:
            marks["cat"] = kept


def _is_case(folded: str, mark: Mark, line: Line) -> bool:
    if not mark.value.startswith("case_group") or line.bullet:
        return True
    around = folded[mark.start : min(line.end, mark.end + 26)]
    return _CASE.search(around) is not None


_CASE = re.compile(
    r"case|event|protest|affair|\bi[sş][iə]?|hadisə|etiraz|дел[аоу]?\b|событ|протест|дава|справ"
    r"|^[^\W\d]+[\"')]* ?(?:[–:(]|\d)"
)


def _is_crowded(tokens: list[Word]) -> bool:
    return len(tokens) > CROWD and sum(token.low[0].isdigit() for token in tokens) > CROWD


def _within(pattern: re.Pattern[str], text: str, line: Line) -> Iterator[re.Match[str]]:
    return pattern.finditer(text, line.start, line.end)


def _add_names(
    marks: dict[str, list[Mark]], named: dict[str, list[Mark]], masks: list[Mark]
) -> None:
    """Add places and loose names outside full names and nouns of the counted.

    "The Committee" inside a longer name is no other counter.
    """
    covers = masks + marks.get("cat", [])
    for label, found in named.items():
        over = masks if label == "org_speaks" else covers
        kept = [mark for mark in found if not (_meets(mark, over) or _is_origin(mark, covers))]
        if kept:
            marks[label] = kept
    if masks:
        marks["org"] = masks


def _is_origin(place: Mark, covers: list[Mark]) -> bool:
    """Whether a country is only where the deported came from."""
    return any(
        cover.value == "deported_emigrant" and 0 <= place.start - cover.end <= 2 for cover in covers
    )


def _away(
    folded: str, line: Line, dates: list[Dated], marks: dict[str, list[Mark]]
) -> list[tuple[int, int]]:
    """The stretches whose numbers count nothing: dates, phone numbers, ages ("over 60")."""
    spans = [(date.start, date.end) for date in dates]
    spans += [match.span() for match in _within(_PHONE, folded, line)]
    return spans + [(age.start, age.end) for age in marks.get("subset", ())]


def _unknown_names(text: str, line: Line) -> Iterator[Mark]:
    """Names of organisations no table knows: they count too, under no id."""
    for match in _ORGANISATION.finditer(text, line.start, line.end):
        yield Mark("org", UNNAMED, match.start(), match.end())


def _meets(mark: Mark, others: list[Mark]) -> bool:
    return any(mark.start < other.end and other.start < mark.end for other in others)


def _outside(tokens: list[Word], masks: list[Mark]) -> list[Word]:
    """Words not inside a name; a name's words say nothing about captivity or release."""
    if not masks:
        return tokens
    return [
        token
        for token in tokens
        if not any(mask.start <= token.start and token.end <= mask.end for mask in masks)
    ]


def _unmasked(
    folded: str, numbers: list[Number], line: Line, away: list[tuple[int, int]]
) -> list[Number]:
    return [number for number in numbers if not _masked(folded, number, away, line)]


def _masked(folded: str, number: Number, away: list[tuple[int, int]], line: Line) -> bool:
    """Numbers inside dates, ages, clock times, phone numbers, money and shares count nothing."""
    if any(start < number.end and number.start < end for start, end in away):
        return True
    if _MONEY.search(folded, max(line.start, number.start - 2), number.start):
        return True
    if _SHARE.match(folded, number.end) or _HOUR.match(folded, number.end):
        return True
    if folded[number.end : number.end + 1] == ")" and _is_enumerator(folded, number, line):
        return True
    around = folded[max(line.start, number.start - 3) : number.end + 3]
    return _CLOCK.search(around) is not None


def _is_enumerator(folded: str, number: Number, line: Line) -> bool:
    """Whether the number only counts list entries: "1) journalists – 9; 2) …"."""
    before = folded[max(line.start, number.start - 40) : number.start]
    return number.value < ENUMERATED and "(" not in before.rpartition(")")[2]
