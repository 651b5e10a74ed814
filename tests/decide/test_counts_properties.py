"""What must hold of the flag engine for any log of observations."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace

from counts_replay import Replay, figure, reports
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Observation
from monitor.decide.counts import Reported, series_of, step

quick = settings(max_examples=40, deadline=None)

NUMBERS = ["90", "100", "104", "120", ">95", ">=100", "~100", "<120", "100..110"]
DAYS = ["", "@2025-01-10", "@2025-01-11", "@2025-02", "@2025-03-20", "@2024"]
WORDS = ["", "up", "down", "same"]
ROLES = ["", "prior", "role=part"]
PUBLISHED = ["2025-01-10", "2025-01-12", "2025-02-20", "2025-03-21", "2025-07-01"]


def one_of(*choices: list[str]) -> st.SearchStrategy[str]:
    return st.tuples(*(st.sampled_from(words) for words in choices)).map(" ".join)


@st.composite
def articles(draw: st.DrawFn) -> str:
    """An article that says one thing of each series, and nothing of the future."""
    published = draw(st.sampled_from(PUBLISHED))
    days = [day for day in DAYS if day[1:] <= published]
    told = one_of(NUMBERS, ["UFPP", "WG", "-"], days, WORDS, ROLES)
    figures = draw(st.lists(told, min_size=1, max_size=3, unique_by=lambda text: text.split()[1]))
    url = draw(st.sampled_from(["", "", " url=/live"]))
    return f"{published} a.az{url} | {'; '.join(figures)}"


LOGS = st.lists(articles(), min_size=1, max_size=8)


def replayed(log: list[str]) -> Iterator[tuple[Replay, Reported]]:
    """The ledger after each article of a log."""
    replay = Replay()
    for reported in reports(log):
        replay.read(reported)
        yield replay, reported


@quick
@given(LOGS)
def test_a_replay_of_the_log_gives_the_same_flags(log: list[str]) -> None:
    first, second = Replay(), Replay()

    for one, other in zip(reports(log), reports(log), strict=True):
        assert first.read(one) == second.read(other)


@quick
@given(LOGS)
def test_a_step_changes_neither_the_ledger_nor_the_report(log: list[str]) -> None:
    for replay, reported in replayed(log):
        before = deepcopy((replay.ledger, reported))
        step(replay.ledger, reported)
        assert (replay.ledger, reported) == before


@quick
@given(LOGS)
def test_reading_the_same_version_again_raises_and_inserts_nothing(log: list[str]) -> None:
    for replay, reported in replayed(log):
        again = step(replay.loaded(reported), reported)
        assert {flag.key for flag in again.flags} <= replay.known
        assert again.inserted == ()
        assert again.superseded == ()


@quick
@given(LOGS)
def test_a_copy_in_another_outlet_raises_nothing(log: list[str]) -> None:
    for replay, reported in replayed(log):
        copy = replace(reported, article=999, source="copy.az", url="https://copy.az/1", earlier=())
        copied = step(replay.loaded(copy), copy)
        assert {flag.key for flag in copied.flags} <= replay.known


@quick
@given(LOGS, st.randoms(use_true_random=False))
def test_the_order_of_series_within_a_page_does_not_matter(log: list[str], random: object) -> None:
    for replay, reported in replayed(log[:-1] or log):
        shuffled = list(reported.observations)
        random.shuffle(shuffled)  # type: ignore[attr-defined]
        loaded = replay.loaded(reported)
        other = step(loaded, replace(reported, observations=tuple(shuffled)))
        assert series_told(step(loaded, reported).flags) == series_told(other.flags)


def series_told(flags: object) -> set[tuple[str, object]]:
    """What is told of single series; a contradiction may be told from either side."""
    return {(f.key, f.new) for f in flags if f.kind != "count_contradiction"}  # type: ignore[attr-defined]


@quick
@given(LOGS)
def test_up_and_down_say_what_the_numbers_say(log: list[str]) -> None:
    replay = Replay()
    for reported in reports(log):
        for flag in replay.read(reported):
            if flag.kind in ("count_up", "count_down"):
                assert (flag.new > flag.old) == (flag.kind == "count_up")
                assert flag.quote in {o.quote for o in reported.observations if o.role != "prior"}


@quick
@given(LOGS)
def test_a_series_is_first_seen_once(log: list[str]) -> None:
    replay = Replay()
    seen = [
        flag.series
        for reported in reports(log)
        for flag in replay.read(reported)
        if flag.kind == "count_first_seen"
    ]
    assert len(seen) == len(set(seen))


@quick
@given(LOGS)
def test_priors_flows_and_net_changes_alone_never_change_a_count(log: list[str]) -> None:
    replay = Replay()
    for reported in reports(log):
        others = tuple(harmless(o, n) for n, o in enumerate(reported.observations))
        flags = replay.read(replace(reported, observations=others, earlier=()))
        assert {flag.kind for flag in flags} <= {"count_history_revised"}


def harmless(observation: Observation, number: int) -> Observation:
    kinds = ("flow_in", "flow_out", "net_change")
    if number % 2:
        return replace(observation, kind=kinds[number % 3])
    return replace(observation, role="prior")


@quick
@given(one_of(NUMBERS, ["UFPP", "WG", "-"], DAYS, WORDS, ROLES))
def test_every_figure_of_the_notation_has_a_series(text: str) -> None:
    assert series_of(figure(text), None, None) is not None
