"""Blocking out the names of private persons, letter for letter, so that every offset holds."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

BLOCK = "█"
_SHORTEST = 4  # shorter words of a name are everyday words, too


def pattern(private: Sequence[str], tracked: Iterable[str]) -> re.Pattern[str] | None:
    """What is to be blocked out of a text: whole names, and their longer words with any ending.

    Words that are part of a tracked name printed in the same article stay. None for no names.

    >>> blocked("Elçin Qasımov və Leyla Qasımova. Qasımovu", pattern(["Elçin Qasımov"], ["Leyla"]))
    '█████ ███████ və Leyla ████████. ████████'
    """
    kept = {word.casefold() for name in tracked for word in _words(name)}
    words = {word for name in private for word in _words(name) if len(word) >= _SHORTEST}
    alone = sorted((word for word in words if word.casefold() not in kept), key=_longest_first)
    whole = [r"\s+".join(map(re.escape, name.split())) for name in sorted(private)]
    parts = [*whole, *(rf"\b{re.escape(word)}\w*" for word in alone)]
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def blocked(value: Any, names: re.Pattern[str]) -> Any:
    """A value with every text in it blocked out; lists and objects are gone through."""
    if isinstance(value, str):
        return names.sub(lambda found: re.sub(r"\S", BLOCK, found[0]), value)
    if isinstance(value, list):
        return [blocked(each, names) for each in value]
    if isinstance(value, dict):
        return {key: blocked(each, names) for key, each in value.items()}
    return value


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", name)


def _longest_first(word: str) -> tuple[int, str]:
    return -len(word), word
