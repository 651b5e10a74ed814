"""Each source's own rhythm: how long it may be silent, how much a week brings."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil, sqrt
from statistics import mean, pstdev

from db.health_rows import Arrivals, Trouble
from monitor.health.causes import trouble

_DAY = timedelta(days=1)
_SILENT_LEAST = _DAY
_SILENT_GAPS = 3
_FEWEST_GAPS = 10
_EXPECTED = timedelta(days=14)
_WEEKS_LEAST, _WEEKS_MOST = 4, 12


def usual_gap(times: Sequence[datetime]) -> timedelta | None:
    """The median time between two articles; None with fewer than ten gaps."""
    gaps = sorted(_gaps(times))
    return gaps[len(gaps) // 2] if len(gaps) >= _FEWEST_GAPS else None


def silence_limit(times: Sequence[datetime], expected: timedelta | None) -> timedelta:
    """How long a source may bring nothing new: 3 × the 95th percentile of its gaps, at least a day.

    With fewer than ten gaps what the configuration expects, or 14 days.
    """
    gaps = sorted(_gaps(times))
    if len(gaps) < _FEWEST_GAPS:
        return max(_SILENT_LEAST, expected or _EXPECTED)
    return max(_SILENT_LEAST, _SILENT_GAPS * gaps[ceil(0.95 * len(gaps)) - 1])


def silence(arrivals: Arrivals, expected: timedelta | None, now: datetime) -> Trouble | None:
    """Whether a source has been silent for longer than its own rhythm explains."""
    since = max((at for at in (arrivals.last, arrivals.since) if at is not None), default=now)
    if now - since <= silence_limit(arrivals.times, expected):
        return None
    usual = usual_gap(arrivals.times)
    rhythm = f"; usual gap {days(usual):.1f} d" if usual is not None else ""
    return trouble("silent", "silent", f"for {days(now - since):.1f} days{rhythm}")


def volume(arrivals: Arrivals, now: datetime) -> Trouble | None:
    """Whether the last week brought far fewer or far more articles than the weeks before.

    Below mean − 1.5 sd or above mean + 2 sd, of at least four weeks. A count varies by its square
    root at least; where the lower bound is below 0, only silence tells.
    """
    if arrivals.since is None:
        return None
    weeks = min(_WEEKS_MOST, (now - arrivals.since) // (7 * _DAY) - 1)
    if weeks < _WEEKS_LEAST:
        return None
    counts = [0] * (weeks + 1)
    for at in arrivals.times:
        ago = (now - at) // (7 * _DAY)
        if 0 <= ago <= weeks:
            counts[ago] += 1
    last, before = counts[0], counts[1:]
    middle = mean(before)
    spread = max(pstdev(before), sqrt(middle))
    if middle == 0 or middle - 1.5 * spread <= last <= middle + 2 * spread:
        return None
    return trouble("volume", "degraded", f"{last} in the last week, usually {middle:.0f}")


def _gaps(times: Sequence[datetime]) -> list[timedelta]:
    """Times between articles; those that came at one moment are one arrival."""
    return [later - earlier for earlier, later in pairwise(sorted(set(times)))]


def days(span: timedelta) -> float:
    """A time span as a number of days."""
    return span / _DAY
