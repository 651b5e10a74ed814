"""Published lists of names: the lines of a text that are entries of a list of persons."""

import re

from monitor.detect.fold import fold

LEAST = 5  # fewer lines are a paragraph with names, not a list
BETWEEN = 2  # headings and remarks that may stand between two entries

_UPPER = r"[^\W\d_a-zа-яёəıöğüşçәөүҹҝғһјіїєґა-ჰա-և]"
_WORD = rf"(?:{_UPPER}[^\W\d_]*(?:[-'’]{_UPPER}?[^\W\d_]+)*\.?|[ა-ჰ]{{2,}})"
_KIN = r"(?:oğlu|qızı|oglu|oghlu|gizi|qizi|kızı|оглы|оглу|кызы|гызы|bəy|xanım)"
ENTRY = re.compile(
    r"^\s*(?:№?\s*\d{1,4}\s*[.)|:–-]?\s*|[-•–—*·▪]\s*)?"
    rf"(?P<name>{_WORD}(?:\s+(?:{_WORD}|{_KIN})){{1,4}})\s*(?:$|[,;:|(/–—-].*)$"
)


def listed_names(text: str) -> tuple[str, ...]:
    """The names of the longest list of persons in a text, in order; () if there is none.

    An entry is a line that begins with two to five capitalised words, after a number or bullet if
    there is one, and goes on only after a mark that parts it from a remark.

    >>> listed_names("Siyahı\\n" + "\\n".join(f"{n}. Ad Soyad{x}" for n, x in enumerate("abcde")))
    ('Ad Soyada', 'Ad Soyadb', 'Ad Soyadc', 'Ad Soyadd', 'Ad Soyade')
    """
    best: list[str] = []
    run: list[str] = []
    gap = 0
    for line in text.splitlines():
        entry = ENTRY.match(line) if len(line) < 400 else None
        if entry is not None:
            run.append(entry["name"].strip())
            gap = 0
        elif run and (gap := gap + 1) > BETWEEN:
            best, run, gap = max(best, run, key=len), [], 0
    best = max(best, run, key=len)
    return tuple(best) if len(best) >= LEAST else ()


def name_key(name: str) -> str:
    """What two spellings of one entry share: the folded words, in any order."""
    return " ".join(sorted(fold(name).split()))
