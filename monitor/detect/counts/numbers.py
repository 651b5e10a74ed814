"""Numbers in digits and words, with the endings they carry.

Value and surface only: whether a number counts prisoners is decided elsewhere.
"""

import re
from dataclasses import dataclass, replace

from monitor.detect.counts.numerals import CASE_ENDING, Numerals, numerals
from monitor.detect.counts.text import Word, fold, words

_GROUPED = re.compile(r"\d{1,3}([ ,.])\d{3}(?:\1\d{3})*(?!\d|[.,]\d)")
_DECIMAL = re.compile(r"\d{1,15}[.,]\d+")
_LAW = re.compile(r"\d{1,15}(?:[.\-]\d+){2,}|\d{1,15}\.\d+\.?-")
"""An article of law. The digits are bounded: a megabyte of them is not scanned once a sentence."""
_ENDING = re.compile(r"(['-]?)([^\W\d_]{1,7})(?![^\W_])")
_COMPOUND = re.compile(r"-(?!strong|name|person|people|prisoner)[^\W\d_]{3,}")
"""A compound adjective begins with the number: "58-летний", "74-page"."""
_DASH = re.compile(r" ?[-–] ?(?=\d)")
_GLUED = re.compile(r"(?:[^\W_][-./]?|[-/]|\d[.,]|[№#§]\s?)\Z")
"""What makes a number part of a longer word or a label; the end of the line before does not."""
_LATIN_ORDINAL = re.compile(r"st|nd|rd|th|[iuü]?nc[iuü]\w*|c[iuü]\w*|er|re|ème|eme")
_CYRILLIC_ORDINAL = re.compile(r"й|я|е|го|му|ю|ый|ой|ая|ое|ом|ша|ші|го")
_CYRILLIC_COUNT = re.compile(r"ми|ти|х|мя|м|и|тью|рых|еро|стам|та")
_POSSESSIVE = re.compile(r"s?[iuü](?:n(?:[iuü]n?|[aəe]|d[aəe]n?))?|s?[iuü]d[iuü]r")
_RANGE_TAIL = re.compile(r"\w* ?(?:\w+ )?(?:aras[iı])")


@dataclass(frozen=True, slots=True)
class Number:
    """A number as printed: offsets of its surface, ending included.

    `ending` is the suffix it carries, folded (`240-ı` gives `i`); `people` says that the word
    counts nothing but people (ru `шестеро`).
    """

    start: int
    end: int
    value: int
    high: int | None = None
    ending: str = ""
    people: bool = False

    @property
    def possessive(self) -> bool:
        """Whether the ending may say "N of them" (az `on səkkizi`, `12-si`)."""
        return bool(self.ending) and _POSSESSIVE.fullmatch(self.ending) is not None


def find_numbers(folded: str, tokens: list[Word], lang: str) -> list[Number]:
    """The numbers of a sentence in order; ordinals and decimals are not counts."""
    table = numerals(lang)
    found: list[Number] = []
    at = 0
    while at < len(tokens):
        low = tokens[at].low
        if low[0].isdigit():
            number, at = _digits(folded, tokens, at, table)
        elif low[:2] in table.openings:
            number, at = _spelled(folded, tokens, at, table)
        else:
            at += 1
            continue
        if number is not None:
            found.append(number)
    return _joined_ranges(folded, found, table)


def last_number(folded: str, lang: str) -> int:
    """The offset of the last digit or word that may be a number; -1 without any.

    >>> last_number("three of 40 men", "en"), last_number("nobody", "en")
    (9, -1)
    """
    last = -1
    for match in numerals(lang).seek.finditer(folded):
        last = match.start()
    return last


def parse_number(text: str, lang: str) -> int | None:
    """The value of a text that is a number and nothing else.

    >>> parse_number("yüz iyirmi beş", "az"), parse_number("2 145", "ru"), parse_number("x", "en")
    (125, 2145, None)
    """
    folded = fold(text)
    found = find_numbers(folded, words(folded, 0, len(folded)), lang)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end == len(folded)
    return found[0].value if whole else None


def _after(tokens: list[Word], at: int, end: int) -> int:
    """The index of the first word at or after an offset."""
    while at < len(tokens) and tokens[at].start < end:
        at += 1
    return at


