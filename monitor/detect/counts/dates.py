"""Dates of a sentence, each with its precision and whether it starts a period.

A date without a year is the latest such day not after publication. Rules of docs/counts.md.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from monitor.detect.counts.calendar import HEAD, Calendar, calendar
from monitor.detect.counts.numbers import parse_number
from monitor.detect.counts.text import Word
from monitor.isoday import first_day, last_day

AT = ("on", "as_of")
"""The roles of dates that may be the date of a figure."""
_YEARLESS = frozenset({"month", "dm", "md"})
"""The shapes of dates that name a month and no year."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date at `start:end`: an ISO prefix, its role and its basis.

    `role` is `since` (the period begins), `as_of` (said to be the state of that day), `on`, or
    `aside` (when an organisation was founded or a person born);
    `basis` is `stated` or `relative`; `back` says a relative date counts from the date of the
    figures ("a year earlier").
    """

    start: int
    end: int
    day: str
    role: str = "on"
    basis: str = "stated"
    back: str = ""


def find_dates(folded: str, tokens: list[Word], lang: str, published: str | None) -> list[Dated]:
    """The dates of a sentence given as folded text and its words, in order.

    >>> from monitor.detect.counts.text import words
    >>> text = "as of 4 may and in june 2024"
    >>> [d.day for d in find_dates(text, words(text, 0, 28), "en", "2026-01-09")]
    ['2025-05-04', '2024-06']
    """
    span = (tokens[0].start, tokens[-1].end + 1) if tokens else (0, 0)
    table = calendar(lang)
    found: list[Dated] = []
    for match in _matches(folded, tokens, span, table):
        read = _read(match, table, lang, published)
        if read is None:
            continue
        day, basis, back = read
        role = _role(folded, match, span, table)
        dated = Dated(match.start(), match.end(), day, role, basis, back)
        if not (found and _join_year(found, dated, match.lastgroup in _YEARLESS)):
            found.append(dated)
    return found


def _matches(
    folded: str, tokens: list[Word], span: tuple[int, int], table: Calendar
) -> Iterator[re.Match[str]]:
    """The date shapes; only words that are digits or begin like a date word are tried."""
    done = span[0]
    for at, token in enumerate(tokens):
        following = tokens[at + 1].low if at + 1 < len(tokens) else ""
        if token.start < done or not (
            token.low[0].isdigit()
            or token.low[:HEAD] in table.heads
            or following[:HEAD] in table.unit_heads
        ):
            continue
        match = table.pattern.match(folded, token.start, span[1])
        if match is not None:
            done = match.end()
            yield match


def _join_year(found: list[Dated], dated: Dated, yearless: bool) -> bool:
    """Make one date of "last year" beside a month: `ötən ilin dekabrı`, `декабре прошлого года`."""
    last = found[-1]
    if dated.start - last.end > 3:
        return False
    if last.back == "1y" and yearless:
        found[-1] = replace(dated, start=last.start, day=last.day[:4] + dated.day[4:])
        return True
    if dated.back == "1y" and last.basis == "stated" and len(last.day) == 7:
        found[-1] = replace(last, end=dated.end, day=dated.day[:4] + last.day[4:])
        return True
    return False


def shift(day: str, back: str) -> str:
    """A day moved back by `1y`, `14m`, `2w` or `1d`; the unit is the precision of the result.

    >>> shift("2025-12-01", "1y"), shift("2025-02-10", "14m"), shift("2025-03-01", "1d")
    ('2024', '2023-12', '2025-02-28')
    """
    amount, unit = int(back[:-1]), back[-1]
    base = last_day(day)
    if unit == "y":
        return f"{base.year - amount:04}"
    if unit == "m":
        months = base.year * 12 + base.month - 1 - amount
        return f"{months // 12:04}-{months % 12 + 1:02}"
    return (base - timedelta(days=amount * (7 if unit == "w" else 1))).isoformat()


def _read(
    match: re.Match[str], table: Calendar, lang: str, published: str | None
) -> tuple[str, str, str] | None:
    """The day a match means, its basis and its distance back; None if it is no date."""
    shape = match.lastgroup or ""
    if shape in ("rel", "ago"):
        back = _distance(match, table, lang)
        if back is None:
            return None
        return (shift(published, back) if published else "", "relative", back)
    if shape == "weekday":
        stem = max((s for s in table.weekdays if match["weekday"].startswith(s)), key=len)
        return _weekday(table.weekdays[stem], published)
    day = _stated(match, table, published)
    return (day, "stated", "") if day else None


def _distance(match: re.Match[str], table: Calendar, lang: str) -> str | None:
    if match.lastgroup == "ago":
        amount = 1 if match["n"] in ("a", "one", "bir") else parse_number(match["n"], lang)
        return f"{amount}{table.units[match['unit']]}" if amount and amount < 100 else None
    words = match["rel"]
    if words in table.relative:
        return table.relative[words]
    stem = next((key for key in table.relative if words.startswith(key)), None)
    return table.relative[stem] if stem else None


def _weekday(weekday: int, published: str | None) -> tuple[str, str, str] | None:
    if published is None or len(published) < 10:
        return None
    day = last_day(published)
    return (day - timedelta(days=(day.weekday() - weekday) % 7)).isoformat(), "relative", ""


def _stated(match: re.Match[str], table: Calendar, published: str | None) -> str | None:
    groups = match.groupdict()
    parts = {key[0]: value for key, value in groups.items() if value and key[1:].isdigit()}
    month = parts.get("m")
    number = None if month is None else int(month) if month.isdigit() else table.month(month)
    day = int(parts["d"]) if "d" in parts else None
    if "y" in parts:
        return _iso(int(parts["y"]), number, day)
    if number is None or published is None:
        return None
    return _latest(number, day, published)


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    if month is None:
        return f"{year:04}"
    if day is None:
        return f"{year:04}-{month:02}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _latest(month: int, day: int | None, published: str) -> str | None:
    limit = last_day(published)
    for year in range(limit.year, limit.year - 5, -1):
        found = _iso(year, month, day)
        if found and first_day(found) <= limit:
            return found
    return None


def _role(folded: str, match: re.Match[str], span: tuple[int, int], table: Calendar) -> str:
    before = folded[max(span[0], match.start() - 24) : match.start()]
    if _SINCE_EVENT.search(folded, max(span[0], match.start() - 90), match.start()):
        return "since"
    if table.since.search(before) or table.since_after.match(folded, match.end()):
        return "since"
    if table.aside.search(before) or table.aside_after.match(folded, match.end()):
        return "aside"
    stated = table.as_of.search(before) or _AS_OF_DAY.search(match.group())
    return "as_of" if stated else "on"


_AS_OF_DAY = re.compile(r"\d['-](?:[ny]?[aə])$")
"""The Azerbaijani dative of a day: `fevralın 1-nə`."""
_SINCE_EVENT = re.compile(
    r"\b(?:since|с момента|со времени|с начала)\s(?:the |its |their )?(?:[^\W\d]+\s){1,8}$"
)
"""Words that date a beginning by an event: "since the disputed election of August 2020"."""
