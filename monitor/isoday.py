"""Days known to the year, month or day: ISO prefixes, whose length is their precision.

`2026`, `2026-06` and `2026-06-14` are intervals; a full `2026-06-14T10:00:00Z` is a moment, and its
day counts. Invalid prefixes raise ValueError.
"""

import calendar
from datetime import UTC, date, datetime


def first_day(day: str) -> date:
    """The first day of the interval.

    >>> first_day("2026-06")
    datetime.date(2026, 6, 1)
    """
    year, month, dom = _parts(day)
    return date(year, month or 1, dom or 1)


def last_day(day: str) -> date:
    """The last day of the interval.

    >>> last_day("2024-02"), last_day("2026")
    (datetime.date(2024, 2, 29), datetime.date(2026, 12, 31))
    """
    year, month, dom = _parts(day)
    month = month or 12
    return date(year, month, dom or calendar.monthrange(year, month)[1])


def agree(one: str, other: str) -> bool:
    """Whether one is a prefix of the other: the same date, perhaps known less precisely.

    >>> agree("2024-12", "2024-12-12"), agree("2024-12-11", "2024-12-12")
    (True, False)
    """
    return one.startswith(other) or other.startswith(one)


def only_day(day: str) -> str:
    """The prefix without a time of day.

    >>> only_day("2026-06-14T10:00:00Z")
    '2026-06-14'
    """
    return day[:10]


def moment(when: datetime) -> str:
    """An aware datetime as it is stored: UTC, whole seconds.

    >>> from datetime import timezone, timedelta
    >>> moment(datetime(2026, 6, 14, 14, 0, tzinfo=timezone(timedelta(hours=4))))
    '2026-06-14T10:00:00Z'
    """
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_moment(text: str) -> datetime:
    """A stored time, or a user's: an ISO date or date-time; without a zone it is UTC."""
    when = datetime.fromisoformat(text)
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _parts(day: str) -> tuple[int, int | None, int | None]:
    year, *rest = (int(part) for part in only_day(day).split("-"))
    month = rest[0] if rest else None
    return year, month, rest[1] if len(rest) > 1 else None
