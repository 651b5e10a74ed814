"""Reading the two configuration files: a checked value, or every error with its line."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from monitor.config.lines import Loc, line_of, toml_lines
from monitor.config.problems import Problem, problems_of, written_place
from monitor.config.settings import Settings
from monitor.config.sources import SourceConfig, SourcesFile
from monitor.exceptions import ConfigError

Model = TypeVar("Model", bound=BaseModel)


def load_settings(path: Path | None) -> Settings:
    """Read monitor.toml; without a path every setting is its default.

    Relative paths in the file start at its folder. Raises ConfigError with all errors.
    """
    return Settings() if path is None else _load(path, Settings)


def load_sources(path: Path) -> tuple[SourceConfig, ...]:
    """Read sources.toml, in its order. Raises ConfigError with all errors."""
    sources = _load(path, SourcesFile).source
    if not sources:
        raise ConfigError(f"{path}:1: no [[source]] table: nothing would be read")
    return sources


def shipped(name: str) -> Path:
    """Where the package keeps `monitor.toml`, `sources.toml` or `watchlist.csv`."""
    return Path(str(files("monitor") / "defaults" / name))


def _load(path: Path, model: type[Model]) -> Model:
    text = _read(path)
    data = _parse(path, text)
    problems = [Problem(loc, what) for loc, what in _clashes(data)]
    loaded = None
    try:
        loaded = model.model_validate(data, context={"folder": path.absolute().parent})
    except ValidationError as error:
        problems += problems_of(error, model)
    if problems or loaded is None:
        raise ConfigError(_report(path, text, data, problems))
    return loaded


def _read(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ConfigError(f"{path}:1: cannot be read: {reason}") from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ConfigError(f"{path}:1: saved as UTF-16; save it as UTF-8")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        byte = raw[error.start]
        raise ConfigError(
            f"{path}:{line}: byte 0x{byte:02x} is not UTF-8; save the file as UTF-8"
        ) from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        line = int(at[1]) if at else max(1, len(text.splitlines()))
        what = message[: at.start()] if at else message.replace(" (at end of document)", "")
        where = f", column {at[2]}" if at else ", end of file"
        raise ConfigError(f"{path}:{line}: not TOML{where}: {what}") from None


def _clashes(data: Mapping[str, Any]) -> Iterator[tuple[Loc, str]]:
    """Names and addresses given twice; told beside all other errors, so found in raw data."""
    tables = data.get("source")
    names: set[str] = set()
    readers: dict[str, str] = {}
    for index, table in enumerate(tables if isinstance(tables, list) else []):
        if not isinstance(table, dict):
            continue
        name, url = (str(table.get(key, "")) for key in ("name", "url"))
        if name and name in names:
            yield ("source", index, "name"), f'a source above is called "{name}" already'
        names.add(name)
        if url and table.get("enabled") is not False:
            reader = readers.setdefault(url, name)
            if reader != name:
                yield ("source", index, "url"), f'source "{reader}" reads this address already'


def _report(path: Path, text: str, data: Mapping[str, Any], problems: list[Problem]) -> str:
    lines = toml_lines(text)
    told = {
        (line_of(problem.loc, lines), f"{written_place(problem.loc, data)}: {problem.what}")
        for problem in problems
    }
    return "\n".join(f"{path}:{line}: {_one_line(words)}" for line, words in sorted(told))


def _one_line(words: str) -> str:
    """One error stays one line, whatever value it repeats."""
    return words.translate({ord("\n"): "\\n", ord("\r"): "\\r"})
