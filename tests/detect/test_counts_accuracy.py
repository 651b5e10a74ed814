"""The labelled benchmark of counts has a floor below which no change may bring it."""

import importlib.util
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "counts.py"


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_counts", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("split", "precision", "recall"), [("tuned", 0.94, 0.92), ("aside", 0.94, 0.91)]
)
def test_counts_are_found_and_little_else(
    bench: ModuleType, split: str, precision: float, recall: float
) -> None:
    tally, _ = bench.measure(row for row in bench.load() if row["split"] == split)
    measured = bench.rates(tally)["all"]
    assert measured[0] >= precision
    assert measured[1] >= recall
    assert bench.share(tally, "record") >= 0.87
    assert bench.share(tally, "org") >= 0.94
    assert bench.share(tally, "place") >= 0.97
    assert bench.share(tally, "qualifier") >= 0.98
    assert bench.share(tally, "as_of none") >= 0.95
    assert tally["traps clean"] >= 0.93 * tally["traps"]


def test_in_long_articles_each_number_keeps_its_counter(bench: ModuleType) -> None:
    tally: Counter[str] = bench.measure(bench.joined(bench.load()))[0]
    assert bench.share(tally, "org") >= 0.88
    assert bench.share(tally, "place") >= 0.97


def test_articles_told_over_months_raise_the_right_flags(bench: ModuleType) -> None:
    tally, _ = bench.measure_flags(bench.load_timelines())
    assert tally["right"] >= 0.97 * (tally["right"] + tally["extra"])
    assert tally["right"] >= 0.95 * (tally["right"] + tally["missed"])
    assert tally["false up or down"] == 0


def test_the_benchmark_is_large_and_keeps_rows_aside(bench: ModuleType) -> None:
    rows = bench.load()
    assert len(rows) >= 1400
    assert 0.12 < sum(row["split"] == "aside" for row in rows) / len(rows) < 0.4
    assert {row["lang"] for row in rows} >= {"en", "az", "ru", "tr", "es", "fr", "de", "pl", "uk"}
