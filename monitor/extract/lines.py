"""Lines that stand among an article's text and are none of it: its title again, dates, counters."""

import re
from collections.abc import Callable

# What stands beside a view counter or in a dateline; a line of nothing but these and figures goes.
COUNTER_WORDS = (
    "views?|reads?|shares?|hits|comments?|likes?|min(ute)?s? read|viewed|times|"
    "просмотр(ов|а|ы)?|просмотрено|прочитано|прочтений|комментари(й|я|ев)|раз|поделиться|"
    "baxış( sayı)?|baxılıb|oxunub|oxunma|oxunuş|şərh|dəfə|paylaş|"
    "görüntülenme|okunma|okundu|yorum|kez|"
    "ნახვა|ნანახია|դիտում|դիտվել է|"
    "facebook|twitter|telegram|whatsapp|print|e-?mail|çap|печать|yazdır"
)
_COUNTER = re.compile(
    rf"[\d\s.,:;()\[\]|/#·•–—-]*(?:\b({COUNTER_WORDS})\b[\d\s.,:;()|/·•–—-]*)+", re.I
)
_DATE_TIME = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}:\d{2}(?::\d{2})?)"
    r"(?:[\s,|–—-]+\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*\(?\d*\)?)"
)
_FIGURES = re.compile(r"[\d\s.,()]+")
_LETTERS = re.compile(r"[\W_]+")
_HEAD_LINES = 4


def article_lines(text: str, title: str, strip_lines: tuple[str, ...]) -> str:
    """The text without the title said again, datelines, counters and the source's `strip_lines`.

    >>> article_lines("357\\n12.02.2025 10:00 (88341)\\nThe list grew.\\n1037", "357", ())
    'The list grew.'
    """
    lines = text.split("\n")
    head = [line for line in lines[:_HEAD_LINES] if not _is_head_furniture(line, title)]
    kept = [line for line in head + lines[_HEAD_LINES:] if not _COUNTER.fullmatch(line)]
    while len(kept) > 1 and _FIGURES.fullmatch(kept[-1]):
        kept.pop()
    return "\n".join(line for line in kept if not _stripper(strip_lines)(line))


def _is_head_furniture(line: str, title: str) -> bool:
    return _letters(line) == _letters(title) or _DATE_TIME.fullmatch(line) is not None


def _stripper(patterns: tuple[str, ...]) -> Callable[[str], object]:
    if not patterns:
        return lambda line: None
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns)).search


def _letters(text: str) -> str:
    return _LETTERS.sub("", text).casefold()
