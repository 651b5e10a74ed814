"""The review tier: a full name of which one part is one slip of the pen away."""

from collections.abc import Iterator

from rapidfuzz.distance import OSA

from monitor.detect.names.join import Found, Part, parts_at
from monitor.detect.names.letters import coarse, fold, lower
from monitor.detect.names.patterns import Patterns, Person
from monitor.detect.names.scan import Scan, is_direct
from monitor.detect.names.tokens import Hit, common_name

_EXACT = 0.2


class Typos:
    """Slips, remembered by (tracked token, token of the text)."""

    def __init__(self, patterns: Patterns) -> None:
        self._patterns = patterns
        self._known: dict[tuple[int, str], bool] = {}

    def at(self, scan: Scan, at: int) -> Iterator[Found]:
        """Names whose exact part is at this token, with a slip in the token beside it."""
        for given in parts_at(scan, at, self._patterns.givens):
            if self._exact(scan, given) and self._beside(scan, at):
                for person in self._patterns.givens[given.token]:
                    if len(person.given) == 1:
                        yield from self._found(scan, person, given, at + 1)
        for family in parts_at(scan, at, self._patterns.families):
            if self._exact(scan, family) and self._beside(scan, at - 1):
                for person in self._patterns.families[family.token]:
                    if len(person.given) == 1:
                        yield from self._found(scan, person, family, at - 1)

    @staticmethod
    def _exact(scan: Scan, part: Part) -> bool:
        whole = part.end - part.start == scan.ends[part.at] - scan.starts[part.at]
        return whole and part.hit.cost <= _EXACT

    @staticmethod
    def _beside(scan: Scan, left: int) -> bool:
        return left >= 0 and left + 1 < len(scan) and is_direct(scan.gap(left, left + 1))

    def _found(self, scan: Scan, person: Person, part: Part, at: int) -> Iterator[Found]:
        is_given = at > part.at
        wanted = person.family if is_given else person.given[0]
        if is_given and part.hit.ending and not part.hit.given:
            return
        if not self._slips(wanted, scan.raws[at], shortest=6 if is_given else 5):
            return
        slip = Part(wanted, at, scan.starts[at], scan.ends[at], Hit(0.7))
        parts = (part, slip) if is_given else (slip, part)
        yield Found(
            person.entity, person.alias, parts[0].start, parts[1].end,
            "typo", 0.7 + part.hit.cost, parts,
        )  # fmt: skip

    def _slips(self, wanted: int, raw: str, shortest: int) -> bool:
        key = wanted, raw
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _is_slip(self._patterns.words[wanted], raw, shortest)
        return known


def _is_slip(canonical: str, raw: str, shortest: int) -> bool:
    """One edit in the coarse form, or the same letters in another order; both ends intact."""
    if len(canonical) < (10 if canonical.endswith(("qızı", "oğlu")) else shortest):
        return False
    folded, script = fold(raw)
    if script == "other" or not raw.isalpha():
        return False
    ours, theirs = coarse(canonical), coarse(folded)
    if len(ours) < 3 or ours[0] != theirs[:1] or ours[-2:] != theirs[-2:]:
        return False
    shuffled = len(canonical) >= 7 and sorted(ours) == sorted(theirs)
    if not shuffled and OSA.distance(ours, theirs, score_cutoff=1) > 1:
        return False
    return common_name(lower(raw)) in (None, canonical)
