"""Which tracked tokens a word could be: found by its consonants, pruned by its sound, aligned."""

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from monitor.detect.names import tables
from monitor.detect.names.align import Match, align
from monitor.detect.names.endings import ending_of
from monitor.detect.names.keys import LONGEST_ENDING, canonical_keys, keys, observed_words
from monitor.detect.names.letters import Script, coarse, fold


class Read(NamedTuple):
    """A word of the text, made ready: its coarse form and the tracked tokens it may begin with."""

    form: str
    rough: str
    candidates: Sequence[int]


class Index:
    """Tracked tokens, found through their candidate keys."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._foreign = {at for at, word in enumerate(words) if _is_foreign(word)}
        self._keys: dict[str, int | tuple[int, ...]] = {}
        self._outlines: dict[str, int | tuple[int, ...]] = {}
        self._rough = coarse(words) if words else []
        for at, found in enumerate(canonical_keys(words) if words else ()):
            for key in found:
                _add(self._keys, key, at)
        for at, rough in enumerate(self._rough):
            if len(rough) >= _SHORTEST_SLIP:
                _add(self._outlines, outline(rough), at)

    def read(self, forms: Sequence[str]) -> list[Read]:
        """Make words ready, all at once."""
        if not forms:
            return []
        owners: list[int] = []
        spelt: list[str] = []
        small: list[str] = []
        for at, form in enumerate(forms):
            readings = observed_words(form)
            small.append(readings[0])
            spelt += readings
            owners += [at] * len(readings)
        found: list[list[int]] = [[] for _ in forms]
        for at, key in zip(owners, keys(spelt), strict=True):
            self._candidates(key, found[at])
        return [Read(*each) for each in zip(forms, coarse(small), found, strict=True)]

    def _candidates(self, key: str, found: list[int]) -> None:
        """Tracked tokens that could begin a token with this key."""
        known = self._keys
        for end in range(len(key), max(0, len(key) - LONGEST_ENDING), -1):
            tokens = known.get(key[:end])
            if tokens is not None:
                if isinstance(tokens, int):
                    found.append(tokens)
                else:
                    found += tokens

    def match(self, word: Read) -> dict[int, Match]:
        """Which of its candidates a word of the text can be read as."""
        found: dict[int, Match] = {}
        near = [at for at in word.candidates if self._near(at, word.rough)]
        if not near:
            return found
        folded, script = fold(word.form)
        for at in dict.fromkeys(near):
            if at in self._foreign:
                match = _same_script(self.words[at], folded, script)
            else:
                match = align(self.words[at], folded, script) if script != "other" else None
            if match is not None:
                found[at] = match
        return found

    def _near(self, at: int, rough: str) -> bool:
        """Whether the beginning of a word sounds at all like a tracked token."""
        ours = self._rough[at]
        size = len(ours)
        allowed = 1 if size < 6 else 2 if size < 8 else 3
        if OSA.distance(ours, rough[:size], score_cutoff=allowed) <= allowed:
            return True
        return OSA.distance(ours, rough[: size + 1], score_cutoff=allowed) <= allowed

    def slips(self, word: Read) -> list[int]:
        """Tracked tokens of which a word is one slip of the pen, both its ends intact."""
        tokens = self._outlines.get(outline(word.rough))
        if tokens is None:
            return []
        return [at for at in _ids(tokens) if self._is_slip(at, word.rough)]

    def _is_slip(self, at: int, rough: str) -> bool:
        ours, canonical = self._rough[at], self.words[at]
        if abs(len(ours) - len(rough)) > 1:
            return False
        if len(canonical) < (10 if canonical.endswith(("qızı", "oğlu")) else 5):
            return False
        if OSA.distance(ours, rough, score_cutoff=1) <= 1:
            return True
        return len(canonical) >= 7 and sorted(ours) == sorted(rough)


_SHORTEST_SLIP = 4


def outline(rough: str) -> str:
    """What a slip of the pen leaves intact: the first and the last two letters."""
    return rough[:1] + rough[-2:]


def _add(table: dict[str, int | tuple[int, ...]], key: str, at: int) -> None:
    known = table.get(key)
    table[key] = at if known is None else (*_ids(known), at)


def _ids(known: int | tuple[int, ...]) -> tuple[int, ...]:
    return (known,) if isinstance(known, int) else known


def _is_foreign(word: str) -> bool:
    return fold(word)[1] != "latin"


def _same_script(word: str, observed: str, script: Script) -> Match | None:
    """Aliases in another alphabet match letter by letter, with an ending of their language."""
    ours, theirs = fold(word)
    if theirs != script:
        return None
    if observed == ours:
        return Match(0.0, None)
    stem = ours[:-1] if script == "cyrillic" and ours[-1] in "аяоеыий" and len(ours) > 3 else ours
    if not observed.startswith(stem):
        return None
    rest = observed[len(stem) :]
    ending = ending_of("b", rest, script) or ending_of("a", rest, script)
    return None if ending is None and rest else Match(ending.cost if ending else 0.05, ending)


@cache
def lexicon() -> Index:
    """The names that are common in Azerbaijan, tracked or not."""
    return Index(tuple(dict.fromkeys(word.lower() for word in _azerbaijani_lexicon())))


def _azerbaijani_lexicon() -> list[str]:
    return [word.replace("İ", "i").replace("I", "ı") for word in tables.lines("lexicon.txt")]


@lru_cache(maxsize=65_536)
def _commonest(form: str) -> tuple[float, str] | None:
    index = lexicon()
    matches = index.match(index.read([form])[0])
    return min(((match.cost, index.words[at]) for at, match in matches.items()), default=None)


def common_name(form: str) -> str | None:
    """The common name a word is a plain spelling of, if it is one."""
    best = _commonest(form)
    return best[1] if best is not None and best[0] <= 0.15 else None


@lru_cache(maxsize=16_384)
def is_given_name(form: str) -> bool:
    """Whether a word is a plain spelling of a common given name, without an ending."""
    index = lexicon()
    return any(
        match.ending is None and match.cost <= 0.1 and not _FAMILY.search(index.words[at])
        for at, match in index.match(index.read([form])[0]).items()
    )


_FAMILY = re.compile("(?:ova?|eva?|zadə|...l[ıiuü])$")
_GERMAN = re.compile("(?:ow|ew)[as]?$|sch", re.IGNORECASE)


def is_another_name(form: str, word: str, cost: float) -> bool:
    """The cluster veto: a common name explains the form clearly better than `word` does.

    Not where German leaves both names one spelling: Asadow is Əsədov and Azadov.
    """
    best = _commonest(form) if cost >= 0.1 else None
    if best is None or best[0] > 0.15 or best[0] + 0.1 > cost or best[1] == word:
        return False
    return _GERMAN.search(form) is None or len(set(coarse([best[1], word]))) == 2
