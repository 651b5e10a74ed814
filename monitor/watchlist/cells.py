"""The small language of watchlist cells: lists, typed aliases, excludes with a reason."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar, cast, get_args

from db.records import Alias, AliasType, Day, EntityKind, Exclude
from monitor import isoday
from monitor.config.values import did_you_mean

Item = TypeVar("Item")

_ALIAS_TYPES = get_args(AliasType)
_PREFIX = re.compile(r"([a-z_]+(?:=[\w.-]*)?(?:,[a-z_]+(?:=[\w.-]*)?)*):\s*(.*)", re.DOTALL)
_ACRONYM = re.compile(r"[^\W\d_]{2,8}")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
_DAY = re.compile(r"\d{4}(-\d\d){0,2}")
_PARTS = re.compile(r"(?<!\\)\||\n")
_REASON = " # "

_YES = frozenset(("yes", "y", "true", "1", "x", "hə", "bəli", "да"))
_NO = frozenset(("", "no", "n", "false", "0", "-", "yox", "xeyr", "нет"))

_KINDS: Mapping[str, EntityKind] = {
    "person": "person",
    "organisation": "organisation",
    "organization": "organisation",
    "org": "organisation",
    "outlet": "outlet",
    "case": "case",
}


def clean(text: str) -> str:
    """One line of composed letters, without the characters nobody can see."""
    return " ".join(unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).split())


def read_id(cell: str) -> str:
    """An id: up to 64 letters, digits, `-`, `_`, `.`, `:`. Raises ValueError."""
    text = clean(cell)
    if not text:
        raise ValueError("is missing")
    if not re.fullmatch(r"[\w.:-]{1,64}", text):
        raise ValueError(f'"{text}" is no id: up to 64 letters, digits, - _ . : and no spaces')
    return text


def read_kind(cell: str) -> EntityKind:
    """A kind of entity; `org` and `organization` are organisations. Raises ValueError."""
    text = clean(cell).lower()
    if text not in _KINDS:
        kinds = get_args(EntityKind)
        what = f'"{text}" is unknown{did_you_mean(text, kinds)}' if text else "is missing"
        raise ValueError(f"{what} (one of {', '.join(kinds)})")
    return _KINDS[text]


def read_name(cell: str) -> str:
    """A name of at least two letters. Raises ValueError."""
    text = clean(cell)
    if not text:
        raise ValueError("is missing")
    if "\ufffd" in text or re.search(r"\w\?\w|\?\w|\w\?", text):
        raise ValueError(f'"{text}" lost letters when the file was saved; save it as UTF-8 or XLSX')
    if sum(char.isalpha() for char in text) < 2:
        raise ValueError(f'"{text}" is no name: it needs two letters')
    return text


def read_text(cell: str) -> str:
    """Free text on one line."""
    return clean(cell)


def read_optional(cell: str) -> str | None:
    """Free text on one line, None where there is none."""
    return clean(cell) or None


def read_day(cell: str) -> Day | None:
    """A year, month or day as `2026`, `2026-06` or `2026-06-14`. Raises ValueError."""
    text = clean(cell)
    if not text:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        isoday.first_day(text)
    except ValueError:
        raise ValueError(f'"{text}" is no date such as 2026, 2026-06 or 2026-06-14') from None
    return text


def read_yes(cell: str) -> bool:
    """Yes or no in en, az and ru; empty is no. Raises ValueError."""
    text = clean(cell).lower()
    if text not in _YES | _NO:
        raise ValueError(f'"{text}" is neither yes nor no')
    return text in _YES


def read_aliases(cell: str) -> tuple[Alias, ...]:
    """Aliases separated by `|`. Raises ValueError with every wrong one."""
    return _read_items(cell, read_alias)


def read_excludes(cell: str) -> tuple[Exclude, ...]:
    """Excludes separated by `|`. Raises ValueError with every wrong one."""
    return _read_items(cell, read_exclude)


def read_alias(text: str) -> Alias:
    """One alias, with its type and options before a colon where it needs them.

    One word of 2 to 8 capitals is an acronym, and acronyms are case-sensitive: `fact` is no FACT.

    >>> read_alias("legal:Sevinc Abbasova").type, read_alias("UFPP").case_sensitive
    ('legal', True)
    >>> read_alias("pen_name,alone,lang=az,from=2019:Şəmşad Ağa").valid_from
    '2019'
    """
    prefix = _PREFIX.fullmatch(text)
    name = read_name(prefix[2] if prefix else text)
    acronym = name.isupper() and _ACRONYM.fullmatch(name)
    alias = Alias(text=name, type="acronym" if acronym else "same_person")
    words = prefix[1].split(",") if prefix else []
    if words and words[0] in _ALIAS_TYPES:
        alias = replace(alias, type=cast(AliasType, words.pop(0)))
    alias = replace(alias, case_sensitive=alias.type == "acronym")
    for word in words:
        alias = _with_option(alias, word)
    check_order(alias.valid_from, alias.valid_to)
    return alias


def read_exclude(text: str) -> Exclude:
    """One phrase, or a pattern after `re:`, with its reason after ` # `.

    >>> read_exclude("re:küçəsi$ # street").reason
    'street'
    """
    body, _, reason = text.partition(_REASON)
    body, reason = body.strip(), clean(reason)
    if not body.startswith("re:"):
        return Exclude(pattern=read_name(body), reason=reason)
    pattern = body.removeprefix("re:")
    try:
        re.compile(pattern)
    except (re.error, OverflowError) as error:
        raise ValueError(f'"{pattern}" is no regular expression: {error}') from None
    if not pattern:
        raise ValueError("an empty pattern would exclude everything")
    return Exclude(pattern=pattern, regex=True, reason=reason)


def write_alias(alias: Alias) -> str:
    """The alias as `read_alias` reads it. Raises ValueError where that cannot be."""
    plain = replace(alias, text=clean(alias.text))
    for text in (plain.text, in_full(plain)):
        if _reads_as(text, read_alias, plain):
            return text
    raise ValueError(f'alias "{alias.text}" cannot be written in a table')


def in_full(alias: Alias) -> str:
    """The alias with its type and all that is not usual for that type.

    >>> in_full(Alias(text="UFPP", type="acronym", valid_from="2018"))
    'acronym,nocase,from=2018:UFPP'
    """
    usual = alias.type == "acronym"
    options = {
        "case" if alias.case_sensitive else "nocase": alias.case_sensitive != usual,
        "alone": alias.flag_alone,
        f"lang={alias.orthography}": alias.orthography is not None,
        f"from={alias.valid_from}": alias.valid_from is not None,
        f"to={alias.valid_to}": alias.valid_to is not None,
    }
    words = [alias.type, *(word for word, needed in options.items() if needed)]
    return f"{','.join(words)}:{alias.text}"


def write_exclude(exclude: Exclude) -> str:
    """The exclude as `read_exclude` reads it. Raises ValueError where that cannot be."""
    plain = replace(exclude, reason=clean(exclude.reason))
    text = f"re:{exclude.pattern}" if exclude.regex else exclude.pattern
    text += f"{_REASON}{plain.reason}" if plain.reason else ""
    if not _reads_as(text, read_exclude, plain):
        raise ValueError(f'exclude "{exclude.pattern}" cannot be written in a table')
    return text


def write_items(items: Iterable[str]) -> str:
    r"""Items as one cell, a `|` inside an item as `\|`.

    >>> write_items(["a|b", "c"])
    'a\\|b|c'
    """
    escaped = [item.replace("|", "\\|") for item in items]
    # A blank keeps an item's last backslash from escaping the separator.
    return "|".join(f"{item} " if item.endswith("\\") else item for item in escaped)


def check_order(first: Day | None, last: Day | None) -> None:
    """Raise ValueError where an interval ends before it begins."""
    if first and last and isoday.first_day(first) > isoday.last_day(last):
        raise ValueError(f"begins {first}, after its end {last}")


def _read_items(cell: str, read: Callable[[str], Item]) -> tuple[Item, ...]:
    items: dict[Item, None] = {}
    errors = []
    for part in _PARTS.split(cell):
        text = clean(part.replace("\\|", "|"))
        try:
            if text:
                items[read(text)] = None
        except ValueError as error:
            errors.append(str(error))
    if errors:
        raise ValueError("; ".join(errors))
    return tuple(items)


def _with_option(alias: Alias, word: str) -> Alias:
    option, _, value = word.partition("=")
    if option in ("case", "nocase") and not value:
        return replace(alias, case_sensitive=option == "case")
    if option == "alone" and not value:
        return replace(alias, flag_alone=True)
    if option == "lang" and value:
        return replace(alias, orthography=value)
    if option == "from":
        return replace(alias, valid_from=read_day(value))
    if option == "to":
        return replace(alias, valid_to=read_day(value))
    known = (*_ALIAS_TYPES, "case", "nocase", "alone", "lang=", "from=", "to=")
    raise ValueError(f'"{word}:" is no type or option of an alias{did_you_mean(word, known)}')


def _reads_as(text: str, read: Callable[[str], Item], wanted: Item) -> bool:
    try:
        (item,) = _read_items(write_items([text]), read)
    except ValueError:
        return False
    return item == wanted
