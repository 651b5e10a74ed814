"""What becomes of a source: its score, its interval, its open problems, its one word."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from db.health_rows import Health, Problem, Severity, State, Trouble
from monitor.health.causes import HARD, TEMPORARY
from monitor.health.troubles import failure

LONGEST_INTERVAL = timedelta(days=1)
GOOD_RUNS = 2  # that close a problem
HIGHEST_SCORE = 6.0  # more would only make the way back longer


def next_score(score: float, failed: float | None) -> float:
    """The score after a run that failed with this weight, or went well (None): then it halves."""
    if failed is not None:
        return min(score + failed, HIGHEST_SCORE)
    return score / 2 if score >= TEMPORARY else 0.0


def lengthened(every: timedelta, score: float) -> timedelta:
    """The interval of a source: × 1, 2, 4 … by its score, up to a day; never shorter than asked.

    >>> lengthened(timedelta(hours=2), 2.5), lengthened(timedelta(days=7), 6)
    (datetime.timedelta(seconds=28800), datetime.timedelta(days=7))
    """
    factor = 1 << int(score)
    return max(every, min(every * factor, LONGEST_INTERVAL))


def advance(
    known: Iterable[Problem], found: Iterable[Trouble], now: datetime
) -> tuple[Problem, ...]:
    """The open problems after a run: seen again, new, a good run nearer to closing, or closed.

    A run that could not read its source is no good run for any problem.
    """
    found = tuple(found)
    now_found = {trouble.cause: trouble for trouble in found}
    was_good = failure(found) is None
    kept = []
    for problem in known:
        trouble = now_found.pop(problem.cause, None)
        if trouble is not None:
            kept.append(_seen_again(problem, trouble, now))
        elif was_good:
            kept.append(_good_run(problem, now))
        else:
            kept.append(problem)
    return (*kept, *(_opened(trouble, now) for trouble in now_found.values()))


def state_of(problems: Iterable[Problem]) -> State:
    """The one word for a source with these problems.

    A single soft failure does not make a source failing: its failures must weigh 1 together.
    """
    open_ones = [problem for problem in problems if problem.closed_at is None]
    if any(_is_failing(problem) for problem in open_ones):
        return "failing"
    if any(problem.severity == "silent" for problem in open_ones):
        return "silent"
    return "degraded" if open_ones else "ok"


def leading(problems: Iterable[Problem]) -> Problem | None:
    """The problem to be told first: the worst, then the one seen last."""
    order: Mapping[Severity, int] = {"degraded": 0, "silent": 1, "failing": 2}
    open_ones = [problem for problem in problems if problem.closed_at is None]
    return max(open_ones, key=lambda one: (order[one.severity], one.last_seen), default=None)


def told_by(before: State, after: State) -> str | None:
    """The kind of flag that tells a change of state, or None: degraded sources raise none."""
    if after == before or {before, after} <= {"ok", "degraded"}:
        return None
    kinds: Mapping[State, str] = {"failing": "source_failing", "silent": "source_silent"}
    return kinds.get(after, "source_recovered")


def after_run(
    before: Health, problems: Iterable[Problem], found: Iterable[Trouble], now: datetime
) -> Health:
    """State, score and last failure after a run; a good run does not hide the last failure."""
    found = tuple(found)
    failed = failure(found)
    state = state_of(problems)
    return replace(
        before,
        state=state,
        since=before.since if state == before.state else now,
        score=next_score(before.score, failed),
        last_failure_at=before.last_failure_at if failed is None else now,
        last_failure=before.last_failure if failed is None else found[0].words,
    )


def _is_failing(problem: Problem) -> bool:
    return problem.severity == "failing" and problem.count * problem.weight >= HARD


def _seen_again(problem: Problem, trouble: Trouble, now: datetime) -> Problem:
    worse = "failing" in (problem.severity, trouble.severity)
    return replace(
        problem,
        severity="failing" if worse else trouble.severity,
        words=trouble.words,
        mend=trouble.mend,
        weight=max(problem.weight, trouble.weight),
        last_seen=now,
        count=problem.count + 1,
        good_runs=0,
    )


def _good_run(problem: Problem, now: datetime) -> Problem:
    good_runs = problem.good_runs + 1
    return replace(problem, good_runs=good_runs, closed_at=now if good_runs >= GOOD_RUNS else None)


def _opened(trouble: Trouble, now: datetime) -> Problem:
    return Problem(
        cause=trouble.cause,
        severity=trouble.severity,
        words=trouble.words,
        mend=trouble.mend,
        weight=trouble.weight,
        first_seen=now,
        last_seen=now,
    )
