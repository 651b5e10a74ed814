"""Deciding single tokens of a text: which tracked tokens each could be, at what cost."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.detect.names import tables
from monitor.detect.names.align import Match, consonants_agree
from monitor.detect.names.index import Index, Read, is_another_name
from monitor.detect.names.letters import fold, lower

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

# Some 60 MB of tokens that are nothing; beyond, the memo begins anew.
_MOST_REMEMBERED = 500_000

SLIP = "~"
SLIP_COST = 0.7


class _Probe(NamedTuple):
    start: int
    end: int
    form: str
    tail: str = ""


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
        if len(self.nothing) > _MOST_REMEMBERED:
            self.nothing.clear()
            self._fresh.clear()
        left = set(tokens) - self.nothing
        unknown = [token for token in left if token not in self.hits]
        if unknown:
            self._decide(unknown)
            left -= self.nothing
        return list(left)

    def _decide(self, tokens: list[str]) -> None:
        owned = [(token, probe) for token in tokens for probe in _probes(token)]
        pieces = dict[str, list[Piece]]()
        read = self.index.read([probe.form for _, probe in owned])
        for (token, probe), word in zip(owned, read, strict=True):
            hits = self._hits(probe, word) if word.candidates else {}
            if len(probe.form) == len(token):
                for at in self.index.slips(word):
                    hits.setdefault(at, Hit(SLIP_COST, SLIP))
            if hits:
                pieces.setdefault(token, []).append(Piece(probe.start, probe.end, hits))
        for token in tokens:
            self.learn(token, tuple(pieces.get(token, ())))
        self._fresh += tokens

    def _hits(self, probe: _Probe, word: Read) -> dict[int, Hit]:
        hits = {}
        for at, match in self.index.match(word).items():
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
    """Parts of a hyphenated token; a small last part is an ending (AXCP-nin) or bəy."""
    last = token[slice(*parts[-1])]
    kin = last in tables.words("kin_son") or last in tables.words("kin_daughter")
    if len(parts) == 2 and last in tables.words("honorific"):
        return [_Probe(0, len(token), token[slice(*parts[0])])]
    if len(parts) == 2 and last.islower() and len(last) <= 6 and not kin:
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
