"""The status verb near a mention: detained, charged, sentenced … released, died."""

import re
from functools import cache

from monitor.detect.names import tables

_REACH = 160
_SENTENCE_END = re.compile(r"[.!?…]\s+(?=[^\Wa-zа-я\d_])|\n")


@cache
def verbs() -> re.Pattern[str]:
    """All status stems, one named group a status."""
    table = tables.toml("status.toml")
    groups = [
        f"(?P<{status}>{_stems(rows)})" for status, rows in table.items() if status != "arrest"
    ]
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(groups)})", re.IGNORECASE)


def _stems(rows: dict[str, list[str]]) -> str:
    stems = sorted((stem for stems in rows.values() for stem in stems), key=len, reverse=True)
    return "|".join(re.escape(stem).replace(r"\ ", r"\s+") for stem in stems)


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence of a span, at most 160 characters to either side."""
    low, high = max(0, start - _REACH), min(len(text), end + _REACH)
    for match in _SENTENCE_END.finditer(text, low, start):
        low = match.end()
    stop = _SENTENCE_END.search(text, end, high)
    return low, stop.start() + 1 if stop else high


def status_near(text: str, start: int, end: int) -> str | None:
    """The status whose verb is nearest in the sentence, or None.

    >>> status_near("Ülvi Həsənli həbs edilib.", 0, 12)
    'detained'
    """
    low, high = sentence_around(text, start, end)
    near = [
        (max(start - match.end(), match.start() - end, 0), match.lastgroup)
        for match in verbs().finditer(text, low, high)
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None
