"""What reviewers do, and what follows from it."""

import sqlite3
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from db import reviews
from db.watchlist import load_entities
from monitor.desk.house import House
from tests.desk.conftest import newest_flag
from tests.desk.world import NOW, World, page

SERIES = "AZ/political_prisoner/-/UFPP/stock"
JSON = {"accept": "application/json"}


def test_a_confirmation_is_kept_with_name_time_and_version(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    answer = decide(client, flag, "confirmed", note="called the lawyer")
    assert answer.status_code == 303
    row = rows(house, "select * from reviews")[0]
    assert (row["flag_id"], row["who"], row["decision"]) == (flag, "local", "confirmed")
    assert row["note"] == "called the lawyer"
    assert row["version_id"] is not None
    assert state(house, flag) == "confirmed"


def test_the_page_after_a_decision_says_what_was_done_and_offers_to_undo_it(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    to = decide(client, flag, "confirmed", next="/?kind=new_mention").headers["location"]
    assert to.startswith("/?kind=new_mention&done=")
    shown = client.get(to).text
    assert "1 flag: confirmed." in shown
    assert 'action="/decisions/undo"' in shown


def test_undoing_adds_a_review_and_brings_the_old_state_back(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    first = decided(client, flag, "second_reading")
    second = decided(client, flag, "confirmed", seen=first)
    undo(client, second)
    assert state(house, flag) == "second_reading"
    assert [r["decision"] for r in rows(house, "select * from reviews order by id")] == [
        "second_reading", "confirmed", "second_reading",
    ]  # fmt: skip


def test_the_second_of_two_reviewers_is_told_and_nothing_of_theirs_is_stored(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    decided(client, flag, "confirmed")
    late = decide(client, flag, "rejected", seen=0)
    assert late.status_code == 409
    assert "local decided meanwhile: confirmed" in late.text
    assert state(house, flag) == "confirmed"


def test_a_common_decision_is_stored_for_all_flags_or_for_none(client, house) -> None:
    one, other = newest_flag(house, "new_mention"), newest_flag(house, "candidate")
    decided(client, other, "confirmed")
    both = {"flag": [f"{one}:0", f"{other}:0"], "decision": "rejected", "reason": "off_topic"}
    late = client.post("/decisions", data=both)
    assert late.status_code == 409
    assert state(house, one) == "open"


def test_many_flags_are_decided_and_undone_together(client, house) -> None:
    flags = [row["id"] for row in rows(house, "select id from flags where kind = 'count_up'")]
    answer = client.post(
        "/decisions", headers=JSON,
        data={"flag": [f"{flag}:0" for flag in flags], "decision": "confirmed"},
    )  # fmt: skip
    made = answer.json()["reviews"]
    assert {int(flag) for flag in made} == set(flags)
    client.post("/decisions/undo", data={"review": list(made.values())})
    assert {state(house, flag) for flag in flags} == {"open"}


def test_reviews_can_be_neither_changed_nor_deleted(client, house) -> None:
    decided(client, newest_flag(house, "new_mention"), "confirmed")
    for sql in ("update reviews set decision = 'rejected'", "delete from reviews"):
        with pytest.raises(sqlite3.DatabaseError, match="append only"), house.memory.writing() as c:
            c.execute(sql)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"decision": "maybe"}, 400),
        ({"decision": ""}, 400),
        ({"decision": "confirmed", "flag": []}, 400),
        ({"decision": "confirmed", "flag": "x:0"}, 400),
        ({"decision": "confirmed", "flag": "999:0"}, 404),
        ({"decision": "corrected"}, 400),
        ({"decision": "confirmed", "note": "x" * 5000}, 400),
        ({"decision": "duplicate", "twin": "4"}, 400),
        ({"decision": "confirmed", "reason": "tracked ruslan-quliyarov"}, 400),
        ({"decision": "not_this_person", "exclude": "1", "phrase": ""}, 400),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(client, house, fields, status) -> None:
    answer = client.post("/decisions", data={"flag": "4:0", **fields})
    assert answer.status_code == status
    assert rows(house, "select * from reviews") == []


# ------------------------------------------------------------------ counts


def test_a_corrected_count_moves_the_series_and_keeps_the_machines_reading(client, house) -> None:
    flag = newest_flag(house, "count_up")
    assert points(client)[-1] == ("2026-11-20", 375)
    made = corrected(client, flag, value="357", as_of="2026-11-19")
    assert points(client)[-1] == ("2026-11-19", 357)
    assert state(house, flag) == "corrected"
    reading = client.get(f"/flags/{flag}.json").json()["reading"]["machine"]
    assert reading["value"] == 375
    shown = client.get(f"/series/{SERIES}.json").json()["corrections"][0]
    assert (shown["value"], shown["machine"], shown["who"]) == (357, "375", "local")
    undo(client, made)
    assert points(client)[-1] == ("2026-11-20", 375)


def test_a_correction_may_move_a_figure_to_another_series(client, house) -> None:
    flag = newest_flag(house, "count_up")
    corrected(client, flag, value="375", org="WG")
    assert points(client)[-1] == ("2026-06-14", 357)
    assert points(client, SERIES.replace("UFPP", "WG"))[-1] == ("2026-11-20", 375)


def test_a_misread_figure_leaves_the_series_and_comes_back_when_that_is_undone(
    client, house
) -> None:
    flag = newest_flag(house, "count_up")
    made = decided(client, flag, "rejected", reason="misread")
    assert points(client)[-1] == ("2026-06-14", 357)
    undo(client, made)
    assert points(client)[-1] == ("2026-11-20", 375)


def test_a_figure_that_is_true_but_no_news_stays_in_the_series(client, house) -> None:
    decided(client, newest_flag(house, "count_up"), "rejected", reason="not_news")
    assert points(client)[-1] == ("2026-11-20", 375)


@pytest.mark.parametrize(
    "fields",
    [{"value": "many"}, {"value": ""}, {"value": "375", "org": "A/B"},
     {"value": "375", "as_of": "soon"}, {"value": "375", "qualifier": "roughly"}],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused(client, house, fields) -> None:
    flag = newest_flag(house, "count_up")
    answer = client.post(f"/flags/{flag}/correction", data={"flag": f"{flag}:0", **fields})
    assert answer.status_code == 400
    assert points(client)[-1] == ("2026-11-20", 375)


def test_undoing_a_confirmation_leaves_a_point_that_was_overtaken_where_it_is(
    client, house
) -> None:
    flag = newest_flag(house, "count_up")
    made = decided(client, flag, "confirmed")
    with house.memory.writing() as conn:
        conn.execute("update series_points set superseded_at = '2026-11-21T01:00:00Z' "
                     "where value = 375")  # fmt: skip
    undo(client, made)
    assert points(client)[-1] == ("2026-06-14", 357)


def test_a_second_thought_takes_back_what_followed_from_the_first(client, house) -> None:
    flag = newest_flag(house, "count_up")
    first = decided(client, flag, "rejected", reason="misread")
    decided(client, flag, "confirmed", seen=first)
    assert points(client)[-1] == ("2026-11-20", 375)


# ------------------------------------------------------------------ names


def test_another_person_makes_an_exclude_only_when_asked(client, house) -> None:
    flag = newest_flag(house, "new_mention", "sevda-mirzeli")
    decided(client, flag, "not_this_person")
    assert entity(house, "sevda-mirzeli").excludes == ()


def test_an_exclude_stops_the_match_and_goes_when_the_decision_is_undone(client, house) -> None:
    flag = newest_flag(house, "new_mention", "sevda-mirzeli")
    made = decided(client, flag, "not_this_person", exclude="1", phrase="vəkil Sevda Mirzəli")
    assert [e.pattern for e in entity(house, "sevda-mirzeli").excludes] == ["vəkil Sevda Mirzəli"]
    undo(client, made)
    assert entity(house, "sevda-mirzeli").excludes == ()


def test_an_alias_joins_the_entity_and_is_found_in_what_is_stored(client, house) -> None:
    flag = newest_flag(house, "candidate")
    answer = client.post(f"/flags/{flag}/alias", headers=JSON, data={
        "flag": f"{flag}:0", "entity": "elmar-tagizade", "alias": "Orxan Dəmirov",
        "type": "pen_name"})  # fmt: skip
    assert answer.status_code == 200
    assert [a.text for a in entity(house, "elmar-tagizade").aliases] == ["Orxan Dəmirov"]
    assert state(house, flag) == "confirmed"
    named = client.get("/entities/elmar-tagizade.json").json()["articles"]
    assert "https://dalga.example/telebe" in {row["url"] for row in named}
    undo(client, answer.json()["reviews"][str(flag)])
    assert entity(house, "elmar-tagizade").aliases == ()


def test_a_candidate_can_be_tracked_and_is_found_in_what_is_stored(client, house) -> None:
    flag = newest_flag(house, "candidate")
    fields = {"flag": f"{flag}:0", "canonical": "Orxan Dəmirov"}
    answer = client.post(f"/flags/{flag}/track", data=fields, headers=JSON)
    assert entity(house, "orxan-demirov").canonical == "Orxan Dəmirov"
    assert client.get("/entities/orxan-demirov.json").json()["articles"] != []
    undo(client, answer.json()["reviews"][str(flag)])
    assert all(e.id != "orxan-demirov" for e in entities(house))


# ------------------------------------------------------------------ the rest


def test_a_duplicate_becomes_evidence_of_the_flag_that_stays(client, house) -> None:
    one = newest_flag(house, "new_mention", "ruslan-quliyarov")
    other = rows(house, "select min(id) as id from flags where entity_id = 'ruslan-quliyarov'")
    decided(client, one, "duplicate", twin=str(other[0]["id"]))
    told = client.get(f"/flags/{other[0]['id']}.json").json()["evidence"]
    assert "https://vestnik.example/hostile" in {e["url"] for e in told}


def test_a_comment_decides_nothing(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    client.post(f"/flags/{flag}/comments", data={"text": "<b>Ask</b> the family"})
    assert state(house, flag) == "open"
    assert "&lt;b&gt;Ask&lt;/b&gt; the family" in client.get(f"/flags/{flag}").text


def test_an_assigned_flag_is_in_the_queue_of_its_reviewer(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    client.post("/assignments", data={"flag": f"{flag}:0", "to": "local"})
    assert [c["id"] for c in client.get("/?queue=mine", headers=JSON).json()["cards"]] == [flag]
    client.post("/assignments", data={"flag": f"{flag}:0", "to": ""})
    assert client.get("/?queue=mine", headers=JSON).json()["cards"] == []
    assert client.post("/assignments", data={"flag": "4:0", "to": "nobody"}).status_code == 400


def test_a_flag_sent_back_waits_in_the_queue_of_second_readings(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    decided(client, flag, "second_reading")
    held = client.get("/?queue=held", headers=JSON).json()["cards"]
    assert [card["id"] for card in held] == [flag]


def test_a_filter_is_kept_under_a_name_and_dropped(client, house) -> None:
    client.post("/filters", data={"name": "Səhər", "query": "source=seher"})
    saved = client.get("/index.json").json()["saved"]
    assert [(one["name"], one["query"]) for one in saved] == [("Səhər", "source=seher")]
    client.post(f"/filters/{saved[0]['id']}/drop")
    assert client.get("/index.json").json()["saved"] == []


@pytest.mark.parametrize(("edited", "after"), [(True, "open"), (False, "confirmed")])
def test_a_decision_is_open_again_when_its_sentence_is_edited(client, house, edited, after) -> None:
    flag = newest_flag(house, "new_mention", "sevda-mirzeli")
    decided(client, flag, "confirmed")
    with house.memory.writing() as conn:
        article = conn.execute("select article_id from flags where id = ?", (flag,)).fetchone()[0]
        sentence = "Bu barədə vəkil Sevda Mirzəli məlumat verib."
        text = "Məhkəmə qərar verib. " + ("" if edited else sentence)
        reopened = reviews.reopen_edited(conn, article, text, "2026-11-21T09:00:00Z")
    assert reopened == ([flag] if edited else [])
    assert state(house, flag) == after


def test_a_crawl_that_reads_an_edit_opens_the_flag_again(client, house) -> None:
    flag = newest_flag(house, "new_mention", "sevda-mirzeli")
    decided(client, flag, "confirmed")
    world = World.__new__(World)
    world.__init__(house.space.data_dir)  # the same place, read once more
    text = "Məhkəmə jurnalist Ruslan Quliyarovun həbs müddətini uzadıb.\nVəkil danışmayıb, o susub."
    html = page("Məhkəmə jurnalistin həbs müddətini uzatdı", text, "2026-11-20")
    world.read("seher", "mehkeme", html, at=NOW - timedelta(minutes=5))
    world.archive.close()
    world.conn.close()
    assert state(house, flag) == "open"
    assert rows(house, "select who from reviews order by id desc")[0]["who"] == "monitor"


def test_the_accuracy_of_rules_and_sources_follows_the_decisions(client, house) -> None:
    named = "select id from flags where kind = 'new_mention' and source = 'seher' limit 2"
    right, wrong = (row["id"] for row in rows(house, named))
    decided(client, right, "confirmed")
    decided(client, wrong, "not_this_person")
    decided(client, newest_flag(house, "candidate"), "duplicate")
    tables = client.get("/accuracy.json").json()["tables"]
    assert tables["kind"] == [{"name": "new_mention", "judged": 2, "right": 1, "corrected": 0}]
    assert tables["source"][0]["name"] == "Səhər Xəbər"
    assert tables["rule"][0]["name"] == "full"


def test_the_audit_tells_who_did_what(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    decided(client, flag, "rejected", reason="off_topic")
    client.post(f"/flags/{flag}/comments", data={"text": "see the note"})
    told = client.get("/audit.json?who=local").json()["rows"]
    assert {(row["what"], row["change"]) for row in told} == {
        ("review", "rejected"), ("comment", "comment"),
    }  # fmt: skip


# ------------------------------------------------------------------ words of these tests


def decide(client: TestClient, flag: int, decision: str, seen: int = 0, **fields: str) -> Any:
    return client.post("/decisions", data={"flag": f"{flag}:{seen}", "decision": decision} | fields)


def decided(client: TestClient, flag: int, decision: str, seen: int = 0, **fields: str) -> int:
    data = {"flag": f"{flag}:{seen}", "decision": decision} | fields
    answer = client.post("/decisions", data=data, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()["reviews"][str(flag)]


def corrected(client: TestClient, flag: int, **fields: str) -> int:
    data = {"flag": f"{flag}:0", "org": "UFPP", "category": "political_prisoner"} | fields
    answer = client.post(f"/flags/{flag}/correction", data=data, headers=JSON)
    assert answer.status_code == 200, answer.text
    return answer.json()["reviews"][str(flag)]


def undo(client: TestClient, review: int) -> None:
    answer = client.post("/decisions/undo", data={"review": review})
    assert answer.status_code == 303, answer.text


def points(client: TestClient, series: str = SERIES) -> list[tuple[str, int]]:
    charts = client.get(f"/series/{series}.json").json()["charts"]
    return [(p["effective"], p["value"]) for p in charts[series.split("/")[3]]]


def state(house: House, flag: int) -> str:
    return rows(house, f"select decision from flags where id = {flag}")[0]["decision"]


def entities(house: House) -> Any:
    with house.memory.reading() as conn:
        return load_entities(conn)


def entity(house: House, identity: str) -> Any:
    return next(e for e in entities(house) if e.id == identity)


def rows(house: House, sql: str) -> list[Any]:
    with house.memory.reading() as conn:
        return conn.execute(sql).fetchall()
