"""What is told, where, and what is left out."""

from dataclasses import replace
from datetime import timedelta

import pytest

from db.records import FLAG_KINDS
from db.store import writing
from monitor.digest.build import build, weekly_is_due, window
from monitor.digest.freeze import freeze, render_json, thawed
from monitor.digest.html import render_html
from monitor.digest.ranking import KINDS
from monitor.digest.text import render_text
from monitor.digest.verdict import subject
from monitor.isoday import parse_moment
from tests.digest.world import NOW, SERIES, SINCE, busy_day, quiet_day

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def of(world, **window):
    window = {"since": SINCE, "until": NOW, "now": NOW} | window
    return build(world.conn, **window)


def test_every_kind_of_flag_has_its_place():
    assert set(KINDS) == set(FLAG_KINDS)


# ---------------------------------------------------------------------- windows and freezing


def test_the_first_window_is_the_last_day(world):
    assert window(world.conn, NOW) == (SINCE, NOW)


def test_the_next_window_begins_where_the_last_digest_ended(world):
    freeze(world.conn, of(quiet_day(world)), "en")
    assert window(world.conn, NOW + 30 * HOUR) == (NOW, NOW + 30 * HOUR)


def test_asked_again_at_the_same_moment_the_window_is_the_same(world):
    freeze(world.conn, of(quiet_day(world)), "en")
    assert window(world.conn, NOW) == (SINCE, NOW)


def test_a_week_has_its_own_chain_of_windows(world):
    freeze(world.conn, of(quiet_day(world)), "en")
    assert window(world.conn, NOW, frequency="weekly") == (NOW - 7 * DAY, NOW)


@pytest.mark.parametrize(
    ("last", "now", "is_due"),
    [
        (None, "2026-11-22T04:00", False),  # a Sunday
        (None, "2026-11-22T20:30", True),  # Monday in Baku
        (None, "2026-11-24T04:00", False),
        ("2026-11-16T04:00", "2026-11-22T04:00", False),
        ("2026-11-16T04:00", "2026-11-23T04:00", True),
        ("2026-11-16T04:00", "2026-11-25T04:00", True),  # the machine was off on Monday
        ("2026-11-23T04:00", "2026-11-23T09:00", False),
    ],
)
def test_a_weekly_digest_is_due_each_monday(world, last, now, is_due):
    quiet_day(world)
    if last is not None:
        until = parse_moment(last)
        digest = of(world, since=until - 7 * DAY, until=until, now=until)
        freeze(world.conn, replace(digest, frequency="weekly"), "en")
    assert weekly_is_due(world.conn, parse_moment(now), "Asia/Baku") == is_due


def test_a_day_and_a_week_of_one_window_are_two_digests(world):
    digest = of(quiet_day(world))
    daily = freeze(world.conn, digest, "en")
    weekly = freeze(world.conn, replace(digest, frequency="weekly"), "en")
    assert (daily.number, weekly.number) == (1, 2)
    assert weekly.text.startswith("Weekly digest No. 2")


def test_the_same_window_gives_the_same_bytes_whatever_was_learned_since(world):
    first = freeze(world.conn, of(busy_day(world)), "en")
    world.flag("count_up", series=SERIES, old=375, new=380, quote="Now 380.", priority=0.9)
    again = freeze(world.conn, of(world, now=NOW + HOUR), "ru")
    assert again == first


def test_digests_are_numbered_in_order(world):
    quiet_day(world)
    first = freeze(world.conn, of(world), "en")
    second = freeze(world.conn, of(world, since=NOW, until=NOW + DAY, now=NOW + DAY), "en")
    assert (first.number, second.number) == (1, 2)
    assert "Digest No. 2" in second.text


def test_a_frozen_digest_is_rendered_again_byte_for_byte(world):
    frozen = freeze(world.conn, of(busy_day(world)), "en")
    digest = thawed(frozen)
    assert render_text(digest, "en") == frozen.text
    assert render_html(digest, "en") == frozen.html
    assert render_json(digest) == frozen.content
    assert subject(digest, "en") == frozen.subject


def test_a_flag_that_was_stored_late_is_told_by_the_next_digest(world):
    quiet_day(world)
    freeze(world.conn, of(world), "en")
    late = world.flag("candidate", at=NOW - 2 * HOUR, detail={"name": "A B"}, new="A B")
    after = of(world, since=NOW, until=NOW + DAY, now=NOW + DAY)
    assert late in after.flags
    freeze(world.conn, after, "en")
    third = of(world, since=NOW + DAY, until=NOW + 2 * DAY, now=NOW + 2 * DAY)
    assert late not in third.flags


