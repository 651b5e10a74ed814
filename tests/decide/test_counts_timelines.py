"""The flag engine on whole timelines: exactly the flags that are expected, nothing else."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from counts_replay import full, raised, reports

DATA = Path(__file__).parent / "data"
FILES = ("timelines.toml", "open_timelines.toml")
TIMELINES = [
    timeline
    for name in FILES
    for timeline in tomllib.loads((DATA / name).read_text(encoding="utf-8"))["timeline"]
]


@pytest.mark.parametrize("timeline", TIMELINES, ids=lambda timeline: timeline["id"])
def test_a_timeline_raises_exactly_its_flags(timeline: dict[str, Any]) -> None:
    flags = raised(reports(timeline["articles"]))

    assert sorted(flags) == sorted(full(flag) for flag in timeline["flags"])
