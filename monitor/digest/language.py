"""What the digest says in Azerbaijani, Russian and English: catalogues, plurals, dates, numbers."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal

from db.records import Day
from monitor.digest.model import Digest
from monitor.isoday import first_day, only_day, parse_moment

LANGUAGES = ("en", "az", "ru")
_LOCALES = {"en": "en_GB", "az": "az", "ru": "ru"}  # day before month in all three
_DAY_FORMATS = {4: "y", 7: "LLLL y", 10: "d MMMM y"}  # by the length, that is the precision


@dataclass(frozen=True)
class Phrases:
    """One language's catalogue, and its forms of numbers and times in one zone.

    `today` is the local day of the digest: dates of the same year are written without it.
    """

    language: str
    locale: Locale
    zone: ZoneInfo
    today: date
    catalogue: Mapping[str, Any]
    organisations: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, key: str, **values: Any) -> str:
        """The phrase at the dotted `key`; a phrase with plural forms is chosen by `n`.

        Whole numbers among the values are written the language's way. Raises KeyError for a key
        the catalogue lacks.
        """
        entry = self._entry(key)
        if isinstance(entry, Mapping):
            forms = entry
            entry = forms.get(self.locale.plural_form(values["n"]), forms["other"])
        written = {
            name: self.number(value) if isinstance(value, int) else value
            for name, value in values.items()
        }
        return str(entry).format(**written)

    def label(self, group: str, word: str) -> str:
        """The name of a code; a code the catalogue does not know is shown as it is."""
        entry = self.catalogue[group].get(word)
        return str(entry) if isinstance(entry, str) else word.replace("_", " ")

    def number(self, value: int) -> str:
        return format_decimal(value, locale=self.locale)

    def decimal(self, value: float) -> str:
        return format_decimal(value, format="#,##0.#", locale=self.locale)

    def signed(self, value: int) -> str:
        """With its sign, a true minus."""
        return ("+" if value > 0 else "−" if value < 0 else "±") + self.number(abs(value))

    def day(self, day: Day | date) -> str:
        """A date, no more precise than it is known."""
        if isinstance(day, date):
            return format_date(day, "d MMMM y", locale=self.locale)
        known = only_day(day)
        return format_date(first_day(known), _DAY_FORMATS[len(known)], locale=self.locale)

    def brief(self, when: datetime | Day) -> str:
        """Like `moment` or `day`, without the year if it is this year."""
        if isinstance(when, str) and "T" in when:
            when = parse_moment(when)
        if isinstance(when, datetime):
            local = self._local(when)
            pattern = "d MMM, HH:mm" if local.year == self.today.year else "d MMM y, HH:mm"
            return format_datetime(local, pattern, locale=self.locale)
        if len(when) < 10 or first_day(when).year != self.today.year:
            return self.day(when)
        return format_date(first_day(when), "d MMM", locale=self.locale)

    def weekday(self, when: datetime) -> str:
        return format_date(self._local(when), "EEEE, d MMMM y", locale=self.locale)

    def moment(self, when: datetime) -> str:
        return format_datetime(self._local(when), "d MMM y, HH:mm", locale=self.locale)

    def joined(self, words: Iterable[str]) -> str:
        return format_list(list(words), locale=self.locale)

    def capitals(self, words: str) -> str:
        """In capitals; the dotted and dotless i of Azerbaijani stay two letters."""
        if self.language == "az":
            words = words.replace("i", "İ")
        return words.upper()

    def organisation(self, org: str) -> str:
        """The name of who counts: in this language if we know it, else as it calls itself."""
        known: Mapping[str, str] = self.catalogue["organisation"]
        return known.get(org) or self.organisations.get(org, org)

    def short(self, org: str) -> str:
        """An acronym as it is, any other id as the name."""
        return org if org.isalpha() and org.isupper() else self.organisation(org)

    def place(self, code: str) -> str:
        """A country's name; `WORLD` and unknown codes come from the catalogue or stay."""
        return self.locale.territories.get(code) or self.label("place", code)

    def _local(self, when: datetime) -> datetime:
        return when.astimezone(self.zone).replace(tzinfo=None)

    def _entry(self, key: str) -> Any:
        entry: Any = self.catalogue
        for part in key.split("."):
            entry = entry[part]
        return entry


def phrases_of(digest: Digest, language: str) -> Phrases:
    """What is needed to tell a digest in a language; raises KeyError for one we do not speak."""
    return phrases(language, digest.zone, digest.until, dict(digest.organisations))


def phrases(
    language: str,
    zone: str,
    today: datetime,
    organisations: Mapping[str, str] = MappingProxyType({}),
) -> Phrases:
    """The catalogue of a language, times in `zone`; raises KeyError for one we do not speak."""
    place = ZoneInfo(zone)
    return Phrases(
        language=language,
        locale=Locale.parse(_LOCALES[language]),
        zone=place,
        today=today.astimezone(place).date(),
        catalogue=_catalogue(language),
        organisations=organisations,
    )


@cache
def _catalogue(language: str) -> Mapping[str, Any]:
    text = files("monitor.digest").joinpath("strings", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
