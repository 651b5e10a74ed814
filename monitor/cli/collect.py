"""Verbs that bring pages in."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

from monitor.cli.options import Moment, as_json
from monitor.printable import printable
from monitor.workspace import Workspace

if TYPE_CHECKING:
    from monitor.crawl import RunReport
    from monitor.importing import Rejected


@click.command("crawl")
@click.argument("sources", nargs=-1)
@click.option("--due", is_flag=True, help="Only sources, and known articles, that are due.")
@click.option("--dry-run", is_flag=True, help="Say which sources would be read; read nothing.")
@click.option("--limit", type=click.IntRange(1), help="At most so many articles a source.")
@as_json
@click.pass_context
def crawl_command(
    ctx: click.Context,
    sources: tuple[str, ...],
    due: bool,
    dry_run: bool,
    limit: int | None,
    json_: bool,
) -> None:
    """Read SOURCES (all enabled ones without any) once, with their known articles."""
    from monitor import rounds, telling, wayback

    space: Workspace = ctx.obj
    chosen = rounds.chosen(space, sources, only_due=due)
    if dry_run or not chosen:
        names = ", ".join(source.name for source in chosen)
        click.echo(names or "nothing is due")
        return
    with _progress(len(chosen), "sources") as step:
        reports = rounds.crawl_round(space, chosen, only_due=due, limit=limit, on_report=step)
    telling.keep_telling(space)
    _tell(reports, json_)
    if not any(report.stopped for report in reports):
        wayback.keep_copies(space)
    ctx.exit(rounds.exit_code(reports))


@click.command("import")
@click.argument("paths", nargs=-1, required=True)
@click.option("--source", default="import", show_default=True, help="For what names no source.")
@click.option("--fetched-at", type=Moment(), help="For what says not when it was fetched.")
@click.option("--url-prefix", metavar="URL", help="Address of saved files: this and their path.")
@click.option("--baseline", is_flag=True, help="Store the past quietly: raise no flags.")
@click.pass_context
def import_command(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    source: str,
    fetched_at: datetime | None,
    url_prefix: str | None,
    baseline: bool,
) -> None:
    """Take in files or folders (JSONL, WARC, HTML, PDF, text; - for JSON lines) like a crawl."""
    from monitor import clock
    from monitor.importing import Defaults, read_paths, take_in
    from monitor.lock import hold
    from monitor.opening import reading_pool

    space: Workspace = ctx.obj
    defaults = Defaults(
        source=source, now=clock.now(), url_prefix=url_prefix, fetched_at=fetched_at
    )
    conn = space.open()
    with hold(space.data_dir), reading_pool(space, conn) as pool, _counting("pages") as tick:
        given = read_paths(paths, defaults)
        report = take_in(conn, pool, given, baseline=baseline, tell=_name_bad_part, tick=tick)
    told = ", ".join(f"{number} {outcome}" for outcome, number in report.total.items())
    click.echo(f"imported: {told or 'nothing'}; {report.rejected} bad parts")
    ctx.exit(4 if report.rejected and not report.total else 3 if report.rejected else 0)


@click.command("schedule")
@click.pass_obj
def schedule_command(space: Workspace) -> None:
    """Run for ever: read each source when it is due, tell each morning; SIGTERM ends it."""
    from scheduler import run

    run(space)


def _tell(reports: "list[RunReport]", json_: bool) -> None:
    from dataclasses import asdict

    from monitor.cli.options import print_json, print_table

    rows = [
        {"source": r.source, "run": r.run, **asdict(r.counts), "error": r.error}
        for r in sorted(reports, key=lambda r: r.source)
    ]
    if json_:
        print_json(rows)
    else:
        columns = ("source", "discovered", "stored", "unchanged", "duplicate", "blocked",
                   "filtered", "failed", "error")  # fmt: skip
        print_table(rows, columns, "No source was read.")


def _progress(total: int, what: str):  # type: ignore[no-untyped-def]
    """A bar that a person watches; nothing when nobody does."""
    from contextlib import contextmanager

    @contextmanager
    def shown():  # type: ignore[no-untyped-def]
        import sys

        if not sys.stderr.isatty():
            yield None
            return
        with click.progressbar(length=total, label=what, file=sys.stderr) as bar:
            yield lambda _report: bar.update(1)

    return shown()


def _name_bad_part(part: "Rejected") -> None:
    click.echo(printable(str(part)), err=True)


@contextmanager
def _counting(what: str) -> Iterator[Callable[[int], None]]:
    """A number that grows while a person watches; nothing when nobody does."""
    if not sys.stderr.isatty():
        yield lambda _number: None
        return
    total = 0

    def count(number: int) -> None:
        nonlocal total
        total += number
        if total % 25 == 0:
            click.echo(f"\r{total} {what}", err=True, nl=False)

    yield count
    click.echo(f"\r{total} {what}", err=True)
