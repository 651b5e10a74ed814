"""What the health of a source is judged by, and what is remembered of it.

`monitor.health` judges these values; `db.health` reads and stores them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Severity = Literal["degraded", "silent", "failing"]
State = Literal["ok", "degraded", "silent", "failing"]


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What only the run itself knows.

    `empty` and `windows_missed` are endpoints that showed nothing, and feeds that show nothing of
    what they showed the last time; `error` is what went wrong on our side; `whole` says that all
    known articles that were due were to be visited.
    """

    empty: tuple[str, ...] = ()
    windows_missed: tuple[str, ...] = ()
    error: str | None = None
    whole: bool = True


@dataclass(frozen=True, kw_only=True)
class RunFacts:
    """What one finished run tells about its source.

    `endpoints` are the addresses that were asked for with the reason why one could not be read, or
    None; `visits` counts the articles asked for by (outcome, reason). `behind` articles of the last
    week were not asked for although a day has passed. `lengths` are the characters of the last ten
    readings, 0 where no text was found, `usual` those of earlier ones. The others are as in `Seen`.
    """

    endpoints: Mapping[str, str | None] = field(default_factory=dict)
    visits: Mapping[tuple[str, str], int] = field(default_factory=dict)
    empty: tuple[str, ...] = ()
    windows_missed: tuple[str, ...] = ()
    behind: int = 0
    lengths: tuple[int, ...] = ()
    usual: tuple[int, ...] = ()
    error: str | None = None


@dataclass(frozen=True, kw_only=True)
class Arrivals:
    """When a source brought articles in the last 90 days, oldest first.

    `last` is the newest ever, `since` the time from which silence and volume are measured: the
    source's first run, or when it was taken up again.
    """

    times: tuple[datetime, ...] = ()
    last: datetime | None = None
    since: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """One thing that is wrong with a source now: cause, how bad, and what may mend it.

    `weight` is that of one failure (hard 1, soft 0.5, temporary 0.25).
    """

    cause: str
    severity: Severity
    words: str
    mend: str
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Problem:
    """A trouble as it is remembered: one open row a source and cause.

    `id` is None until stored; `good_runs` counts the good runs since it was last seen.
    """

    cause: str
    severity: Severity
    words: str
    mend: str
    weight: float
    first_seen: datetime
    last_seen: datetime
    count: int = 1
    good_runs: int = 0
    closed_at: datetime | None = None
    id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Health:
    """How a source is: its state as it was last told, since when, and its score of failures."""

    state: State = "ok"
    since: datetime | None = None
    score: float = 0.0
    last_failure_at: datetime | None = None
    last_failure: str | None = None
    usual_gap_days: float | None = None
    last_new_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Copies:
    """How many versions have a copy at the Internet Archive, wait for one, or were given up.

    `in_vain` are the pages asked for since one was saved last, `error` is what came of the last.
    """

    saved: int
    waiting: int
    given_up: int
    in_vain: int
    error: str | None
