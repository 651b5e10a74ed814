"""The capitalised tokens of a text and what may stand between them."""

import re
import unicodedata
from functools import cached_property

from monitor.detect.names import tables
from monitor.detect.names.index import common_name
from monitor.detect.names.letters import lower
from monitor.detect.names.tokens import Decision


def _capitals() -> str:
    """A character class of capital letters; Georgian has no capitals, so all its letters are."""
    codes = [*range(0x41, 0x590), *range(0x1E00, 0x1F00)]
    ranges: list[list[int]] = []
    for code in codes:
        if unicodedata.category(chr(code)) in ("Lu", "Lt"):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges) + "Ⴀ-ჿᲐ-Ჿ"


CAPITALS = _capitals()
# The capital stands first in the pattern: `re` skips to it, which it cannot over a look-behind.
TOKEN = re.compile(rf"[{CAPITALS}](?<![^\W\d_].)[^\W\d_]*(?:['’ʼ‘`´‐‑-][^\W\d_]+)*")
WORD = re.compile(r"[^\W_]+(?:['’ʼ‘`´‐‑-][^\W\d_]+)*")

_QUOTES = "\"'“”«»„‘’‹›"
_DIRECT = re.compile(rf"[^\S\n\f]*\n?[^\S\n\f]*[{_QUOTES}]?[^\S\n\f]*[{_QUOTES}(\[]?")
_SPACES = re.compile(r"[^\S\n\f]+")
_TURNED = re.compile(r"[^\S\n\f]*,?[^\S\f]{1,3}")
_INITIALS = re.compile(r"\.[ \u00a0]?(?:[^\W\d_]{1,3}\.[ \u00a0]?)?")
_OPENING = re.compile(rf"\s*(?:[{_QUOTES}]|[(\[])")
_FORBIDDEN = re.compile(r"[.,;:!?…/|\f]|\n\s*\n")
_LONGEST_BETWEEN = 70
_FRENCH = re.compile(r"\b(?:le|la|les|des|du|est|et|été|une|dans|pour|en)\b")


class Scan:
    """The tokens of one repaired text; `decisions` holds those that may be tracked names."""

    def __init__(self, text: str, decisions: dict[str, Decision], lang: str | None = None) -> None:
        self.text = text
        self._lang = lang
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.raws: list[str] = []
        self.found: list[Decision | None] = []
        for match in TOKEN.finditer(text):
            raw = match[0]
            self.raws.append(raw)
            self.starts.append(match.start())
            self.ends.append(match.end())
            self.found.append(decisions.get(raw))

    def __len__(self) -> int:
        return len(self.raws)

    def gap(self, left: int, right: int) -> str:
        """The text between two tokens."""
        return self.text[self.ends[left] : self.starts[right]]

    def adjoins(self, left: int) -> bool:
        """Whether nothing but spaces stands between a token and the next."""
        return (
            left >= 0
            and left + 1 < len(self)
            and bool(_SPACES.fullmatch(self.text, self.ends[left], self.starts[left + 1]))
        )

    @cached_property
    def written_in_azerbaijani(self) -> bool:
        """Texts with ə: only they decline a name with a bare -a; Turkish sets an apostrophe."""
        return self._lang == "az" or re.search("[əƏ]", self.text) is not None

    @cached_property
    def written_in_french(self) -> bool:
        """French writes a mute -e after -in (Ramine), and M. for Monsieur."""
        if self._lang is not None:
            return self._lang == "fr"
        return len(_FRENCH.findall(self.text)) >= 2


def is_direct(gap: str) -> bool:
    """Whether given and family may be joined over this gap."""
    return 0 < len(gap) <= 6 and _DIRECT.fullmatch(gap) is not None


def is_turned(gap: str) -> bool:
    """Whether `Family, Given` may be joined over this gap."""
    return 0 < len(gap) <= 4 and _TURNED.fullmatch(gap) is not None


def is_initial_gap(gap: str) -> bool:
    """The full stop, space and further initial between an initial and a family name."""
    return len(gap) <= 7 and _INITIALS.fullmatch(gap) is not None


def bridges(gap: str) -> bool:
    """Whether these words between given and family name leave them one name.

    >>> bridges(" Namig oglu "), bridges(" bəy "), bridges(" və "), bridges(" Abbasova (")
    (True, True, False, True)
    """
    if len(gap) > _LONGEST_BETWEEN:
        return False
    words = [lower(word) for word in re.findall(r"[^\W\d_]+", gap)]
    if not 1 <= len(words) <= 3 or words[0] in kin_words():
        return False
    if len(words) == 1 and re.fullmatch(r"\s+[^\W\d_]{1,2}\.?\s+", gap):
        return words[0] not in tables.words("conjunction")
    if _FORBIDDEN.search(gap) or any(word in tables.words("conjunction") for word in words):
        return False
    return _is_marked(gap, words)


def _is_marked(gap: str, words: list[str]) -> bool:
    honorific = tables.words("honorific")
    if words[-1] in kin_words() or words[0] in honorific:
        return True
    if words[-1] in honorific and len(words) == 2:
        return True
    if len(words) == 1 and words[0].endswith(tuple(tables.words("patronymic_endings"))):
        return True
    if gap.rstrip().endswith(("(", "[")):
        return len(words) <= 2
    return _OPENING.match(gap) is not None


def kin_words() -> frozenset[str]:
    """ "son of" and "daughter of" in every language."""
    return tables.words("kin_son") | tables.words("kin_daughter")


_NEXT_WORD = re.compile(r"[\s\u00a0-]{1,2}([^\W\d_]+(?:['’][^\W\d_]+)?)")


def kin_after(text: str, at: int) -> tuple[int, str] | None:
    """(end, word) of a kin word right after an offset: Vaqif| qızı."""
    match = _NEXT_WORD.match(text, at)
    if match is None:
        return None
    word = lower(match[1])
    stem = re.split("['’]", word)[0]
    kin = kin_words()
    if word in kin or stem in kin:
        return match.end(), stem
    return None


def is_role(raw: str) -> bool:
    """A capitalised word that is no name: journalist, Mr, the first word of a sentence."""
    word = lower(raw)
    if word in tables.words("role") or word in tables.words("function"):
        return True
    return word.startswith(tuple(tables.words("role_stem")))


def looks_like_name(raw: str) -> bool:
    """Whether a word is a common name or ends as family names do."""
    word = lower(raw)
    return word.endswith(tuple(tables.words("family_endings"))) or common_name(raw) is not None
