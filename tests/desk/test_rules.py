"""Hiding alike: previewed, made, at work when flags are raised, ended."""

from datetime import timedelta

import pytest

from db.apply import raise_flag
from db.records import Flag
from monitor.isoday import moment
from tests.desk.conftest import newest_flag
from tests.desk.test_decisions import JSON, decided, rows
from tests.desk.world import NOW


def test_the_preview_counts_what_would_have_been_hidden_of_late(client, house) -> None:
    flag = newest_flag(house, "new_mention", "elmar-tagizade")
    wide = client.get(f"/rules/new?flag={flag}&part=entity", headers=JSON).json()
    narrow = client.get(f"/rules/new?flag={flag}&part=entity&part=source", headers=JSON).json()
    assert (wide["number"], narrow["number"]) == (2, 1)
    assert rows(house, "select * from rules") == []


def test_a_rule_hides_what_is_open_and_alike_and_brings_it_back(client, house) -> None:
    flag = newest_flag(house, "new_mention", "elmar-tagizade")
    made = make(client, flag, part="entity")
    assert hidden(house) == 2
    assert client.get("/?queue=hidden", headers=JSON).json()["total"] == 2
    assert client.get("/rules.json").json()["rules"][0]["hidden"] == 2
    client.post(f"/rules/{made}/undo")
    assert hidden(house) == 0
    assert client.post(f"/rules/{made}/undo").status_code == 404


def test_what_was_decided_is_not_hidden(client, house) -> None:
    flag = newest_flag(house, "new_mention", "elmar-tagizade")
    decided(client, flag, "confirmed")
    make(client, flag, part="entity")
    assert hidden(house) == 1


@pytest.mark.parametrize(
    ("facts", "hides"),
    [
        ({}, True),
        ({"entity": "ruslan-quliyarov"}, False),
        ({"kind": "mention_removed"}, False),
        ({"baseline": True}, False),
        ({"later": 31}, False),
        ({"later": 29}, True),
    ],
)
def test_a_rule_hides_new_flags_that_it_covers_until_it_expires(
    client, house, facts, hides
) -> None:
    rule = make(client, newest_flag(house, "new_mention", "elmar-tagizade"), part="entity")
    at = moment(NOW + timedelta(days=facts.pop("later", 0)))
    flag = Flag(**{"kind": "new_mention", "key": "x", "entity": "elmar-tagizade", **facts})
    with house.memory.writing() as conn:
        raise_flag(conn, flag, at, source="dalga")
    row = rows(house, "select hidden_by from flags where key = 'x'")[0]
    assert row["hidden_by"] == (rule if hides else None)
    assert rows(house, "select hidden from rules")[0]["hidden"] == 2 + hides


def test_a_rule_about_a_candidate_goes_by_the_name(client, house) -> None:
    make(client, newest_flag(house, "candidate"), part="word")
    flag = Flag(kind="candidate", key="y", new="Orxan Dəmirov")
    other = Flag(kind="candidate", key="z", new="Somebody Else")
    with house.memory.writing() as conn:
        raise_flag(conn, flag, moment(NOW), source="seher")
        raise_flag(conn, other, moment(NOW), source="seher")
    told = rows(house, "select key from flags where hidden_by is not null order by key")
    assert "y" in {row["key"] for row in told}
    assert "z" not in {row["key"] for row in told}


@pytest.mark.parametrize("fields", [{}, {"part": "lasts"}, {"part": "entity", "lasts": "1e9"}])
def test_a_rule_without_a_trait_or_with_a_strange_end_is_refused(client, house, fields) -> None:
    flag = newest_flag(house, "new_mention")
    assert client.post("/rules", data={"flag": flag, **fields}).status_code == 400


def make(client, flag: int, **fields: str) -> int:
    return client.post("/rules", data={"flag": flag, **fields}, headers=JSON).json()["rule"]


def hidden(house) -> int:
    return len(rows(house, "select 1 from flags where hidden_by is not null"))
