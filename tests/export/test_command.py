"""`monitor export` as a person calls it."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from monitor.cli.share import FORMATS
from monitor.exceptions import BadInput
from monitor.export import run
from tests.worlds import World


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    world = World(folder)
    world.read("Ülvi Həsənli is in prison.")
    world.conn.close()
    return folder


def call(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["--data", str(data), *arguments])


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_is_one_command_and_verifies(data: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / "corpus"
    done = call(data, "export", "--format", form, "-o", str(out))
    assert done.exit_code == 0, done.output
    assert "1 versions of 1 articles" in done.output
    checked = call(data, "export", "verify", str(out))
    assert (checked.exit_code, checked.output[:5]) == (0, "whole")


def test_the_formats_of_the_command_are_those_there_are() -> None:
    assert tuple(run.FORMATS) == FORMATS


def test_a_damaged_corpus_is_an_exit_code_and_a_sentence(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "corpus"
    call(data, "export", "-o", str(out))
    (out / "data" / "versions.jsonl").write_text("", encoding="utf-8")
    checked = call(data, "export", "verify", str(out))
    assert checked.exit_code == 1
    assert "data/versions.jsonl: has 0 bytes" in checked.output
    assert "1 problems" in checked.output


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--source", "nobody"], "nobody: no such source"),
        (["--entity", "nobody"], "nobody: no such entity"),
        (["--series", "AZ/x/-/-/stock"], "no such series"),
        (["--lang", "xx"], "xx: no such language"),
        (["--format", "tei", "--without-text"], "nothing but texts"),
    ],
)
def test_a_filter_that_names_nothing_is_refused(
    data: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    done = call(data, "export", *arguments, "-o", str(tmp_path / "corpus"))
    assert isinstance(done.exception, BadInput)
    assert words in str(done.exception)
    assert not (tmp_path / "corpus").exists()


@pytest.mark.parametrize("day", ["yesterday", "2026-13", "14.06.2026"])
def test_a_day_that_is_none_is_usage(data: Path, tmp_path: Path, day: str) -> None:
    done = call(data, "export", "--from", day, "-o", str(tmp_path / "corpus"))
    assert done.exit_code == 2
    assert "is not a day like" in done.output


def test_without_a_folder_it_says_how(data: Path) -> None:
    done = call(data, "export")
    assert done.exit_code == 2
    assert "say where to" in done.output


def test_terms_of_texts_come_from_sources_toml(data: Path, tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text("", encoding="utf-8")
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "a"\ntitle = "A"\nhome = "http://a.test/"\nkind = "feed"\n'
        'url = "http://a.test/feed"\ntext_licence = "CC-BY-4.0"\n',
        encoding="utf-8",
    )
    config = str(tmp_path / "monitor.toml")
    done = CliRunner().invoke(
        cli, ["--config", config, "--data", str(data), "export", "-o", str(tmp_path / "corpus")]
    )
    assert done.exit_code == 0, done.output
    card = (tmp_path / "corpus" / "README.md").read_text(encoding="utf-8")
    assert "| a | CC-BY-4.0 | obeyed |" in card
