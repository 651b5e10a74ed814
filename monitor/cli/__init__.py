"""The `monitor` command: one short function a verb, no logic.

Verbs live in modules by what they are for and are imported when called, so that `monitor --help`
pays for none of them.
"""

import logging
import sys
from importlib import import_module
from pathlib import Path

import click

from monitor import __version__
from monitor.exceptions import BadInput, ConfigError, LockHeld, MonitorError

EXIT_UNEXPECTED, EXIT_USAGE, EXIT_LOCKED, EXIT_CONFIG = 1, 2, 75, 78

# verb: (module, what it does) -- the order of `monitor --help`
VERBS = {
    "demo": ("demo", "Show the whole job on a small bundled news web."),
    "init": ("setup", "Write monitor.toml, sources.toml and watchlist.csv, ready to edit."),
    "crawl": ("collect", "Read the sources once; fit for cron."),
    "import": ("collect", "Take in JSONL, WARC, saved pages, PDF or text like a crawl."),
    "detect": ("understand", "Say what would be found in a text and why; store nothing."),
    "flags": ("look", "List what needs a look."),
    "counts": ("look", "Show series of prisoner counts."),
    "mentions": ("look", "Show where tracked names were found."),
    "search": ("look", "Search all texts, old versions and removed articles too."),
    "show": ("look", "Show an article with its versions, or what an edit changed."),
    "digest": ("tell", "Build, print or send the digest."),
    "watchlist": ("watch", "Keep the list of tracked names."),
    "sources": ("sources", "List, check and try sources."),
    "desk": ("desk", "Open the review desk, where people decide about flags."),
    "export": ("share", "Write a corpus that can be cited, or check one."),
    "status": ("look", "Say how sources, database and archive are."),
    "verify": ("keep", "Check the database and the archive."),
    "backup": ("keep", "Make a safe copy of the database."),
    "reextract": ("keep", "Read stored snapshots again with today's extractor."),
    "schedule": ("collect", "Run for ever: crawl what is due, tell each morning."),
}


class Verbs(click.Group):
    """A group whose commands are imported only when asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        module = import_module(f"monitor.cli.{VERBS[name][0]}")
        command: click.Command = getattr(module, f"{name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, what) for name, (_, what) in VERBS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="monitor")
@click.option("--config", type=click.Path(path_type=Path), help="monitor.toml to use.")
@click.option("--data", type=click.Path(path_type=Path), help="Data directory to use.")
@click.option("--now", metavar="TIME", help="Act as if it were this ISO time (demos, replays).")
@click.option("-v", "--verbose", count=True, help="Say more; twice for debugging.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what went wrong.")
@click.pass_context
def cli(
    ctx: click.Context,
    config: Path | None,
    data: Path | None,
    now: str | None,
    verbose: int,
    quiet: bool,
) -> None:
    """Media monitoring for human-rights work: who is named, what is counted, what was changed."""
    from monitor.clock import set_now
    from monitor.logs import set_up
    from monitor.workspace import Workspace

    if now is not None:
        set_now(now)
    set_up(-1 if quiet else verbose)
    ctx.obj = Workspace.find(config, data)


def main() -> None:
    """Run the command; every error is one sentence and an exit code, never a traceback."""
    try:
        cli(standalone_mode=True)
    except MonitorError as error:
        click.echo(str(error), err=True)
        sys.exit(_exit_code(error))
    except Exception as error:
        logging.getLogger("monitor").debug("unexpected", exc_info=error)
        words = f"{type(error).__name__}: {error}"
        click.echo(f"unexpected error: {words} (run again with -vv and report it)", err=True)
        sys.exit(EXIT_UNEXPECTED)


def _exit_code(error: MonitorError) -> int:
    if isinstance(error, LockHeld):
        return EXIT_LOCKED
    if isinstance(error, ConfigError):
        return EXIT_CONFIG
    return EXIT_USAGE if isinstance(error, BadInput) else EXIT_UNEXPECTED
