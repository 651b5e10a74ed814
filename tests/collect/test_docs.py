"""The page on collecting says what the code does."""

import re
from pathlib import Path

from db.crawling import NOT_REACHED, OVER_BUDGET
from db.targets import LADDER
from monitor.decide.presence import _BLOCKED
from monitor.middlewares import outcomes
from monitor.spiders.kinds import WALKERS

PAGE = (Path(__file__).parents[2] / "docs" / "collecting.md").read_text("utf-8")


def test_every_kind_of_source_is_documented() -> None:
    rows = set(re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE))
    assert rows == {*WALKERS, "spider"}


def test_every_reason_of_the_ledger_is_documented() -> None:
    reasons = {reason for _, _, reason in outcomes._FAILURES}
    reasons |= {outcomes.ROBOTS, outcomes.ROBOTS_UNREACHABLE, outcomes.REST, *outcomes.PASSING}
    reasons |= {NOT_REACHED, OVER_BUDGET, *_BLOCKED}
    rows = re.findall(r"^\| (?:stored|unchanged|duplicate|blocked|filtered|failed) \| (.*) \|$",
                      PAGE, re.MULTILINE)  # fmt: skip
    assert reasons <= {reason for row in rows for reason in row.split(" · ")}


def test_the_ladder_is_documented() -> None:
    assert len(re.findall(r"^\| (?:\d+ \w+|older) \| [^|]*(?:hour|day|year)s? \|$", PAGE,
                          re.MULTILINE)) == len(LADDER) + 1  # fmt: skip
