"""Verbs that look after what is stored."""

from pathlib import Path

import click

from monitor.workspace import Workspace


@click.command("verify")
@click.pass_obj
def verify_command(space: Workspace) -> None:
    """Check the database, the chain of fetches and every file of the archive."""
    from monitor.keeping import problems

    found = 0
    for problem in problems(space.open_to_read(), space.archive):
        click.echo(problem)
        found += 1
    click.echo("database and archive are whole" if not found else f"{found} problems")
    raise SystemExit(1 if found else 0)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup_command(space: Workspace, file: Path) -> None:
    """Copy the database to a new FILE while it is in use, and check the copy."""
    from db.checks import back_up

    back_up(space.open_to_read(), file)
    click.echo(f"{file} is a whole copy; the archive in {space.archive} is to be copied as files")


@click.command("reextract")
@click.option("--source", help="Only this source.")
@click.pass_obj
def reextract_command(space: Workspace, source: str | None) -> None:
    """Read stored snapshots again; changed texts become technical versions, without flags."""
    from monitor.keeping import reread, rules_by_source
    from monitor.opening import reading_pool

    conn = space.open()
    with reading_pool(space, conn) as pool:
        done = reread(conn, space.archive, pool, source, rules_by_source(space, conn))
    click.echo(
        f"read {done.read} snapshots again: {done.changed} texts changed, {done.failed} failed"
    )
