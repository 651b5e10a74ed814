"""Folding single tokens: script, look-alikes, letters, doubled letters; keys and coarse forms."""

import re
import unicodedata
from collections.abc import Sequence
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
_PURE = {script: re.compile(f"[{letters}]+") for script, letters in _SCRIPTS}
_MIXED = re.compile("[a-zß-ɏ][Ѐ-ӗӚ-ԯ]|[Ѐ-ӗӚ-ԯ][a-zß-ɏ]")
_DOUBLED_CONSONANT = re.compile(r"([ckdtvpmnlrs])\1+")
_DOUBLED = re.compile(r"([^\W\d_])\1+")


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
    if script == "cyrillic":
        token = "".join(_base(char) if "À" <= char <= "ɏ" else char for char in token)
    return lower(token.translate(_lookalikes(script)))


def _script(small: str) -> Script:
    """The script of most letters; nearly every token is of one only."""
    for script, pure in _PURE.items():
        if pure.fullmatch(small):
            return script
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
    return "".join(char if char in _KEPT else _base(char) for char in small)


def _base(char: str) -> str:
    return char if char.isascii() else unicodedata.normalize("NFD", char)[0]


@cache
def _coarse() -> dict[int, str]:
    """Every letter of the four scripts straight to its coarse letters."""
    classes: dict[str, str] = tables.toml("letters.toml")["coarse"]
    sounds = {letter: name for name, letters in classes.items() for letter in letters}
    table = {}
    for low, high in ((0x61, 0x25A), (0x400, 0x530), (0x561, 0x588), (0x10D0, 0x10F1)):
        for letter in map(chr, range(low, high)):
            folded = _read_digraphs(_spell(letter, _script(letter)))
            table[ord(letter)] = "".join(sounds.get(each, "") for each in folded)
    return table


_DIGRAPHS = (
    ("dsch", "c"), ("tsch", "c"), ("tch", "c"), ("dzh", "c"), ("sch", "s"), ("dj", "c"),
    ("дж", "c"),
    ("jew", "ev"), ("aja", "aa"), ("dž", "c"), ("dż", "c"), ("cz", "c"), ("sz", "s"),
    ("sh", "s"), ("ch", "c"), ("kh", "k"), ("gh", "k"), ("zh", "c"), ("ou", "u"),
    ("gue", "ga"), ("gui", "gi"),
    ("յու", "u"), ("ու", "u"), ("յո", "u"), ("იუ", "u"),
)  # fmt: skip


def coarse(words: Sequence[str]) -> list[str]:
    """A rough sound form of each lower-case word, in a small alphabet, for edit distances.

    >>> coarse(["dschalal", "джалал", "cəlal", "ջալալ"])
    ['calal', 'calal', 'calal', 'calal']
    """
    joined = _read_digraphs("\n".join(words))
    return _DOUBLED_CONSONANT.sub(r"\1", joined.translate(_coarse())).split("\n")


def _read_digraphs(text: str) -> str:
    for raw, sound in _DIGRAPHS:
        text = text.replace(raw, sound)
    return text
