"""What is doubtful about a watchlist: reported when it is loaded, never refused."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from db.records import Alias, Entity
from monitor.detect.names import tables
from monitor.detect.names.align import align
from monitor.detect.names.index import Index
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.patterns import Patterns, Person, build, names_of

ConcernKind = Literal[
    "duplicate", "one_word", "too_short", "common_word", "alike", "not_azerbaijani",
    "excludes_itself", "shared_family", "unreadable_exclude",
]  # fmt: skip
_ALIKE = 0.3
_AZERBAIJANI = re.compile(r"[A-Za-zÇçƏəĞğİıÖöŞşÜüXxQqJj'’\s.()-]+")


@dataclass(frozen=True, kw_only=True)
class Concern:
    """A doubt about one entity (and the other one, where two collide), in one sentence."""

    entity: str
    kind: ConcernKind
    words: str
    other: str | None = None


def check_watchlist(entities: Sequence[Entity]) -> list[Concern]:
    """All doubts about a watchlist, in its order."""
    found = [concern for entity in entities for concern in _own(entity)]
    found += _pairs(build(entities))
    order = {entity.id: at for at, entity in enumerate(entities)}
    return sorted(dict.fromkeys(found), key=lambda concern: order[concern.entity])


def _own(entity: Entity) -> Iterator[Concern]:
    for alias in names_of(entity):
        yield from _alias(entity, alias)
    if entity.kind == "person" and not _AZERBAIJANI.fullmatch(entity.canonical):
        yield Concern(
            entity=entity.id, kind="not_azerbaijani",
            words=f"“{entity.canonical}” is not written in Azerbaijani letters, so other"
            " spellings of it are not found; write the canonical name in Azerbaijani.",
        )  # fmt: skip
    yield from _excludes(entity)


def _alias(entity: Entity, alias: Alias) -> Iterator[Concern]:
    words = re.findall(r"[^\W\d_]+", alias.text)
    said = f"“{alias.text}”"
    if len(words) != 1:
        return
    if len(words[0]) < 4 and not words[0].isupper():
        yield Concern(
            entity=entity.id, kind="too_short", words=f"{said} is shorter than four letters."
        )
    if lower(words[0]) in tables.lines("common_words.txt"):
        yield Concern(
            entity=entity.id, kind="common_word",
            words=f"{said} is an ordinary word: give a longer name, or excludes for the others.",
        )  # fmt: skip
    if entity.kind == "person" and not alias.flag_alone:
        yield Concern(
            entity=entity.id, kind="one_word",
            words=f"{said} is one word: unless it may stand alone (flag_alone), it is highlighted"
            " beside the full name and else goes to review.",
        )  # fmt: skip


def _excludes(entity: Entity) -> Iterator[Concern]:
    for exclude in entity.excludes:
        pattern = exclude.pattern if exclude.regex else re.escape(exclude.pattern)
        try:
            hides = re.search(pattern, entity.canonical, re.IGNORECASE) is not None
        except re.error as error:
            yield Concern(
                entity=entity.id, kind="unreadable_exclude",
                words=f"The exclude “{exclude.pattern}” is no regular expression: {error}.",
            )  # fmt: skip
            continue
        if hides:
            yield Concern(
                entity=entity.id, kind="excludes_itself",
                words=f"The exclude “{exclude.pattern}” matches “{entity.canonical}” itself.",
            )  # fmt: skip


def _pairs(patterns: Patterns) -> Iterator[Concern]:
    near = _Nearness(patterns)
    seen: set[tuple[str, str]] = set()
    for people in patterns.families.values():
        for person in people:
            for other in near.of(person):
                one, two = patterns.entities[person.entity], patterns.entities[other.entity]
                if one.id != two.id and (one.id, two.id) not in seen:
                    seen |= {(one.id, two.id), (two.id, one.id)}
                    yield _collision(person, other, one, two)
    yield from _shared(patterns)


def _collision(person: Person, other: Person, one: Entity, two: Entity) -> Concern:
    same = (person.given, person.family) == (other.given, other.family)
    verdict = "the same name; both will go to review" if same else "near spellings of each other"
    return Concern(
        entity=one.id, other=two.id, kind="duplicate" if same else "alike",
        words=f"“{person.alias}” and “{other.alias}” ({two.id}) are {verdict}.",
    )  # fmt: skip


class _Nearness:
    """Tracked people whose both tokens can be read as each other's."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._index = Index(patterns.words)
        self._near: dict[int, set[int]] = {}

    def of(self, person: Person) -> Iterator[Person]:
        for given in self._like(person.given[-1]):
            for family in self._like(person.family):
                yield from self._patterns.pairs.get((given, family), ())

    def _like(self, token: int) -> set[int]:
        if token not in self._near:
            word = self._patterns.words[token]
            candidates = self._index.read([word])[0].candidates
            self._near[token] = {
                at for at in candidates if _reads(self._patterns.words[at], word)
            } | {token}
        return self._near[token]


def _reads(canonical: str, word: str) -> bool:
    folded, script = fold(word)
    match = align(canonical, folded, script)
    return match is not None and match.ending is None and match.cost <= _ALIKE


def _shared(patterns: Patterns) -> Iterator[Concern]:
    for family in sorted(patterns.unambiguous):
        people = {person.entity: person for person in patterns.families[family]}
        names = [patterns.entities[at] for at in people]
        for entity in names:
            others = [other for other in names if other.id != entity.id]
            if entity.family_unambiguous and others:
                yield Concern(
                    entity=entity.id, other=others[0].id, kind="shared_family",
                    words=f"The family name of “{entity.canonical}” is declared unambiguous,"
                    f" but {others[0].id} (“{others[0].canonical}”) has it too.",
                )  # fmt: skip
