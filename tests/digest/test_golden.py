"""Whole digests compared with files that were read by a person.

After a wanted change write them anew with `UPDATE_GOLDEN=1 pytest tests/digest/test_golden.py` and
read the difference.
"""

import os
from pathlib import Path

import pytest

from monitor.digest.build import build
from monitor.digest.freeze import freeze
from tests.digest import world as days

GOLDEN = Path(__file__).parent / "golden"
DAYS = {"quiet": days.quiet_day, "busy": days.busy_day, "failing": days.failing_day}


@pytest.mark.parametrize(
    ("day", "language"),
    [("quiet", "en"), ("busy", "en"), ("busy", "az"), ("busy", "ru"), ("failing", "en")],
)
def test_a_day_is_told_as_it_was_approved(world, day, language):
    DAYS[day](world)
    digest = build(world.conn, days.SINCE, days.NOW, now=days.NOW)
    frozen = freeze(world.conn, digest, language)
    check(f"{day}.{language}.txt", f"Subject: {frozen.subject}\n\n{frozen.text}")
    if language == "en":
        check(f"{day}.{language}.html", frozen.html)
        check(f"{day}.{language}.json", frozen.content)


def check(name: str, told: str) -> None:
    path = GOLDEN / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(told, encoding="utf-8")
    assert told == path.read_text(encoding="utf-8")
