"""From a reading to rows: versions, flags and evidence, as the data model has them."""

import json
from pathlib import Path

import pytest

from db.records import Entity
from monitor.exceptions import Unreadable
from monitor.ingest import record_missed, record_unchanged, record_unreadable
from monitor.items import Missed
from tests.worlds import MONDAY, World

WIRE = (
    "The Baku Court of Serious Crimes on Friday resumed the hearing in the case of several media "
    "workers who were arrested last winter. Ülvi Həsənli told the court that the money found in "
    "the office had been planted there by the police. The judge rejected all motions of the "
    "defence and set the next hearing for the coming week. Relatives waited outside the building "
    "for six hours, and diplomats were not let in."
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_first_reading_is_a_version_with_its_mentions(world: World) -> None:
    recorded = world.read("Ülvi Həsənli is in prison.")
    assert (recorded.outcome, recorded.reason) == ("stored", "new article")
    (flag,) = world.flags()
    assert (flag["kind"], flag["entity_id"]) == ("new_mention", "ulvi")
    assert flag["quote"] == "Ülvi Həsənli is in prison."
    detail = json.loads(flag["detail"])
    assert detail["first_ever"] is True
    assert detail["name"] == "Ülvi Həsənli"


def test_the_same_text_again_is_unchanged_and_raises_nothing(world: World) -> None:
    world.read("Ülvi Həsənli is in prison.")
    again = world.read("Ülvi  Həsənli is in\nprison.", day=1)
    assert (again.outcome, again.reason) == ("unchanged", "same text")
    assert (world.count("versions"), len(world.flags())) == (1, 1)


def test_a_counter_on_the_page_is_noted_once_and_stored_as_no_version(world: World) -> None:
    world.read("He is held.\nViews: 10")
    for day in (1, 2):
        again = world.read(f"He is held.\nViews: {day}00", day=day)
        assert (again.outcome, again.reason) == ("unchanged", "cosmetic only")
    assert (world.count("versions"), world.count("quieted"), world.flags()) == (1, 1, [])


def test_a_misprint_put_right_is_a_version_without_a_flag(world: World) -> None:
    world.read("He is helt in the city.")
    again = world.read("He is held in the city.", day=1)
    assert again.outcome == "stored"
    assert (world.count("versions"), world.flags(), world.count("quieted")) == (2, [], 1)


def test_a_changed_number_is_a_flag_that_shows_both_sentences(world: World) -> None:
    world.read("The trial began. He got 8 years.", modified="2026-03-02")
    world.read("The trial began. He got 7 years.", day=1, modified="2026-03-02")
    (flag,) = world.flags("article_edited")
    detail = json.loads(flag["detail"])
    assert detail["changes"] == [{"before": "He got 8 years.", "after": "He got 7 years."}]
    assert detail["silent"] is True


def test_an_edit_that_says_so_is_not_silent(world: World) -> None:
    world.read("He got 8 years.", modified="2026-03-02")
    world.read("He got 7 years.", day=1, modified="2026-03-03")
    assert json.loads(world.flags("article_edited")[0]["detail"])["silent"] is False


def test_a_name_taken_out_is_one_flag_and_not_an_edit_besides(world: World) -> None:
    world.read("The court sat. Ülvi Həsənli was there.")
    world.read("The court sat.", day=1)
    assert world.kinds() == ["new_mention", "mention_removed"]
    assert world.flags("mention_removed")[0]["quote"] == "Ülvi Həsənli was there."


def test_a_name_put_in_later_is_new_and_a_name_that_returns_is_not(world: World) -> None:
    world.read("The court sat.")
    world.read("The court sat. Ülvi Həsənli was there.", day=1)
    world.read("The court sat.", day=2)
    world.read("The court sat. Ülvi Həsənli was there.", day=3)
    assert world.kinds().count("new_mention") == 1


def test_a_page_that_flips_between_two_texts_becomes_a_note(world: World) -> None:
    texts = ["He got 8 years.", "He got 7 years."]
    outcomes = [world.read(texts[day % 2], day=day).outcome for day in range(12)]
    assert outcomes[4:] == ["unchanged"] * 8
    assert world.count("versions") == 4
    assert [row["kind"] for row in world.conn.execute("select kind from quieted")] == ["unstable"]


def test_a_reprint_is_evidence_for_the_flag_and_no_second_flag(world: World) -> None:
    world.read(WIRE)
    world.read(WIRE + " This is a summary of agency reports.", url="http://b.test/2")
    assert world.kinds() == ["new_mention"]
    (evidence,) = world.conn.execute("select relation, quote from flag_evidence").fetchall()
    assert evidence["relation"] == "reprint"
    assert "Ülvi Həsənli" in evidence["quote"]


def test_another_story_about_the_same_person_is_a_flag_of_its_own(world: World) -> None:
    world.read(WIRE)
    world.read("Ülvi Həsənli was moved to another prison.", url="http://b.test/2", day=3)
    assert world.kinds() == ["new_mention"] * 2
    second = json.loads(world.flags()[1]["detail"])
    assert (second["first_ever"], second["first_in_source"], second["silence_days"]) == (
        False,
        True,
        3,
    )


def test_the_baseline_stores_everything_and_flags_quietly(world: World) -> None:
    world.read("Ülvi Həsənli is in prison.", baseline=True)
    (flag,) = world.flags()
    assert flag["baseline"] == 1
    assert world.count("mentions") == 1


def test_a_count_moves_its_series_and_is_flagged_once_over_three_outlets(world: World) -> None:
    union = "the Union for the Freedom of Political Prisoners"
    world.read(f"On 2 March 2026 {union} listed 331 political prisoners.")
    world.read(
        f"On 4 March 2026 {union} listed 357 political prisoners, up from 331.",
        url="http://a.test/2",
        day=2,
    )
    world.read(
        f"There are 357 political prisoners, {union} said on 4 March 2026.",
        url="http://b.test/3",
        day=3,
    )
    assert world.kinds() == ["count_first_seen", "count_up"]
    up = world.flags("count_up")[0]
    assert (up["old"], up["new"]) == ("331", "357")
    assert up["series"] == "AZ/political_prisoner/-/UFPP/stock"
    evidence = world.conn.execute("select flag_id, relation, quote from flag_evidence").fetchall()
    assert [(e["flag_id"], e["relation"]) for e in evidence] == [(up["id"], "same_fact")]
    assert evidence[0]["quote"].startswith("There are 357")


def test_a_page_that_cannot_be_read_is_kept_and_is_no_version(world: World) -> None:
    page = world.page("http://a.test/1")
    recorded = record_unreadable(world.conn, page, Unreadable("blocked", "challenge"))
    assert (recorded.outcome, recorded.reason) == ("blocked", "challenge")
    assert (world.count("fetches"), world.count("versions")) == (1, 0)


def test_an_unchanged_visit_moves_the_last_visit_only(world: World) -> None:
    world.read("He is held.")
    before = world.conn.execute("select changed_at from articles").fetchone()[0]
    record_unchanged(world.conn, world.page("http://a.test/1", day=1))
    row = world.conn.execute("select changed_at, visited_at from articles").fetchone()
    assert row["changed_at"] == before
    assert row["visited_at"] > before


def test_a_miss_without_a_request_leaves_no_fetch(world: World) -> None:
    missed = Missed(source="a", discovered_as="http://a.test/9", outcome="blocked", reason="robots")
    assert record_missed(world.conn, missed, MONDAY).reason == "robots"
    assert world.count("fetches") == 0


def test_a_crash_between_any_two_statements_leaves_nothing_behind(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.read("The court sat.")
    before = {table: world.count(table) for table in ("fetches", "versions", "flags", "mentions")}

    def crash(*args: object) -> None:
        raise RuntimeError("the power failed")

    monkeypatch.setattr("db.apply._add_flags", crash)
    with pytest.raises(RuntimeError):
        world.read("The court sat. Ülvi Həsənli was there.", day=1)
    monkeypatch.undo()
    after = {table: world.count(table) for table in before}
    assert after == before
    world.read("The court sat. Ülvi Həsənli was there.", day=1)
    assert world.kinds() == ["new_mention"]


def test_a_name_in_the_title_alone_is_found_and_quoted(world: World) -> None:
    world.read("He was taken to court on Friday.", title="Ülvi Həsənli faces new charges")
    (flag,) = world.flags()
    assert (flag["entity_id"], flag["quote"]) == ("ulvi", "Ülvi Həsənli faces new charges")
    (mention,) = world.conn.execute('select part, start, "end" from mentions').fetchall()
    assert tuple(mention) == ("title", 0, 12)


def test_a_surname_in_the_text_belongs_to_the_name_in_the_title(world: World) -> None:
    world.read("Həsənli was taken to court.", title="Ülvi Həsənli faces new charges")
    rows = world.conn.execute("select part, surface, tier from mentions order by part")
    assert [tuple(row) for row in rows] == [
        ("text", "Həsənli", "family"),
        ("title", "Ülvi Həsənli", "full"),
    ]


def test_a_published_list_tells_who_came_and_who_went(world: World) -> None:
    names = ["Rauf Quliyev", "Vüsal Məmmədli", "Xəyal Cəfərov", "Aynur Kərimova", "Elçin Rəhimli"]
    world.read("Siyahı:\n" + "\n".join(names))
    world.read("Siyahı:\n" + "\n".join([*names[1:], "Tofiq Nəbiyev"]), day=1)
    (flag,) = world.flags("article_edited")
    assert json.loads(flag["detail"])["list"] == {
        "added": ["Tofiq Nəbiyev"],
        "removed": ["Rauf Quliyev"],
        "kept": 4,
        "trusted": True,
    }


def test_a_text_known_in_part_is_completed_without_an_edit(world: World) -> None:
    world.read("The court sat.", partial=True)
    world.read("The court sat. Ülvi Həsənli was there. He got 8 years.", day=1)
    assert world.kinds() == ["new_mention"]
    again = world.read("The court sat.", partial=True, day=2)
    assert (again.outcome, world.count("versions")) == ("unchanged", 2)


def test_a_name_tracked_for_another_time_raises_nothing(tmp_path: Path) -> None:
    until = Entity(id="u", kind="person", canonical="Ülvi Həsənli", valid_to="2026-02")
    world = World(tmp_path, (until,))
    world.read("Ülvi Həsənli is in prison.")
    assert world.flags() == []
