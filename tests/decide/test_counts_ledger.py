"""What a step does to the ledger, and what its flags say."""

from datetime import date

import pytest
from counts_replay import Replay, figure, reports

from db.records import Flag, Ledger, Point, SeriesKey
from monitor.decide.counts import Reported, advance, relevant, series_of, step
from monitor.decide.counts.series import compatible, interval

UFPP = "AZ/political_prisoner/-/UFPP/stock"


def read(*articles: str) -> tuple[Ledger, list[Flag]]:
    """The ledger after all articles, and the flags of the last."""
    replay = Replay()
    flags = [replay.read(reported) for reported in reports(articles)]
    return replay.ledger, flags[-1]


def last(*articles: str) -> Flag:
    (flag,) = read(*articles)[1]
    return flag


# ---------------------------------------------------------------------- series


@pytest.mark.parametrize(
    ("told", "publisher", "place", "series"),
    [
        ("357 UFPP", None, None, UFPP),
        ("357 UFPP", "HRW", None, UFPP),
        ("357", "HRW", None, "AZ/political_prisoner/-/HRW/stock"),
        ("357 HRD_LOCAL", "HRW", None, "AZ/political_prisoner/-/-/stock"),
        ("357 place=", None, "GE", "GE/political_prisoner/-/-/stock"),
        ("12 UFPP subset=women", None, None, "AZ/political_prisoner/women/UFPP/stock"),
        ("9 UFPP since=2023", None, None, UFPP),
        ("9 UFPP kind=cumulative since=2023", None, None, f"{UFPP[:-5]}cumulative/2023"),
        ("9 UFPP kind=death", None, None, f"{UFPP[:-5]}death"),
        ("9 UFPP kind=flow_in", None, None, None),
        ("9 UFPP kind=flow_out", None, None, None),
        ("9 UFPP kind=net_change", None, None, None),
        ("9 UFPP cat=other", None, None, None),
        ("9 UFPP place=", None, None, None),
    ],
)
def test_an_observation_belongs_to_one_series_or_none(
    told: str, publisher: str | None, place: str | None, series: str | None
) -> None:
    key = series_of(figure(told), publisher, place)

    assert (key and str(key)) == series


def test_relevant_names_what_any_counter_may_have_counted() -> None:
    said = [
        figure("357 UFPP"),
        figure("303 WG"),
        figure("9 UFPP kind=flow_in"),
        figure("40 cat=journalist kind=cumulative since=2023-11"),
    ]

    assert relevant(said, "HRW", "AZ") == {
        ("AZ", "political_prisoner", None, "stock", None),
        ("AZ", "journalist", None, "cumulative", "2023-11"),
    }


@pytest.mark.parametrize(
    ("told", "low", "high"),
    [
        ("40", 40, 40),
        (">=40", 40, float("inf")),
        (">40", 41, float("inf")),
        ("<=40", 0, 40),
        ("<40", 0, 39),
        ("~40", 36, 44),
        ("~6", 5, 7),
        ("40..45", 40, 45),
    ],
)
def test_an_interval_holds_what_a_figure_allows(told: str, low: float, high: float) -> None:
    assert interval(figure(told)) == (low, high)


def test_an_unknown_qualifier_is_an_error() -> None:
    with pytest.raises(ValueError, match="dozens"):
        interval(figure("40 qualifier=dozens"))


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("40", "40", True),
        ("40", "41", False),
        (">=40", "40", True),
        (">40", "40", False),
        ("<40", ">=40", False),
        ("<=40", ">=40", True),
        ("~40", "~48", True),
        ("~40", "~50", False),
        ("40..45", "46..50", False),
        ("40..45", "45..50", True),
    ],
)
def test_figures_are_compatible_if_both_can_hold(one: str, other: str, meet: bool) -> None:
    assert compatible(figure(one), figure(other)) is meet
    assert compatible(figure(other), figure(one)) is meet


# ---------------------------------------------------------------------- steps


def test_a_new_total_is_a_point_with_its_evidence() -> None:
    (reported,) = reports(["2025-02-13 turan.az url=/a | 357 UFPP @2025-02-12"])

    assert step(Ledger(), reported).inserted == (
        Point(
            series=UFPP,
            value=357,
            effective=date(2025, 2, 12),
            confirmed=date(2025, 2, 12),
            article=1,
            source="turan.az",
            as_of="2025-02-12",
            published="2025-02-13",
            url="https://turan.az/a",
            quote="357 UFPP @2025-02-12",
        ),
    )


