"""`monitor demo`: the whole job in under a minute, on this machine only."""

import sys
from pathlib import Path

import click


@click.command("demo")
@click.argument("folder", type=click.Path(path_type=Path), default="demo-data")
@click.option("--serve", is_flag=True, help="Then open the review desk on the demo's data.")
@click.pass_context
def demo_command(ctx: click.Context, folder: Path, serve: bool) -> None:
    """Crawl a small invented news web over five days, and print the digest of what changed."""
    from monitor.demo.show import show

    click.echo("A small invented news web grows older by five days; each day it is crawled.\n")
    shown = show(folder, lambda line: click.echo(f"  {line}"))
    here = _command()
    click.echo(f"\n{shown.text}")
    click.echo(f"The same as a page:   {shown.page}")
    click.echo(f"Database:             {shown.database}")
    click.echo(f"Archive (WARC):       {shown.archive}")
    click.echo(f"Look further:         {here} --config {shown.config} flags")
    if not serve:
        click.echo(f"Open the review desk: {here} --config {shown.config} desk")
        click.echo(f"Both in one:          {here} demo --serve")
        return
    _open_desk(ctx, shown.config)


def _command() -> str:
    """How the command was called, so that what is printed can be typed."""
    called = Path(sys.argv[0])
    return "python -m monitor" if called.name == "__main__.py" else sys.argv[0]


def _open_desk(ctx: click.Context, config: Path) -> None:
    from monitor.cli.desk import desk_command
    from monitor.workspace import Workspace

    ctx.obj = Workspace.find(config)
    ctx.invoke(desk_command)
