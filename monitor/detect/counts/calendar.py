"""Month, weekday and date-cue words of each language, from `tables/dates.toml`, as patterns."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from monitor.detect.counts.lexicon import split_phrases
from monitor.detect.counts.text import fold

HEAD = 3
"""Letters by which words that may be of a date are told from all others."""
_YEAR = r"(?:19[89]|20[0-5])\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"


@dataclass(frozen=True)
class Calendar:
    """The compiled date patterns of one language, and what its words mean.

    `pattern` has one alternative a shape; the name of the matched shape is `lastgroup`.
    """

    pattern: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    weekdays: Mapping[str, int]
    relative: Mapping[str, str]
    units: Mapping[str, str]
    heads: frozenset[str]
    unit_heads: frozenset[str]
    since: re.Pattern[str]
    since_after: re.Pattern[str]
    as_of: re.Pattern[str]
    aside: re.Pattern[str]
    aside_after: re.Pattern[str]

    def month(self, word: str) -> int:
        """The number of a month the pattern matched."""
        for number, month in enumerate(self.months, start=1):
            if month.match(word):
                return number
        raise ValueError(f"no month: {word}")


@cache
def calendar(lang: str) -> Calendar:
    """The calendar of a language; that of English where there is none."""
    row = _tables().get(lang) or _tables()["en"]
    months = [_either(split_phrases(cell)) for cell in row["months"]]
    last_year = dict.fromkeys(split_phrases(fold(row.get("last_year", ""))), "1y")
    relative = dict(_pair(entry) for entry in split_phrases(fold(row.get("relative", ""))))
    return Calendar(
        pattern=re.compile(_shapes(row, lang, "|".join(months), {**relative, **last_year})),
        months=tuple(re.compile(month) for month in months),
        weekdays={day: at for at, cell in enumerate(row["weekdays"]) for day in _folded(cell)},
        relative={**{key.rstrip("*"): value for key, value in last_year.items()}, **relative},
        units=_units(row),
        heads=_heads(row),
        unit_heads=frozenset(word[:HEAD] for word in _units(row)),
        since=_before(row, "since"),
        since_after=re.compile(rf"[^\W\d]{{0,6}} ?(?:{_either(_cells(row, 'since_after'))})\b"),
        as_of=_before(row, "as_of"),
        aside=_before(row, "aside"),
        aside_after=re.compile(rf" ?(?:{_either(_cells(row, 'aside_after'))})\b"),
    )


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("monitor.detect.counts") / "tables" / "dates.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _cells(row: Mapping[str, Any], name: str) -> list[str]:
    return split_phrases(row.get(name, ""))


def _folded(cell: str) -> list[str]:
    return [fold(entry).rstrip("*") for entry in split_phrases(cell)]


def _pair(entry: str) -> tuple[str, str]:
    word, _, value = entry.partition("=")
    return word, value


def _units(row: Mapping[str, Any]) -> dict[str, str]:
    letters = "dwmy"
    cells = row.get("units", [])
    return {word: letters[at] for at, cell in enumerate(cells) for word in _folded(cell)}


def _either(entries: list[str]) -> str:
    """An alternation of phrases, longest first; a trailing `*` lets any ending follow."""
    ordered = sorted((fold(entry) for entry in entries), key=len, reverse=True)
    return (
        "|".join(
            re.escape(entry[:-1]) + r"[^\W\d_]{0,12}" if entry.endswith("*") else re.escape(entry)
            for entry in ordered
        )
        or r"(?!)"
    )


def _heads(row: Mapping[str, Any]) -> frozenset[str]:
    """The first letters of every date word: a sentence without digit or these has no date."""
    cells = [*row["months"], *row["weekdays"], *row.get("units", [])]
    cells += [row.get("relative", ""), row.get("last_year", "")]
    return frozenset(word[:HEAD] for cell in cells for word in _folded(cell))


def _before(row: Mapping[str, Any], name: str) -> re.Pattern[str]:
    """Matches a text that ends in one of the cues, perhaps with an article after it."""
    article = r"(?: the| last| early| late| mid| el| le| dem)?"
    return re.compile(rf"(?:^|\W)(?:{_either(_cells(row, name))}){article} ?$")


def _shapes(row: Mapping[str, Any], lang: str, month: str, relative: Mapping[str, str]) -> str:
    y, m, d = (_named(pattern) for pattern in (_YEAR, month, _DAY))
    il = (
        r"(?:-?(?:c[iuü]|[iuü]nc[iuü]))? ?(?:il(?!l[əe]r)\w*|y[iı]l\w*)"
        if lang in ("az", "tr")
        else r"\b"
    )
    nth = r"(?:st|nd|rd|th|\.|-го|-е|er|º)?"
    of = r"(?<=n)" if lang == "az" else ""
    to = r"(?: ?[-–] ?\d{1,2})?"
    units = _either([word for cell in row.get("units", []) for word in split_phrases(cell)])
    shapes = [
        rf"(?P<iso>{y('y1')}-(?P<m1>[01]\d)-{d('d1')})\b",
        rf"(?P<dotted>{d('d2')}[./](?P<m2>0?[1-9]|1[0-2])[./]{y('y2')})\b",
        rf"(?P<ymd>{y('y3')}{il}(?:in|de)? {m('m3')} ?{d('d3')}(?!\d)(?:['-][^\W\d_]+)?)",
        rf"(?P<dmy>{d('d4')}{nth}{to}(?: of| de)? "
        rf"{m('m4')}(?:,| de| del)? {y('y4')})(?!\d)(?:{il})?",
        rf"(?P<mdy>\b{m('m5')} {d('d5')}(?:st|nd|rd|th)?{to},? {y('y5')})(?!\d)",
        rf"(?P<ym>{y('y6')}{il}(?:in|de)? {m('m6')})\b" if lang in ("az", "tr") else "(?P<ym>(?!))",
        rf"(?P<dm>(?<![\d.,:]){d('d7')}{nth}{to}(?: of| de)? "
        rf"{m('m7')})\b",
        rf"(?P<md>\b{m('m8')}{of} {d('d8')}(?:st|nd|rd|th|['-][^\W\d_]+)?{to})(?!\w)"
        if lang in ("en", "az", "tr")
        else "(?P<md>(?!))",
        rf"(?P<my>\b{m('m9')},?(?: of| de| del)? {y('y9')})\b(?:{il})?",
        _month_shape(row, m("m10")),
        _year_shape(row, lang),
        rf"(?P<ago>(?P<n>\w+) (?P<unit>{units})"
        rf" (?:{_either(_cells(row, 'ago'))}))\b"
        if lang not in ("ka", "hy")
        else "(?P<ago>(?!))",
        rf"(?P<rel>\b(?:{_either(list(relative))}))\b",
        rf"(?P<weekday>\b(?:{_either(list(row['weekdays']))}))\b",
    ]
    return "|".join(shapes)


def _named(pattern: str) -> Callable[[str], str]:
    return lambda name: f"(?P<{name}>{pattern})"


def _month_shape(row: Mapping[str, Any], month: str) -> str:
    """A month alone; where the word may be another (may, march) only after a preposition."""
    lead = _cells(row, "month_lead")
    if not lead:
        return rf"(?P<month>\b{month})\b"
    listed = r"(?= (?:list|census|edition|register|version|update)\b)"
    again = month.replace("P<m10>", "P<m12>")
    return rf"(?P<month>(?:{_lookbehinds(lead)}){month}\b|\b{again}{listed})"


def _year_shape(row: Mapping[str, Any], lang: str) -> str:
    year = _named(_YEAR)("y11")
    if lang in ("az", "tr"):
        suffix = r"-?(?:c[iuü]|[iuü]nc[iuü])? ?(?:il(?!l[əe]r)\w*|y[iı]l\w*)"
        since = rf"\b{_named(_YEAR)('y12')}'?-?[dt][aəe]n?"
        return rf"(?P<year>\b{year}{suffix}|{since})\b"
    tail = r" ?-?(?:м|й|го|х)? ?(?:год\w*|г\.|рок\w*|р\.|r\.|roku)"
    lead = _lookbehinds(_cells(row, "year_lead"))
    if not lead:
        return "(?P<year>(?!))"
    return (
        rf"(?P<year>(?<![\d.,]){year}{tail}|(?:{lead}){_named(_YEAR)('y12')}"
        rf"(?:-(?:м|й|го|х|ом|ого))?(?![\d\w]|[.,]\d))"
    )


def _lookbehinds(lead: list[str]) -> str:
    return "|".join(rf"(?<=\b{re.escape(fold(word))} )" for word in lead)
