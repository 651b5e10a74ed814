"""`monitor demo`: the whole job in under a minute, on this machine only."""

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
    click.echo(f"\n{shown.text}")
    click.echo(f"The same as a page:   {shown.page}")
    click.echo(f"Database:             {shown.database}")
    click.echo(f"Archive (WARC):       {shown.archive}")
    click.echo(f"Look further:         monitor --config {shown.config} flags")
