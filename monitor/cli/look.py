"""Verbs that look at what is known."""

from datetime import datetime
from pathlib import Path

import click

from monitor.cli.options import (
    Moment,
    as_json,
    as_known_at,
    print_json,
    print_table,
    stored_time,
)
from monitor.workspace import Workspace


@click.command("flags")
@click.option("--kind", "kinds", multiple=True, help="Only this kind; may be given again.")
@click.option("--source", help="Only of this source.")
@click.option("--entity", help="Only about this entity.")
@click.option("--series", help="Only about this series of counts.")
@click.option("--state", help="Only in this state, such as open.")
@click.option("--since", type=Moment(), help="Only raised after this time.")
@click.option("--baseline", is_flag=True, help="Also those of a source's first reading.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@as_known_at
@as_json
@click.pass_obj
def flags_command(  # noqa: PLR0913 -- one parameter an option
    space: Workspace,
    kinds: tuple[str, ...],
    source: str | None,
    entity: str | None,
    series: str | None,
    state: str | None,
    since: datetime | None,
    baseline: bool,
    limit: int | None,
    known_at: datetime | None,
    json_: bool,
) -> None:
    """List what needs a look, in the order it was raised."""
    from db import queries
    from db.records import FLAG_KINDS

    for kind in kinds:
        if kind not in FLAG_KINDS:
            raise click.BadParameter(f"{kind}: no such kind; kinds are {', '.join(FLAG_KINDS)}")
    wanted = queries.FlagFilter(
        kinds=kinds,
        source=source,
        entity=entity,
        series=series,
        state=state,
        since=None if since is None else stored_time(since),
        known_at=stored_time(known_at),
        with_baseline=baseline,
        limit=limit,
    )
    rows = queries.flags(space.open_to_read(), wanted)
    if json_:
        print_json(rows)
        return
    columns = ("id", "kind", "priority", "source", "old", "new", "quote", "raised_at", "state")
    print_table(list(rows), columns, "No flags.")


@click.command("counts")
@click.argument("series", required=False)
@click.option("--csv", "csv_", is_flag=True, help="As CSV.")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw the series: PNG or SVG.")
@as_known_at
@as_json
@click.pass_obj
def counts_command(
    space: Workspace,
    series: str | None,
    csv_: bool,
    plot: Path | None,
    known_at: datetime | None,
    json_: bool,
) -> None:
    """Show every series with its current point, or the history of one SERIES.

    SERIES is written place/category/subset/organisation/kind, like
    AZ/political_prisoner/-/UFPP/stock.
    """
    from monitor import counting

    conn = space.open_to_read()
    rows = counting.rows(conn, series, stored_time(known_at))
    if plot is not None:
        click.echo(f"drawn: {counting.draw(rows, series, plot)}")
    elif csv_:
        click.echo(counting.as_csv(rows), nl=False)
    elif json_:
        print_json(rows)
    else:
        columns = counting.COLUMNS if series is None else counting.HISTORY_COLUMNS
        print_table(rows, columns, "No counts yet.")


@click.command("mentions")
@click.argument("entity", required=False)
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True)
@as_known_at
@as_json
@click.pass_obj
def mentions_command(
    space: Workspace, entity: str | None, limit: int, known_at: datetime | None, json_: bool
) -> None:
    """Show where tracked names were found, newest first; of one ENTITY or of all."""
    from db import queries

    rows = queries.mentions(
        space.open_to_read(), entity, known_at=stored_time(known_at), limit=limit
    )
    for row in rows:
        del row["text"]
    if json_:
        print_json(rows)
        return
    columns = ("entity", "surface", "tier", "status", "published", "source", "title", "url")
    print_table(rows, columns, "No mentions.")


@click.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@as_known_at
@as_json
@click.pass_obj
def search_command(
    space: Workspace, words: tuple[str, ...], limit: int, known_at: datetime | None, json_: bool
) -> None:
    """Search all texts: any spelling of a tracked name, with or without diacritics."""
    from monitor import searching

    rows = searching.find(
        space.open_to_read(), " ".join(words), known_at=stored_time(known_at), limit=limit
    )
    if json_:
        print_json(rows)
        return
    columns = ("published", "source", "state", "version", "title", "excerpt", "url")
    print_table(rows, columns, "Nothing found.")


@click.command("show")
@click.argument("article")
@click.option("--diff", is_flag=True, help="What each version changed, word by word.")
@as_known_at
@as_json
@click.pass_obj
def show_command(
    space: Workspace, article: str, diff: bool, known_at: datetime | None, json_: bool
) -> None:
    """Show an ARTICLE, by its id or address, with its versions."""
    from monitor import showing

    account = showing.account(space.open_to_read(), article, stored_time(known_at))
    if json_:
        print_json([account])
    else:
        click.echo(showing.in_words(account, diff=diff))


@click.command("status")
@as_json
@click.pass_obj
def status_command(space: Workspace, json_: bool) -> None:
    """Say how sources, database and archive are."""
    from zoneinfo import ZoneInfo

    from monitor import status

    told = status.status(space)
    if json_:
        print_json([told])
    else:
        click.echo(status.in_words(told, ZoneInfo(str(space.settings.timezone))))
