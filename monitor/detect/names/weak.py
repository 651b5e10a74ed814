"""Weak evidence: names in hashtags, web addresses and texts all in small letters.

Nothing but the order of letters speaks for such a name, so it goes to review.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from monitor.detect.names.parts import Found, Part
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.tokens import Decider, Hit

_TAG = re.compile(r"#([^\W_]{8,60})")
_SLUG = re.compile(r"(?<=[/_-])[^\W\d_]{3,30}(?:[-_][^\W\d_]{2,30}){1,7}")
_WORD = re.compile(r"(?<![^\W\d_])[^\W\d_]{3,30}(?![^\W\d_])")
_CAPITALS_A_LETTER = 0.004
_COST = 0.5


def weak_names(text: str, capitals: int, patterns: Patterns, decider: Decider) -> Iterator[Found]:
    """Given + family names in #tags, in-address-slugs and in texts without capitals."""
    if "#" in text:
        for match in _TAG.finditer(text):
            yield from _in_tag(match, patterns, decider)
    if "/" in text or "_" in text:
        for match in _SLUG.finditer(text):
            yield from _in_row(text, match.span(), patterns, decider)
    if capitals <= len(text) * _CAPITALS_A_LETTER:
        yield from _in_row(text, (0, len(text)), patterns, decider)


def _in_tag(match: re.Match[str], patterns: Patterns, decider: Decider) -> Iterator[Found]:
    """Every cut of the tag into two names, with any words before them."""
    tag, start = match[1], match.start(1)
    cuts = range(3, len(tag) - 3)
    families = {cut: _hits(tag[cut:], decider) for cut in cuts}
    for cut in cuts:
        if not any(token in patterns.families for token in families[cut]):
            continue
        for begin in (0, *range(max(0, cut - 14), cut - 2)):
            for person, cost in _people(patterns, _hits(tag[begin:cut], decider), families[cut]):
                yield _found(person, start + begin, match.end(), cost)
                return


def _in_row(
    text: str, span: tuple[int, int], patterns: Patterns, decider: Decider
) -> Iterator[Found]:
    words = list(_WORD.finditer(text, *span))
    live = set(decider.live(word[0] for word in words))
    if not live:
        return
    for one, two in pairwise(words):
        if two.start() - one.end() != 1 or one[0] not in live or two[0] not in live:
            continue
        first, second = _hits(one[0], decider), _hits(two[0], decider)
        for person, cost in (
            *_people(patterns, first, second), *_people(patterns, second, first),
        ):  # fmt: skip
            yield _found(person, one.start(), two.end(), cost)


def _hits(word: str, decider: Decider) -> dict[int, Hit]:
    for token in decider.live([word]):
        for piece in decider.hits[token]:
            if piece.start == 0 and piece.end == len(word):
                return piece.hits
    return {}


def _people(
    patterns: Patterns, given: dict[int, Hit], family: dict[int, Hit]
) -> Iterator[tuple[Person, float]]:
    for one, hit in given.items():
        for two, other in family.items():
            cost = hit.cost + other.cost
            if hit.ending or cost > _COST:
                continue
            for person in patterns.pairs.get((one, two), ()):
                if len(person.given) == 1:
                    yield person, cost


def _found(person: Person, start: int, end: int, cost: float) -> Found:
    parts: tuple[Part, ...] = ()
    return Found(person.entity, person.alias, start, end, "ambiguous", 0.5 + cost, parts)
