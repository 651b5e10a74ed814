"""The noun phrase after a number: whom or what it counts, read word by word."""

import re
from bisect import bisect_left
from dataclasses import dataclass, field

from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.sentence import Landmarks, Sentence
from monitor.detect.counts.text import Word

STRANGERS = 4
"""Words of no table that may stand before the noun ("63 newly jailed opposition journalists")."""
_NOUNS = ("cat", "generic", "subset", "unit", "member")
_PLURAL = re.compile(r"l[aəe]r(?:[iuü]n?[aəe]?|[aəe]|d[aəe]n?|[iuü]n[iuü]n?)?$")
_VERBS = {
    **dict.fromkeys(
        ("ru", "uk"),
        re.compile(r"\w+(?:ли|лись|ло|лось|[уюая]т|[уюая]тся|[еи]т|[еи]тся|[нт]ы|[нт]і)"),
    ),
    **dict.fromkeys(
        ("az", "tr"), re.compile(r"\w{2,}(?:[iuü]r|[iuü]b|m[iuü]şd[iuü]|[iuü]rd[iuü])")
    ),
}
"""Words after a number that are verbs: the noun is left out ("75 ждут суда", "26 göstərilir")."""
_SHORT_PARTICIPLE = re.compile(r"[нт][ыі]$")
"""Russian, Ukrainian short participles: after 2, 3, 4 a noun may end so ("3 газеты")."""
_EN_VERB = re.compile(
    r"left|went|came|got|sat|won|lost|appear|figure|feature|await|sit|come|work|serve|[a-z]{3,}ed"
)
"""English verbs after a number without a noun: "eleven left prison"."""
_PARTICIPLES = {
    "ru": re.compile(r"\w+(?:нных|емых|имых|вших|ющих|ящих|тых)(?:ся)?|\w+н(?:ный|ая)"),
    "uk": re.compile(r"\w+(?:них|их)"),
}
"""Participles that stand for people where no noun follows: "392 включенных в список"."""
_DEMONYMS = {
    "en": re.compile(r"\w+(?:ians|ans|ns|is|ers|ks|ds)"),
    **dict.fromkeys(("ru", "uk"), re.compile(r"\w+(?:ян|цев|ців|ов|ев|ан|янам|цам|усам|инам)")),
    "az": re.compile(r"\w+l[iuü](?:n[iuü]|s[iuü])?"),
}
"""Names of a country's people in the plural, or after a number."""
_OF = re.compile(r"of (?:the|these|those|our|your|their|its|his|her|all) |of ")
_STOPS = ("stop", "respectively", "place", "dir", "change", "than", "past")
VERBS = ("out", "in", "arrest", "death", "captive")
"""Tables of verbs that may follow a bare number at once, or describe a noun before it."""
_BREAKS = frozenset(",;:()./!?…–|\n")


@dataclass(slots=True)
class NounPhrase:
    """What follows a number: its known nouns in order, where it ends, and what stopped it.

    `bare` says that no noun follows at once; `strangers` counts unknown words; `verb_first` tells
    that the first of them was a verb of captivity or release, `verb` that some verb follows;
    `first` is the first unknown word.
    """

    end: int
    marks: list[Mark] = field(default_factory=list)
    strangers: int = 0
    verb_first: bool = False
    verb: bool = False
    stop: str = ""
    first: str = ""

    def last(self, label: str) -> Mark | None:
        """The last noun of a table: in these languages the head comes last."""
        return next((mark for mark in reversed(self.marks) if mark.label == label), None)

    @property
    def bare(self) -> bool:
        return not self.marks and not self.strangers

    @property
    def is_unit(self) -> bool:
        """Whether the number measures something that is no person (years, manats, votes)."""
        return bool(self.marks) and self.marks[0].label == "unit"


def noun_phrase(sentence: Sentence, number: Number, start: int | None = None) -> NounPhrase:
    """Read the noun phrase that begins after a number (or at `start`)."""
    position = number.end if start is None else start
    phrase = NounPhrase(end=position)
    position = _past_of(sentence, position)
    for token in sentence.tokens[bisect_left(sentence.tokens, position, key=_start) :]:
        if token.start < position:
            continue
        if _BREAKS & set(sentence.folded[position : token.start]):
            phrase.stop = "break"
            break
        after = _advance(sentence, number, phrase, token)
        if after is None:
            break
        position = after
        if phrase.marks and phrase.marks[-1].label == "unit":
            break
    return _done(phrase, position, sentence.lang)


def _advance(sentence: Sentence, number: Number, phrase: NounPhrase, token: Word) -> int | None:
    """Where the phrase goes on after a word; None where it ends, at what `phrase.stop` says."""
    nouns, stops, _, skipped = _landmarks(sentence)
    bound = skipped.get(token.start)
    if bound is not None and phrase.bare:
        return bound.end
    mark = nouns.get(token.start)
    if mark is None:
        people = _people_of(sentence, token, phrase)
        if people is None:
            return _past_stranger(sentence, number, phrase, token)
        phrase.marks.append(people)
        return people.end
    if _is_plural(sentence, mark) or _ends_here(sentence, token.start, stops, mark):
        phrase.stop = "break" if _begins_number(sentence, token.start) else token.low
        return None
    phrase.marks.append(mark)
    return mark.end


