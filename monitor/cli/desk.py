"""`monitor desk`: the review desk, and who may enter it."""

from pathlib import Path

import click

from monitor.workspace import Workspace

ROLES = ("reader", "reviewer", "admin")


@click.group("desk", invoke_without_command=True)
@click.option("--host", help="Address to listen on; [desk] of monitor.toml says the usual one.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--origin", help="Public address behind a proxy, like https://desk.example.org.")
@click.option("--user-header", help="Header in which a trusted proxy names who is signed in.")
@click.option("--certificate", type=click.Path(path_type=Path, exists=True), help="TLS (PEM).")
@click.option("--key", type=click.Path(path_type=Path, exists=True), help="Its key (PEM).")
@click.pass_context
def desk_command(  # noqa: PLR0913 -- one parameter an option
    ctx: click.Context,
    host: str | None,
    port: int | None,
    origin: str | None,
    user_header: str | None,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Open the review desk in the browser; it listens on this machine alone unless told."""
    if ctx.invoked_subcommand is not None:
        return
    from monitor.desk.serving import Listening, serve

    space: Workspace = ctx.obj
    usual = space.settings.desk
    where = Listening(
        host=host or usual.host,
        port=port or usual.port,
        origin=origin or usual.origin,
        user_header=user_header or usual.user_header,
        certificate=certificate or usual.certificate,
        key=key or usual.key,
    )
    click.echo(f"desk: {where.address} (Ctrl-C ends it)")
    serve(space, where)


@desk_command.command("add-account")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="reviewer", show_default=True)
@click.option("--no-password", is_flag=True, help="Only a trusted proxy signs it in.")
@click.pass_obj
def add_account(space: Workspace, name: str, role: str, no_password: bool) -> None:
    """Let NAME in; asks for a password (or reads it from standard input)."""
    from db import accounts
    from monitor.clock import now

    password = None if no_password else click.prompt("Password", hide_input=True)
    space.open().close()
    conn = accounts.open_accounts(space.data_dir / accounts.FILE)
    if role != "admin" and not accounts.any_account(conn):
        raise click.UsageError("the first account must be an admin: --role admin")
    accounts.add_account(conn, name, role, password, who="command line", at=now())
    click.echo(f"{name} may enter the desk as {role}")


@desk_command.command("set-password")
@click.argument("name")
@click.pass_obj
def set_password(space: Workspace, name: str) -> None:
    """Give NAME a new password; ends its sessions."""
    from db import accounts
    from monitor.clock import now

    conn = accounts.open_accounts(space.data_dir / accounts.FILE)
    if accounts.account(conn, name) is None:
        raise click.BadParameter(f"{name}: no such account; `monitor desk accounts` lists them")
    password = click.prompt("Password", hide_input=True)
    accounts.set_password(conn, name, password, who="command line", at=now())
    click.echo(f"{name} has a new password")


@desk_command.command("accounts")
@click.pass_obj
def list_accounts(space: Workspace) -> None:
    """List who may enter."""
    from db import accounts
    from monitor.cli.options import print_table

    conn = accounts.open_accounts(space.data_dir / accounts.FILE)
    rows = accounts.list_accounts(conn)
    print_table(rows, ("name", "role", "created_at", "used_at", "disabled_at"), "No accounts.")
