"""The status verb near a mention: detained, charged, sentenced … released, died."""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from monitor.detect.names import tables

_REACH = 160
_SENTENCE_END = re.compile(r"[.!?…][»”\"]?\s+(?=[«“\"]?[^\Wa-zа-я\d_])|\n")


class Verb(NamedTuple):
    """A status verb in a text."""

    start: int
    end: int
    status: str


@cache
def _stems() -> dict[str, tuple[tuple[str, str], ...]]:
    """First three letters → (stem, status), longest stem first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for status, rows in tables.toml("status.toml").items():
        if status != "arrest":
            for stem in (stem for stems in rows.values() for stem in stems):
                found.setdefault(stem[:3], []).append((stem, status))
    return {
        head: tuple(sorted(stems, key=lambda each: len(each[0]), reverse=True))
        for head, stems in found.items()
    }


def verbs(text: str, low: int, high: int) -> Iterator[Verb]:
    """The status verbs in a stretch of text, in order."""
    small = text[low:high].translate(_PLAIN).lower()
    stems = _stems()
    for word in _WORD.finditer(small):
        at = word.start()
        for stem, status in stems.get(small[at : at + 3], ()):
            if small.startswith(stem, at):
                yield Verb(low + at, low + max(word.end(), at + len(stem)), status)
                break


_WORD = re.compile(r"[^\W\d_]+")
# İ would grow when lower-cased; line breaks and no-break spaces part words like a space.
_PLAIN = {ord("İ"): "i", ord("\n"): " ", 0xA0: " "}


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence of a span, at most 160 characters to either side."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    for match in _SENTENCE_END.finditer(text, low, start + 1):
        low = min(match.end(), start)
    stop = _SENTENCE_END.search(text, end, high)
    return low, stop.start() + 1 if stop else high


# The own name of an organisation: "Committee for the Release of Political Prisoners".
_HEAD = (
    "Union|Committee|Cent(?:er|re)|Campaign|Coalition|Foundation|Fund|Association|Movement"
    "|Initiative|Alliance|Group|Network|Working Group"
)
_TITLE = re.compile(
    rf"\b(?:{_HEAD})(?:(?:[ \n](?:of|for|the|and|on|to|in|against|from))+[ \n][A-Z][\w’'-]*)+"
    r"|\b(?:Союз|Комитет|Центр|Фонд|Движение|Комисси)\w*[ \n](?:по|за|в защиту)[ \n]\w+"
    r"|\b(?:Союз|Комитет|Центр|Фонд|Движение|Инициатив|Кампани)\w*[ \n][«\"“][^»\"”\n]{1,80}[»\"”]"
    r"|(?:[A-ZƏÇŞĞİÖÜ]\w+[ \n](?:və[ \n]|üçün[ \n])?){1,7}"
    r"(?:İttifaq|Komitə|Fond|Mərkəz|Birli[ky]|Təşkilat|Hərəkat|Qrup)\w*"
)


def _inside(verb: Verb, titles: list[tuple[int, int]]) -> bool:
    return any(start <= verb.start < end for start, end in titles)


def status_near(text: str, start: int, end: int) -> str | None:
    """The status whose verb is nearest in the sentence, or None.

    >>> status_near("Ülvi Həsənli həbs edilib.", 0, 12)
    'detained'
    """
    low, high = sentence_around(text, start, end)
    titles = [match.span() for match in _TITLE.finditer(text, low, high)]
    near = [
        (max(start - verb.end, verb.start - end), verb.status)
        for verb in verbs(text, low, high)
        if (verb.end <= start or end <= verb.start) and not _inside(verb, titles)
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None
