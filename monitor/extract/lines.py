"""Lines that stand among an article's text and are none of it: its title again, dates, counters."""

import re
from collections.abc import Callable
from datetime import datetime

from monitor.extract.dates import dateline
from monitor.extract.furniture import counter

_BULLET = re.compile(r"^(?:[-•▪*] )+")  # the extractor writes one before an item, templates do not
_FOOT = re.compile(r"[\d\s.,()]+|.{0,60}(©|\(c\)|\bcopyright\b).{0,60}", re.I)
_LETTERS = re.compile(r"[\W_]+")


def article_lines(text: str, title: str, strip_lines: tuple[str, ...], now: datetime) -> str:
    """The text without the title said again, datelines, counters and the source's `strip_lines`.

    `now` is when the page was read, for datelines such as "2 days ago".

    >>> now = datetime(2026, 3, 1)
    >>> article_lines("357\\n12.02.2025 10:00 (88341)\\nThe list grew.\\n1037", "357", (), now)
    'The list grew.'
    """
    lines = (_BULLET.sub("", line) for line in text.split("\n"))
    kept = [line for line in lines if not counter().fullmatch(line)]
    while len(kept) > 1 and _is_head(kept[0], title, now):
        kept.pop(0)
    while len(kept) > 1 and _FOOT.fullmatch(kept[-1]):
        kept.pop()
    strip = _stripper(strip_lines)
    return "\n".join(line for line in kept if not strip(line))


def _is_head(line: str, title: str, now: datetime) -> bool:
    """The title again or a dateline; a lone figure may be what the page is about."""
    if _letters(line) == _letters(title):
        return True
    return not line.isdigit() and dateline(line, None, now) is not None


def _stripper(patterns: tuple[str, ...]) -> Callable[[str], object]:
    if not patterns:
        return lambda line: None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)).search


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
