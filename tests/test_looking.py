"""The verbs that look at what is known, as a person and a program use them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from monitor.cli import cli
from tests.worlds import World

UNION = "the Union for the Freedom of Political Prisoners"
SERIES = "AZ/political_prisoner/-/UFPP/stock"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    world = World(tmp_path)
    world.read(f"On 2 March 2026 {UNION} listed 331 political prisoners.", title="The list")
    world.read(
        f"On 4 March 2026 {UNION} listed 357 political prisoners, up from 331.",
        url="http://a.test/2",
        title="The new list",
        day=2,
    )
    world.read("Sevinj Vagifgizi was in court.", url="http://b.test/3", title="=cmd()", day=3)
    world.read("Sevinj Vagifgizi was not in court.", url="http://b.test/3", title="=cmd()", day=4)
    world.conn.close()
    return tmp_path


def run(data: Path, *words: str) -> Result:
    result = CliRunner().invoke(cli, ["--data", str(data), *words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def rows(data: Path, *words: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in run(data, *words, "--json").output.splitlines()]


def test_flags_have_the_stable_format(data: Path) -> None:
    flags = rows(data, "flags")
    assert [flag["kind"] for flag in flags] == [
        "count_first_seen", "count_up", "new_mention", "article_edited",
    ]  # fmt: skip
    stable = {"id", "kind", "url", "version", "entity", "series", "old", "new", "quote",
              "priority", "raised_at", "state", "evidence"}  # fmt: skip
    assert stable <= flags[0].keys()
    assert (flags[1]["series"], flags[1]["old"], flags[1]["new"]) == (SERIES, 331, 357)
    assert flags[1]["state"] == "open"


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["--kind", "count_up"], ["count_up"]),
        (["--entity", "sevinc"], ["new_mention"]),
        (["--series", SERIES], ["count_first_seen", "count_up"]),
        (["--source", "b"], ["new_mention", "article_edited"]),
        (["--since", "2026-03-05T00:00:00Z"], ["new_mention", "article_edited"]),
        (["--as-known-at", "2026-03-03"], ["count_first_seen"]),
        (["--state", "confirmed"], []),
        (["--limit", "1"], ["count_first_seen"]),
    ],
)
def test_flags_are_filtered(data: Path, words: list[str], kinds: list[str]) -> None:
    assert [flag["kind"] for flag in rows(data, "flags", *words)] == kinds


def test_an_unknown_kind_is_refused_with_the_known_ones(data: Path) -> None:
    result = CliRunner().invoke(cli, ["--data", str(data), "flags", "--kind", "nonsense"])
    assert result.exit_code == 2
    assert "count_up" in result.output


def test_counts_show_the_current_point_as_it_was_known_then(data: Path) -> None:
    (now,) = rows(data, "counts")
    assert (now["series"], now["value"], now["points"]) == (SERIES, 357, 2)
    (then,) = rows(data, "counts", "--as-known-at", "2026-03-03")
    assert then["value"] == 331


def test_the_history_of_a_series_names_the_source_of_each_point(data: Path) -> None:
    history = rows(data, "counts", SERIES)
    assert [(p["value"], p["source"], p["effective"]) for p in history] == [
        (331, "a", "2026-03-02"),
        (357, "a", "2026-03-04"),
    ]


def test_an_unknown_series_is_named_with_the_way_to_the_known_ones(data: Path) -> None:
    from monitor.exceptions import BadInput

    for wrong, said in (("AZ/x/-/Y/stock", "monitor counts"), ("nonsense", "write a series like")):
        with pytest.raises(BadInput, match=said):
            run(data, "counts", wrong)


def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(data: Path) -> None:
    from monitor.counting import as_csv

    assert as_csv([{"a": "=1+1", "b": 3}]) == "a,b\n'=1+1,3\n"
    assert run(data, "counts", "--csv").output.startswith("series,")


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_a_series_is_drawn(data: Path, ending: str) -> None:
    pytest.importorskip("matplotlib")
    path = data / f"chart.{ending}"
    run(data, "counts", SERIES, "--plot", str(path))
    assert path.read_bytes()[:4] in (b"\x89PNG", b"<?xm")


@pytest.mark.parametrize(
    "words", [["Vaqifqızı"], ["sevinc", "vaqifqizi"], ["Севиндж Вагифгызы"], ["vagifgizi"]]
)
def test_search_finds_a_tracked_name_in_any_spelling(data: Path, words: list[str]) -> None:
    assert {row["url"] for row in rows(data, "search", *words)} == {"http://b.test/3"}


def test_search_reaches_old_versions(data: Path) -> None:
    found = rows(data, "search", "court")
    assert sorted(row["version"] for row in found) == [1, 2]


def test_show_marks_what_an_edit_changed(data: Path) -> None:
    said = run(data, "show", "http://b.test/3", "--diff").output
    assert "{+ not+}" in said or "{+not +}" in said


def test_mentions_say_where_a_name_was_found(data: Path) -> None:
    found = rows(data, "mentions", "sevinc")
    assert {row["surface"] for row in found} == {"Sevinj Vagifgizi"}


def test_status_counts_what_is_stored(data: Path) -> None:
    (told,) = rows(data, "status")
    assert isinstance(told, dict)