@pytest.mark.parametrize(
    ("published", "as_of", "effective"),
    [
        ("2025-03-09", "", date(2025, 3, 9)),
        ("2025-03-09", "@2025-02-12", date(2025, 2, 12)),
        ("2025-03-09", "@2025-02", date(2025, 2, 28)),
        ("2025-03-09", "@2025-03", date(2025, 3, 9)),
        ("2025-03-09", "@2024", date(2024, 12, 31)),
        ("2025-03-09", "@2025-06-01", date(2025, 3, 9)),
        ("2025-03-09T20:00:00Z", "@2025", date(2025, 3, 9)),
    ],
)
def test_the_effective_date_is_the_end_of_what_is_stated_but_never_after_the_page(
    published: str, as_of: str, effective: date
) -> None:
    (reported,) = reports([f"{published} a.az | 357 UFPP {as_of}"])
    (point,) = step(Ledger(), reported).inserted

    assert point.effective == effective


def test_a_page_without_a_date_speaks_from_the_day_it_was_fetched() -> None:
    reported = Reported(
        article=1, source="a", url="u", fetched="2025-03-09T20:00:00Z", observations=(figure("9"),)
    )
    (point,) = step(Ledger(), reported).inserted

    assert (point.effective, point.published) == (date(2025, 3, 9), None)


def test_a_restatement_moves_the_last_confirmation_and_is_evidence() -> None:
    replay = Replay()
    first, again = reports(["2025-02-12 a.az | 357 UFPP", "2025-03-20 b.az | 357 UFPP"])
    replay.read(first)
    done = step(replay.ledger, again)

    assert done.confirmed == ((1, date(2025, 3, 20)),)
    assert done.support == (1,)
    (point,) = advance(replay.ledger, done, 2).points[UFPP]
    assert (point.effective, point.confirmed) == (date(2025, 2, 12), date(2025, 3, 20))


def test_an_older_restatement_does_not_move_the_confirmation_back() -> None:
    ledger, _ = read("2025-02-12 a.az | 357 UFPP", "2025-02-10 b.az | 357 UFPP")

    assert ledger.points[UFPP][0].confirmed == date(2025, 2, 12)


def test_a_correction_replaces_the_point_but_keeps_it_on_record() -> None:
    ledger, _ = read("2025-02-12 a.az url=/x | 375 UFPP", "2025-02-12 a.az url=/x | 357 UFPP")

    assert [(p.value, p.superseded) for p in ledger.points[UFPP]] == [(375, True), (357, False)]


def test_a_revised_past_keeps_its_more_precise_date_and_its_standing() -> None:
    ledger, flags = read(
        "2023-12-01 a.az | 254 UFPP @2023-12-01", "2025-03-30 b.az | 252 UFPP prior @2023"
    )
    revised = ledger.points[UFPP][-1]

    assert flags[0].kind == "count_history_revised"
    assert (revised.value, revised.as_of, revised.prior) == (252, "2023-12-01", False)
    assert revised.effective == date(2023, 12, 1)


def test_a_missed_list_enters_history_as_a_prior_point() -> None:
    ledger, _ = read("2025-02-12 a.az | 357 UFPP; 254 UFPP prior @2023-12")

    assert [(p.value, p.prior) for p in ledger.points[UFPP]] == [(254, True), (357, False)]


def test_a_part_is_known_as_such() -> None:
    ledger, _ = read("2025-02-12 a.az | 357 UFPP id=t; 27 UFPP cat=journalist of=t")

    assert [p.part for points in ledger.points.values() for p in points] == [False, True]


def test_a_refused_figure_is_on_record() -> None:
    ledger, _ = read("2025-02-12 a.az | 357 UFPP", "2025-02-13 b.az | 375 UFPP")

    assert [(p.value, p.superseded) for p in ledger.points[UFPP]] == [(357, False), (375, True)]


def test_a_contradiction_opens_and_closes_a_pair() -> None:
    wg = str(SeriesKey.parse(UFPP.replace("UFPP", "WG")))
    opened, _ = read("2025-02-12 a.az | 357 UFPP; 303 WG")
    closed, _ = read("2025-02-12 a.az | 357 UFPP; 303 WG", "2025-03-01 b.az | 357 WG @2025-03-01")

    assert opened.disagreements == {(UFPP, wg)}
    assert closed.disagreements == set()


# ---------------------------------------------------------------------- what flags say


def test_a_change_says_who_counted_and_from_what_to_what() -> None:
    flag = last(
        "2024-12-12 a.az | 331 UFPP @2024-12-12",
        "2025-02-13 b.az url=/b | >=357 UFPP @2025-02-12 up",
    )

    assert flag.key == f"count_up|{UFPP}|357|2025-02-12|article 2"
    assert (flag.old, flag.new, flag.series) == (331, 357, UFPP)
    assert flag.quote == ">=357 UFPP @2025-02-12 up"
    assert flag.why == (
        "counted by UFPP: 331 → at least 357, as of 12 February 2025; count changed, rank-2 source"
    )
    assert flag.detail["delta"] == 26
    assert (flag.detail["org"], flag.detail["as_of"]) == ("UFPP", "2025-02-12")
    assert (flag.detail["source"], flag.detail["url"]) == ("b.az", "https://b.az/b")
    assert flag.detail["previous"]["source"] == "a.az"
    assert flag.detail["previous"]["as_of"] == "2024-12-12"


