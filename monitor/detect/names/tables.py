"""The data tables of the name engine, read once: letters, spellings, endings, words."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_FILES = (
    "correspondence.tsv",
    "letters.toml",
    "endings.toml",
    "words.toml",
    "status.toml",
    "writing.toml",
    "common_words.txt",
    "lexicon.txt",
)


@cache
def read(name: str) -> str:
    """The text of one data file."""
    return (files(__package__) / "data" / name).read_text(encoding="utf-8")


@cache
def toml(name: str) -> dict[str, Any]:
    """One TOML table."""
    return tomllib.loads(read(name))


@cache
def lines(name: str) -> tuple[str, ...]:
    """The words of a plain list: white space separates, `#` begins a comment line."""
    kept = (line for line in read(name).splitlines() if not line.startswith("#"))
    return tuple(word for line in kept for word in line.split())


@cache
def words(kind: str) -> frozenset[str]:
    """A set of words of words.toml."""
    return frozenset(toml("words.toml")[kind])


@cache
def digest() -> str:
    """A hash of all tables: half of the key of persisted decisions."""
    return hashlib.sha256("\0".join(read(name) for name in _FILES).encode()).hexdigest()


Spelling = tuple[str, float]


@cache
def correspondences() -> dict[str, dict[str, tuple[Spelling, ...]]]:
    """Script → Azerbaijani letters → accepted spellings with their cost (`""` = may be missing)."""
    table: dict[str, dict[str, tuple[Spelling, ...]]] = {"latin": {}, "cyrillic": {}}
    for line in read("correspondence.tsv").splitlines():
        if line and not line.startswith("#"):
            letters, script, spellings = line.split("\t")
            table[script][letters] = tuple(_spelling(item) for item in spellings.split())
    return table


def _spelling(item: str) -> Spelling:
    grapheme, _, cost = item.partition(":")
    return ("" if grapheme == "∅" else grapheme), float(cost or 0)
