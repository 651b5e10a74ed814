"""Many readers and one writer on one file, beside a crawl that writes too."""

import threading
import time
from pathlib import Path

import pytest

from db import memory
from db.memory import Memory
from db.store import connect
from monitor.exceptions import StoreError

ADD = "insert into saved_filters (who, name, query, created_at) values ('x', ?, '', '')"
COUNT = "select count(*) from saved_filters"


@pytest.fixture
def shared(tmp_path: Path):
    made = Memory(tmp_path / "m.db")
    yield made
    made.close()


def test_a_writer_waits_for_a_crawl_that_is_writing(shared: Memory, tmp_path: Path) -> None:
    crawl = connect(tmp_path / "m.db")
    crawl.execute("begin immediate")
    crawl.execute(ADD, ("crawl",))
    threading.Timer(0.2, crawl.commit).start()
    began = time.monotonic()
    with shared.writing() as conn:
        conn.execute(ADD, ("desk",))
    assert time.monotonic() - began > 0.1
    assert crawl.execute(COUNT).fetchone()[0] == 2
    crawl.close()


def test_a_writer_gives_up_in_words(shared: Memory, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(memory, "GIVE_UP", 0.05)
    crawl = connect(tmp_path / "m.db")
    crawl.execute("begin immediate")
    with pytest.raises(StoreError, match="stayed locked"), shared.writing():
        pass
    crawl.rollback()
    crawl.close()
    with shared.writing() as conn:
        conn.execute(ADD, ("later",))


def test_what_fails_is_not_stored(shared: Memory) -> None:
    def crash() -> None:
        with shared.writing() as conn:
            conn.execute(ADD, ("half",))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        crash()
    with shared.reading() as conn:
        assert conn.execute(COUNT).fetchone()[0] == 0


def test_a_reader_sees_one_state_and_cannot_write(shared: Memory) -> None:
    with shared.reading() as reader:
        assert reader.execute(COUNT).fetchone()[0] == 0
        with shared.writing() as conn:
            conn.execute(ADD, ("new",))
        assert reader.execute(COUNT).fetchone()[0] == 0
        with pytest.raises(memory.sqlite3.OperationalError, match="readonly"):
            reader.execute(ADD, ("x",))
    with shared.reading() as reader:
        assert reader.execute(COUNT).fetchone()[0] == 1


def test_writers_of_one_desk_take_turns(shared: Memory) -> None:
    def write(number: int) -> None:
        with shared.writing() as conn:
            conn.execute(ADD, (str(number),))

    threads = [threading.Thread(target=write, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with shared.reading() as conn:
        assert conn.execute(COUNT).fetchone()[0] == 20