def test_a_flag_on_the_border_belongs_to_the_window_it_ends(world):
    quiet_day(world)
    border = world.flag("candidate", at=NOW, detail={"name": "A B"})
    assert border in of(world).flags
    freeze(world.conn, of(world), "en")
    assert border not in of(world, since=NOW, until=NOW + DAY, now=NOW + DAY).flags


def test_late_says_late(world):
    quiet_day(world)
    digest = of(world, now=NOW + 5 * HOUR)
    assert "Late: made 5 hours after" in render_text(digest, "en")
    assert subject(digest, "en").startswith("Late · ")


def test_a_long_window_says_how_long(world):
    digest = of(quiet_day(world), since=NOW - 3 * DAY)
    assert "Covers 3 days" in render_text(digest, "en")


# ---------------------------------------------------------------------- what is kept quiet


@pytest.mark.parametrize("decision", ["rejected", "not_this_person", "duplicate"])
def test_a_flag_that_was_overturned_is_not_told(world, decision):
    quiet_day(world)
    where = world.article("turan", "a", "A")
    flag = world.flag("article_edited", where=where, detail={"changes": []})
    world.review(flag, decision)
    digest = of(world)
    assert flag not in digest.flags
    assert digest.quiet.rejected == 1


def test_a_confirmed_flag_says_so(world):
    quiet_day(world)
    where = world.article("turan", "a", "A")
    world.review(world.flag("article_removed", where=where), "confirmed")
    assert "confirmed by a reviewer" in render_text(of(world), "en")


def test_an_overturned_flag_is_corrected_in_the_next_digest(world):
    quiet_day(world)
    world.entity("x", "Xəyal Əliyev")
    where = world.article("turan", "a", "A")
    flag = world.flag("new_mention", where=where, entity="x", quote="Xəyal Əliyev.", detail={})
    freeze(world.conn, of(world), "en")
    world.review(flag, "not_this_person", at=NOW + HOUR, reason="a footballer")
    text = render_text(of(world, since=NOW, until=NOW + DAY, now=NOW + DAY), "en")
    assert "Digest No. 1: Xəyal Əliyev – another person of that name" in text
    assert "(a footballer)" in " ".join(text.split())


def corrected_count(world, at):
    where = world.article("turan", "a", "A")
    world.points(SERIES, where, [("2026-11-01", 357)])
    flag = world.flag("count_up", where=where, series=SERIES, old=357, new=735, quote="735 names.")
    if at is not None:
        correct(world.conn, flag, world.review(flag, "corrected", at=at))
    return flag


def correct(conn, flag, review):
    with writing(conn):
        conn.execute("update series_points set value = 375, review_id = ?", (review,))


def test_a_corrected_count_is_told_with_the_persons_figure(world):
    quiet_day(world)
    corrected_count(world, at=NOW - HOUR)
    digest = of(world)
    assert subject(digest, "en").startswith("357 → 375 political prisoners (UFPP)")
    assert "corrected by a reviewer, the machine read 735" in render_text(digest, "en")


def test_a_count_corrected_after_it_was_told_is_listed(world):
    quiet_day(world)
    flag = corrected_count(world, at=None)
    freeze(world.conn, of(world), "en")
    correct(world.conn, flag, world.review(flag, "corrected", at=NOW + HOUR))
    text = render_text(of(world, since=NOW, until=NOW + DAY, now=NOW + DAY), "en")
    assert "Digest No. 1: 357 → 735 – the figure was read wrongly: 375" in " ".join(text.split())


def test_a_baseline_is_one_line_a_source(world):
    busy_day(world)
    text = render_text(of(world), "en")
    assert "First crawl of Yeni Səs: 212 articles, 31 tracked names" in text
    assert sum(line.startswith("Ülvi Həsənli") for line in text.splitlines()) == 0


def test_hidden_flags_are_counted_with_their_rule(world):
    digest = of(busy_day(world))
    assert [(rule.hidden, rule.reason[:5]) for rule in digest.quiet.rules] == [(1, "Turan")]


# ---------------------------------------------------------------------- order and grouping


def test_names_of_one_sentence_share_one_item(world):
    people = of(busy_day(world)).people
    assert [item.names for item in people] == [
        ("Nərgiz Absalamova",),
        ("Bəhruz Səmədov",),
        ("Sevinc Vaqifqızı", "Ülvi Həsənli"),
    ]
    [story] = people[-1].stories
    marked = {story.quoted.text[start:end] for start, end in story.quoted.marks}
    assert marked == {"Ülvi Həsənlinin", "Sevinc Vaqifqızının"}
    assert len(story.reprints) == 4


def test_an_article_proves_a_flag_once_however_many_versions_say_it(world):
    busy_day(world)
    [[up, told]] = world.conn.execute(
        "select x.flag_id, x.article_id from flag_evidence x join flags f on f.id = x.flag_id "
        "where f.kind = 'count_up'"
    )
    world.evidence(up, (told, world.version(told, "375 again", number=2, cause="content")))
    proofs = [item.evidence for item in of(world).counts if up in item.evidence.flags]
    assert [len(proof.reprints) for proof in proofs] == [1]


