"""Prefixes of folded tokens that preselect, through a full-text index, what may name an entity."""

import re
from collections.abc import Iterator
from functools import lru_cache

from db.records import Entity
from monitor.detect.fold import fold
from monitor.detect.names import tables
from monitor.detect.names.align import limit_of
from monitor.detect.names.patterns import Patterns, Person, build

_PREFIX = 4
_AHEAD = 2
_LONGEST = 4
_MOST_COST = 0.7


def search_terms(entity: Entity) -> list[str]:
    """Folded prefixes; every article that names the entity has a token that begins with one.

    They are those of the family name (or of the anchor word of an organisation), in all spellings.
    Slips of the pen (tier `typo`) in the first letters are not covered.
    """
    terms = {group[-1]: None for group in _groups(entity)}
    return sorted({term for group in terms for term in group})


def search_groups(entity: Entity) -> list[tuple[tuple[str, ...], ...]]:
    """Alternatives, each a row of groups: an article must hold a term of every group of a row.

    Narrower than `search_terms`: given *and* family name. Not for entities whose family name is
    declared unambiguous, for which the row holds the family name alone.
    """
    return list(dict.fromkeys(_groups(entity)))


def _groups(entity: Entity) -> Iterator[tuple[tuple[str, ...], ...]]:
    patterns = build([entity])
    for people in patterns.families.values():
        for person in people:
            yield _person(patterns, person, alone=entity.family_unambiguous)
    for rows in patterns.sequences.values():
        for row in rows:
            yield (prefixes_of(patterns.words[row.tokens[row.anchor]]),)
    for literal, _, _ in patterns.literals:
        yield ((fold(literal.split()[0]),),)


def _person(patterns: Patterns, person: Person, *, alone: bool) -> tuple[tuple[str, ...], ...]:
    family = prefixes_of(patterns.words[person.family])
    if alone:
        return (family,)
    return prefixes_of(patterns.words[person.given[-1]]), family


@lru_cache(maxsize=4096)
def prefixes_of(word: str) -> tuple[str, ...]:
    """The folded beginnings of all spellings of a tracked token.

    >>> "vagi" in prefixes_of("vaqifqızı"), "gasa" in prefixes_of("həsənli")
    (True, True)
    """
    if any(letter not in tables.correspondences()["latin"] for letter in word):
        return (fold(word)[:_PREFIX],)
    stem = _stem(word)
    spelt = _spelt(stem, "latin") | _spelt(stem, "cyrillic")
    return tuple(sorted({fold(each)[:_PREFIX] for each in spelt}))


def _stem(word: str) -> str:
    """A short word without what an ending may replace, or what may be written apart (Али-заде)."""
    base = re.sub("(zadə|oğlu|qızı)$", "", word)
    if len(base) < _PREFIX:
        word = base
    return word[:-1] if len(word) <= _PREFIX and word[-1] in "aəyqk" else word


def _spelt(word: str, alphabet: str) -> set[str]:
    """The first letters of every spelling up to the cost that is accepted."""
    table = tables.correspondences()[alphabet]
    limit = min(limit_of(word), _MOST_COST)
    states: list[dict[str, float]] = [{} for _ in range(len(word) + _LONGEST)]
    states[0][""] = 0.0
    done: set[str] = set()
    for at in range(len(word)):
        for text, cost in states[at].items():
            if len(text) >= _PREFIX + _AHEAD:
                done.add(text)
                continue
            for width in range(1, min(_LONGEST, len(word) - at) + 1):
                for grapheme, extra in table.get(word[at : at + width], ()):
                    if at == 0 and not grapheme and word[0] != "h":
                        continue
                    total = cost + extra
                    after = states[at + width]
                    if total <= limit and total < after.get(text + grapheme, 9.0):
                        after[text + grapheme] = total
    return done | set(states[len(word)])
