"""Weighted alignment: what it costs to read an observed token as a tracked one.

The tracked token is Azerbaijani; the correspondence table says how each of its letters may be
written. A dynamic program walks over (tracked position → {observed position: cost}).
"""

from dataclasses import dataclass
from functools import cache, lru_cache

from monitor.detect.names import tables
from monitor.detect.names.endings import VOWELS, Ending, ending_of, replacing, softened
from monitor.detect.names.letters import Script

ENDING_SLACK = 0.1
_LIMITS = (0.3, 0.3, 0.3, 0.3, 0.45, 0.6, 0.8, 0.8)

# First observed letter → (grapheme, its length, tracked letters it covers, cost).
_Steps = dict[str, tuple[tuple[str, int, int, float], ...]]


def limit_of(canonical: str) -> float:
    """The cost up to which a token of this length is accepted."""
    return _LIMITS[len(canonical)] if len(canonical) < len(_LIMITS) else 1.0


@dataclass(frozen=True, slots=True)
class Match:
    """An observed token read as a tracked one; `ending` is None where it has none."""

    cost: float
    ending: Ending | None


@cache
def _longest() -> int:
    return max(len(letters) for letters in tables.correspondences()["latin"])


@cache
def _inserted(alphabet: str) -> dict[str, float]:
    costs: dict[str, float] = tables.toml("letters.toml")["inserted"][alphabet]
    return costs


@lru_cache(maxsize=65_536)
def _steps(ahead: str, before: str, alphabet: str) -> tuple[_Steps, float]:
    """The steps from one tracked position, and the cost of leaving its letter out."""
    table = tables.correspondences()[alphabet]
    found: dict[str, list[tuple[str, int, int, float]]] = {}
    for width in range(1, len(ahead) + 1):
        for grapheme, cost in table.get(ahead[:width], ()):
            if grapheme:
                step = (grapheme, len(grapheme), width, cost)
                found.setdefault(grapheme[0], []).append(step)
    if ahead[0] not in table:
        found.setdefault(ahead[0], []).append((ahead[0], 1, 1, 0.0))
    return {letter: tuple(steps) for letter, steps in found.items()}, _missing(ahead, before, table)


def _missing(ahead: str, before: str, table: dict[str, tuple[tuple[str, float], ...]]) -> float:
    """Only h may be missing at either end (Tale, Taleh), a doubled letter anywhere."""
    if before == ahead[0]:
        return 0.0
    if ahead[0] != "h" and (not before or len(ahead) == 1):
        return 9.0
    return next((cost for grapheme, cost in table.get(ahead[0], ()) if not grapheme), 9.0)


@lru_cache(maxsize=65_536)
def _plan(canonical: str, alphabet: str) -> tuple[tuple[_Steps, float], ...]:
    width = _longest()
    return tuple(
        _steps(canonical[at : at + width], canonical[at - 1] if at else "", alphabet)
        for at in range(len(canonical))
    )


def alphabet_of(script: Script) -> str:
    """Armenian and Georgian are folded to Azerbaijani letters, so they are read as Latin."""
    return "cyrillic" if script == "cyrillic" else "latin"


def align(canonical: str, observed: str, script: Script) -> Match | None:
    """The cheapest reading of a folded token as `canonical` with an allowed ending, or None."""
    limit = limit_of(canonical)
    rows = _walk(canonical, observed, alphabet_of(script), limit)
    best: Match | None = None
    for at, cost in rows[-1].items():
        best = _better(best, _ended(canonical, observed[at:], script, cost), limit)
    if canonical[-1] in "aəyqk":
        for at, cost in rows[-2].items():
            best = _better(best, _changed(canonical, observed[at:], script, cost), limit)
    return best


def _walk(canonical: str, observed: str, alphabet: str, limit: float) -> list[dict[int, float]]:
    """For every tracked position, the observed positions reached and the cheapest cost of each."""
    plan, inserted = _plan(canonical, alphabet), _inserted(alphabet)
    rows: list[dict[int, float]] = [{} for _ in range(len(plan) + _longest())]
    rows[0][0] = 0.0
    length = len(observed)
    for at, (steps, missing) in enumerate(plan):
        row = rows[at]
        if not row:
            continue
        if at:
            _insert(row, observed, inserted, limit)
        for seen, cost in row.items():
            total = cost + missing
            if total <= limit and total < rows[at + 1].get(seen, 9.0):
                rows[at + 1][seen] = total
            if seen == length:
                continue
            for grapheme, size, width, extra in steps.get(observed[seen], ()):
                total = cost + extra
                if total <= limit and (size == 1 or observed.startswith(grapheme, seen)):
                    after = rows[at + width]
                    if total < after.get(seen + size, 9.0):
                        after[seen + size] = total
    return rows[: len(plan) + 1]


