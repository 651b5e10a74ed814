"""Folding single tokens: script, look-alikes, letters, doubled letters; keys and coarse forms."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Literal

from monitor.detect.names import tables

Script = Literal["latin", "cyrillic", "armenian", "georgian", "other"]

_SCRIPTS: tuple[tuple[Script, str], ...] = (
    ("latin", "a-zß-ɏḀ-ỿı"),
    ("cyrillic", "Ѐ-ӗӚ-ԯ"),
    ("armenian", "Ա-և"),
    ("georgian", "Ⴀ-ჿ"),
)
_LETTERS = {script: re.compile(f"[{letters}]") for script, letters in _SCRIPTS}
_MIXED = re.compile("[a-zß-ɏ][Ѐ-ӗӚ-ԯ]|[Ѐ-ӗӚ-ԯ][a-zß-ɏ]")
_DOUBLED = re.compile(r"(.)\1+")


def lower(token: str) -> str:
    """Lower case in which İ and I are both i, and nothing gets longer.

    >>> lower("İSMAYIL")
    'ismayil'
    """
    if token.isascii():
        return token.lower()
    return token.replace("İ", "i").lower().replace("\u0307", "")


def collapse(word: str) -> str:
    """Doubled letters become one."""
    return _DOUBLED.sub(r"\1", word)


@lru_cache(maxsize=65_536)
def fold(token: str) -> tuple[str, Script]:
    """Fold one token of any case; the script is that of most of its letters.

    Latin and Cyrillic keep their alphabets; Armenian and Georgian are written in Azerbaijani.

    >>> fold("Վաքիֆ"), fold("Адиль"), fold("Vaqif")
    (('vakif', 'armenian'), ('адил', 'cyrillic'), ('vaqif', 'latin'))
    """
    if token.isascii():
        return collapse(token.lower()), "latin"
    small = lower(token)
    script = _script(small)
    if _MIXED.search(small):
        small = unmixed(token)
    return collapse(_spell(small, script)), script


def unmixed(token: str) -> str:
    """A token in lower case, look-alikes repaired where it mixes Latin and Cyrillic.

    >>> unmixed("Гаcанли")  # a Latin c
    'гасанли'
    """
    small = lower(token)
    script = _script(small)
    if script not in ("latin", "cyrillic") or _MIXED.search(small) is None:
        return small
    return lower(token.translate(_lookalikes(script)))


def _script(small: str) -> Script:
    counts = [(len(pattern.findall(small)), script) for script, pattern in _LETTERS.items()]
    best = max(counts, key=lambda pair: pair[0])
    return best[1] if best[0] else "other"


@cache
def _lookalikes(script: str) -> dict[int, int]:
    pairs = tables.toml("letters.toml")["lookalike"][f"to_{script}"].split()
    return {ord(pair[0]): ord(pair[1]) for pair in pairs}


@cache
def _letter_fold(script: str) -> tuple[dict[int, str], tuple[tuple[str, str], ...]]:
    table: dict[str, str] = tables.toml("letters.toml")[script]
    single = {ord(raw): folded for raw, folded in table.items() if len(raw) == 1}
    return single, tuple((raw, folded) for raw, folded in table.items() if len(raw) > 1)


def _spell(small: str, script: Script) -> str:
    if script == "other":
        return small
    single, longer = _letter_fold(script)
    for raw, folded in longer:
        small = small.replace(raw, folded)
    if script == "latin":
        small = small.replace("ә", "ə")
    small = small.translate(single)
    return small if small.isascii() or script != "latin" else _bare(small)


_KEPT = frozenset("əçşğıöü")


def _bare(small: str) -> str:
    """Any other accented Latin letter is its base."""
    return "".join(
        char if char in _KEPT or char.isascii() else unicodedata.normalize("NFD", char)[0]
        for char in small
    )


@cache
def _coarse() -> dict[int, str]:
    classes: dict[str, str] = tables.toml("letters.toml")["coarse"]
    return {ord(letter): name for name, letters in classes.items() for letter in letters}


_DIGRAPHS = (
    ("dsch", "c"), ("tsch", "c"), ("dzh", "c"), ("sch", "s"), ("dj", "c"), ("дж", "c"),
    ("sh", "s"), ("ch", "c"), ("kh", "k"), ("gh", "k"), ("zh", "c"), ("ou", "u"),
)  # fmt: skip


def coarse(folded: str) -> str:
    """A rough sound form in a small alphabet, for edit distances.

    >>> coarse("dschalal") == coarse("джалал") == coarse("cəlal")
    True
    """
    for raw, sound in _DIGRAPHS:
        if raw in folded:
            folded = folded.replace(raw, sound)
    return collapse(folded.translate(_coarse()))
