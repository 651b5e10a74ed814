"""What an edit changed, sentence by sentence, and whether a person must see it.

A change is *material* unless it is only a matter of form: a difference that touches a number, a
name, a date, or a sentence that came or went, is never cosmetic, however small.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel, Levenshtein

SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”»)\]]*\s+(?=[\"'“«(\[—–-]*[^\W_])")
WORD = re.compile(r"\w+(?:['’-]\w+)*")

# Lines that count readers or age by themselves: their coming, going and changing is no edit.
COUNTER_LINE = re.compile(
    r"""^\W*(?:
        (?:views?|read|shares?|comments?|likes?|baxış(?:lar|ı)?|oxunma|oxunub|şərh(?:lər)?|paylaş\w*
          |просмотр\w*|прочитано|комментари\w*|поделил\w*|görüntüleme|okunma|yorum|ნახვა)
          \W*(?:sayı|sayısı|count)?\W*[\d\s.,]*[kmк]?
      | [\d\s.,]+[kmк]?\W*(?:views?|reads?|shares?|comments?|likes?|baxış|dəfə\ oxunub|şərh
          |paylaşım|просмотр\w*|комментари\w*|görüntüleme|okunma|yorum|ნახვა)
      | (?:updated|yenilənib|обновлено|güncellendi)?\W*\d+\s*(?:seconds?|minutes?|mins?|hours?|days?
          |saniyə|dəqiqə|saat|gün|секунд\w*|минут\w*|час\w*|дн\w*|dakika)
          \s*(?:ago|əvvəl|назад|önce)
    )\W*$""",
    re.I | re.X,
)
# Stuck to a title to say that the text is newer, in the press of the region.
UPDATE_MARK = re.compile(
    r"\b(?:yenilənib|yeniləndi|updated?|обновлен[оа]|обновляется|güncellendi)\b(?:\W*\d{1,2}\b)?",
    re.I,
)
# Words whose change turns a sentence's meaning though they are short and lower case.
NEGATION = frozenset(
    "not no never without deyil yox heç yoxdur не нет ни без değil yok hiç".split()
)
SAME_SENTENCE = 50.0  # two sentences at least this alike (0-100) are one sentence, edited
TYPO_LETTERS = 3  # at most so many letters differ between a word and its misprint
PAIRED_AT_MOST = 60  # larger blocks were rewritten: pairing sentence by sentence says nothing


@dataclass(frozen=True, kw_only=True)
class Change:
    """One sentence before and after; None where it was added or removed."""

    before: str | None
    after: str | None
    material: bool


def sentences(text: str) -> list[str]:
    """Sentences and lines of a text in order, without lines that only count readers or age."""
    lines = (line.strip() for line in text.splitlines())
    kept = (line for line in lines if line and not COUNTER_LINE.match(line))
    return [part for line in kept for part in SENTENCE_END.split(line) if part]


def changes(old: str, new: str) -> tuple[Change, ...]:
    """The sentences that differ in more than white space, case and punctuation.

    >>> changes("He was helt. All is well.", "He was held.  All is well!")
    (Change(before='He was helt.', after='He was held.', material=False),)
    >>> changes("The list has 357 names.", "The list has 358 names.")[0].material
    True
    """
    before, after = sentences(old), sentences(new)
    found: list[Change] = []
    for removed, added in differing([_key(s) for s in before], [_key(s) for s in after]):
        found += _pair(before[removed], after[added])
    return tuple(found)


def title_change(old: str, new: str) -> Change | None:
    """The change of a title, or None if only a mark such as "UPDATED 2" came or went."""
    if _key(UPDATE_MARK.sub(" ", old)) == _key(UPDATE_MARK.sub(" ", new)):
        return None
    return Change(before=old, after=new, material=is_material(old, new))


def is_material(before: str, after: str) -> bool:
    """Whether two readings of one sentence differ in more than form or a misprint."""
    left, right = WORD.findall(before), WORD.findall(after)
    for removed, added in differing(left, right):
        if not _is_misprint(left[removed], right[added]):
            return True
    return False


def differing(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """Runs of differing elements between equal ones, as slices of both sides.

    >>> list(differing("abcd", "axd"))
    [(slice(1, 3, None), slice(1, 2, None))]
    """
    start = (0, 0)
    ends = [op for op in Indel.opcodes(old, new) if op.tag == "equal"]
    for op in ends:
        if (op.src_start, op.dest_start) != start:
            yield slice(start[0], op.src_start), slice(start[1], op.dest_start)
        start = (op.src_end, op.dest_end)
    if start != (len(old), len(new)):
        yield slice(start[0], len(old)), slice(start[1], len(new))


def _is_misprint(removed: Sequence[str], added: Sequence[str]) -> bool:
    if len(removed) != len(added) or any(_is_protected(word) for word in (*removed, *added)):
        return False
    return all(
        Levenshtein.distance(a, b) <= min(TYPO_LETTERS, len(a) // 3)
        for a, b in zip(removed, added, strict=True)
    )


def _is_protected(word: str) -> bool:
    """Numbers, names (any capital) and negations; dates and charges are made of these."""
    return (
        any(letter.isdigit() for letter in word)
        or any(letter.isupper() for letter in word)
        or word in NEGATION
    )


def _key(sentence: str) -> str:
    return " ".join(WORD.findall(sentence)).casefold()


def _pair(removed: Sequence[str], added: Sequence[str]) -> list[Change]:
    """Marry each added sentence to the removed one it came from, if there is one."""
    free = list(removed)
    found: list[Change] = []
    for sentence in added:
        origin = _origin(sentence, free)
        if origin is not None:
            free.remove(origin)
        material = origin is None or is_material(origin, sentence)
        found.append(Change(before=origin, after=sentence, material=material))
    return found + [Change(before=sentence, after=None, material=True) for sentence in free]


def _origin(sentence: str, free: Sequence[str]) -> str | None:
    if not free or len(free) > PAIRED_AT_MOST:
        return None
    best = max(free, key=lambda other: fuzz.ratio(sentence, other))
    return best if fuzz.ratio(sentence, best) >= SAME_SENTENCE else None
