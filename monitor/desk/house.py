"""Everything the desk's pages share: database, accounts, archive, settings and child processes."""

import ipaddress
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from db import accounts, pages
from db.memory import Memory
from monitor.desk.errands import Errands
from monitor.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Doors:
    """How people come in.

    `origin` is the public address (`https://desk.example.org`) behind a proxy, or with TLS;
    `user_header` names the header in which a trusted proxy says who is signed in.
    """

    hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    origin: str | None = None
    user_header: str | None = None
    secure: bool = False


class House:
    """One installation with its desk open; close it when done."""

    def __init__(self, space: Workspace, doors: Doors | None = None) -> None:
        self.space = space
        self.doors = doors or Doors()
        space.open().close()  # make or migrate the database before anybody reads it
        self.memory = Memory(space.database)
        self.errands = Errands(space)
        self._accounts = accounts.open_accounts(space.data_dir / accounts.FILE)
        self._accounts_lock = Lock()

    @contextmanager
    def accounts(self) -> Iterator[sqlite3.Connection]:
        """The file of accounts, for one thread at a time."""
        with self._accounts_lock:
            yield self._accounts

    @property
    def is_private(self) -> bool:
        """Whether nobody has an account: then the desk serves whoever sits at this machine."""
        with self.accounts() as conn:
            return self.doors.user_header is None and not accounts.any_account(conn)

    @cached_property
    def organisations(self) -> tuple[tuple[str, str], ...]:
        """Who counts, by id: as their own site calls itself, else as the operator registered it."""
        registered = (self.space.registries() or {}).get("organisations", {})
        names = {org: entry["name"] for org, entry in registered.items() if "name" in entry}
        with self.memory.reading() as conn:
            names |= pages.publishers(conn)
        return tuple(sorted(names.items()))

    def close(self) -> None:
        """Let go of all files; running crawls go on."""
        self.memory.close()
        self._accounts.close()


def is_loopback(host: str) -> bool:
    """Whether only this machine can connect.

    >>> is_loopback("127.0.0.1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
