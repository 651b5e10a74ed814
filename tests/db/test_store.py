"""The database: its schema, its one way to write, and what it says when it cannot."""

import sqlite3
import threading
from pathlib import Path

import pytest

from db import store
from db.checks import back_up, integrity_problems
from db.schema import SNAPSHOT, current_schema
from db.store import connect, writing
from monitor.exceptions import StoreError


def test_the_schema_file_is_what_the_migrations_make() -> None:
    assert SNAPSHOT.read_text("utf-8") == current_schema(), "run `python -m db.schema`"


def test_every_table_is_strict(tmp_path: Path) -> None:
    conn = connect(tmp_path / "m.db")
    loose = conn.execute(
        """select name from pragma_table_list where schema = 'main' and type = 'table'
        and strict = 0 and name not like 'sqlite_%' and name not like '_sqlite%'
        and name not like 'versions_fts%'"""
    ).fetchall()
    assert [row["name"] for row in loose] == []


def test_a_second_opening_migrates_nothing_and_keeps_the_rows(tmp_path: Path) -> None:
    conn = connect(tmp_path / "m.db")
    add_source(conn, "a")
    conn.close()
    again = connect(tmp_path / "m.db")
    assert again.execute("select name from sources").fetchone()["name"] == "a"


def test_an_error_inside_a_transaction_leaves_nothing(tmp_path: Path) -> None:
    conn = connect(tmp_path / "m.db")
    with pytest.raises(sqlite3.IntegrityError), writing(conn):
        insert_source_twice(conn, "a")
    assert conn.execute("select count(*) from sources").fetchone()[0] == 0
    assert not conn.in_transaction


def test_writers_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    connect(tmp_path / "m.db").close()

    def write(name: str) -> None:
        conn = connect(tmp_path / "m.db")
        for number in range(50):
            with writing(conn):
                before = conn.execute("select count(*) from sources").fetchone()[0]
                insert_source(conn, f"{name}{number}-{before}")
        conn.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    conn = connect(tmp_path / "m.db")
    assert conn.execute("select count(*) from sources").fetchone()[0] == 200


def test_a_read_only_opening_cannot_write(tmp_path: Path) -> None:
    connect(tmp_path / "m.db").close()
    conn = connect(tmp_path / "m.db", read_only=True)
    with pytest.raises(StoreError, match="readonly"):
        add_source(conn, "a")


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    connect(tmp_path / "m.db")
    assert (tmp_path / "m.db").stat().st_mode & 0o077 == 0


def test_what_is_no_database_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "m.db").write_bytes(b"this is a shopping list, and no database at all " * 30)
    with pytest.raises(StoreError, match=r"m\.db: file is not a database; check"):
        connect(tmp_path / "m.db")


def test_an_old_sqlite_is_named_with_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.sqlite3, "sqlite_version_info", (3, 31, 1))
    with pytest.raises(StoreError, match=r"needs SQLite 3\.37 or newer"):
        connect(tmp_path / "m.db")


def test_a_backup_is_whole_and_never_overwrites(tmp_path: Path) -> None:
    conn = connect(tmp_path / "m.db")
    add_source(conn, "a")
    back_up(conn, tmp_path / "copy.db")
    copy = connect(tmp_path / "copy.db", read_only=True)
    assert copy.execute("select name from sources").fetchone()["name"] == "a"
    with pytest.raises(StoreError, match="exists"):
        back_up(conn, tmp_path / "copy.db")


def test_a_run_whose_ledger_does_not_add_up_is_a_problem(tmp_path: Path) -> None:
    conn = connect(tmp_path / "m.db")
    add_source(conn, "a")
    assert list(integrity_problems(conn)) == []
    with writing(conn):
        conn.execute(
            "insert into runs (source, started_at, finished_at, discovered) values ('a','1','2',3)"
        )
    assert list(integrity_problems(conn)) == [
        "run 1 of a: its outcomes do not add up to what it saw"
    ]


def add_source(conn: sqlite3.Connection, name: str) -> None:
    with writing(conn):
        insert_source(conn, name)


def insert_source_twice(conn: sqlite3.Connection, name: str) -> None:
    insert_source(conn, name)
    insert_source(conn, name)


def insert_source(conn: sqlite3.Connection, name: str) -> None:
    conn.execute(
        "insert into sources (name, title, kind, home) values (?, ?, 'feed', 'http://a.test/')",
        (name, name),
    )
