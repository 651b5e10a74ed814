"""What the reader knows: categories, organisations, places and cue words, compiled by language.

The first three come from `monitor/defaults/registries` and may be extended by an operator; cue
words belong to the engine and lie in `tables/`.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from monitor.detect.counts.lexicon import Lexicon, rows
from monitor.detect.counts.text import fold

Table = Mapping[str, Any]
WORLD = "WORLD"
PARTS = ("categories", "organisations", "places")


@dataclass(frozen=True)
class Registry:
    """Compiled tables; build with `Registry.load`, share freely.

    `extra` given to `load` has the parts `categories`, `organisations` and `places`, each shaped
    like the shipped file of that name; phrases are added to those shipped. Unknown parts raise
    ValueError.
    """

    categories: Table
    organisations: Table
    places: Table
    _names: dict[str, Lexicon] = field(default_factory=dict, repr=False, compare=False)
    _words: dict[str, Lexicon] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def load(cls, extra: Mapping[str, Table] | None = None) -> "Registry":
        """The shipped tables with an operator's extension on top."""
        unknown = set(extra or ()) - set(PARTS)
        if unknown:
            raise ValueError(f"unknown part of the registries: {', '.join(sorted(unknown))}")
        categories, organisations, places = (
            _extended(_shipped(part), (extra or {}).get(part, {})) for part in PARTS
        )
        return cls(categories, organisations, places)

    def names(self, lang: str) -> Lexicon:
        """Organisations (`org`, `org_speaks`, `org_short`) and places (`place`)."""
        if lang not in self._names:
            self._names[lang] = _name_lexicon(self, lang)
        return self._names[lang]

    def words(self, lang: str) -> Lexicon:
        """Categories (`cat`) and cue words, labelled by the table they stand in."""
        if lang not in self._words:
            self._words[lang] = _word_lexicon(self, lang)
        return self._words[lang]

    def held(self, category: str) -> bool:
        """Whether the words of a category themselves say captivity."""
        return bool(self.categories.get(category, {}).get("held", False))

    def counts(self, org: str | None) -> str | None:
        """The category an organisation keeps a list of, if it keeps one."""
        found = self.organisations.get(org or "", {}).get("counts")
        return found if isinstance(found, str) else None

    def called(self, org: str | None, words: str) -> bool:
        """Whether folded words are a short name of an organisation ("the union", "mərkəz")."""
        row = self.organisations.get(org or "", {})
        short = [fold(name).rstrip("*") for name in (*row.get("short", ()), *row.get("speaks", ()))]
        return any(words.startswith(name) for name in short)

    def home(self, org: str) -> str | None:
        """The place an organisation's list is about, if it has one."""
        found = self.organisations.get(org, {}).get("home")
        return found if isinstance(found, str) else None


@cache
def default_registry() -> Registry:
    """The shipped tables, compiled once."""
    return Registry.load()


def _shipped(part: str) -> Table:
    file = resources.files("monitor") / "defaults" / "registries" / f"{part}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


@cache
def _cues() -> Table:
    file = resources.files("monitor.detect.counts") / "tables" / "cues.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _extended(shipped: Table, extra: Table) -> Table:
    merged = dict(shipped)
    for key, row in extra.items():
        merged[key] = _row(merged.get(key, {}), row)
    return merged


def _row(shipped: Table, extra: Table) -> Table:
    """One row with the phrases of another added; other values are replaced."""
    row = dict(shipped)
    for name, value in extra.items():
        old = row.get(name)
        if isinstance(old, str) and isinstance(value, str) and name not in ("name", "home"):
            row[name] = f"{old}, {value}"
        elif isinstance(old, list):
            row[name] = [*old, *value]
        elif isinstance(old, dict):
            row[name] = _extended(old, value)
        else:
            row[name] = value
    return row


def _name_lexicon(registry: Registry, lang: str) -> Lexicon:
    lexicon = Lexicon()
    for org, row in registry.organisations.items():
        lexicon.add([*row.get("aliases", ()), *row.get("people", ())], "org", org)
        lexicon.add(row.get("speaks", ()), "org_speaks", org)
        lexicon.add(row.get("short", ()), "org_short", org)
    for place, row in registry.places.items():
        lexicon.add(_all_languages(row) if lang == "any" else rows(row, lang), "place", place)
    return lexicon


def _word_lexicon(registry: Registry, lang: str) -> Lexicon:
    lexicon = Lexicon()
    for category, row in registry.categories.items():
        lexicon.add(rows(row, lang), "cat", category)
        for case, phrases in row.get("cases", {}).items():
            lexicon.add(rows(phrases, lang), "cat", f"{category}/case:{case}")
    for label, table in _cues().items():
        row = table.get(lang)
        if isinstance(row, Mapping):
            for value, phrases in row.items():
                lexicon.add(rows({"any": phrases}, lang), label, value)
        else:
            lexicon.add(rows(table, lang), label)
    return lexicon


def _all_languages(row: Table) -> Iterable[str]:
    return (phrase for lang in row for phrase in rows(row, lang))


_LATIN = str.maketrans(
    "əçğışöüабвгдеёжзийклмнопрстуфхцчъыьэюя",
    "ecgisouabvgdeejzijklmnoprstufhcc_y_euy",
)


def slugify(label: str) -> str:
    """A label as the tail of a `case:` subset: Latin letters and hyphens.

    >>> slugify("quşçu ")
    'quscu'
    """
    latin = label.strip(' "').translate(_LATIN).replace("_", "")
    return "-".join(part for part in latin.split() if part)


@cache
def theme() -> re.Pattern[str]:
    """Matches, in folded text, the words for political prisoners in any language."""
    phrases = (
        re.escape(fold(phrase)).replace(r"\*", r"\w*") for phrase in rows(_cues()["theme"], "any")
    )
    return re.compile(r"\b(?:" + "|".join(phrases) + ")")


def gate_stems() -> frozenset[str]:
    """Folded stems of which a text about prisoners has at least one, in every language.

    Those who keep lists of prisoners, by name, are among them.
    """
    keepers = [row for row in _shipped("organisations").values() if "counts" in row]
    named = [name for row in keepers for name in (*row.get("aliases", ()), *row.get("people", ()))]
    phrases = [*rows(_cues()["gate"], "any"), *named]
    return frozenset(fold(phrase).rstrip("*") for phrase in phrases if "* " not in phrase)
