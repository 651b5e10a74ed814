"""Repairing a text before names are looked for, with an exact map back to the original.

Repairs: combining marks, invisible characters, words broken at a line end, HTML entities of one
character, UTF-8 once read as cp1252 or cp1251, #CamelCase tags.
"""

import html
import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field

_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_MARKS = "\u0300-\u036f\u0483-\u0487"
_CP1252 = "".join(
    bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte))
    for byte in range(0x80, 0xC0)
)
_CP1251 = "".join(
    bytes([byte]).decode("cp1251", "replace").replace("\ufffd", chr(byte))
    for byte in range(0x80, 0xC0)
)
_LEAD_1252 = "ÂÃÄÅÆÇÉÐÑÒÓÔÕáâ"
_LEAD_1251 = "ВГДЕЖЗЙРСТУФХбв"

_TROUBLE = re.compile(
    "|".join(
        (
            rf"(?P<mark>[^\W\d_]?[{_INVISIBLE}]*[{_MARKS}]+)",
            rf"(?P<gone>[{_INVISIBLE}]+)",
            r"(?P<broken>(?<=[^\W\d_])[-\u2010\u00ad][ \t]?\r?\n[ \t]*(?=[^\W\d_]))",
            r"(?P<entity>&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[A-Za-z]{2,8});)",
            rf"(?P<latin>(?:[{_LEAD_1252}][{re.escape(_CP1252)}]{{1,2}})+)",
            rf"(?P<cyrillic>(?:[{_LEAD_1251}][{re.escape(_CP1251)}]{{1,2}})+)",
            r"(?P<tag>#[^\W_]*[^\W\d_A-Z](?=[A-ZƏÇŞĞİÖÜА-ЯЁ])[^\W_]*)",
        )
    )
)
# One class first, so that `re` skips ahead over clean text.
_HINT = re.compile(
    rf"[{_INVISIBLE}{_MARKS}&#\u2010{_LEAD_1252}{_LEAD_1251}-]"
    rf"(?:(?<=[{_INVISIBLE}{_MARKS}&#])|(?<=[-\u2010])[ \t]?\r?\n"
    rf"|(?<=[{_LEAD_1252}{_LEAD_1251}])[{re.escape(_CP1252 + _CP1251)}])"
)
_HUMP = re.compile(r"(?<=[^\W\d_A-ZƏÇŞĞİÖÜА-ЯЁ])(?=[A-ZƏÇŞĞİÖÜА-ЯЁ])")
_AZ_1251 = frozenset("əşığçöüƏŞİĞÇÖÜ")


@dataclass(frozen=True, slots=True)
class Repaired:
    """A repaired text; `span` maps offsets in it back to the original."""

    text: str
    _starts: list[int] = field(default_factory=list)
    _origins: list[tuple[int, int]] = field(default_factory=list)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original offsets of `text[start:end]`, which must not be empty."""
        if not self._starts:
            return start, end
        return self._at(start)[0], self._at(end - 1)[1]

    def _at(self, offset: int) -> tuple[int, int]:
        segment = bisect_right(self._starts, offset) - 1
        origin, width = self._origins[segment]
        if width:
            return origin, origin + width
        origin += offset - self._starts[segment]
        return origin, origin + 1


def repair(text: str) -> Repaired:
    """Repair what would hide a name; a text without trouble is returned as it is.

    >>> repaired = repair("Mu\u0308bariz")
    >>> repaired.text, repaired.span(0, 2)
    ('Mübariz', (0, 3))
    """
    if _HINT.search(text) is None:
        return Repaired(text)
    parts: list[str] = []
    starts: list[int] = []
    origins: list[tuple[int, int]] = []
    done = size = 0
    for match in _TROUBLE.finditer(text):
        mended = _mend(match)
        if mended is None:
            continue
        for part, origin, width in _segments(match, mended, done, text):
            if part:
                parts.append(part)
                starts.append(size)
                origins.append((origin, width))
                size += len(part)
        done = match.end()
    if not done:
        return Repaired(text)
    parts.append(text[done:])
    return Repaired("".join(parts), [*starts, size], [*origins, (done, 0)])


def _segments(
    match: re.Match[str], mended: str, done: int, text: str
) -> list[tuple[str, int, int]]:
    """(text, original offset, original width or 0 where it is unchanged) up to the match's end."""
    kept = (text[done : match.start()], done, 0)
    if match.lastgroup != "tag":
        return [kept, (mended, match.start(), match.end() - match.start())]
    segments, at = [kept], match.start()
    for hump in mended.split(" "):
        segments += [(hump, at, 0), (" ", at + len(hump) - 1, 1)]
        at += len(hump)
    return segments[:-1]


def _mend(match: re.Match[str]) -> str | None:
    """What the trouble is replaced by; None leaves it."""
    found = match[0]
    kind = match.lastgroup
    if kind == "mark":
        return _composed(found)
    if kind == "gone":
        return ""
    if kind == "broken":
        return "" if match.string[match.end()].islower() else None
    if kind == "entity":
        plain = html.unescape(found)
        return plain if len(plain) == 1 else None
    if kind == "tag":
        return _HUMP.sub(" ", found)
    return _decoded(found, "cp1252" if kind == "latin" else "cp1251")


def _composed(cluster: str) -> str:
    """Letter and marks as one letter; a mark that fits none (stress) is dropped.

    Four marks at most are looked at: normalisation is quadratic in a run of them.
    """
    letter = cluster[0] if cluster[0].isalpha() else ""
    marks = [char for char in cluster[len(letter) :] if unicodedata.combining(char)][:4]
    for mark in marks:
        whole = unicodedata.normalize("NFC", letter + mark)
        if len(whole) == 1:
            letter = whole
    return letter


def _decoded(run: str, codec: str) -> str | None:
    try:
        plain = _bytes(run, codec).decode("utf-8")
    except (UnicodeDecodeError, UnicodeEncodeError, ValueError):
        return None
    if not all(char.isalpha() or char in "\u00a0‘’“”–—«»" for char in plain):
        return None
    if codec == "cp1251" and len(plain) == 1 and plain not in _AZ_1251:
        return None
    return plain


def _bytes(run: str, codec: str) -> bytes:
    """Bytes a code page has no sign for were kept as control characters."""
    return b"".join(
        bytes([ord(char)]) if 0x80 <= ord(char) < 0xA0 else char.encode(codec) for char in run
    )
