"""What counts as the same text, and what is learned to be boilerplate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract import learn_boilerplate, line_hash, normalise, text_hash
from monitor.extract.normal import TEXT_CAP

TEXT = "The list has 357 names.\nAmong them are 27 journalists."


@pytest.mark.parametrize(
    "same",
    [
        "The list has 357 names. Among them are 27 journalists.",
        "The  list has\u00a0357 names.\r\n\r\nAmong them are 27 journalists.\n",
        "The list has 357 na\u00admes.\nAmong them are 27 journal\u200bists.",
        "The list has 357 names.\nSubscribe to our channel\nAmong them are 27 journalists.",
    ],
)
def test_blanks_invisible_characters_and_boilerplate_are_no_edit(same):
    known = frozenset({line_hash("Subscribe to our channel")})
    assert text_hash("Title", same, known) == text_hash("Title", TEXT, known)


@pytest.mark.parametrize(
    "edit", [TEXT.replace("357", "358"), TEXT.replace("27", "72"), TEXT + " X"]
)
def test_any_other_difference_is_one(edit):
    assert text_hash("Title", edit) != text_hash("Title", TEXT)


def test_another_title_is_an_edit():
    assert text_hash("Title 2", TEXT) != text_hash("Title", TEXT)


@given(st.text(max_size=300))
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)
    assert normalise(once) == once


def test_a_text_without_end_is_capped_at_a_line():
    long = normalise("name and number 357\n" * 200_000)
    assert len(long) <= TEXT_CAP
    assert long.endswith("357")


def test_lines_that_stand_in_many_articles_are_learned_and_others_are_not():
    texts = [f"Article {n} about court {n}.\nFollow us on Telegram\n{n} views" for n in range(8)]
    texts += ["Only here.\nFollow us on TELEGRAM"]
    assert learn_boilerplate(texts) == {line_hash("follow us on telegram")}


def test_a_few_articles_teach_nothing():
    assert learn_boilerplate([f"Same line\n{n}" for n in range(7)]) == set()


def test_a_stock_sentence_of_some_articles_is_part_of_them():
    texts = [f"Story {n}\nNo comment was given." for n in range(8)]
    texts += [f"Story {n}" for n in range(8, 20)]
    assert learn_boilerplate(texts) == set()


def test_a_sentence_repeated_in_the_midst_of_stories_is_no_boilerplate():
    around = "\n".join(f"line {n}" for n in range(5))
    texts = [f"{around}\nBackground of the case.\n{around}\nend {n}\n{around}" for n in range(9)]
    assert line_hash("Background of the case.") not in learn_boilerplate(texts)


def test_a_line_with_a_tracked_name_or_a_count_is_never_boilerplate():
    texts = [f"Story {n}\nFree Ülvi Həsənli\nFollow us" for n in range(9)]
    assert learn_boilerplate(texts, {"Ülvi Həsənli"}) == {line_hash("Follow us")}
