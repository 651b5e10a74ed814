"""`monitor sources`: list, check and try them."""

from pathlib import Path

import click

from monitor.cli.options import as_json, print_json, print_table
from monitor.workspace import Workspace


@click.group("sources")
def sources_command() -> None:
    """List, check and try sources."""


@sources_command.command("list")
@as_json
@click.pass_obj
def list_(space: Workspace, json_: bool) -> None:
    """List all sources; those that are off with the reason."""
    rows = [
        {"name": s.name, "title": s.title, "kind": s.kind, "url": s.url, "enabled": s.enabled,
         "reason": s.reason or None}
        for s in space.sources
    ]  # fmt: skip
    if json_:
        print_json(rows)
    else:
        print_table(rows, ("name", "title", "kind", "url", "reason"), "No sources.")


@sources_command.command("check")
@click.argument("names", nargs=-1)
@click.pass_context
def check(ctx: click.Context, names: tuple[str, ...]) -> None:
    """Read each source once with one article, and say how it went; store nothing."""
    from monitor.rounds import chosen, exit_code
    from monitor.trying import check_all

    space: Workspace = ctx.obj
    reports = check_all(space, chosen(space, names))
    for report in sorted(reports, key=lambda r: r.source):
        counts = report.counts
        click.echo(f"{report.source}: {report.error or f'{counts.stored} read'}")
    ctx.exit(exit_code(reports))


@sources_command.command("preview")
@click.argument("name")
@click.option("--articles", type=click.IntRange(1, 20), default=5, show_default=True)
@click.pass_obj
def preview_(space: Workspace, name: str, articles: int) -> None:
    """Read source NAME once with a few articles, and show what would be stored."""
    from monitor.printable import printable
    from monitor.trying import in_words, preview

    for line in in_words(preview(space, space.source(name), articles)):
        click.echo(printable(line) if line else "")


@sources_command.command("import-opml")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_opml(file: Path) -> None:
    """Print the feeds of an OPML FILE as tables for sources.toml, each disabled at first."""
    from monitor.opml import as_tables, read_opml

    click.echo("\n".join(as_tables(read_opml(file))), nl=False)
