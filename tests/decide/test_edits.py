"""What an edit is, and which differences a person must see."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.decide.edits import changes, differing, is_material, title_change

MATERIAL = [
    ("The list has 357 names.", "The list has 358 names."),
    ("She was held in Baku.", "She was held in Ganja."),
    ("He was sentenced to eight years.", "He was sentenced to seven years."),
    ("He is guilty.", "He is not guilty."),
    ("Məhkəmə ona 8 il həbs verib.", "Məhkəmə ona 9 il həbs verib."),
    ("Siyahıda Ülvi Həsənli var.", "Siyahıda Ülvi Həsənov var."),
    ("Он задержан 14 января.", "Он задержан 14 февраля."),
    ("Она не признала вину.", "Она признала вину."),
    ("Charged under Article 281.", "Charged under Article 274."),
    ("He was freed on Monday.", "He was freed on Tuesday."),
]
OF_FORM = [
    ("He was helt there.", "He was held there."),
    ("Məhkəmə prosesi davam edr.", "Məhkəmə prosesi davam edir."),
    ("Адвокат подал жалабу.", "Адвокат подал жалобу."),
]
NO_CHANGE = [
    ("One two.\nThree four.", "One  two.\n\nThree four."),
    ("He said “no”.", 'He said "no".'),
    ("BREAKING news here", "Breaking News Here"),
    ("Text.\nViews: 1 204", "Text.\nViews: 1 377"),
    ("Text.\nBaxış sayı: 52", "Text."),
    ("Text.\n3 hours ago", "Text.\n5 hours ago"),
    ("Text.\n2 saat əvvəl", "Text.\n1 gün əvvəl"),
    ("Text.\nПросмотров: 912", "Text.\nПросмотров: 1 002"),
    ("Text.\n45 comments", "Text.\n46 comments"),
]


@pytest.mark.parametrize(("before", "after"), MATERIAL)
def test_a_number_name_date_or_negation_is_never_a_matter_of_form(before: str, after: str) -> None:
    assert is_material(before, after)
    assert [change.material for change in changes(before, after)] == [True]


@pytest.mark.parametrize(("before", "after"), OF_FORM)
def test_a_misprint_put_right_is_a_change_but_not_a_material_one(before: str, after: str) -> None:
    assert [change.material for change in changes(before, after)] == [False]


@pytest.mark.parametrize(("before", "after"), NO_CHANGE)
def test_white_space_marks_case_and_counters_are_no_change(before: str, after: str) -> None:
    assert changes(before, after) == ()


def test_a_sentence_that_came_or_went_is_material() -> None:
    (added,) = changes("One here.", "One here. Two there.")
    assert (added.before, added.after, added.material) == (None, "Two there.", True)
    (gone,) = changes("One here. Two there.", "One here.")
    assert (gone.before, gone.after, gone.material) == ("Two there.", None, True)


def test_a_count_of_prisoners_on_a_line_of_its_own_is_no_view_counter() -> None:
    assert changes("357 siyasi məhbus", "358 siyasi məhbus")
    assert changes("Political prisoners: 357", "Political prisoners: 358")


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ("Court adjourns", "Court adjourns – UPDATED", False),
        ("Məhkəmə təxirə salındı YENİLƏNİB", "Məhkəmə təxirə salındı YENİLƏNİB 2", False),
        ("Обновлено: суд отложен", "Суд отложен", False),
        ("331 names on the list", "357 names on the list", True),
    ],
)
def test_an_update_mark_alone_is_no_new_title(before: str, after: str, changed: bool) -> None:
    assert (title_change(before, after) is not None) is changed


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_differing_runs_rebuild_the_new_from_the_old(old: list[str], new: list[str]) -> None:
    rebuilt: list[str] = []
    at = 0
    for removed, added in differing(old, new):
        rebuilt += old[at : removed.start] + new[added]
        at = removed.stop
    assert rebuilt + old[at:] == new


@given(st.text(max_size=300))
def test_a_text_never_differs_from_itself(text: str) -> None:
    assert changes(text, text) == ()


def test_twenty_thousand_repeating_words_are_compared_at_once() -> None:
    table = "\n".join(f"row {n % 7} of the table with a few words." for n in range(4000))
    assert len(changes(table, table + "\nOne more row.")) == 1
