"""`monitor digest`: what changed, told."""

from datetime import datetime

import click

from monitor.cli.options import Moment
from monitor.workspace import Workspace


@click.command("digest")
@click.option("--since", type=Moment(), help="Begin of the window; else the end of the last one.")
@click.option("--until", type=Moment(), help="End of the window; else now.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "html", "json", "atom"]),
    default="text",
    show_default=True,
)
@click.option("--language", type=click.Choice(["en", "az", "ru"]), help="Else as configured.")
@click.option("--send", is_flag=True, help="Send it to the recipients of monitor.toml.")
@click.option("--dry-run", is_flag=True, help="With --send: write .eml files, send nothing.")
@click.pass_obj
def digest_command(  # noqa: PLR0913 -- one parameter an option
    space: Workspace,
    since: datetime | None,
    until: datetime | None,
    form: str,
    language: str | None,
    send: bool,
    dry_run: bool,
) -> None:
    """Build the digest of a window, once, and print it; asked again it is the same."""
    from monitor import clock, telling

    conn = space.open_to_read()
    frozen = telling.frozen_digest(space, conn, clock.now(), since=since, until=until)
    if send:
        for line in telling.send(space, conn, frozen, dry_run=dry_run):
            click.echo(line, err=True)
    click.echo(telling.rendered(frozen, form, language), nl=False)
