"""Options and output that several verbs share."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import click

from db.queries import ALL_TIME
from monitor.isoday import moment, parse_moment
from monitor.printable import printable

Command = TypeVar("Command", bound=Callable[..., Any])


class Moment(click.ParamType[datetime]):
    """An ISO time, given as such or as a date; kept as an aware datetime."""

    name = "time"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        if isinstance(value, datetime):
            return value
        try:
            return parse_moment(value)
        except ValueError:
            self.fail(f"{value!r} is not an ISO time like 2026-06-14T10:00:00Z", param, ctx)


def as_json(command: Command) -> Command:
    """`--json`: one JSON object a line."""
    return click.option("--json", "json_", is_flag=True, help="One JSON object a line.")(command)


def as_known_at(command: Command) -> Command:
    """`--as-known-at T`: what was known then."""
    option = click.option(
        "--as-known-at", "known_at", type=Moment(), help="Show what was known at this time."
    )
    return option(command)


def stored_time(when: datetime | None) -> str:
    """The upper limit of a query: the time as it is stored, or all time."""
    return ALL_TIME if when is None else moment(when)


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """One object a line, letters unescaped."""
    for row in rows:
        click.echo(json.dumps(row, ensure_ascii=False))


def print_table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], empty: str) -> None:
    """Chosen columns as a table, with control characters of the outside world escaped."""
    from tabulate import tabulate

    if not rows:
        click.echo(empty)
        return
    cells = [[printable(row[column]) for column in columns] for row in rows]
    widths = [60 if column in ("quote", "title", "url") else 40 for column in columns]
    click.echo(tabulate(cells, headers=list(columns), maxcolwidths=widths, disable_numparse=True))
