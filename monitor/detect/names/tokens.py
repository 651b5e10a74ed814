"""Deciding single tokens of a text: which tracked tokens each could be, at what cost."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from monitor.detect.names import tables
from monitor.detect.names.align import Match, align, consonants_agree
from monitor.detect.names.endings import ending_of
from monitor.detect.names.keys import canonical_keys, keys, observed_words, prefixes
from monitor.detect.names.letters import Script, coarse, fold, lower

LONGEST_TOKEN = 60
_MARKS = "'’ʼ‘`´"
_HYPHENS = "-‐‑"
_SPLIT = re.compile(f"[{_HYPHENS}{_MARKS}]")
_GLUED = re.compile(r"(?<=[a-zəçşğıöüа-яёәҹҝһүө])(?=[A-ZƏÇŞĞİÖÜА-ЯӘҸҜҺҮӨ])")


class Hit(NamedTuple):
    """A token read as a tracked one: the ending found, and whether given names take such."""

    cost: float
    ending: str = ""
    given: bool = False


class Piece(NamedTuple):
    """A stretch of a token (offsets within it) and the tracked tokens it may be."""

    start: int
    end: int
    hits: dict[int, Hit]


Decision = tuple[Piece, ...]


class _Probe(NamedTuple):
    start: int
    end: int
    form: str
    tail: str = ""


class Index:
    """Tracked tokens, found through their candidate keys."""

    def __init__(self, words: Sequence[str]) -> None:
        self.words = words
        self._foreign = {at for at, word in enumerate(words) if _is_foreign(word)}
        self._keys: dict[str, int | tuple[int, ...]] = {}
        for at, found in enumerate(canonical_keys(words)):
            for key in found:
                known = self._keys.get(key)
                if known is None:
                    self._keys[key] = at
                else:
                    self._keys[key] = (*_ids(known), at)
        self._coarse: dict[int, str] = {}

    def candidates(self, key: str) -> list[int]:
        """Tracked tokens that could begin a token with this key."""
        found: list[int] = []
        for prefix in prefixes(key):
            known = self._keys.get(prefix)
            if known is not None:
                found += _ids(known)
        return found

    def candidates_of(self, form: str) -> dict[int, None]:
        """Tracked tokens that a word of the text could begin with."""
        found = keys(observed_words(form))
        return dict.fromkeys(at for key in found for at in self.candidates(key))

    def match(self, form: str, candidates: Iterable[int]) -> dict[int, Match]:
        """Which of the candidates one word of the text can be read as."""
        folded, script = fold(form)
        rough = coarse(folded)
        found: dict[int, Match] = {}
        for at in candidates:
            word = self.words[at]
            if at in self._foreign:
                match = _same_script(word, folded, script)
            elif script == "other" or not self._near(at, rough):
                continue
            else:
                match = align(word, folded, script)
            if match is not None:
                found[at] = match
        return found

    def _near(self, at: int, rough: str) -> bool:
        ours = self._coarse.get(at)
        if ours is None:
            ours = self._coarse[at] = coarse(self.words[at])
        size = len(ours)
        allowed = 2 if size < 4 else 3 if size < 7 else 4
        return OSA.distance(ours, rough[: size + 1], score_cutoff=allowed) <= allowed


def _ids(known: int | tuple[int, ...]) -> tuple[int, ...]:
    return (known,) if isinstance(known, int) else known


def _is_foreign(word: str) -> bool:
    return fold(word)[1] != "latin"


def _same_script(word: str, observed: str, script: Script) -> Match | None:
    """Aliases in another alphabet match letter by letter, with an ending of their language."""
    ours, theirs = fold(word)
    if theirs != script:
        return None
    if observed == ours:
        return Match(0.0, None)
    stem = ours[:-1] if script == "cyrillic" and ours[-1] in "аяоеыий" and len(ours) > 3 else ours
    if not observed.startswith(stem):
        return None
    rest = observed[len(stem) :]
    ending = ending_of("b", rest, script) or ending_of("a", rest, script)
    return None if ending is None and rest else Match(ending.cost if ending else 0.05, ending)


@cache
def lexicon() -> Index:
    """The names that are common in Azerbaijan, tracked or not."""
    return Index(tuple(dict.fromkeys(word.lower() for word in _azerbaijani_lexicon())))


def _azerbaijani_lexicon() -> list[str]:
    return [word.replace("İ", "i").replace("I", "ı") for word in tables.lines("lexicon.txt")]


@cache
def _commonest(form: str) -> tuple[float, str] | None:
    index = lexicon()
    matches = index.match(form, index.candidates_of(form))
    return min(((match.cost, index.words[at]) for at, match in matches.items()), default=None)


def common_name(form: str) -> str | None:
    """The common name a word is a plain spelling of, if it is one."""
    best = _commonest(form)
    return best[1] if best is not None and best[0] <= 0.15 else None


def is_another_name(form: str, word: str, cost: float) -> bool:
    """The cluster veto: a common name explains the form clearly better than `word` does."""
    best = _commonest(form) if cost >= 0.1 else None
    return best is not None and best[0] <= 0.15 and best[0] + 0.1 <= cost and best[1] != word


class Decider:
    """The memo over an index: every capitalised token is decided once."""

    def __init__(self, words: Sequence[str], acronyms: frozenset[str]) -> None:
        self.index = Index(words)
        self._acronyms = {lower(word): word for word in acronyms}
        self.hits: dict[str, Decision] = {}
        self.nothing: set[str] = set()
        self._fresh: list[str] = []

    def live(self, tokens: Iterable[str]) -> list[str]:
        """The tokens that may be tracked ones, each once; unknown ones are decided on the way."""
        left = set(tokens) - self.nothing
        unknown = [token for token in left if token not in self.hits]
        if unknown:
            self._decide(unknown)
            left -= self.nothing
        return list(left)

    def _decide(self, tokens: list[str]) -> None:
        probes = [(token, probe) for token in tokens for probe in _probes(token)]
        pieces = dict[str, list[Piece]]()
        for (token, probe), found in zip(probes, self._candidates(probes), strict=True):
            if found:
                hits = self._hits(probe, found)
                if hits:
                    pieces.setdefault(token, []).append(Piece(probe.start, probe.end, hits))
        for token in tokens:
            self.learn(token, tuple(pieces.get(token, ())))
        self._fresh += tokens

    def _candidates(self, probes: list[tuple[str, _Probe]]) -> list[dict[int, None]]:
        owners: list[int] = []
        words: list[str] = []
        for at, (_, probe) in enumerate(probes):
            for word in observed_words(probe.form):
                owners.append(at)
                words.append(word)
        found: list[dict[int, None]] = [{} for _ in probes]
        for at, key in zip(owners, keys(words), strict=True) if words else ():
            for candidate in self.index.candidates(key):
                found[at][candidate] = None
        return found

    def _hits(self, probe: _Probe, candidates: Iterable[int]) -> dict[int, Hit]:
        hits = {}
        for at, match in self.index.match(probe.form, candidates).items():
            if self._refused(at, probe, match):
                continue
            code = match.ending.code if match.ending else f"'{probe.tail}" if probe.tail else ""
            given = match.ending.given if match.ending else not probe.tail
            hits[at] = Hit(round(match.cost, 3), code, given)
        return hits

    def _refused(self, at: int, probe: _Probe, match: Match) -> bool:
        word = self.index.words[at]
        if probe.tail and match.ending:
            return True
        if word in self._acronyms:
            return not probe.form.startswith(self._acronyms[word])
        if match.cost > 0.1 and not self._spelt_alike(word, probe.form):
            return True
        return is_another_name(probe.form, word, match.cost)

    @staticmethod
    def _spelt_alike(word: str, form: str) -> bool:
        folded, script = fold(form)
        written_in_az = script == "latin" and ("ə" in form or "Ə" in form)
        return not written_in_az or consonants_agree(word, folded)

    def learn(self, token: str, decision: Decision) -> None:
        """Remember what a token is."""
        if decision:
            self.hits[token] = decision
        else:
            self.nothing.add(token)

    def fresh(self) -> dict[str, str]:
        """Decisions made since the last call, written compactly."""
        made = {token: write(self.hits.get(token, ())) for token in self._fresh}
        self._fresh = []
        return made


def _probes(token: str) -> list[_Probe]:
    """The ways to cut a token into name and ending, or into names."""
    if len(token) > LONGEST_TOKEN:
        return []
    if token.isalpha():
        glued = _GLUED.search(token)
        if glued is None:
            return [_Probe(0, len(token), token)]
        cut = glued.start()
        whole = _Probe(0, len(token), token)
        return [whole, _Probe(0, cut, token[:cut]), _Probe(cut, len(token), token[cut:])]
    return _compound(token)


def _compound(token: str) -> list[_Probe]:
    parts: list[tuple[int, int]] = []
    start = 0
    for mark in _SPLIT.finditer(token):
        parts.append((start, mark.start()))
        start = mark.end()
    parts.append((start, len(token)))
    whole = _Probe(0, len(token), _SPLIT.sub("", token))
    if any(mark in token for mark in _HYPHENS):
        return [whole, *_parts(token, parts)]
    if len(parts) == 2 and parts[0][1] <= 2:
        return [whole, _Probe(*parts[1], token[slice(*parts[1])])]
    tail = token[slice(*parts[-1])]
    if len(tail) > 6:
        return [whole]
    head = _SPLIT.sub("", token[: parts[-1][0]])
    return [_Probe(0, len(token), head, tail), whole]


def _parts(token: str, parts: list[tuple[int, int]]) -> list[_Probe]:
    """Parts of a hyphenated token; a small last part is an ending (AXCP-nin)."""
    last = token[slice(*parts[-1])]
    if len(parts) == 2 and last.islower() and len(last) <= 6:
        return [_Probe(0, len(token), token[slice(*parts[0])], last)]
    return [_Probe(*part, token[slice(*part)]) for part in parts if part[1] - part[0] > 2]


def write(decision: Decision) -> str:
    """A decision as one short string, "" for nothing."""
    return "|".join(
        f"{piece.start},{piece.end}:"
        + ";".join(
            f"{at}={hit.cost:g}{'+' if hit.given else '-'}{hit.ending}"
            for at, hit in piece.hits.items()
        )
        for piece in decision
    )


_WRITTEN = re.compile(r"(\d+)=([\d.]+)([+-])(.*)", re.S)


def read(text: str) -> Decision:
    """The decision `write` wrote.

    >>> read(write((Piece(0, 5, {3: Hit(0.05, "ru:а", True)}),)))
    (Piece(start=0, end=5, hits={3: Hit(cost=0.05, ending='ru:а', given=True)}),)
    """
    return tuple(_read_piece(piece) for piece in text.split("|")) if text else ()


def _read_piece(text: str) -> Piece:
    span, _, hits = text.partition(":")
    start, end = span.split(",")
    found = {}
    for hit in hits.split(";"):
        match = _WRITTEN.fullmatch(hit)
        if match is None:
            raise ValueError(f"not a token decision: {text}")
        found[int(match[1])] = Hit(float(match[2]), match[4], match[3] == "+")
    return Piece(int(start), int(end), found)