def _digits(folded: str, tokens: list[Word], at: int, table: Numerals) -> tuple[Number | None, int]:
    start = tokens[at].start
    law = _LAW.match(folded, start)
    if law:
        return None, _after(tokens, at, law.end())
    value, end = _digit_value(folded, tokens[at], table)
    following = _after(tokens, at, end)
    if value is None or _GLUED.search(folded, max(0, start - 3), start):
        return None, following
    value, end, following = _multiplied(folded, tokens, following, table, (value, end))
    if value != int(value):
        return None, following
    number = Number(start=start, end=end, value=int(value))
    dash = _DASH.match(folded, end)
    if dash and following < len(tokens):
        return _dash_range(folded, tokens, following, table, number)
    return _with_ending(folded, tokens, following, number)


def _digit_value(folded: str, token: Word, table: Numerals) -> tuple[float | None, int]:
    grouped = _GROUPED.match(folded, token.start)
    if grouped and grouped[1] != table.decimal_point:
        return float(re.sub(r"\D", "", grouped.group())), grouped.end()
    decimal = _DECIMAL.match(folded, token.start)
    if decimal:
        return float(decimal.group().replace(",", ".")), decimal.end()
    plain = None if len(token.low) > 7 or token.low[0] == "0" else float(token.low)
    return plain, token.end


def _multiplied(
    folded: str, tokens: list[Word], at: int, table: Numerals, sofar: tuple[float, int]
) -> tuple[float, int, int]:
    """Value, end and next word of `18 min`, `3 bin 40`, `6 тысяч` after their digits."""
    value, end = sofar
    if at >= len(tokens) or folded[end : tokens[at].start] not in (" ", "-"):
        return value, end, at
    read = table.read(tokens[at].low)
    if read is None or not read[1] or read[0] < 100:
        return value, end, at
    factor, end, at = read[0], tokens[at].end, at + 1
    value *= factor
    if at < len(tokens) and folded[end : tokens[at].start] == " ":
        low = tokens[at].low
        if low.isdigit() and len(low) <= 3 and int(low) < factor:
            return value + int(low), tokens[at].end, at + 1
        rest = _parse_words(folded, tokens, at, table)
        if rest is not None and rest[0] < factor:
            return value + rest[0], tokens[rest[1] - 1].end, rest[1]
    return value, end, at


def _dash_range(
    folded: str, tokens: list[Word], at: int, table: Numerals, low: Number
) -> tuple[Number | None, int]:
    value, end = _digit_value(folded, tokens[at], table)
    following = _after(tokens, at, end)
    if value is None or value <= low.value or value != int(value):
        return None, following
    if value > 20 * low.value:
        return low, at
    number = replace(low, end=end, high=int(value))
    return _with_ending(folded, tokens, following, number)


def _with_ending(
    folded: str, tokens: list[Word], at: int, number: Number
) -> tuple[Number | None, int]:
    """The number with its suffix; None for an ordinal."""
    ending = _ENDING.match(folded, number.end)
    if ending is None:
        compound = _COMPOUND.match(folded, number.end)
        return (None, _after(tokens, at, compound.end())) if compound else (number, at)
    joint, letters = ending.groups()
    cyrillic = "а" <= letters[0] <= "я" or letters[0] == "і"
    if (_CYRILLIC_ORDINAL if cyrillic else _LATIN_ORDINAL).fullmatch(letters):
        return None, _after(tokens, at, ending.end())
    if not joint:
        return number, at
    kept = _CYRILLIC_COUNT if cyrillic else CASE_ENDING
    if not kept.fullmatch(letters) or (letters == "х" and number.value >= 1900):
        compound = _COMPOUND.match(folded, number.end)
        return (None, _after(tokens, at, compound.end())) if compound else (number, at)
    end = _after(tokens, at, ending.end())
    return replace(number, end=ending.end(), ending=letters), end


def _spelled(
    folded: str, tokens: list[Word], at: int, table: Numerals
) -> tuple[Number | None, int]:
    low = tokens[at].low
    if low not in (table.article, table.half) and table.read(low) is None:
        return None, at + 1
    parsed = _parse_words(folded, tokens, at, table)
    if parsed is None:
        return None, at + 1
    value, following, ending = parsed
    start, end = tokens[at].start, tokens[following - 1].end
    alone = following == at + 1
    if alone and tokens[at].low in table.stop and not _bound(tokens, following, table):
        return None, following
    if value < 2 or value != int(value):
        return None, following
    people = tokens[following - 1].low in table.people
    return Number(start, end, int(value), ending=ending, people=people), following


