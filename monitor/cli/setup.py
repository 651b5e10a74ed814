"""`monitor init`: a folder to start from."""

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", type=click.Path(path_type=Path), default=".")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
def init_command(folder: Path, force: bool) -> None:
    """Write monitor.toml, sources.toml and watchlist.csv to FOLDER, ready to edit."""
    import shutil

    from monitor.config import shipped

    folder.mkdir(parents=True, exist_ok=True)
    for name in ("monitor.toml", "sources.toml", "watchlist.csv"):
        target = folder / name
        if target.exists() and not force:
            click.echo(f"kept {target} (--force overwrites it)")
            continue
        shutil.copyfile(shipped(name), target)
        click.echo(f"wrote {target}")
    click.echo("Next: set `contact` in monitor.toml, then `monitor crawl`.")
