"""docs/data.md and the Datasette configuration speak of the database as it is."""

import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from db.corpus import TABLES
from db.store import connect

DOCS = Path(__file__).parent.parent / "docs"
BOOK = (DOCS / "data.md").read_text("utf-8")
EXPORTS = (DOCS / "exports.md").read_text("utf-8")
SEARCH_COLUMNS = ["title", "text", "folded"]


@pytest.fixture(scope="module")
def conn(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    conn = connect(tmp_path_factory.mktemp("data") / "monitor.db")
    yield conn
    conn.close()


def names(conn: sqlite3.Connection, kind: str) -> set[str]:
    rows = conn.execute(
        "select name from sqlite_master where type = ? and name not glob '*sqlite_*'"
        " and name not glob 'versions_fts_*'",
        (kind,),
    )
    return {row[0] for row in rows}


def described() -> dict[str, list[str]]:
    """The columns that docs/data.md lists, by table."""
    found: dict[str, list[str]] = {}
    for section in re.split(r"^### ", BOOK, flags=re.M)[1:]:
        table, _, rest = section.partition("\n")
        found[table] = re.findall(r"^\| ([a-z_0-9]+) \|", rest.split("\n## ")[0], re.M)[1:]
    return found


def test_every_table_and_column_is_described_in_its_order(conn: sqlite3.Connection) -> None:
    book = described()
    assert set(book) == names(conn, "table")
    for table, columns in book.items():
        there = [row[1] for row in conn.execute(f"pragma table_xinfo({table})")]
        assert columns == (SEARCH_COLUMNS if table == "versions_fts" else there), table


def test_every_view_is_described(conn: sqlite3.Connection) -> None:
    views = BOOK.split("## Views")[1].split("\n## ")[0]
    listed = set(re.findall(r"^\| ([a-z_]+) \|", views, re.M)) - {"view"}
    assert listed == names(conn, "view")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_exported_table_and_column_is_described(table: Any) -> None:
    assert f"### {table.name}\n" in EXPORTS
    section = EXPORTS.split(f"### {table.name}\n")[1].split("\n### ")[0].split("\n## ")[0]
    rows = re.findall(r"^\| (\w+) \| (\w+) \| (.*?) \|$", section, re.M)[1:]
    assert rows == [(column.name, column.type, column.about) for column in table.columns]


# ---------------------------------------------------------------------- Datasette


def configuration(name: str) -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    text = files("monitor").joinpath("defaults", "datasette", name).read_text("utf-8")
    database: dict[str, Any] = yaml.safe_load(text)["databases"]["monitor"]
    return database


def test_both_configurations_say_the_same() -> None:
    assert configuration("metadata.yaml") == configuration("datasette.yaml")


def test_labels_facets_and_orders_name_columns_that_are_there(conn: sqlite3.Connection) -> None:
    tables = configuration("datasette.yaml")["tables"]
    assert set(tables) <= names(conn, "table")
    for table, told in tables.items():
        columns = {row[1] for row in conn.execute(f"pragma table_xinfo({table})")}
        wanted = {told[key] for key in ("label_column", "sort", "sort_desc") if key in told}
        assert wanted | set(told.get("facets", ())) <= columns, table


def test_every_ready_query_runs(conn: sqlite3.Connection) -> None:
    queries = configuration("datasette.yaml")["queries"]
    assert len(queries) >= 8
    for name, query in queries.items():
        asked = dict.fromkeys(re.findall(r":(\w+)", query["sql"]), "x")
        assert conn.execute(query["sql"], asked).fetchall() == [], name
        assert query["title"]


def test_a_ready_query_finds_what_was_read(tmp_path: Path) -> None:
    from tests.worlds import World

    world = World(tmp_path)
    world.read("Ülvi Həsənli is in prison.")
    queries = configuration("datasette.yaml")["queries"]
    found = world.conn.execute(queries["full_text"]["sql"], {"words": "prison"}).fetchall()
    assert [row["url"] for row in found] == ["http://a.test/1"]
    named = world.conn.execute(queries["named"]["sql"], {"entity": "ulvi"}).fetchall()
    assert [row["surface"] for row in named] == ["Ülvi Həsənli"]
    assert len(world.conn.execute(queries["needs_a_look"]["sql"]).fetchall()) == 1


def test_sqlite_utils_searches_and_changes_nothing_it_should_not(tmp_path: Path) -> None:
    from sqlite_utils import Database

    from tests.worlds import World

    World(tmp_path).read("Ülvi Həsənli is in prison.")
    db = Database(tmp_path / "monitor.db")
    assert db["versions"].detect_fts() == "versions_fts"
    assert [row["title"] for row in db["versions"].search("prison")] == ["Title"]
    assert {"open_flags", "count_history"} <= set(db.view_names())
    db.close()
