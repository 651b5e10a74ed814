"""Text as the counts engine reads it: folded letters, words, sentences, paragraphs.

Everything here keeps offsets: one code point in, one code point out.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

LONGEST_SENTENCE = 1500
"""A sentence is cut at a space beyond this length, which keeps every later step linear."""
_FOLD = {
    **dict.fromkeys([0xA0, 0x202F, 0x205F, 0x3000, *range(0x2000, 0x200B)], " "),
    **dict.fromkeys([0x2010, 0x2011], "-"),
    **dict.fromkeys(map(ord, "\u0130I\u0131"), "i"),
    **dict.fromkeys(map(ord, "’ʼ‘`´"), "'"),
    **dict.fromkeys(map(ord, "“”„«»‹›″"), '"'),
    ord("Ё"): "е",
    ord("ё"): "е",
    ord("Ә"): "ə",
    ord("ә"): "ə",
    ord("—"): "–",
    ord("−"): "–",
}
_WORD = re.compile(r"[^\W\d_]+(?:(?<=[а-яґєі])'(?=[а-яґєі])[^\W\d_]+)?|\d+")
_LINE = re.compile(r"[^\n]+")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++(?:[\"')\]]*+(?=\s)|[\"')\]]++$)")
"""Possessive, and only at the first stop of a run: a page of dots is read once, not once a dot."""
_FULL_STOPS = tuple(".!?…")
_CLOSINGS = " \t\"'”»)]"
_BULLET = re.compile(
    r"\s*(?:[-–•*·▪●◦‣]|\d{1,2}[.)]|(?:№|n[or]\.?) ?\d{1,2}[.):]?(?: [-–](?= ))?)\s+"
)
_ABBREVIATIONS = frozenset(
    "no nos dr mr mrs ms st art arts vs prof gen col approx est ca hon rev sen rep gov jan feb "
    "mar apr jun jul aug sep sept oct nov dec ст п ч т им ул стр см др пр св акад проф "
    "т.е т.д bk səh nö sh dan sayı müq m cav str nr ust art pkt ul tzw ok bzw z.b".split()
)
_AFTER_NUMBER_TOO = frozenset({"г", "гг", "чел", "тыс", "млн", "руб"})


def fold(text: str) -> str:
    """Lower-case with look-alike letters, quotes, dashes and spaces unified.

    A hyphen between spaces is a dash. Dotted and dotless i are one letter, as in `re.IGNORECASE`.

    >>> fold("İTTİFAQIN “siyahısı” — Ёлка")
    'ittifaqin "siyahisi" – елка'
    """
    return text.translate(_FOLD).lower().replace(" - ", " – ")


class Word(NamedTuple):
    """A run of letters or digits; `low` is its folded form."""

    start: int
    end: int
    low: str


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence or list entry: its offsets, its paragraph, and what kind of line it is.

    `heading` says that its paragraph is no list entry and ends without a full stop.
    """

    start: int
    end: int
    paragraph: int
    bullet: bool
    heading: bool = False


def words(folded: str, start: int, end: int) -> list[Word]:
    """The words of a stretch of folded text."""
    return [Word(m.start(), m.end(), m[0]) for m in _WORD.finditer(folded, start, end)]


def lines(text: str, folded: str, lang: str) -> Iterator[Line]:
    """Sentences of the text in order; each line of the text ends one.

    >>> [(l.start, l.end) for l in lines("Dr. X counts 5. They hold 6.", "dr. x counts 5. they hold 6.", "en")]
    [(0, 15), (16, 28)]
    """  # noqa: E501
    paragraph = -1
    for block in _LINE.finditer(text):
        if not block.group().strip():
            continue
        paragraph += 1
        bullet = _BULLET.match(folded, block.start(), block.end())
        first = bullet.end() if bullet else block.start()
        heading = bullet is None and not block.group().rstrip(_CLOSINGS).endswith(_FULL_STOPS)
        for start, end in _sentences(text, folded, (first, block.end()), lang):
            yield Line(start, end, paragraph, bullet is not None, heading)


def _sentences(
    text: str, folded: str, span: tuple[int, int], lang: str
) -> Iterator[tuple[int, int]]:
    start, stop = span
    for mark in _STOP.finditer(folded, start, stop):
        if _ends_sentence(text, folded, mark, lang, stop):
            yield from _trimmed(text, start, mark.end())
            start = mark.end()
    yield from _trimmed(text, start, stop)


def _ends_sentence(text: str, folded: str, mark: re.Match[str], lang: str, stop: int) -> bool:
    after = mark.end()
    while after < stop and text[after].isspace():
        after += 1
    if after >= stop or text[after].islower():
        return False
    if mark.group()[0] != ".":
        return True
    before = folded[max(0, mark.start() - 12) : mark.start()].rpartition(" ")
    last = before[2].lstrip("\"'(")
    if last in _AFTER_NUMBER_TOO:
        return before[0][-1:].isdigit() and not text[after].isdigit()
    if last.isdigit() and len(last) <= 2 and lang == "de":
        return False
    return last not in _ABBREVIATIONS and not (
        len(last) == 1 and last.isalpha() and text[mark.start() - 1].isupper()
    )


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretch without outer white space, cut where it is too long."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST_SENTENCE:
        cut = text.rfind(" ", start + LONGEST_SENTENCE // 2, start + LONGEST_SENTENCE)
        cut = cut if cut > 0 else start + LONGEST_SENTENCE
        yield start, cut
        start = cut
    if start < end:
        yield start, end