def _insert(row: dict[int, float], observed: str, inserted: dict[str, float], limit: float) -> None:
    """Let extra letters of the text pass, from left to right."""
    for start in sorted(row):
        seen, cost = start, row[start]
        while seen < len(observed):
            cost += inserted.get(observed[seen], 9.0)
            seen += 1
            if cost > limit or cost >= row.get(seen, 9.0):
                break
            row[seen] = cost


def _better(best: Match | None, match: Match | None, limit: float) -> Match | None:
    if match is None or match.cost > limit + (ENDING_SLACK if match.ending else 0.0):
        return best
    return match if best is None or match.cost < best.cost else best


def _ended(canonical: str, rest: str, script: Script, cost: float) -> Match | None:
    if not rest:
        return Match(cost, None)
    ending = ending_of(canonical, rest, script)
    return None if ending is None else Match(cost + ending.cost, ending)


def _changed(canonical: str, rest: str, script: Script, cost: float) -> Match | None:
    """The last letter gave way to the ending: Гасанова, Гасановой; Атабай, Атабая; Babəyin."""
    last = canonical[-1]
    if not rest or (last in "aə" and rest in ("а", "я")):
        return None
    ending = softened(canonical, rest) if last in "qk" else replacing(last, rest, script)
    return None if ending is None else Match(cost + ending.cost, ending)


def consonants_agree(canonical: str, observed: str) -> bool:
    """The spelling veto: a token written with ə is Azerbaijani, so consonants must be the same."""
    ours, theirs = _consonants(canonical), _consonants(observed)
    if theirs[: len(ours)] == ours:
        return True
    return ours[-1:] in ("q", "k") and theirs[: len(ours) - 1] == ours[:-1]


@lru_cache(maxsize=16_384)
def _consonants(word: str) -> str:
    kept = "".join(letter for letter in word if letter not in VOWELS and letter != "y")
    return "".join(letter for at, letter in enumerate(kept) if at == 0 or letter != kept[at - 1])


@lru_cache(maxsize=16_384)
def trace(canonical: str, observed: str, script: Script) -> tuple[tuple[str, str, float], ...]:
    """The letters of the cheapest reading: (tracked letters, spelling, cost), ending left out.

    >>> trace("cəlal", "джалала", "cyrillic")
    (('c', 'дж', 0.0), ('ə', 'а', 0.0), ('l', 'л', 0.0), ('a', 'а', 0.0), ('l', 'л', 0.0))
    """
    match = align(canonical, observed, script)
    if match is None:
        return ()
    alphabet, limit = alphabet_of(script), limit_of(canonical)
    rows = _walk(canonical, observed, alphabet, limit)
    paid = match.cost - (match.ending.cost if match.ending else 0.0)
    for row in (len(canonical), len(canonical) - 1):
        for seen, cost in sorted(rows[row].items(), reverse=True):
            if abs(cost - paid) < 1e-9:
                return _back(canonical, observed, alphabet, rows, (row, seen))
    return ()


def _back(
    canonical: str,
    observed: str,
    alphabet: str,
    rows: list[dict[int, float]],
    last: tuple[int, int],
) -> tuple[tuple[str, str, float], ...]:
    steps: list[tuple[str, str, float]] = []
    at, seen = last
    while at or seen:
        here = _previous(canonical, observed, alphabet, rows, (at, seen))
        if here is None:
            break
        before, seen_before, cost = here
        steps.append((canonical[before:at], observed[seen_before:seen], cost))
        at, seen = before, seen_before
    return tuple(reversed(steps))


def _previous(
    canonical: str,
    observed: str,
    alphabet: str,
    rows: list[dict[int, float]],
    here: tuple[int, int],
) -> tuple[int, int, float] | None:
    at, seen = here
    for width in range(0, min(at, _longest()) + 1):
        for size in range(0, min(seen, 5) + 1):
            cost = _step_cost(canonical, observed[seen - size : seen], alphabet, (at - width, at))
            before = rows[at - width].get(seen - size)
            if cost is None or before is None or not (width or size):
                continue
            if abs(before + cost - rows[at][seen]) < 1e-9:
                return at - width, seen - size, cost
    return None


def _step_cost(canonical: str, spelt: str, alphabet: str, span: tuple[int, int]) -> float | None:
    start, end = span
    if start == end:
        return _inserted(alphabet).get(spelt) if len(spelt) == 1 else None
    steps, missing = _plan(canonical, alphabet)[start]
    if not spelt:
        return missing if end - start == 1 and missing < 9 else None
    options = steps.get(spelt[0], ())
    costs = [cost for g, _, width, cost in options if g == spelt and width == end - start]
    return min(costs, default=None)
