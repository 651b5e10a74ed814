"""What the desk says: the digest's catalogues with the desk's own, and times for people."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime, time
from functools import lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from db.records import SeriesKey
from monitor.digest.language import LANGUAGES, Phrases, phrases
from monitor.isoday import parse_moment

__all__ = ["LANGUAGES", "Words", "words"]

TOLD = 5000
NAMES = {"en": "English", "az": "Azərbaycanca", "ru": "Русский"}


@dataclass(frozen=True)
class Words(Phrases):
    """A catalogue that also knows how stored values are told.

    Writing a moment or a number out costs a tenth of a millisecond, and a queue has a hundred of
    them, many of them the same: `told` keeps the last ones.
    """

    told: dict[object, Markup | str] = field(default_factory=dict, compare=False, repr=False)

    def number(self, value: int) -> str:
        if value not in self.told:
            self._keep(value, super().number(value))
        return str(self.told[value])

    def when(self, stored: str | None) -> Markup:
        """A stored moment as a `<time>`; a dash for none."""
        if not stored:
            return Markup("–")
        if stored not in self.told:
            shown = self.brief(parse_moment(stored))
            self._keep(stored, Markup('<time datetime="{}">{}</time>').format(stored, shown))
        return Markup(self.told[stored])  # noqa: S704 (made above)

    def _keep(self, value: object, words: Markup | str) -> None:
        if len(self.told) >= TOLD:
            self.told.clear()
        self.told[value] = words

    def date(self, stored: str | None) -> str:
        """A stored day, as precise as it is known."""
        return "–" if not stored else self.brief(stored)

    def series(self, written: str) -> str:
        """What a series counts, and who counted."""
        key = SeriesKey.parse(written)
        parts = [self.label("category", key.category)]
        if key.subset:
            parts.append(self.label("subset", key.subset.removeprefix("case:")))
        if key.kind != "stock":
            parts.append(self.label("measure", key.kind))
        if key.since:
            parts.append(self("counts.since", day=self.day(key.since)))
        who = self.organisation(key.org) if key.org else self("counts.unnamed")
        return f"{', '.join(parts)} · {who} · {self.place(key.place)}"

    def share(self, part: int, whole: int) -> str:
        """A percentage; a dash of nothing."""
        return "–" if not whole else f"{100 * part / whole:.0f} %"


def words(
    language: str, zone: str, now: datetime, organisations: tuple[tuple[str, str], ...] = ()
) -> Words:
    """The desk's catalogue in one language; raises KeyError for one we do not speak.

    `organisations` are ids and names of those the catalogues do not know.
    """
    return _words(language, zone, now.astimezone(ZoneInfo(zone)).date(), organisations)


@lru_cache(maxsize=len(LANGUAGES))
def _words(
    language: str, zone: str, today: date, organisations: tuple[tuple[str, str], ...]
) -> Words:
    noon = datetime.combine(today, time(12), ZoneInfo(zone))
    base = phrases(language, zone, noon, dict(organisations))
    given = {one.name: getattr(base, one.name) for one in fields(base)}
    merged = {
        name: {**base.catalogue.get(name, {}), **group} for name, group in own(language).items()
    }
    return Words(**{**given, "catalogue": {**base.catalogue, **merged}})


def own(language: str) -> Mapping[str, Any]:
    """The desk's own part of a catalogue."""
    text = files("monitor.desk").joinpath("strings", f"{language}.toml").read_text("utf-8")
    return tomllib.loads(text)
