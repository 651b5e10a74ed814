"""The watchlist as patterns over single tokens: given + family pairs, and token sequences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from db.records import Alias, Entity, Tier
from monitor.detect.names import tables
from monitor.detect.names.letters import fold, lower

_WORD = re.compile(r"[^\W_]+(?:['’ʼ‘`´][^\W_]+)*")
_KIN = re.compile(r"(?<=.{3})(qızı|oğlu)\Z")
_SEQUENCE_TIERS: dict[str, Tier] = {"organisation": "org", "outlet": "outlet", "case": "case"}


@dataclass(frozen=True, slots=True)
class Person:
    """A given + family pair; `given` and `family` are token ids, `tier` what the pair leads to."""

    entity: int
    alias: str
    given: tuple[int, ...]
    family: int
    tier: Tier = "full"
    father: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """An organisation, outlet, case or one-word alias: tokens in a row.

    `words` are the folded-case words, `anchor` the place of the one looked up; `tokens` their ids
    (-1 for a word of digits, compared as it is). `exact` asks for the same capitals.
    """

    entity: int
    alias: str
    words: tuple[str, ...]
    tokens: tuple[int, ...]
    anchor: int
    tier: Tier
    exact: bool = False


@dataclass(slots=True)
class Patterns:
    """Everything tracked, indexed by token id."""

    entities: Sequence[Entity]
    words: list[str] = field(default_factory=list)
    acronyms: set[str] = field(default_factory=set)
    pairs: dict[tuple[int, int], tuple[Person, ...]] = field(default_factory=dict)
    families: dict[int, tuple[Person, ...]] = field(default_factory=dict)
    givens: dict[int, tuple[Person, ...]] = field(default_factory=dict)
    kin_bases: dict[int, tuple[int, str]] = field(default_factory=dict)
    sequences: dict[int, tuple[Row, ...]] = field(default_factory=dict)
    literals: list[tuple[str, int, Tier]] = field(default_factory=list)
    unambiguous: set[int] = field(default_factory=set)
    _ids: dict[str, int] = field(default_factory=dict)

    def token(self, word: str) -> int:
        """The id of a tracked token."""
        known = self._ids.get(word)
        if known is None:
            known = self._ids[word] = len(self.words)
            self.words.append(word)
        return known

    def add(self, person: Person) -> None:
        """Index one pair."""
        pair = person.given[-1], person.family
        if person in self.pairs.get(pair, ()):
            return
        self.pairs[pair] = (*self.pairs.get(pair, ()), person)
        self.families[person.family] = (*self.families.get(person.family, ()), person)
        self.givens[person.given[-1]] = (*self.givens.get(person.given[-1], ()), person)


def canonical_word(word: str) -> str:
    """A tracked word in lower case; in Azerbaijani, I is ı and İ is i.

    >>> canonical_word("Işıq"), canonical_word("İlham")
    ('ışıq', 'ilham')
    """
    if fold(word)[1] != "latin":
        return lower(word)
    plain = lower(word.replace("I", "ı") if _azerbaijani(word) else word)
    return plain.replace("ǝ", "ə").replace("ä", "ə").replace("'", "").replace("’", "")


def _azerbaijani(word: str) -> bool:
    return any(letter in "əƏışŞğĞçÇ" for letter in word)


def build(entities: Sequence[Entity]) -> Patterns:
    """Index a watchlist."""
    patterns = Patterns(entities)
    for at, entity in enumerate(entities):
        for alias in names_of(entity):
            if entity.kind == "person":
                _add_person(patterns, at, entity, alias)
            else:
                _add_sequence(patterns, at, alias, _SEQUENCE_TIERS[entity.kind])
    for person in (each for people in list(patterns.families.values()) for each in people):
        if entities[person.entity].family_unambiguous:
            patterns.unambiguous.add(person.family)
    _index_kin(patterns)
    return patterns


def names_of(entity: Entity) -> Iterator[Alias]:
    """The canonical name and then the aliases."""
    yield Alias(text=entity.canonical, orthography=entity.orthography)
    yield from entity.aliases


def _add_person(patterns: Patterns, at: int, entity: Entity, alias: Alias) -> None:
    parsed = None if alias.case_sensitive else split_name(entity, alias.text)
    if parsed is None:
        _add_whole(patterns, at, entity, alias)
        return
    given, father, family = _azerbaijani_letters(alias, parsed)
    ids = tuple(patterns.token(canonical_word(word)) for word in given)
    usual = len(given) == 1 and len(_WORD.findall(alias.text)) == _usual_count(entity)
    tier: Tier = "full" if usual or alias.text == entity.canonical else "name"
    last = patterns.token(canonical_word(family))
    named = patterns.token(canonical_word(father)) if father else None
    patterns.add(Person(at, alias.text, ids, last, tier, named))
    for apart in _written_apart(given):
        words = tuple(patterns.token(word) for word in apart)
        patterns.add(Person(at, alias.text, words, last, tier, named))
    if len(given) > 1:
        joined = patterns.token("".join(canonical_word(word) for word in given))
        patterns.add(Person(at, alias.text, (joined,), last, tier, named))


def _written_apart(given: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Əlimərdan may also be written Əli Mərdan."""
    word = canonical_word(given[0])
    for first in tables.words("first_of_two") if len(given) == 1 else ():
        rest = word.removeprefix(first)
        if rest != word and rest in tables.words("second_of_two"):
            yield first, rest


