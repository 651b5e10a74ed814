"""What a run shows to be wrong with its source."""

from collections.abc import Iterable, Mapping, Sequence
from statistics import median

from db.health_rows import RunFacts, Severity, Trouble
from monitor.health.causes import cause_of, trouble, weight

_FEW = 3  # articles: fewer say nothing about their source
_MANY_SHARE = 0.3
_MISSING_LEAST, _MISSING_SHARE = 5, 0.2
_READINGS = 10
_SHORT = 200  # characters
# Reasons of articles that say nothing about the source: no one asked, or the text decides.
_SILENT_REASONS = frozenset(("not reached", "extraction empty", "extraction time-out"))


def troubles(facts: RunFacts, *, only_watched: bool = False) -> tuple[Trouble, ...]:
    """What a run shows to be wrong, worst first; nothing if all is well.

    A source of which nothing could be read has one trouble: all others follow from it.
    `only_watched` sources have no endpoints but the pages themselves.
    """
    failed = {url: reason for url, reason in facts.endpoints.items() if reason is not None}
    if failed and len(failed) == len(facts.endpoints):
        return (_endpoint_trouble(failed, "failing"),)
    articles = _article_trouble(facts.visits, 1 if only_watched else _FEW)
    found = [
        articles,
        _endpoint_trouble(failed, "degraded") if failed else None,
        _layout(facts.lengths, facts.usual),
        _missing(facts.visits),
        *(trouble("empty", "degraded", url) for url in facts.empty[:1]),
        *(trouble("window missed", "degraded", url) for url in facts.windows_missed[:1]),
        trouble("behind", "degraded", f"{facts.behind} are due") if facts.behind else None,
        trouble("ours", "degraded", facts.error) if facts.error else None,
    ]
    return _one_a_cause(one for one in found if one is not None)


def failure(found: Iterable[Trouble]) -> float | None:
    """The weight of the failure if the run could read nothing of its source, else None."""
    weights = [one.weight for one in found if one.severity == "failing" and one.cause != "layout"]
    return max(weights, default=None)


def _endpoint_trouble(failed: Mapping[str, str], severity: Severity) -> Trouble:
    url, reason = max(failed.items(), key=lambda item: (weight(item[1]), item[0]))
    cause = cause_of(reason, "format")
    return trouble(cause, severity, f"{url} ({reason})", weight(reason))


def _article_trouble(visits: Mapping[tuple[str, str], int], least: int) -> Trouble | None:
    """A cause that keeps many articles from being read; one article says nothing."""
    asked = sum(n for (outcome, reason), n in visits.items() if _speaks(outcome, reason))
    good = sum(n for (outcome, _), n in visits.items() if outcome in ("stored", "unchanged"))
    by_cause: dict[str, dict[str, int]] = {}
    for (outcome, reason), n in visits.items():
        if outcome in ("failed", "blocked") and reason not in _SILENT_REASONS:
            cause = cause_of(reason, "unreachable")
            by_cause.setdefault(cause, {})[reason] = n
    if least > 1:
        by_cause.pop("address", None)  # single articles that are gone: see `_missing`
    cause, reasons = max(by_cause.items(), key=lambda one: sum(one[1].values()), default=("", {}))
    n = sum(reasons.values())
    if n < least or n <= _MANY_SHARE * asked:
        return None
    reason = max(reasons, key=lambda one: reasons[one])
    words = f"{n} of {asked} articles ({reason})"
    return trouble(cause, "degraded" if good else "failing", words, weight(reason))


def _speaks(outcome: str, reason: str) -> bool:
    asked = outcome in ("stored", "unchanged", "blocked", "failed")
    return asked and reason not in _SILENT_REASONS


def _missing(visits: Mapping[tuple[str, str], int]) -> Trouble | None:
    asked = sum(n for (outcome, reason), n in visits.items() if _speaks(outcome, reason))
    gone = sum(n for (_, reason), n in visits.items() if reason in ("404", "410", "soft 404"))
    if gone <= _MISSING_LEAST or gone <= _MISSING_SHARE * asked:
        return None
    return trouble("missing", "degraded", f"{gone} of {asked}")


def _layout(lengths: Sequence[int], usual: Sequence[int]) -> Trouble | None:
    """Whether the texts of the last ten readings are empty or short, and were not before."""
    if len(lengths) < _READINGS:
        return None
    known = len(usual) >= _READINGS
    share = _short_share(lengths, _SHORT if known else 1)
    before = _short_share(usual, _SHORT) if known else 0.0
    if share > _MANY_SHARE and share > 2 * before:
        what = "are empty or very short" if known else "are empty"
        return trouble(
            "layout", "failing", f"{share:.0%} of the last {len(lengths)} readings {what}"
        )
    if known and median(lengths) <= median(usual) / 2:
        shrunk = f"texts of {median(lengths):.0f} characters instead of {median(usual):.0f}"
        return trouble("layout", "failing", shrunk)
    return None


def _short_share(lengths: Sequence[int], limit: int) -> float:
    return sum(length < limit for length in lengths) / len(lengths)


def _one_a_cause(found: Iterable[Trouble]) -> tuple[Trouble, ...]:
    first: dict[str, Trouble] = {}
    for one in found:
        first.setdefault(one.cause, one)
    return tuple(first.values())