@pytest.mark.parametrize(
    ("prior", "claimed", "agrees"),
    [
        ("331 UFPP prior", 331, True),
        ("~330 UFPP prior", 330, True),
        ("333 UFPP prior", 333, False),
        ("331 UFPP prior @2024-12-12", 331, True),
    ],
)
def test_the_claimed_previous_figure_is_held_against_the_stored(
    prior: str, claimed: int, agrees: bool
) -> None:
    flag = last("2024-12-12 a.az | 331 UFPP @2024-12-12", f"2025-02-12 b.az | 357 UFPP up; {prior}")

    assert (flag.detail["claimed_previous"], flag.detail["previous_agrees"]) == (claimed, agrees)


def test_a_claimed_previous_figure_without_a_stored_one_is_not_judged() -> None:
    flag = last("2025-02-12 b.az | 357 UFPP up; 331 UFPP prior")

    assert (flag.detail["claimed_previous"], flag.detail["previous_agrees"]) == (331, None)


@pytest.mark.parametrize(
    ("told", "agrees"),
    [
        ("26 UFPP kind=net_change", True),
        ("26 kind=net_change", True),
        ("17 UFPP kind=net_change", False),
    ],
)
def test_a_net_change_is_held_against_the_difference(told: str, agrees: bool) -> None:
    flag = last("2024-12-12 a.az | 331 UFPP", f"2025-02-12 b.az | 357 UFPP up; {told}")

    assert flag.detail["net_change_agrees"] is agrees


@pytest.mark.parametrize(
    "told", ["26 WG kind=net_change", "26 UFPP cat=journalist kind=net_change"]
)
def test_a_net_change_of_something_else_says_nothing(told: str) -> None:
    flag = last("2024-12-12 a.az | 331 UFPP", f"2025-02-12 b.az | 357 UFPP up; {told}")

    assert "net_change" not in flag.detail


def test_a_breakdown_mismatch_shows_its_parts() -> None:
    _, flags = read(
        "2025-10-07 a.az | 90 UFPP id=t all; 55 UFPP cat=believer of=t; "
        "40 UFPP cat=other category_raw=teachers of=t"
    )

    assert flags[-1].detail["parts"] == [
        {"label": "believer", "value": 55},
        {"label": "teachers", "value": 40},
    ]
    assert "the total is 90, its groups add up to 95" in flags[-1].why


def test_a_contradiction_names_both_organisations_and_both_sources() -> None:
    _, flags = read("2025-02-12 a.az | 357 UFPP", "2025-02-20 b.az | 303 WG")
    flag = flags[-1]

    assert flag.why.startswith("counted by WG: 303, while UFPP counts 357, reported 20 February")
    assert (flag.detail["source"], flag.detail["previous"]["source"]) == ("b.az", "a.az")


def test_all_flags_of_a_first_run_are_baseline() -> None:
    _, flags = read(
        "2025-02-12 a.az baseline=yes | 357 UFPP id=t all; 300 UFPP subset=men of=t; "
        "50 UFPP subset=women of=t"
    )

    assert [flag.baseline for flag in flags] == [True, True]


def test_facts_that_differ_have_keys_that_differ() -> None:
    articles = [
        "2025-02-12 a.az url=/x | 357 UFPP @2025-02-12; 20 UFPP cat=journalist",
        "2025-02-12 a.az url=/x | 375 UFPP @2025-02-12; 20 UFPP cat=journalist",
        "2025-02-13 b.az | 380 UFPP @2025-02-12; 303 WG @2025-02-12",
        "2025-04-13 b.az | 380 UFPP @2025-04-12; 320 WG @2025-04-12",
        "2025-05-20 b.az | 357 UFPP @2025-05-20; 357 WG @2025-05-20",
        "2025-07-20 b.az | 380 UFPP @2025-07-20; 320 WG @2025-07-20",
    ]
    replay = Replay()
    raised = [flag.key for reported in reports(articles) for flag in replay.read(reported)]

    assert len(raised) == 13


def test_a_part_and_a_low_rank_weigh_less() -> None:
    _, (total, part) = read(
        "2025-02-12 a.az | 357 UFPP; 27 UFPP cat=journalist role=part",
        "2025-05-12 a.az | 361 UFPP @2025-05-12; 29 UFPP cat=journalist role=part @2025-05-12",
    )

    assert total.priority > part.priority
