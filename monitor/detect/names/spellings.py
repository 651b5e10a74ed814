"""Sample spellings of a name per language, for people who check a watchlist."""

import re
from functools import cache, partial
from typing import Any

from db.records import Entity
from monitor.detect.names import tables
from monitor.detect.names.patterns import canonical_word, names_of


def spellings(entity: Entity) -> list[str]:
    """`language: spelling` lines, a readable sample of what is matched; case endings come on top.

    >>> spellings(Entity(id="p", kind="person", canonical="Cəlal Şıxəliyev"))[1:3]
    ['English: Jalal Shikhaliyev', 'without diacritics: Celal Sixeliyev']
    """
    lines = dict.fromkeys(
        f"{language}: {spelt}"
        for alias in names_of(entity)
        for language, spelt in _written(alias.text)
    )
    return list(lines)


def _written(name: str) -> list[tuple[str, str]]:
    if not re.fullmatch(r"[A-Za-zÇçƏəĞğİıÖöŞşÜü'’\s-]+", name):
        return [("as given", name)]
    rows = [("Azerbaijani", name)]
    for code, table in tables.toml("writing.toml").items():
        spelt = re.sub(r"[^\W\d_]+", partial(_rewrite, code), name)
        rows.append((table["name"], spelt))
    return rows


def _rewrite(language: str, match: re.Match[str]) -> str:
    return write(match[0], language)


def write(word: str, language: str) -> str:
    """One word as the newsrooms of a language write it.

    >>> write("Vaqif", "ru"), write("Şıxəliyev", "de")
    ('Вагиф', 'Schichalijew')
    """
    table = _table(language)
    plain = canonical_word(word)
    spelt, at = "", 0
    while at < len(plain):
        letters, sound = _next(plain, at, table)
        spelt += sound
        at += letters
    capital = spelt[:1].upper() + spelt[1:] if word[0].isupper() else spelt
    return word if not spelt else capital if language != "ka" else spelt


def _next(plain: str, at: int, table: dict[str, str]) -> tuple[int, str]:
    for size in (4, 3, 2, 1):
        chunk = plain[at : at + size]
        if at == 0 and "^" + chunk in table:
            return len(chunk), table["^" + chunk]
        if len(chunk) == size and chunk in table:
            return size, table[chunk]
    return 1, plain[at]


@cache
def _table(language: str) -> dict[str, str]:
    table: dict[str, Any] = tables.toml("writing.toml")[language]
    return {letters: sound for letters, sound in table.items() if letters != "name"}
