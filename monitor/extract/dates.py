"""Dates as sites, feeds and listings write them, in the languages of our sources.

The words lie in dates.toml. A day is an ISO prefix (`monitor.isoday`); what a text does not say is
not invented: a month without a day stays a month.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from functools import cache
from importlib.resources import files
from typing import Any

from db.records import Day
from monitor.isoday import moment

_MAX = 200  # characters; a longer text is prose and not a date
_ISO = re.compile(
    r"(?<!\d)(\d{4})-(\d{2})(?:-(\d{2})(?:[T ]+(\d{2}:\d{2}(?::\d{2})?)(?:[.,]\d+)?"
    r"\s*(Z\b|UTC\b|GMT\b|[+-]\d{2}:?\d{2}|[+-]\d{2}\b)?)?)?(?![\d-])"
)
_RFC822 = re.compile(r"\d{1,2} [A-Z][a-z]{2,8} \d{2,4} \d{1,2}:\d{2}")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./](\d{1,2})[./](\d{1,2})(?!\d)")
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?::\d{2})?")
_TOKEN = re.compile(r"\d+|[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SENTENCE_ENDS = frozenset(".:!?;…։")
_DATELINE = 80  # characters
_DATELINE_WORDS = 5
_YEARS = range(1990, 2100)


def parse_day(text: str, lang: str | None, now: datetime) -> Day | None:
    """The date a short text gives, or None.

    `now` is aware; relative words ("dünən", "2 gün əvvəl") and dates without a year, which mean the
    last such day, count from the day it is in its own zone. A time with its zone makes a full UTC
    moment, a time without one is left out. `lang` settles what 03/04 means (in English nothing:
    then only the year is sure) and helps with languages that have no table here.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> parse_day("2025-ci il fevralın 12-də", "az", now), parse_day("2 gün əvvəl", "az", now)
    ('2025-02-12', '2026-02-27')
    >>> parse_day("5 май 2025, 10:00", "ru", now), parse_day("fevral 2026", "az", now)
    ('2025-05-05', '2026-02')
    """
    text = " ".join(text.split())
    if not text or len(text) > _MAX:
        return None
    folded = _fold(text)
    return (
        parse_iso(text, None)
        or _rfc822(text)
        or _numeric(folded, lang)
        or _worded(folded, now)
        or _relative(folded, now)
        or _by_dateparser(text, lang, now)
    )


def dateline(line: str, lang: str | None, now: datetime) -> Day | None:
    """The date of a line that is a date and little else, else None: a sentence is no dateline.

    >>> from datetime import UTC
    >>> now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    >>> dateline("Опубликовано 5 мая 2025, 10:00", "ru", now)
    '2025-05-05'
    >>> dateline("Bu gün həbsdə olan jurnalistlərin adları:", "az", now)
    """
    words = _WORD.findall(line)
    if len(line) > _DATELINE or len(words) > _DATELINE_WORDS or line[-1:] in _SENTENCE_ENDS:
        return None
    return parse_day(line, lang, now)


def parse_iso(text: str, zone: tzinfo | None) -> Day | None:
    """The ISO date in a text, as machines write it; `zone` is where a time without a zone was set.

    >>> parse_iso("2025-02-12T10:00:00+04:00", None), parse_iso("2025-02", None)
    ('2025-02-12T06:00:00Z', '2025-02')
    """
    found = _ISO.search(text)
    if not found:
        return None
    year, month, dom, clock, offset = found.groups()
    day = _prefix(int(year), int(month), int(dom) if dom else None)
    if day is None or clock is None:
        return day
    return _moment(f"{day}T{clock}", offset, zone)


def _moment(local: str, offset: str | None, zone: tzinfo | None) -> Day:
    """A moment, unless UTC is in another day than the page: the printed day is what counts."""
    try:
        when = datetime.fromisoformat(local + _offset(offset))
    except ValueError:
        return local[:10]
    if when.tzinfo is None:
        if zone is None:
            return local[:10]
        when = when.replace(tzinfo=zone)
    utc = moment(when)
    return utc if utc[:10] == local[:10] else local[:10]


def _offset(offset: str | None) -> str:
    if offset is None:
        return ""
    return "+00:00" if offset[0] in "ZUG" else offset


def _rfc822(text: str) -> Day | None:
    if not _RFC822.search(text):
        return None
    try:
        when = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    local = when.strftime("%Y-%m-%dT%H:%M:%S")
    return local[:10] if when.tzinfo is None else _moment(local, when.strftime("%z"), None)


def _numeric(folded: str, lang: str | None) -> Day | None:
    if found := _YEAR_FIRST.search(folded):
        year, month, dom = map(int, found.groups())
        return _prefix(year, month, dom)
    if not (found := _NUMERIC.search(folded)):
        return None
    first, second = int(found[1]), int(found[3])
    year = int(found[4]) + (2000 if len(found[4]) == 2 else 0)
    if second > 12:
        return _prefix(year, first, second)
    if found[2] == "/" and lang == "en" and first <= 12 and first != second:
        return str(year)
    return _prefix(year, second, first)


def _worded(folded: str, now: datetime) -> Day | None:
    """A month's name with a day before or after it and a year near it."""
    tokens = _TOKEN.findall(_CLOCK.sub(" ", folded))
    for place, token in enumerate(tokens):
        month = _month(token)
        if month is None:
            continue
        dom = _day_near(tokens, place)
        year = _year_near(tokens, place)
        if year is not None:
            return _prefix(year, month, dom)
        if dom is not None:
            return _last_such_day(month, dom, now)
    return None


