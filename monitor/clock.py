"""The one place that asks what time it is; `--now` and MONITOR_NOW set it for demos and replays."""

import os
from datetime import UTC, datetime

from monitor.exceptions import BadInput
from monitor.isoday import parse_moment

VARIABLE = "MONITOR_NOW"


def now() -> datetime:
    """The time, aware and in UTC: the system's, or the one set for this process and its children.

    Raises BadInput if MONITOR_NOW is not an ISO time.
    """
    fixed = os.environ.get(VARIABLE)
    return datetime.now(UTC) if fixed is None else _parse(fixed)


def set_now(text: str) -> None:
    """Fix the time for this process and the workers it starts; raises BadInput if not ISO."""
    _parse(text)
    os.environ[VARIABLE] = text


def _parse(text: str) -> datetime:
    try:
        return parse_moment(text)
    except ValueError:
        raise BadInput(f"{text!r} is not an ISO time; write it like 2026-06-14T10:00:00Z") from None
