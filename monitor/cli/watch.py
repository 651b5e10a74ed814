"""`monitor watchlist`: the list of tracked names."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from monitor.cli.options import as_json, print_json, print_table
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from db.records import Entity

WHO = click.option("--by", "who", default="", help="Who changes it, for the record.")
DRY = click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")


@click.group("watchlist")
def watchlist_command() -> None:
    """Keep the list of tracked names; every change is matched against all stored texts."""


@watchlist_command.command("list")
@as_json
@click.pass_obj
def list_(space: Workspace, json_: bool) -> None:
    """List what is tracked."""
    rows = [
        {
            "id": e.id,
            "kind": e.kind,
            "canonical": e.canonical,
            "aliases": " | ".join(alias.text for alias in e.aliases),
            "family_unambiguous": e.family_unambiguous,
        }
        for e in space.entities()
    ]
    if json_:
        print_json(rows)
    else:
        print_table(rows, ("id", "kind", "canonical", "aliases"), "Nothing is tracked.")


@watchlist_command.command("add")
@click.argument("canonical")
@click.option("--id", "identity", required=True, help="Short id that never changes.")
@click.option(
    "--kind",
    type=click.Choice(["person", "organisation", "outlet", "case"]),
    default="person",
    show_default=True,
)
@click.option("--alias", "aliases", multiple=True, help="Another name; may be given again.")
@click.option("--exclude", "excludes", multiple=True, help="A phrase that is not it.")
@click.option("--family-unambiguous", is_flag=True, help="The family name alone is enough.")
@WHO
@DRY
@click.pass_obj
def add(  # noqa: PLR0913 -- one parameter an option
    space: Workspace,
    canonical: str,
    identity: str,
    kind: str,
    aliases: tuple[str, ...],
    excludes: tuple[str, ...],
    family_unambiguous: bool,
    who: str,
    dry_run: bool,
) -> None:
    """Track CANONICAL, in Azerbaijani spelling if it is a person; or change the entry of an id."""
    from db.records import Alias, Entity, Exclude

    entity = Entity(
        id=identity,
        kind=kind,  # type: ignore[arg-type]
        canonical=canonical,
        aliases=tuple(Alias(text=text) for text in aliases),
        excludes=tuple(Exclude(pattern=phrase) for phrase in excludes),
        family_unambiguous=family_unambiguous,
    )
    _change(space, [entity], who, dry_run)


@watchlist_command.command("edit")
@click.argument("identity")
@click.option("--canonical", help="The new canonical name.")
@click.option("--alias", "aliases", multiple=True, help="One more name.")
@click.option("--exclude", "excludes", multiple=True, help="One more phrase that is not it.")
@WHO
@DRY
@click.pass_obj
def edit(  # noqa: PLR0913 -- one parameter an option
    space: Workspace,
    identity: str,
    canonical: str | None,
    aliases: tuple[str, ...],
    excludes: tuple[str, ...],
    who: str,
    dry_run: bool,
) -> None:
    """Change the entry IDENTITY."""
    from dataclasses import replace

    from db.records import Alias, Exclude

    known = {e.id: e for e in space.entities()}
    if identity not in known:
        raise click.BadParameter(f"{identity}: not tracked; `monitor watchlist list` shows all")
    old = known[identity]
    entity = replace(
        old,
        canonical=canonical or old.canonical,
        aliases=(*old.aliases, *(Alias(text=text) for text in aliases)),
        excludes=(*old.excludes, *(Exclude(pattern=phrase) for phrase in excludes)),
    )
    _change(space, [entity], who, dry_run)


@watchlist_command.command("remove")
@click.argument("identity")
@WHO
@click.pass_obj
def remove(space: Workspace, identity: str, who: str) -> None:
    """Stop tracking IDENTITY; what was found stays."""
    from db.store import writing
    from db.watchlist import remove_entity
    from monitor.clock import now
    from monitor.isoday import moment

    conn = space.open()
    with writing(conn):
        known = remove_entity(conn, identity, moment(now()), who)
    if not known:
        raise click.BadParameter(f"{identity}: not tracked; `monitor watchlist list` shows all")
    click.echo(f"{identity} is no longer tracked; its mentions and flags stay")


@watchlist_command.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@WHO
@DRY
@click.pass_obj
def import_(space: Workspace, file: Path, who: str, dry_run: bool) -> None:
    """Add and change entries from a CSV or XLSX FILE; what it does not name stays."""
    from monitor.watchlist import read_watchlist

    _change(space, list(read_watchlist(file)), who, dry_run)


@watchlist_command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def export(space: Workspace, file: Path) -> None:
    """Write all entries to a CSV or XLSX FILE."""
    from monitor.watchlist import write_watchlist

    write_watchlist(space.entities(), file)
    click.echo(f"{len(space.entities())} entries written to {file}")


@watchlist_command.command("check")
@click.option("--watchlist", type=click.Path(path_type=Path, exists=True), help="CSV or XLSX.")
@click.pass_obj
def check(space: Workspace, watchlist: Path | None) -> None:
    """Print what is doubtful, and spellings of each name that will be matched."""
    from monitor.detect.names import check_watchlist, spellings
    from monitor.watchlist import read_watchlist

    entities = space.entities() if watchlist is None else read_watchlist(watchlist)
    for entity in entities:
        click.echo(f"{entity.id}  {entity.canonical}: {', '.join(spellings(entity))}")
    concerns = check_watchlist(entities)
    click.echo("")
    for concern in concerns:
        click.echo(str(concern))
    click.echo(f"{len(entities)} entries, {len(concerns)} doubtful")


def _change(space: Workspace, entities: "list[Entity]", who: str, dry_run: bool) -> None:
    from monitor.clock import now
    from monitor.watching import watch
    from monitor.watchlist import compare_watchlists, preview

    if dry_run:
        named = {entity.id for entity in entities}
        known = [entity for entity in space.entities() if entity.id in named]
        lines = list(preview(compare_watchlists(known, entities)))
        click.echo("\n".join(lines) or "nothing would change")
        return
    done = watch(space.open(), entities, now=now(), who=who)
    found = ", ".join(f"{identity} in {number}" for identity, number in done.found if number)
    click.echo(f"added {len(done.added)}, changed {len(done.changed)}")
    click.echo(f"found in stored articles: {found or 'none'}")