def _usual_count(entity: Entity) -> int:
    return len(_WORD.findall(entity.canonical))


_Name = tuple[tuple[str, ...], str | None, str]

_ENGLISH = re.compile("sh|ch|kh|gh|zh|j", re.IGNORECASE)
_FROM_ENGLISH = (
    ("sh", "ş"), ("ch", "ç"), ("kh", "x"), ("gh", "ğ"), ("zh", "@"), ("j", "c"), ("@", "j"),
    ("a", "ə"),
)  # fmt: skip


def _azerbaijani_letters(alias: Alias, name: _Name) -> _Name:
    """A name given in English spelling, as near to Azerbaijani as it can be taken back.

    The English a stands for a and ə; ə is the letter that may be spelt as either.
    """
    english = alias.text.isascii() and _ENGLISH.search(alias.text) is not None
    if not english and alias.orthography != "en":
        return name
    given, father, family = name
    return tuple(map(_from_english, given)), father and _from_english(father), _from_english(family)


def _from_english(word: str) -> str:
    plain = lower(word)
    for english, letter in _FROM_ENGLISH:
        plain = plain.replace(english, letter)
    return plain


def _add_whole(patterns: Patterns, at: int, entity: Entity, alias: Alias) -> None:
    """A person's name that is no pair: one word alone proves little unless it is said to."""
    words = _WORD.findall(alias.text)
    alone = len(words) > 1 or alias.flag_alone or alias.text == entity.canonical
    _add_sequence(patterns, at, alias, "name" if alone else "family")


def split_name(entity: Entity, text: str) -> tuple[tuple[str, ...], str | None, str] | None:
    """(given names, father, family) of a written name, or None if it has fewer than two words.

    A family name apart (`Vaqif qızı`) is closed up where no other family name follows.
    """
    if text == entity.canonical and entity.given and entity.family:
        return tuple(entity.given.split()), None, "".join(entity.family.split())
    words = [word for word in re.split(r"[\s,()]+", text) if _WORD.search(word)]
    kin = tables.words("kin_son") | tables.words("kin_daughter")
    marks = [at for at, word in enumerate(words) if at and lower(word) in kin]
    father = None
    if marks and marks[0] >= 2:
        at = marks[0]
        if len(words) > at + 1:
            father = words[at - 1]
            words = words[: at - 1] + words[at + 1 :]
        elif at == 2:
            words = [words[0], words[1] + lower(words[2])]
        else:
            words, father = words[: at - 1], words[at - 1]
    words = [*words[:1], *(word for word in words[1:-1] if not _is_title(word)), *words[1:][-1:]]
    if len(words) < 2 or not _spelt(words):
        return None
    return tuple(words[:-1]), father, words[-1]


def _is_title(word: str) -> bool:
    """`bəy` or `xan` inside a name: it may stand in a text or not."""
    return lower(word) in tables.words("honorific")


def _spelt(words: list[str]) -> bool:
    """Whether all words are in an alphabet the engine reads."""
    return all(fold(word)[1] != "other" for word in words) and len(words) <= 4


def _index_kin(patterns: Patterns) -> None:
    """`Vaqifqızı` may also be written `Vaqif qızı`: its base becomes a token of its own."""
    for family in list(patterns.families):
        mark = _KIN.search(patterns.words[family])
        if mark is not None:
            base = patterns.token(patterns.words[family][: mark.start()])
            patterns.kin_bases[base] = family, mark[0]


def _add_sequence(patterns: Patterns, at: int, alias: Alias, tier: Tier) -> None:
    raw = _WORD.findall(alias.text)
    if not raw or any(fold(word)[1] == "other" and not word.isdigit() for word in raw):
        patterns.literals.append((alias.text, at, tier))
        return
    _add_row(patterns, at, alias, raw, tier)
    if 1 < len(raw) <= 3 and all(word.isalpha() for word in raw):
        _add_row(patterns, at, alias, ["".join(raw)], tier)


def _add_row(patterns: Patterns, at: int, alias: Alias, raw: list[str], tier: Tier) -> None:
    capitals = [n for n, word in enumerate(raw) if word[0].isalpha() and not word[0].islower()]
    if not capitals:
        patterns.literals.append((alias.text, at, tier))
        return
    tokens = tuple(-1 if word.isdigit() else patterns.token(canonical_word(word)) for word in raw)
    if len(raw) == 1 or not alias.text.isupper():
        patterns.acronyms.update(word for word in raw if _is_acronym(word))
    row = Row(at, alias.text, tuple(raw), tokens, capitals[0], tier, alias.case_sensitive)
    anchor = tokens[capitals[0]]
    patterns.sequences[anchor] = (*patterns.sequences.get(anchor, ()), row)


def _is_acronym(word: str) -> bool:
    unspeakable = re.search("[AEIOUƏÖÜIİАЕИОУЫЭЮЯ]", word) is None
    return word.isupper() and (len(word) <= 5 or unspeakable)
