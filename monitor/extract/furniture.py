"""The words of furniture.toml, as the patterns that find them."""

import re
import tomllib
from functools import cache
from importlib.resources import files

_WORD = re.compile(r"\w+")
_MARKS = r"[\d\s.,:;()\[\]|/#+·•–—-]*"


@cache
def related() -> re.Pattern[str]:
    """A whole heading over other articles."""
    return re.compile(rf"\W*(?:{_joined(_words('related'))})\W*", re.I)


@cache
def read_also() -> re.Pattern[str]:
    """What announces a link: two words ("read also"), or one and a colon ("More: ")."""
    words = _words("related")
    phrases = _joined([word for word in words if " " in word])
    return re.compile(rf"\W*(?:(?:{phrases})(?!\w)|(?:{_joined(words)})\s*[:–—-])\W*", re.I)


@cache
def announcing_words() -> frozenset[str]:
    """The first words of all that `related` and `read_also` find: a cheap look before them."""
    return frozenset(first_word(phrase) for phrase in _words("related"))


def first_word(text: str) -> str:
    """The first word in small letters with one i, without marks."""
    found = _WORD.search(text[:60].replace("İ", "i").lower().replace("ı", "i"))
    return found.group() if found else ""


@cache
def counter() -> re.Pattern[str]:
    """A whole line of counters, buttons or advertising, with or without figures."""
    return re.compile(rf"{_MARKS}(?:(?<!\w)(?:{_joined(_words('counters'))})(?!\w){_MARKS})+", re.I)


def _words(kind: str) -> list[str]:
    table = tomllib.loads((files("monitor.extract") / "furniture.toml").read_text("utf-8"))[kind]
    return sorted({word for words in table.values() for word in words}, key=len, reverse=True)


def _joined(words: list[str]) -> str:
    return "|".join(map(re.escape, words))