def test_first_ever_comes_first_then_those_long_silent(world):
    assert [item.news for item in of(busy_day(world)).people] == [
        "first_ever",
        "after_silence",
        "status",
    ]


def test_a_removed_name_and_an_edit_of_one_article_are_one_item(world):
    [edit] = of(busy_day(world)).edits
    assert edit.removed == ("Tofiq Yaqublu",)
    assert len(edit.changes) == 3
    assert len(edit.evidence.flags) == 2


def test_uncertain_matches_wait_for_confirmation(world):
    quiet_day(world)
    world.entity("x", "Xəyal Əliyev")
    where = world.article("turan", "a", "A")
    world.flag("new_mention", where=where, entity="x", detail={"leads_to": "weak"}, quote="Əliyev")
    digest = of(world)
    assert digest.people == ()
    assert [item.kind for item in digest.confirm] == ["uncertain"]


def test_a_flood_is_capped_and_counted(world):
    quiet_day(world)
    for number in range(60):
        world.entity(f"e{number}", f"Ad Soyad{number}")
        where = world.article("turan", str(number), f"T{number}")
        world.flag(
            "new_mention", where=where, entity=f"e{number}", quote=f"Ad Soyad{number} danışdı.",
            detail={"first_ever": True},
        )  # fmt: skip
    digest = of(world, cap=50)
    assert (len(digest.people), digest.beyond.people) == (20, 40)
    assert subject(digest, "en").startswith("60 people newly named")
    assert "40 more in the desk." in render_text(digest, "en")


def test_many_articles_on_one_person_are_folded(world):
    quiet_day(world)
    world.entity("x", "Xəyal Əliyev")
    for number in range(9):
        where = world.article("turan", str(number), f"T{number}")
        world.flag("new_mention", where=where, entity="x", quote=f"Xəyal Əliyev {number}")
    [item] = of(world).people
    assert (len(item.stories), item.more) == (3, 6)


# ---------------------------------------------------------------------- the subject


def test_a_quiet_day_says_so(world):
    assert subject(of(quiet_day(world)), "en") == "Nothing new · 3 of 3 sources read"


def test_nothing_new_is_not_said_of_what_could_not_be_read(world):
    quiet_day(world)
    world.source("jam", "JAM News", discovered=0, error="HTTP 503")
    told = subject(of(world), "en")
    assert told == "Nothing new in the 3 of 4 sources that could be read"


def test_no_source_read_is_said_first(world):
    world.source("jam", "JAM News")
    assert subject(of(world), "en") == "No source was read"


def test_a_ledger_that_does_not_add_up_is_said(world):
    world.source("jam", "JAM News", discovered=10, unchanged=7)
    assert "3 unaccounted for" in render_text(of(world), "en")


# ---------------------------------------------------------------------- hostile material

EVIL = (
    "</title><script>alert(1)</script> {{ 7 * 7 }} \r\nBcc: all@example.org\x00\x1b[31m"
    " \u202eesrever\u2066 <img src=https://evil.example/x.png onerror=x> %s {0} {name}"
)


@pytest.fixture
def hostile(world):
    quiet_day(world)
    world.entity("x", EVIL)
    where = world.article("turan", "a", EVIL)
    with writing(world.conn) as conn:
        conn.execute("update articles set url = 'javascript:alert(1)' where id = ?", where[:1])
        conn.execute("update sources set title = ? where name = 'turan'", (EVIL,))
    detail = {"surface": EVIL, "changes": [{"before": EVIL, "after": EVIL + "!"}], "title": EVIL}
    for kind in ("new_mention", "mention_removed", "article_edited", "article_removed"):
        world.flag(kind, where=where, entity="x", quote=EVIL, old=EVIL, detail=detail)
    world.flag("candidate", where=where, quote=EVIL, detail={"name": EVIL, "status": EVIL})
    world.flag("count_up", where=where, series=SERIES, old=1, new=2, quote=EVIL)
    world.flag("source_failing", source="turan", detail={"cause": EVIL, "mend": EVIL})
    return of(world)


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_hostile_words_stay_words_in_html(hostile, language):
    html = render_html(hostile, language)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert "{{ 7 * 7 }}" in html


@pytest.mark.parametrize("language", ["en", "az", "ru"])
def test_hostile_words_break_no_line_and_turn_no_text(hostile, language):
    told = render_text(hostile, language) + subject(hostile, language)
    assert not any(sign in told for sign in "\r\x00\x1b\u202e\u2066")
    assert "\n" not in subject(hostile, language)
