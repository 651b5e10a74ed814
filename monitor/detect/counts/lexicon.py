"""Phrase tables: which known words and phrases stand where in a sentence.

A phrase is written as words; `*` ends a stem (`prisoner*` matches prisoners). Looking up is a
dictionary access per word, so a table may grow without slowing the reader.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.detect.counts.text import Word, fold, words

_KEY = 3
"""Letters of a stem by which it is looked up."""
_REMEMBERED = 50_000
"""Words whose phrases are kept at hand; beyond, remembering begins anew."""
_PAIRS = 500
"""The same for the second words after a first."""
_JOINTS = frozenset(" -'\"\t")


class Mark(NamedTuple):
    """A known phrase found at `start:end`: its table (`label`) and what it stands for."""

    label: str
    value: str
    start: int
    end: int


class _Phrase(NamedTuple):
    """The words of a phrase, each with whether it is a stem, its table and its value."""

    stems: tuple[tuple[str, bool], ...]
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What may begin with a word: phrases of several words, and what the word alone stands for.

    `alone` has one value a label, that of the longest stem; `pairs` remembers which phrases go on
    with a second word.
    """

    several: tuple[_Phrase, ...]
    alone: tuple[tuple[str, str], ...]
    pairs: dict[str, tuple[_Phrase, ...]] = field(default_factory=dict)

    def going_on(self, second: str) -> tuple[_Phrase, ...]:
        """The phrases whose second word this is."""
        found = self.pairs.get(second)
        if found is None:
            found = tuple(p for p in self.several if _is_stem(p.stems[1], second))
            if len(self.pairs) >= _PAIRS:
                self.pairs.clear()
            self.pairs[second] = found
        return found


@dataclass(frozen=True)
class Lexicon:
    """A compiled set of phrases, each with a label and a value."""

    _index: dict[str, list[_Phrase]] = field(default_factory=dict)
    _memory: dict[str, _Known | None] = field(default_factory=dict)

    def add(self, phrases: Iterable[str], label: str, value: str = "") -> None:
        """Take phrases into the table; longer ones are tried first."""
        for written in phrases:
            stems = _stems(written)
            if not stems:
                continue
            bucket = self._index.setdefault(_key(stems[0]), [])
            bucket.append(_Phrase(stems, label, value))
            bucket.sort(key=lambda phrase: -_weight(phrase))

    def find(self, folded: str, tokens: list[Word]) -> dict[str, list[Mark]]:
        """The phrases found, by label in text order; of those that overlap the first, longest."""
        found: dict[str, list[Mark]] = {}
        memory = self._memory
        for at, (start, end, low) in enumerate(tokens):
            known = memory[low] if low in memory else self._remember(low)
            if known is None:
                continue
            if known.several and at + 1 < len(tokens):
                phrases = known.going_on(tokens[at + 1].low)
                if phrases:
                    _add_several(found, folded, tokens, at, phrases)
            for label, value in known.alone:
                marks = found.get(label)
                if marks is None:
                    found[label] = [Mark(label, value, start, end)]
                elif marks[-1].end <= start:
                    marks.append(Mark(label, value, start, end))
        return found

    def _remember(self, low: str) -> _Known | None:
        """The phrases that may begin with a word, remembered: the words of a language repeat."""
        several: list[_Phrase] = []
        alone: dict[str, str] = {}
        for phrase in self._starting(low):
            if len(phrase.stems) > 1:
                several.append(phrase)
            else:
                alone.setdefault(phrase.label, phrase.value)
        if len(self._memory) >= _REMEMBERED:
            self._memory.clear()
        known = _Known(tuple(several), tuple(alone.items())) if several or alone else None
        self._memory[low] = known
        return known

    def _starting(self, low: str) -> Iterator[_Phrase]:
        """The phrases whose first word this is, longest first within each index row."""
        for phrase in sorted(self._candidates(low), key=_weight, reverse=True):
            if _is_stem(phrase.stems[0], low):
                yield phrase

    def _candidates(self, low: str) -> Iterator[_Phrase]:
        yield from self._index.get("=" + low, ())
        for size in range(min(_KEY, len(low)), 0, -1):
            yield from self._index.get(low[:size] if size == _KEY else low[:size] + "*", ())


def split_phrases(table: str) -> list[str]:
    """The phrases of a comma-separated table row."""
    return [phrase.strip() for phrase in table.split(",") if phrase.strip()]


def rows(table: Mapping[str, object], lang: str) -> list[str]:
    """The phrases a table holds for a language and for all (`any`)."""
    found: list[str] = []
    for column in (lang, "any"):
        cell = table.get(column, "")
        if isinstance(cell, str):
            found += split_phrases(cell)
    return found


def _stems(written: str) -> tuple[tuple[str, bool], ...]:
    folded = fold(written)
    return tuple(
        (word.low, folded[word.end : word.end + 1] == "*") for word in words(folded, 0, len(folded))
    )


def _key(stem: tuple[str, bool]) -> str:
    text, open_ended = stem
    if not open_ended:
        return "=" + text
    return text[:_KEY] if len(text) >= _KEY else text + "*"


def _weight(phrase: _Phrase) -> int:
    return sum(len(text) + 1 for text, _ in phrase.stems)


def _add_several(
    found: dict[str, list[Mark]],
    folded: str,
    tokens: list[Word],
    at: int,
    phrases: tuple[_Phrase, ...],
) -> None:
    """Mark the phrases of several words that begin at word `at`, the longest of each label."""
    start = tokens[at].start
    for phrase in phrases:
        marks = found.get(phrase.label)
        if marks is not None and marks[-1].end > start:
            continue
        last = _match(folded, tokens, at, phrase)
        if last >= 0:
            mark = Mark(phrase.label, phrase.value, start, tokens[last].end)
            found.setdefault(phrase.label, []).append(mark)


def _is_stem(stem: tuple[str, bool], low: str) -> bool:
    """Whether a word is that of a phrase, or begins with its stem."""
    text, open_ended = stem
    return low == text or (open_ended and low.startswith(text))


def _match(folded: str, tokens: list[Word], at: int, phrase: _Phrase) -> int:
    """The index of the last word of a phrase that begins with the two words at `at`; else -1."""
    last = at + len(phrase.stems) - 1
    if last >= len(tokens) or not _adjacent(folded, tokens[at].end, tokens[at + 1].start):
        return -1
    for offset, stem in enumerate(phrase.stems[2:], start=at + 2):
        token = tokens[offset]
        if not _is_stem(stem, token.low):
            return -1
        if not _adjacent(folded, tokens[offset - 1].end, token.start):
            return -1
    return last


def _adjacent(folded: str, end: int, start: int) -> bool:
    between = folded[end:start]
    return between == " " or (len(between) <= 4 and all(char in _JOINTS for char in between))
