"""Which endings may follow a name, by script and by how the canonical name ends."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.detect.names import tables
from monitor.detect.names.letters import Script, fold

VOWELS = frozenset("aəeıioöuü")
_BACK = frozenset("aıou")
_FAMILY_SUFFIX = re.compile(r"(?:ov|ev|ova|eva|zadə|l[ıiuü]|qızı|oğlu|ski|skaya|[aə])$")

BARE_DATIVE = "az:dative"


@dataclass(frozen=True, slots=True)
class Ending:
    """What a name may end in: `code` is language:letters, `given` if given names take it too."""

    code: str
    cost: float
    given: bool = False


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    pattern: re.Pattern[str]
    when: str
    cost: float
    given: bool


@cache
def _rules(script: Script) -> tuple[_Rule, ...]:
    table = tables.toml("endings.toml")
    return tuple(
        _Rule(name, _compile(row), row.get("when", ""), row["cost"], row.get("given", False))
        for name, row in table.items()
        if row["script"] == script
    )


def _compile(row: dict[str, str]) -> re.Pattern[str]:
    folded = "|".join(_fold_pattern(each, row["script"]) for each in row["patterns"])
    plural = row.get("plural")
    body = f"(?:{plural})?(?:{folded})|{plural}" if plural else folded
    return re.compile(body.replace("{A}", "[aəe]").replace("{I}", "[ıiuü]"))


def _fold_pattern(pattern: str, script: str) -> str:
    """Armenian and Georgian endings are compared in folded letters, like the names."""
    if script not in ("armenian", "georgian"):
        return pattern
    return re.sub(r"[^\W\d_]+", lambda match: fold(match[0])[0], pattern)


@lru_cache(maxsize=16_384)
def endings_after(rest: str, script: Script) -> tuple[tuple[str, Ending], ...]:
    """Every reading of `rest` as an ending, with the condition it sets on the name."""
    return tuple(
        (rule.when, Ending(f"{_language(rule.name)}:{rest}", rule.cost, rule.given))
        for rule in _rules(script)
        if rule.pattern.fullmatch(rest)
    )


def _language(rule: str) -> str:
    return rule.partition("_")[0] if rule != "az_cyrillic" else rule


@cache
def language_name(code: str) -> str:
    """The English name of the language of an ending code.

    >>> language_name("ru:а")
    'Russian'
    """
    name: str = tables.toml("endings.toml")[code.partition(":")[0]]["language"]
    return name


def ending_of(canonical: str, rest: str, script: Script) -> Ending | None:
    """The cheapest ending that may stand after the whole canonical name, or None."""
    if script == "latin" and rest in ("a", "ə", "e") and canonical[-1] not in VOWELS:
        return _bare_dative(canonical, rest)
    for when, ending in endings_after(rest, script):
        if _allowed(canonical, when):
            return ending
    return None


def _allowed(canonical: str, when: str) -> bool:
    if when == "consonant":
        return canonical[-1] not in VOWELS
    if when == "vowel":
        return canonical[-1] in VOWELS
    if when == "not_bare":
        return _FAMILY_SUFFIX.search(canonical) is not None
    return when == ""


def _bare_dative(canonical: str, rest: str) -> Ending | None:
    """-a after a back vowel, -ə/-e after a front one; so -yeva is not the dative of -yev."""
    last = next((letter for letter in reversed(canonical) if letter in VOWELS), "")
    if (rest == "a") == (last in _BACK):
        return Ending(f"{BARE_DATIVE}:{rest}", 0.05)
    return None


def replacing(last: str, rest: str, script: Script) -> Ending | None:
    """An ending that stands in place of a final a, ə or (Cyrillic й) y, or None."""
    wanted = "replace_y" if last == "y" else "replace"
    for when, ending in endings_after(rest, script):
        if when == wanted:
            return ending
    return None


def softened(canonical: str, rest: str) -> Ending | None:
    """Final q or k heard as ğ, y or g before a vowel: Babək, Babəyin."""
    if canonical[-1] not in "qk" or len(rest) < 2 or rest[0] not in "ğyg":
        return None
    if rest[1] not in VOWELS:
        return None
    for when, ending in endings_after(rest[1:], "latin"):
        if when == "" and ending.code.startswith("az:"):
            return Ending(f"az:{rest}", ending.cost)
    return None
