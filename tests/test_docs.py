"""What the documents say is what there is."""

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from db.records import FLAG_KINDS
from monitor.cli import VERBS, cli

ROOT = Path(__file__).parent.parent
COMMANDS = (ROOT / "docs" / "commands.md").read_text("utf-8")
ALL = {path: path.read_text("utf-8") for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]}


def commands() -> Iterator[tuple[str, click.Command]]:
    ctx = click.Context(cli)
    for name in VERBS:
        command = cli.get_command(ctx, name)
        assert command is not None
        yield name, command


@pytest.mark.parametrize(("name", "command"), list(commands()))
def test_every_verb_and_each_of_its_options_is_documented(
    name: str, command: click.Command
) -> None:
    row = next(line for line in COMMANDS.splitlines() if re.match(rf"\| `{name}\b", line))
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.name != "help":
            assert any(f"`{name}" in row for name in parameter.opts), parameter.opts
    for sub in getattr(command, "commands", ()):
        assert f"`{sub}`" in row


@pytest.mark.parametrize("kind", FLAG_KINDS)
def test_every_flag_kind_is_documented(kind: str) -> None:
    assert f"`{kind}`" in ALL[ROOT / "docs" / "data.md"]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_link_between_documents_leads_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", ALL[path]):
        assert (path.parent / target).exists(), target


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_every_command_shown_exists(path: Path) -> None:
    shown = re.findall(r"`monitor(?: --?[\w-]+(?: [A-Z]+)?)* ([a-z][\w-]*)", ALL[path])
    shown += re.findall(r"^\s*(?:\.venv/bin/)?monitor ([a-z][\w-]*)", ALL[path], re.M)
    unknown = {verb for verb in shown if verb not in VERBS}
    assert not unknown
