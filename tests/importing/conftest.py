"""A real database and real workers, shared by the tests of one module."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from db.store import connect
from monitor.importing import Defaults, ImportReport, Rejected, read_paths, take_in
from monitor.pool import ReadingPool
from monitor.reading import Knowledge
from tests.worlds import ENTITIES

NOW = datetime(2026, 10, 1, tzinfo=UTC)


class Intake:
    """One database; `rejected` are the bad parts of the last import, as a person is told them."""

    def __init__(self, folder: Path, pool: ReadingPool) -> None:
        from db.store import writing
        from db.watchlist import put_entities

        self.conn = connect(folder / "monitor.db")
        self.pool = pool
        self.rejected: list[str] = []
        with writing(self.conn):
            put_entities(self.conn, ENTITIES, "2026-03-01T00:00:00Z")

    def take(self, *paths: Path, **defaults) -> ImportReport:  # type: ignore[no-untyped-def]
        self.rejected = []
        given = read_paths(
            map(str, paths), Defaults(**{"source": "import", "now": NOW, **defaults})
        )
        return take_in(self.conn, self.pool, given, tell=self._hear)

    def column(self, query: str) -> list[object]:
        return [row[0] for row in self.conn.execute(query)]

    def _hear(self, part: Rejected) -> None:
        self.rejected.append(str(part))


@pytest.fixture(scope="session")
def pool() -> Iterator[ReadingPool]:
    pool = ReadingPool(Knowledge(entities=ENTITIES), 1)
    yield pool
    pool.stop()


@pytest.fixture
def intake(tmp_path: Path, pool: ReadingPool) -> Intake:
    (tmp_path / "data").mkdir()
    return Intake(tmp_path / "data", pool)


Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Put a file into the folder `in`; its path."""

    def put(name: str, content: str | bytes) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return path

    return put