def _bound(tokens: list[Word], at: int, table: Numerals) -> bool:
    """Whether an ambiguous word is a number here: az `ondan artıq`, `on nəfər`."""
    low = tokens[at - 1].low
    after = tokens[at].low if at < len(tokens) else ""
    if low in table.bound:
        return after in table.bound_by
    return low in table.before_person and bool(after)


def _parse_words(
    folded: str, tokens: list[Word], at: int, table: Numerals
) -> tuple[float, int, str] | None:
    """Value, index after the last word, and ending of the number words at `at`."""
    total, group, last, ending = 0.0, 0.0, at, ""
    index = at

    def bare(index: int) -> bool:
        return index == at and _stands_alone(tokens, at, table)

    if tokens[at].low in (table.article, table.half) and table.article:
        group, index = _article(tokens, at, table)
        if not group:
            return None
    while index < len(tokens) and not ending:
        if index > at and folded[tokens[index - 1].end : tokens[index].start] not in (" ", "-"):
            break
        low = tokens[index].low
        if low == table.join and table.join and last > at and last == index:
            index += 1
            continue
        read = table.read(low)
        grown = None if read is None else _grow(total, group, read, table)
        if grown is None or (low in table.needs_factor and not group and not bare(index)):
            break
        total, group = grown
        index = last = index + 1
        ending = read[2] if read else ""
    value = total + group
    return (value, last, ending) if last > at and value else None


def _stands_alone(tokens: list[Word], at: int, table: Numerals) -> bool:
    """Whether "сотни", "тысячи" are one: after "более", before smaller number words."""
    before = tokens[at - 1].low if at else ""
    after = table.read(tokens[at + 1].low) if at + 1 < len(tokens) else None
    value = table.read(tokens[at].low)
    smaller = after is not None and value is not None and not after[1] and after[0] < value[0]
    return before in table.bounds or smaller


def _article(tokens: list[Word], at: int, table: Numerals) -> tuple[float, int]:
    """The factor said by "a" or "half a" before a multiplier, and the word it stands before."""
    factor, index = 1.0, at
    if table.half and tokens[at].low == table.half:
        factor, index = 0.5, at + 1
    if index < len(tokens) and tokens[index].low == table.article:
        index += 1
    follows = index < len(tokens) and tokens[index].low in table.multipliers
    return (factor, index) if follows else (0.0, at)


def _grow(
    total: float, group: float, read: tuple[float, bool, str], table: Numerals
) -> tuple[float, float] | None:
    """Total and current group after one more number word; None if it cannot follow."""
    value, multiplies, _ = read
    if multiplies and value >= 1000:
        return (total + (group or 1) * value, 0.0) if not total % value else None
    if multiplies:
        return (total, (group or 1) * value) if group < 100 else None
    if value >= 100:
        return (total, value) if not group else None
    if value >= 10:
        return (total, group + value) if not group % 100 else None
    rest = group % 100
    fits = group == 0 or (rest == 0 or ((rest >= 20 or table.tens_take_units) and rest % 10 == 0))
    return (total, group + value) if fits else None


def _joined_ranges(folded: str, found: list[Number], table: Numerals) -> list[Number]:
    """Numbers with `between 40 and 45`, `от 40 до 45`, `40 ilə 45 arasında` made one range."""
    joined: list[Number] = []
    for number in found:
        low = joined[-1] if joined else None
        if low is not None and low.high is None and _is_range(folded, low, number, table):
            joined[-1] = replace(number, start=low.start, value=low.value, high=number.value)
        else:
            joined.append(number)
    return joined


def _is_range(folded: str, low: Number, high: Number, table: Numerals) -> bool:
    if high.value <= low.value or high.start - low.end > 8:
        return False
    between = folded[low.end : high.start].strip()
    before = folded[max(0, low.start - 16) : low.start].split()
    for opening, joiner in table.ranges:
        if between != joiner:
            continue
        if opening:
            return " ".join(before[-len(opening.split()) :]) == opening
        return _RANGE_TAIL.match(folded, high.end) is not None
    return False
