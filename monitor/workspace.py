"""One installation: its configuration, its data directory, its database."""

import os
import sqlite3
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from db import watchlist
from db.records import Entity
from db.store import connect
from monitor.config import Settings, SourceConfig, load_settings, load_sources, shipped
from monitor.exceptions import ConfigError, StoreError

CONFIG_VARIABLE = "MONITOR_CONFIG"
DATA_VARIABLE = "MONITOR_DATA"
DATABASE = "monitor.db"
REGISTRIES = ("organisations", "categories", "places")


@dataclass(frozen=True)
class Workspace:
    """Where an installation lies. `config` is monitor.toml, or None if there is none."""

    config: Path | None
    data: Path | None = None

    @classmethod
    def find(cls, config: Path | None = None, data: Path | None = None) -> "Workspace":
        """By option, else by environment variable, else in the working directory.

        Raises ConfigError if a file is named that is not there.
        """
        named = config or _from_environment(CONFIG_VARIABLE)
        if named is not None and not named.is_file():
            raise ConfigError(f"{named}: no such file; `monitor init` writes one")
        here = Path("monitor.toml")
        found = named or (here if here.is_file() else None)
        return cls(config=found, data=data or _from_environment(DATA_VARIABLE))

    @cached_property
    def settings(self) -> Settings:
        return load_settings(self.config)

    @cached_property
    def data_dir(self) -> Path:
        return (self.data or self.settings.data_dir).absolute()

    @property
    def database(self) -> Path:
        return self.data_dir / DATABASE

    @property
    def archive(self) -> Path:
        return self.data_dir / "archive"

    @cached_property
    def sources(self) -> tuple[SourceConfig, ...]:
        """The sources beside monitor.toml; raises ConfigError if there are none."""
        path = self.sources_file
        if not path.is_file():
            raise ConfigError(f"{path}: no such file; `monitor init` writes one to start from")
        return load_sources(path)

    @property
    def sources_file(self) -> Path:
        return self._beside("sources.toml")

    def source(self, name: str) -> SourceConfig:
        """One source by name; raises ConfigError with the names that come near."""
        from difflib import get_close_matches

        named = {source.name: source for source in self.sources}
        if name not in named:
            near = get_close_matches(name, named)
            hint = f"did you mean {near[0]}?" if near else "`monitor sources list` shows all"
            raise ConfigError(f"{name}: no source of that name; {hint}")
        return named[name]

    def open(self) -> sqlite3.Connection:
        """The database, made if there is none; raises StoreError if that cannot be."""
        self._make_data_dir()
        return connect(self.database)

    def open_to_read(self) -> sqlite3.Connection:
        """The database, which must be there; brings an older one up to date first."""
        if not self.database.is_file():
            raise StoreError(f"{self.database}: nothing was collected yet; run `monitor crawl`")
        return connect(self.database)

    def first_watchlist(self) -> Path:
        """The file a new database's watchlist is taken from: our own, else the shipped one."""
        own = self._beside("watchlist.csv")
        return own if own.is_file() else shipped("watchlist.csv")

    def entities(self) -> tuple[Entity, ...]:
        """Everything tracked: by the database, or by the file it would start from."""
        from monitor.watchlist import read_watchlist

        if self.database.is_file():
            conn = connect(self.database, read_only=True)
            tracked = watchlist.load_entities(conn)
            conn.close()
            if tracked:
                return tracked
        return read_watchlist(self.first_watchlist())

    def registries(self) -> Mapping[str, Any] | None:
        """The operator's organisations, categories and places; None if there are none."""
        folder = self.settings.registries
        if folder is None:
            return None
        files = {name: folder / f"{name}.toml" for name in REGISTRIES}
        return {name: _toml(path) for name, path in files.items() if path.is_file()}

    def _beside(self, name: str) -> Path:
        return (self.config.parent if self.config else Path()) / name

    def _make_data_dir(self) -> None:
        try:
            self.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or "cannot be made"
            raise StoreError(f"{self.data_dir}: {reason}; choose a folder with --data") from None
        if not os.access(self.data_dir, os.W_OK | os.X_OK):
            raise StoreError(f"{self.data_dir}: not writable; choose another folder with --data")


def _from_environment(variable: str) -> Path | None:
    value = os.environ.get(variable)
    return Path(value) if value else None


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
