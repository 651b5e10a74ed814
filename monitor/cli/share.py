"""Verbs that give what is stored to others."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from monitor.cli.options import as_known_at, stored_time
from monitor.exceptions import BadInput
from monitor.workspace import Workspace

if TYPE_CHECKING:
    import sqlite3

    from db.export import Selection, Terms
    from monitor.export.corpus import Corpus

FORMATS = ("jsonl", "csv", "parquet", "tei", "sqlite", "warc")


class Day(click.ParamType[str]):
    """A day as an ISO prefix: 2026, 2026-06 or 2026-06-14."""

    name = "day"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        from monitor.isoday import first_day, only_day

        try:
            first_day(value)
        except ValueError:
            self.fail(f"{value!r} is not a day like 2026-06-14, 2026-06 or 2026", param, ctx)
        return only_day(value)


@click.group("export", invoke_without_command=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="jsonl",
    show_default=True,
    help="What is written.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="DIR", help="New folder for it."
)
@click.option("--source", "sources", multiple=True, help="Only this source; several allowed.")
@click.option("--lang", "langs", multiple=True, help="Only texts in this language.")
@click.option("--entity", "entities", multiple=True, help="Only texts that name this entity.")
@click.option("--series", help="Only texts that feed this series, and that series.")
@click.option("--from", "since", type=Day(), help="Only texts published from this day on.")
@click.option("--to", "until", type=Day(), help="Only texts published up to this day.")
@as_known_at
@click.option(
    "--versions",
    type=click.Choice(["latest", "all"]),
    default="latest",
    show_default=True,
    help="Of each article.",
)
@click.option(
    "--candidates",
    type=click.Choice(["drop", "mask", "keep"]),
    default="drop",
    show_default=True,
    help="Private persons: left out, numbered, or named.",
)
@click.option(
    "--with-text/--without-text",
    default=None,
    help="Full texts; by default only in tei, sqlite and warc.",
)
@click.option("--with-reviewers", is_flag=True, help="Reviews with names and notes.")
@click.option("--title", help="Title of the corpus.")
@click.option("--creator", default="", help="Who publishes it.")
@click.option("--licence", default="", help="Terms of the annotations, such as CC-BY-4.0.")
@click.pass_context
def export_command(  # noqa: PLR0913 -- one option a choice
    ctx: click.Context,
    /,
    form: str,
    output: Path | None,
    known_at: datetime | None,
    with_text: bool | None,
    with_reviewers: bool,
    title: str | None,
    creator: str,
    licence: str,
    **chosen: Any,
) -> None:
    """Write a corpus that can be cited into DIR; an interrupted one is finished."""
    if ctx.invoked_subcommand is not None:
        return
    if output is None:
        raise click.UsageError("say where to: monitor export --format jsonl -o DIR")
    from db.export import Selection
    from monitor.export.about import Labels
    from monitor.export.corpus import Corpus
    from monitor.export.run import FORMATS, NOTHING_BUT_TEXT, export

    if with_text is False and form in NOTHING_BUT_TEXT:
        raise BadInput(f"--format {form} is nothing but texts; leave --without-text out")
    selection = Selection(**chosen, known_at=stored_time(known_at))
    conn = ctx.obj.open_to_read()
    _refuse_unknown(conn, selection)
    terms = _terms(ctx.obj, conn)
    corpus = Corpus(
        conn,
        selection,
        terms=terms,
        with_text=FORMATS[form] if with_text is None else with_text,
        with_reviewers=with_reviewers,
    )
    named = Labels(creator=creator, licence=licence, **({"title": title} if title else {}))
    with _watched(corpus, form):
        told = export(corpus, form, output, terms=terms, labels=named, archive=ctx.obj.archive)
    click.echo(
        f"{output}: {told.chosen.versions} versions of {told.chosen.articles} articles in"
        f" {len(told.files)} files; cite with the hash that `monitor export verify` prints"
    )


@export_command.command("verify")
@click.argument("folder", type=click.Path(path_type=Path))
def verify_export(folder: Path) -> None:
    """Check a corpus that was received: every file there, every byte as written."""
    from monitor.export.verify import manifest_hash, problems

    found = list(problems(folder))
    for problem in found:
        click.echo(problem)
    click.echo(f"{len(found)} problems" if found else f"whole; sha256 of the manifest:"
               f" {manifest_hash(folder)}")  # fmt: skip
    raise SystemExit(1 if found else 0)


def _refuse_unknown(conn: "sqlite3.Connection", selection: "Selection") -> None:
    from db.export import unknown

    wrong = unknown(conn, selection)
    if wrong:
        raise BadInput("; ".join(wrong))


def _terms(space: Workspace, conn: "sqlite3.Connection") -> "dict[str, Terms]":
    """What sources.toml says on terms; an installation that only imports may have none."""
    from db.export import homes, robots_notes
    from monitor.export.run import terms_of

    beside = space.config.parent if space.config else Path()
    declared = space.sources if (beside / "sources.toml").is_file() else ()
    sources = {source.name: source for source in declared}
    return terms_of(sources, homes(conn), robots_notes(conn))


@contextmanager
def _watched(corpus: "Corpus", form: str) -> Iterator[None]:
    """A bar for a person who watches; nothing when nobody does."""
    if not sys.stderr.isatty():
        yield
        return
    from monitor.export.run import size

    with click.progressbar(length=size(corpus, form), label="rows", file=sys.stderr) as bar:
        corpus.tick = bar.update
        yield