def _day_near(tokens: list[str], place: int) -> int | None:
    before = tokens[max(place - 2, 0) : place][::-1]  # an ordinal ending may stand between
    after = tokens[place + 1 : place + 3]
    for near in (before, after):
        number = next((token for token in near if token.isdigit()), "")
        if number and len(number) <= 2 and 1 <= int(number) <= 31:
            return int(number)
    return None


def _year_near(tokens: list[str], place: int) -> int | None:
    near = tokens[place + 1 : place + 5] + tokens[max(place - 4, 0) : place][::-1]
    years = (int(token) for token in near if token.isdigit() and len(token) == 4)
    return next((year for year in years if year in _YEARS), None)


def _last_such_day(month: int, dom: int, now: datetime) -> Day | None:
    tomorrow = (now + timedelta(days=1)).date().isoformat()
    this_year = _prefix(now.year, month, dom)
    if this_year is not None and this_year <= tomorrow:
        return this_year
    return _prefix(now.year - 1, month, dom)


def _relative(folded: str, now: datetime) -> Day | None:
    padded = f" {' '.join(_TOKEN.findall(folded))} "
    for days, words in _days_back():
        if any(f" {word} " in padded for word in words):
            return (now - timedelta(days=days)).date().isoformat()
    tokens = padded.split()
    if not _ago_words() & set(tokens):
        return None
    pairs = zip(["1", *tokens], tokens, strict=False)
    back = ((int(a), _unit(b)) for a, b in pairs if a.isdigit() and len(a) < 4)
    return next((_back(now, amount, unit) for amount, unit in back if unit is not None), None)


def _back(now: datetime, amount: int, unit: str) -> Day:
    if unit == "year":
        return str(now.year - amount)
    if unit == "month":
        months = now.year * 12 + now.month - 1 - amount
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    return (now - timedelta(**{f"{unit}s": amount})).date().isoformat()


def _by_dateparser(text: str, lang: str | None, now: datetime) -> Day | None:
    """The languages without a table: only a full date, in a text of a date's length."""
    if (
        lang is None
        or lang.lower() in _tables()
        or len(text) > 40
        or not any(map(str.isdigit, text))
    ):
        return None
    import dateparser

    base = now.replace(tzinfo=None)
    settings = {"RELATIVE_BASE": base, "REQUIRE_PARTS": ["day", "month", "year"]}
    try:
        when = dateparser.parse(text, languages=[lang], settings=settings)
    except ValueError:
        return None
    return None if when is None else when.date().isoformat()


def _prefix(year: int, month: int, dom: int | None) -> Day | None:
    try:
        day = date(year, month, 1 if dom is None else dom).isoformat()
    except ValueError:
        return None
    return day[:7] if dom is None else day


def _fold(text: str) -> str:
    """Small letters, with one i: capitals of Azerbaijani and Turkish do not say which it was."""
    return text.replace("İ", "i").lower().replace("ı", "i")


# ---------------------------------------------------------------------- the table


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(_fold((files("monitor.extract") / "dates.toml").read_text("utf-8")))


@cache
def _month(token: str) -> int | None:
    for table in _tables().values():
        for number, stems in enumerate(table["months"], start=1):
            if _begins(token, stems):
                return number
    return None


@cache
def _unit(token: str) -> str | None:
    for table in _tables().values():
        for unit, stems in table["units"].items():
            if _begins(token, stems):
                return str(unit)
    return None


def _begins(token: str, stems: Iterable[str]) -> bool:
    return any(token == stem or (len(stem) > 3 and token.startswith(stem)) for stem in stems)


@cache
def _days_back() -> list[tuple[int, list[str]]]:
    kinds = ((0, "today"), (1, "yesterday"), (2, "before_yesterday"))
    return [(days, table[kind]) for table in _tables().values() for days, kind in kinds]


@cache
def _ago_words() -> frozenset[str]:
    return frozenset(word for table in _tables().values() for word in table["ago"])
