"""One world, built once and copied for each test, and a desk on it, with accounts or without."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from db import accounts
from db.passwords import hash_password
from db.store import writing
from monitor.desk.app import desk
from monitor.desk.doors import cookie_name
from monitor.desk.house import Doors, House
from monitor.isoday import moment
from monitor.workspace import Workspace
from tests.desk.world import NOW, build

HERE = "http://127.0.0.1:8765"
PASSWORD = "correct horse battery"
PEOPLE = {"Rena": "reader", "Vusal": "reviewer", "Aysel": "reviewer", "Admin": "admin"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_NOW", moment(NOW))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk") / "data"
    world = build(folder)
    world.conn.execute("pragma wal_checkpoint(truncate)")
    world.conn.close()
    return folder


@pytest.fixture(scope="session")
def peopled(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("peopled") / "data"
    shutil.copytree(template, folder)
    conn = accounts.open_accounts(folder / accounts.FILE)
    for name, role in PEOPLE.items():
        accounts.add_account(conn, name, role, None, who="test", at=NOW - timedelta(days=30))
    with writing(conn):  # one hash for all: a hash takes its time, as it should
        conn.execute("update accounts set password = ?", (hash_password(PASSWORD),))
    conn.close()
    return folder


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[House]:
    """A desk without accounts, for whoever sits at this machine."""
    yield from _opened(template, tmp_path, Doors())


@pytest.fixture
def staffed(peopled: Path, tmp_path: Path) -> Iterator[House]:
    """A desk with accounts of every role."""
    yield from _opened(peopled, tmp_path, Doors())


@pytest.fixture
def client(house: House) -> TestClient:
    return TestClient(desk(house), base_url=HERE, follow_redirects=False)


@pytest.fixture
def enter(staffed: House):
    """Sign somebody in without the cost of a hash; nobody for None."""
    app = desk(staffed)

    def entered(name: str | None) -> TestClient:
        client = TestClient(app, base_url=HERE, follow_redirects=False)
        if name is not None:
            with staffed.accounts() as conn:
                token = accounts.begin_session(conn, name, address="t", agent="t", at=NOW)
            client.cookies.set(cookie_name(staffed), token)
        return client

    return entered


@pytest.fixture
def flag_of(house: House):
    """The id of the newest flag of a kind, and of an entity if one is named."""

    def found(kind: str, entity: str | None = None) -> int:
        return newest_flag(house, kind, entity)

    return found


def newest_flag(house: House, kind: str, entity: str | None = None) -> int:
    with house.memory.reading() as conn:
        row = conn.execute(
            "select max(id) from flags where kind = ? and (? is null or entity_id = ?)",
            (kind, entity, entity),
        ).fetchone()
    assert row[0] is not None, kind
    return row[0]


def _opened(source: Path, tmp_path: Path, doors: Doors) -> Iterator[House]:
    folder = tmp_path / "data"
    shutil.copytree(source, folder)
    house = House(Workspace(config=None, data=folder), doors)
    yield house
    house.close()
