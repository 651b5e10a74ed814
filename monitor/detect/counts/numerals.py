"""Number words of each language, from `tables/numbers.toml`, and the endings they take."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from monitor.detect.counts.lexicon import split_phrases
from monitor.detect.counts.text import fold

CASE_ENDING = re.compile(
    r"s?[iuü](?:n(?:[iuü]n?|[aəe]|d[aəe]n?))?|n?[iuü]n|y?[aəe]|[yn][iuü]|[dt][aəe]n?"
    r"|y?[aəe]?d[aəe]k|y?l[aəe]|d[iuü]r|t[iuü]r|s?[iuü]d[iuü]r"
)
"""Possessive and case endings of Azerbaijani and Turkish, dotless i folded to i."""


@dataclass(frozen=True)
class Numerals:
    """The number words of one language, folded; every one begins like one of `openings`.

    `ranges` are words around the lower number of a range; `seek` finds digits and words that may be
    numbers.
    """

    values: Mapping[str, float]
    multipliers: Mapping[str, int]
    bases: Mapping[str, tuple[str, ...]]
    openings: frozenset[str]
    stop: frozenset[str]
    needs_factor: frozenset[str]
    bound: frozenset[str]
    bound_by: frozenset[str]
    before_person: frozenset[str]
    people: frozenset[str]
    bounds: frozenset[str]
    join: str
    article: str
    half: str
    tens_take_units: bool
    decimal_point: str
    ranges: tuple[tuple[str, str], ...]
    seek: re.Pattern[str]

    def read(self, low: str) -> tuple[float, bool, str] | None:
        """Value, whether it multiplies, and the ending of a word; None for other words."""
        if low[:2] not in self.openings:
            return None
        if low in self.values:
            return self.values[low], False, ""
        if low in self.multipliers:
            return self.multipliers[low], True, ""
        for base in self.bases.get(low[:2], ()):
            ending = low[len(base) :]
            if low.startswith(base) and CASE_ENDING.fullmatch(ending):
                multiplies = base in self.multipliers
                value = self.multipliers[base] if multiplies else self.values[base]
                return value, multiplies, ending
        return None


@cache
def numerals(lang: str) -> Numerals:
    """The number words of a language; those of English where there is no table."""
    row = _tables().get(lang) or _tables()["en"]
    values = {word: float(value) for word, value in _pairs(row.get("values", ""))}
    multipliers = {word: int(value) for word, value in _pairs(row.get("multipliers", ""))}
    seek = "|".join(sorted(map(re.escape, [*values, *multipliers]), key=len, reverse=True))
    return Numerals(
        values=values,
        multipliers=multipliers,
        bases=_bases([*values, *multipliers]) if row.get("suffixes") else {},
        openings=_openings([*values, *multipliers, row.get("article", ""), row.get("half", "")]),
        stop=_words(row, "stop"),
        needs_factor=_words(row, "needs_factor"),
        bound=_words(row, "bound"),
        bound_by=_words(row, "bound_by"),
        before_person=_words(row, "before_person"),
        people=_words(row, "people"),
        bounds=_words(row, "bounds"),
        join=fold(row.get("join", "")),
        article=fold(row.get("article", "")),
        half=fold(row.get("half", "")),
        tens_take_units=bool(row.get("tens_take_units", False)),
        decimal_point=row.get("decimal_point", ""),
        ranges=_ranges(row.get("ranges", "")),
        seek=re.compile(rf"\d+|(?<![^\W\d_])(?:{seek})"),
    )


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("monitor.detect.counts") / "tables" / "numbers.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _pairs(cell: str) -> Iterator[tuple[str, str]]:
    for pair in cell.split():
        word, _, value = pair.partition("=")
        yield fold(word), value


def _words(row: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(fold(row.get(name, "")).split())


def _ranges(cell: str) -> tuple[tuple[str, str], ...]:
    """The words before the lower number of a range and between both: "between … and"."""
    halves = (phrase.partition("…") for phrase in split_phrases(fold(cell)))
    return tuple((before.strip(), between.strip()) for before, _, between in halves)


def _openings(words: list[str]) -> frozenset[str]:
    """The first letters of every number word: any other word is none."""
    return frozenset(fold(word)[:2] for word in words if word)


def _bases(words: list[str]) -> dict[str, tuple[str, ...]]:
    bases: dict[str, tuple[str, ...]] = {}
    for word in sorted(words, key=len, reverse=True):
        bases[word[:2]] = (*bases.get(word[:2], ()), word)
    return bases
