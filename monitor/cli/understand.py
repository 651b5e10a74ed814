"""`monitor detect`: what would be found in a text, and why; nothing is stored."""

from collections.abc import Iterator
from pathlib import Path

import click

from monitor.workspace import Workspace


@click.command("detect")
@click.argument("text", default="-", metavar="[FILE|URL|-]")
@click.option("--jsonl", is_flag=True, help="One JSON object a line in, one a line out.")
@click.option("--watchlist", type=click.Path(path_type=Path, exists=True), help="CSV or XLSX.")
@click.option("--lang", help="Language of the text, if it is known.")
@click.option("--published", help="ISO date of the text, for dates such as “today”.")
@click.option("--place", default="AZ", show_default=True, help="Country counts are about.")
@click.pass_obj
def detect_command(  # noqa: PLR0913 -- one parameter an option
    space: Workspace,
    text: str,
    jsonl: bool,
    watchlist: Path | None,
    lang: str | None,
    published: str | None,
    place: str,
) -> None:
    """Say which names and counts would be found, and why; store nothing."""
    from monitor import trial

    reader = trial.reader(space, watchlist)
    if jsonl:
        for line in trial.answers(reader, _lines(text)):
            click.echo(line)
        return
    passage = trial.passage(space, text, lang=lang, published=published, place=place)
    click.echo(trial.explain(reader, passage))


def _lines(name: str) -> Iterator[str]:
    with click.open_file(name, encoding="utf-8") as stream:
        yield from stream
