"""A series of counts as a step chart with the source of each point (extra `charts`)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from monitor.exceptions import BadInput

LABELLED = 24  # beyond that the labels would cover the line; the points keep theirs in the SVG
INK, LINE, FAINT = "#22272e", "#9a3324", "#8a8f98"


def write_chart(points: Sequence[Mapping[str, Any]], series: str, path: Path) -> None:
    """Draw the points of `queries.history` as PNG or SVG, by the ending of `path`.

    Superseded points are hollow, figures known only as "up from" are small. Raises BadInput if
    matplotlib is not installed or the file cannot be written.
    """
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError:
        raise BadInput("charts need matplotlib: install the extra `charts`") from None
    mpl.rcParams |= {"svg.hashsalt": series, "font.family": "DejaVu Sans", "font.size": 9}
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    _draw(figure.add_subplot(), points, series)
    try:
        figure.savefig(path, dpi=160, metadata={"Date": None} if path.suffix == ".svg" else None)
    except OSError as error:
        raise BadInput(f"{path}: {error.strerror}; choose another file") from None


def _draw(axes: Any, points: Sequence[Mapping[str, Any]], series: str) -> None:
    held = [point for point in points if point["superseded_at"] is None]
    days = [_day(point) for point in held]
    if held:
        end = max(date.fromisoformat(point["confirmed"]) for point in held) + timedelta(days=1)
        values = [point["value"] for point in held]
        axes.step([*days, end], [*values, values[-1]], where="post", color=LINE, linewidth=1.8)
    for point in points:
        _mark(axes, point)
    for point in held[-LABELLED:]:
        _label(axes, point)
    axes.set_title(series, loc="left", color=INK, fontsize=11)
    axes.margins(x=0.08, y=0.22)
    axes.set_ylabel("prisoners")
    axes.grid(axis="y", color="#e6e3dd")
    axes.spines[["top", "right"]].set_visible(False)
    _date_axis(axes)


def _mark(axes: Any, point: Mapping[str, Any]) -> None:
    superseded = point["superseded_at"] is not None
    axes.plot(
        [_day(point)],
        [point["value"]],
        "o",
        markersize=4 if point["prior"] else 6,
        color="white" if superseded else LINE,
        markeredgecolor=FAINT if superseded else LINE,
    )


def _label(axes: Any, point: Mapping[str, Any]) -> None:
    axes.annotate(
        f"{point['value']}\n{point['source']}",
        (_day(point), point["value"]),
        textcoords="offset points",
        xytext=(0, 8),
        ha="center",
        fontsize=7,
        color=INK,
    )


def _date_axis(axes: Any) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator()
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))


def _day(point: Mapping[str, Any]) -> date:
    return date.fromisoformat(point["effective"])