def _past_stranger(
    sentence: Sentence, number: Number, phrase: NounPhrase, token: Word
) -> int | None:
    """The end of a word of no table before the noun; None where it ends the phrase."""
    nouns, stops, verbs, _ = _landmarks(sentence)
    if _is_adjective(sentence, token, nouns):
        return token.end
    ended = bool(phrase.marks) or phrase.strangers >= STRANGERS
    if ended or _ends_here(sentence, token.start, stops, None) or token.low.isdigit():
        phrase.stop = "break" if _begins_number(sentence, token.start) else token.low
        return None
    if not phrase.strangers and _is_verb(sentence, token, number):
        phrase.stop, phrase.verb = token.low, True
        return None
    phrase.verb_first |= not phrase.strangers and token.start in verbs
    phrase.first = phrase.first or token.low
    phrase.strangers += 1
    return token.end


def _past_of(sentence: Sentence, position: int) -> int:
    """Where the noun may begin in "32 of its members"; "of them" and "of the 40" stay."""
    match = _OF.match(sentence.folded, position + 1) if sentence.lang == "en" else None
    if match is None or sentence.after("part", position, 2) is not None:
        return position
    return position if sentence.folded[match.end()].isdigit() else match.end()


def _people_of(sentence: Sentence, word: Word, phrase: NounPhrase) -> Mark | None:
    """The people of a country as the noun itself: "seven Azerbaijanis", "1 302 россиян"."""
    demonym = _DEMONYMS.get(sentence.lang)
    if demonym is None or phrase.marks or demonym.fullmatch(word.low) is None:
        return None
    named = any(mark.start == word.start for mark in sentence.marks.get("place", ()))
    return Mark("generic", "", word.start, word.end) if named else None


def _is_verb(sentence: Sentence, word: Word, number: Number) -> bool:
    """Whether a verb follows the number at once; Russian nouns after 21, 31 … may end like one."""
    verb = _VERBS.get(sentence.lang)
    if verb is None or len(word.low) < 4 or verb.fullmatch(word.low) is None:
        return False
    if sentence.folded[word.end : word.end + 1] == "-":
        return False
    if _SHORT_PARTICIPLE.search(word.low):
        return (
            number.people or number.value % 10 not in (1, 2, 3, 4) or number.value in range(11, 15)
        )
    return sentence.turkic or number.value % 10 != 1


def _is_plural(sentence: Sentence, mark: Mark) -> bool:
    """Whether a noun is plural where numbers take the singular: it belongs to another phrase."""
    if not sentence.turkic or mark.label == "unit":
        return False
    return _PLURAL.search(sentence.text(mark.start, mark.end)) is not None


def _done(phrase: NounPhrase, position: int, lang: str) -> NounPhrase:
    participle = _PARTICIPLES.get(lang) if phrase.strangers == 1 and phrase.stop else None
    if not phrase.marks and participle and participle.fullmatch(phrase.first):
        phrase.marks.append(Mark("generic", "", position - len(phrase.first), position))
    phrase.end = position if phrase.marks else phrase.end
    if not phrase.marks and phrase.strangers and _EN_VERB.fullmatch(phrase.first):
        phrase.strangers, phrase.verb = 0, True
    if not phrase.marks and phrase.verb_first:
        phrase.strangers = 0
    return phrase


def _ends_here(sentence: Sentence, start: int, stops: set[int], mark: Mark | None) -> bool:
    if start in stops and (mark is None or mark.label == "generic"):
        return True
    return sentence.is_dated(start) or _begins_number(sentence, start)


def _begins_number(sentence: Sentence, start: int) -> bool:
    return any(number.start == start for number in sentence.numbers)


def _is_adjective(sentence: Sentence, word: Word, nouns: dict[int, Mark]) -> bool:
    """Whether the name of a country only describes the noun: "17 Azerbaijani journalists"."""
    named = any(mark.start == word.start for mark in sentence.marks.get("place", ()))
    following = nouns.get(word.end + 1) if named else None
    return following is not None and following.label in ("cat", "subset")


def _landmarks(sentence: Sentence) -> Landmarks:
    """Where nouns, stops, verbs and qualifiers start, worked out once a sentence."""
    if sentence.landmarks is None:
        sentence.landmarks = (
            _by_start(sentence),
            {mark.start for label in _STOPS for mark in sentence.marks.get(label, ())},
            {mark.start for label in VERBS for mark in sentence.marks.get(label, ())},
            {mark.start: mark for mark in sentence.marks.get("qualifier_after", ())},
        )
    return sentence.landmarks


def _start(word: Word) -> int:
    return word.start


def _by_start(sentence: Sentence) -> dict[int, Mark]:
    """The noun that starts at an offset; a longer one wins, then the order of the tables."""
    found: dict[int, Mark] = {}
    for label in reversed(_NOUNS):
        for mark in sentence.marks.get(label, ()):
            other = found.get(mark.start)
            if other is None or mark.end >= other.end:
                found[mark.start] = mark
    return found
