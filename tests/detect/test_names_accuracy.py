"""The labelled benchmark has a floor below which no change may bring it."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench" / "names.py"
LANGUAGES = ("az", "az-Cyrl", "de", "en", "fr", "hy", "ka", "ru", "tr", "uk")


@pytest.fixture(scope="module")
def measured() -> dict[str, dict[str, tuple[int, int]]]:
    spec = importlib.util.spec_from_file_location("bench_names", BENCH)
    assert spec is not None
    assert spec.loader is not None
    bench: ModuleType = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    return bench.accuracy()  # type: ignore[no-any-return]


def share(pair: tuple[int, int]) -> float:
    return pair[0] / pair[1]


@pytest.mark.parametrize("split", ["tuned", "aside"])
def test_the_benchmark_keeps_its_floor(
    split: str, measured: dict[str, dict[str, tuple[int, int]]]
) -> None:
    measures = measured[split]
    assert share(measures["all"]) >= 0.98
    assert share(measures["exact spans"]) >= 0.98
    assert share(measures["near misses refused"]) >= 0.98
    assert share(measures["no wrong person"]) == 1
    for language in LANGUAGES:
        assert share(measures[language]) >= 0.95, language


def test_the_benchmark_is_large_and_keeps_rows_aside(
    measured: dict[str, dict[str, tuple[int, int]]],
) -> None:
    sizes = {
        split: measures["all"][1] + measures["near misses refused"][1]
        for split, measures in measured.items()
    }
    assert sum(sizes.values()) >= 400
    assert sizes["aside"] >= 150
