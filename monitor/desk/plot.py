"""A chart of several series on one pair of axes, as plain numbers for an SVG."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 20, 36
TICKS = 5


@dataclass(frozen=True)
class Line:
    """One series: its name, the `d` of its path, and its points as (x, y, value, day)."""

    name: str
    path: str
    points: tuple[tuple[float, float, int, str], ...]


@dataclass(frozen=True)
class Plot:
    """Lines with the ticks of both axes; (place, label) each."""

    lines: tuple[Line, ...]
    rows: tuple[tuple[float, str], ...]
    columns: tuple[tuple[float, str], ...]
    size: tuple[int, int] = (WIDTH, HEIGHT)
    frame: tuple[int, int, int, int] = (LEFT, TOP, WIDTH - RIGHT, HEIGHT - BOTTOM)


def plot(series: Mapping[str, Sequence[Mapping[str, Any]]]) -> Plot | None:
    """Step lines of named series, each a list of points with `effective` day and `value`.

    None if no series has a point.
    """
    given = {name: points for name, points in series.items() if points}
    if not given:
        return None
    days = [_day(point).toordinal() for points in given.values() for point in points]
    values = [point["value"] for points in given.values() for point in points]
    first, last = min(days), max(max(days), min(days) + 1)
    rows = nice_ticks(min(values), max(values))
    low, high = rows[0], rows[-1]

    def x(day: int) -> float:
        return round(LEFT + (day - first) * (WIDTH - LEFT - RIGHT) / (last - first), 1)

    def y(value: float) -> float:
        return round(HEIGHT - BOTTOM - (value - low) * (HEIGHT - TOP - BOTTOM) / (high - low), 1)

    lines = []
    for name, points in given.items():
        placed = tuple(
            (x(_day(p).toordinal()), y(p["value"]), p["value"], p["effective"]) for p in points
        )
        lines.append(Line(name, _steps(placed, float(WIDTH - RIGHT)), placed))
    marks = sorted({first + round(part * (last - first) / 3) for part in range(4)})
    columns = tuple((x(day), date.fromordinal(day).isoformat()) for day in marks)
    return Plot(tuple(lines), tuple((y(row), str(row)) for row in rows), columns)


def nice_ticks(low: int, high: int) -> list[int]:
    """Round numbers from below the lowest to above the highest.

    >>> nice_ticks(331, 375)
    [330, 340, 350, 360, 370, 380]
    """
    span = max(1, high - low)
    step = 1
    while span / step > TICKS:
        step = step * 5 // 2 if str(step)[0] == "2" else step * 2
    start = low // step * step
    ticks = [start]
    while ticks[-1] < high or len(ticks) < 2:
        ticks.append(ticks[-1] + step)
    return ticks


def months(counted: Sequence[Mapping[str, Any]], now: str, least: int = 12) -> list[dict[str, Any]]:
    """Months without gaps up to now: since the first counted, at least a year, at most three.

    >>> [m["n"] for m in months([{"month": "2026-01", "n": 4}], "2026-03-02", least=2)]
    [4, 0, 0]
    """
    by_month = {row["month"]: row["n"] for row in counted}
    year, month = int(now[:4]), int(now[5:7])
    told: list[dict[str, Any]] = []
    while len(told) < 36 and (len(told) < least or f"{year}-{month:02}" >= min(by_month)):
        name = f"{year}-{month:02}"
        told.append({"month": name, "n": by_month.get(name, 0)})
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return told[::-1]


def days(counted: Sequence[Mapping[str, Any]], now: str, number: int = 30) -> list[dict[str, Any]]:
    """The last days without gaps, oldest first."""
    by_day = {row["day"]: row["n"] for row in counted}
    last = date.fromisoformat(now[:10]).toordinal()
    names = [date.fromordinal(last - back).isoformat() for back in range(number - 1, -1, -1)]
    return [{"day": name, "n": by_day.get(name, 0)} for name in names]


def _day(point: Mapping[str, Any]) -> date:
    return date.fromisoformat(point["effective"])


def _steps(points: Sequence[tuple[float, float, int, str]], right: float) -> str:
    corners = [f"M{points[0][0]} {points[0][1]}"]
    corners += [f"H{x} V{y}" for x, y, _, _ in points[1:]]
    return " ".join([*corners, f"H{right}"])
