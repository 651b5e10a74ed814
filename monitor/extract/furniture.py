"""The words of furniture.toml, as the patterns that find them."""

import re
import tomllib
from functools import cache
from importlib.resources import files

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
def counter() -> re.Pattern[str]:
    """A whole line of counters, buttons or advertising, with or without figures."""
    return re.compile(rf"{_MARKS}(?:(?<!\w)(?:{_joined(_words('counters'))})(?!\w){_MARKS})+", re.I)


def _words(kind: str) -> list[str]:
    table = tomllib.loads((files("monitor.extract") / "furniture.toml").read_text("utf-8"))[kind]
    return sorted({word for words in table.values() for word in words}, key=len, reverse=True)


def _joined(words: list[str]) -> str:
    return "|".join(map(re.escape, words))
