"""The table of priorities."""

import pytest

from db.records import FLAG_KINDS
from monitor.decide.priority import WEIGHTS, explain, priority


def test_every_kind_of_flag_has_a_weight_between_nothing_and_all() -> None:
    assert set(WEIGHTS) == set(FLAG_KINDS)
    assert all(0 <= priority(kind, rank=rank) <= 1 for kind in FLAG_KINDS for rank in (1, 2, 3))


@pytest.mark.parametrize(
    ("more", "less"),
    [
        (priority("count_up"), priority("mention_removed")),
        (priority("count_down"), priority("article_edited", followed=True)),
        (priority("new_mention", first_ever=True), priority("mention_removed")),
        (priority("mention_removed"), priority("article_edited", followed=True)),
        (priority("mention_removed"), priority("article_removed")),
        (priority("article_edited", followed=True), priority("article_edited")),
        (priority("count_up"), priority("count_possible_change")),
        (priority("count_up", rank=1), priority("count_up", rank=2)),
        (priority("count_up", rank=2), priority("count_up", rank=3)),
        (priority("candidate", rank=3), priority("candidate", baseline=True)),
        (min(priority(k) for k in FLAG_KINDS if k != "candidate"), priority("candidate")),
    ],
)
def test_what_matters_more_comes_first(more: float, less: float) -> None:
    assert more > less


def test_unknown_words_are_errors() -> None:
    with pytest.raises(KeyError):
        priority("count_sideways")
    with pytest.raises(KeyError):
        priority("count_up", friday=True)


def test_a_rank_beyond_the_table_counts_as_the_lowest() -> None:
    assert priority("count_up", rank=9) == priority("count_up", rank=3)


def test_the_explanation_names_the_circumstances() -> None:
    assert explain("new_mention", rank=1, first_ever=True, baseline=False) == (
        "newly named, never named before, rank-1 source"
    )
