"""Candidates: persons named in an arrest context who are not on the watchlist."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache

from db.records import Candidate, Mention
from monitor.detect.names import tables
from monitor.detect.names.index import common_name
from monitor.detect.names.letters import lower
from monitor.detect.names.scan import Scan, is_direct, is_role, looks_like_name
from monitor.detect.names.status import Verb, sentence_around, verbs
from monitor.detect.repair import repair

_NEAR = 90
_MOST = 25


def find_candidates(
    text: str, known: Sequence[Mention], lang: str | None = None
) -> list[Candidate]:
    """Given + family pairs within reach of an arrest verb, tracked people left out.

    `known` are the mentions found in the same text. Judges, lawyers and officials named in the
    sentence are left out by the role word before them. One candidate a name, 25 at most a text.
    """
    repaired = repair(text)
    verbs_here = _arrests(repaired.text)
    if not verbs_here:
        return []
    taken = _Taken(known)
    found: dict[str, Candidate] = {}
    for start, end, status, verb in _named(repaired.text, verbs_here):
        low, high = repaired.span(start, end)
        if taken.touches(low, high):
            continue
        name = " ".join(text[low:high].split())
        if len(found) < _MOST and name not in found:
            found[name] = Candidate(
                name=name, start=low, end=high, status=status,
                why=f"“{name}” stands near “{verb}” and is not on the watchlist.",
            )  # fmt: skip
    return list(found.values())


class _Taken:
    """The spans of known mentions."""

    def __init__(self, known: Sequence[Mention]) -> None:
        self._spans = sorted((mention.start, mention.end) for mention in known)

    def touches(self, start: int, end: int) -> bool:
        """Whether one of the last mentions that begin before `end` reaches beyond `start`."""
        at = bisect_left(self._spans, (end, end))
        return any(stop > start for _, stop in self._spans[max(0, at - 4) : at])


def _arrests(text: str) -> list[Verb]:
    wanted = set(tables.toml("status.toml")["arrest"])
    return [verb for verb in verbs(text, 0, len(text)) if verb.status in wanted]


def _named(text: str, arrests: list[Verb]) -> Iterator[tuple[int, int, str, str]]:
    scan = Scan(text, {})
    verb = 0
    for at in range(len(scan) - 1):
        start, end = scan.starts[at], scan.ends[at + 1]
        while verb < len(arrests) and arrests[verb].end < start - _NEAR:
            verb += 1
        if verb == len(arrests):
            return
        if arrests[verb].start > end + _NEAR or not _is_person(scan, at):
            continue
        near = _nearest(text, (start, end), arrests[verb : verb + 12])
        if near is not None:
            yield start, end, near.status, text[near.start : near.end]


def _nearest(text: str, span: tuple[int, int], arrests: list[Verb]) -> Verb | None:
    low, high = sentence_around(text, *span)
    near = [
        verb
        for verb in arrests
        if low <= verb.start and verb.end <= high and verb.start - span[1] <= _NEAR
    ]
    return min(near, key=lambda verb: max(span[0] - verb.end, verb.start - span[1]), default=None)


def _is_person(scan: Scan, at: int) -> bool:
    given, family = scan.raws[at], scan.raws[at + 1]
    if not is_direct(scan.gap(at, at + 1)) or "\n" in scan.gap(at, at + 1):
        return False
    if given.isupper() or is_role(given) or is_role(family) or _official(scan, at):
        return False
    if common_name(family) is None and not _family_like(family):
        return False
    return common_name(given) is not None or (
        _family_like(family) and not looks_like_name(scan.raws[at - 1] if at else "A")
        and len(given) > 2 and not _family_like(given)
    )  # fmt: skip


def _family_like(raw: str) -> bool:
    return len(raw) > 4 and _family_pattern().search(lower(raw)) is not None


@cache
def _family_pattern() -> re.Pattern[str]:
    endings = "|".join(sorted(tables.words("family_endings"), key=len, reverse=True))
    return re.compile(rf"(?:{endings})(?:[^\W\d_]{{0,4}}|['’-][^\W\d_]{{1,5}})\Z")


def _official(scan: Scan, at: int) -> bool:
    """A judge's, lawyer's, minister's name is not that of the arrested."""
    before = scan.text[max(0, scan.starts[at] - 40) : scan.starts[at]]
    words = [lower(word) for word in re.findall(r"[^\W\d_]+", before)[-2:]]
    return any(word.startswith(tuple(tables.words("official"))) for word in words)
