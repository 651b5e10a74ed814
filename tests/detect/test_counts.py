"""Counts are read with who counted them, as of when and how they are meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Observation, Passage
from monitor.detect.counts import Registry, default_registry, read_counts

ISSUE = (
    "As of 12 December 2024 the Union for the Freedom of Political Prisoners lists 357 political "
    "prisoners, up from 331. Among them are Ülvi Həsənli and Sevinj Vagifgizi."
)


def read(text: str, lang: str = "en", **known: str | None) -> list[Observation]:
    given = {"published": "2025-03-01", "place": "AZ", **known}
    return list(read_counts(Passage(text=text, lang=lang, **given)))


def one(text: str, lang: str = "en", **known: str | None) -> Observation:
    found = read(text, lang, **known)
    assert len(found) == 1, found
    return found[0]


def test_the_sentence_every_monitor_asks_for_is_read_whole() -> None:
    now, before = read(ISSUE, published="2024-12-12")
    assert (now.value, now.category, now.kind, now.role) == (
        357, "political_prisoner", "stock", "total",
    )  # fmt: skip
    assert (now.org, now.org_basis, now.as_of, now.direction) == (
        "UFPP", "same_sentence", "2024-12-12", "up",
    )  # fmt: skip
    assert (before.value, before.role, before.org) == (331, "prior", "UFPP")


def test_every_observation_says_why_in_words() -> None:
    now = read(ISSUE, published="2024-12-12")[0]
    assert now.why == (
        "“357” counts political prisoner (stock, total in AZ); counted by UFPP (same sentence); "
        "as of 2024-12-12 (stated); rule right: the noun after the number."
    )
    assert now.quote == ISSUE.partition(" Among")[0]
    assert 0 < now.confidence <= 1


def test_offsets_are_code_points_of_the_given_text() -> None:
    text = "😀 В\u00a0списке политзаключённых 1\u202f496 имён."
    found = one(text, "ru")
    start, end = found.spans[0]
    assert (found.value, text[start:end]) == (1496, "1\u202f496")


@pytest.mark.parametrize(
    ("lang", "text", "qualifier"),
    [
        ("en", "At least 40 political prisoners are in jail.", "at_least"),
        ("en", "More than 40 political prisoners are in jail.", "more_than"),
        ("en", "Nearly 40 political prisoners are in jail.", "approx"),
        ("en", "Fewer than 40 political prisoners are in jail.", "less_than"),
        ("en", "Up to 40 political prisoners are in jail.", "at_most"),
        ("en", "Between 40 and 45 political prisoners are in jail.", "range"),
        ("az", "Həbsdə ən azı 40 siyasi məhbus var.", "at_least"),
        ("az", "Həbsdə 40-dan çox siyasi məhbus var.", "more_than"),
        ("az", "Həbsdə 40-a yaxın siyasi məhbus var.", "approx"),
        ("az", "Siyasi məhbusların sayı 40-ı ötüb.", "more_than"),
        ("ru", "В тюрьмах не менее 40 политзаключенных.", "at_least"),
        ("ru", "В тюрьмах свыше 40 политзаключенных.", "more_than"),
        ("ru", "В тюрьмах около 40 политзаключенных.", "approx"),
        ("ru", "В тюрьмах от 40 до 45 политзаключенных.", "range"),
        ("tr", "Cezaevlerinde en az 40 siyasi mahkum var.", "at_least"),
        ("tr", "Cezaevlerinde 40'tan fazla siyasi mahkum var.", "more_than"),
        ("es", "Hay al menos 40 presos políticos.", "at_least"),
        ("pl", "W więzieniach jest ponad 40 więźniów politycznych.", "more_than"),
        ("uk", "За ґратами щонайменше 40 політв'язнів.", "at_least"),
    ],
)
def test_the_qualifier_is_read_and_the_number_left_as_printed(
    lang: str, text: str, qualifier: str
) -> None:
    found = one(text, lang)
    assert (found.value, found.qualifier) == (40, qualifier)
    assert found.value_high == (45 if qualifier == "range" else None)


@pytest.mark.parametrize(
    ("text", "kind", "role"),
    [
        ("The list of political prisoners names 40 people.", "stock", "total"),
        ("On Monday 40 political prisoners were released.", "flow_out", "total"),
        ("Another 40 names were added to the list of political prisoners.", "flow_in", "total"),
        ("The list of political prisoners grew by 40.", "net_change", "total"),
        ("Since 2019 the state has arrested 40 journalists.", "cumulative", "total"),
        ("At least 40 political prisoners have died in custody.", "death", "total"),
        ("The previous list of political prisoners had 40 names.", "stock", "prior"),
        ("A list of political prisoners was released with 40 names.", "stock", "total"),
    ],
)
def test_kind_and_role_follow_the_verbs_of_the_clause(text: str, kind: str, role: str) -> None:
    found = one(text)
    assert (found.kind, found.role) == (kind, role)


def test_parts_name_their_total_and_the_rest_says_that_its_split_is_exhaustive() -> None:
    total, some, others = read(
        "Of the 90 listed political prisoners, 55 are believers, the other 40 activists."
    )
    assert (total.value, total.role) == (90, "total")
    assert [one.exhaustive for one in (total, some, others)] == [False, False, True]
    assert [(one.category, one.part_of) for one in (some, others)] == [
        ("believer", total.id), ("activist", total.id),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text", "exhaustive"),
    [
        ("en", "The Union lists 60 political prisoners in 3 groups: 20 journalists, 30 believers "
         "and 11 activists.", True),
        ("az", "60 siyasi məhbus 3 qrup üzrə: jurnalistlər – 20, dindarlar – 30, fəallar – "
         "11.", True),
        ("ru", "60 политзаключенных по 3 группам: журналисты – 20, верующие – 30, активисты – "
         "11.", True),
        ("en", "The Union lists 60 political prisoners in 12 groups: 20 journalists, 30 believers "
         "and 10 activists.", False),
    ],
)  # fmt: skip
def test_as_many_groups_as_announced_are_an_exhaustive_list(
    lang: str, text: str, exhaustive: bool
) -> None:
    _, *groups = read(text, lang)
    assert [one.exhaustive for one in groups] == [False, False, exhaustive]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("The watchdog listed 17 Azerbaijani journalists as jailed.", "AZ"),
        ("Russia holds 26 Ukrainian journalists in its prisons.", "RU"),
        ("In China 50 journalists are in jail.", "CN"),
    ],
)
def test_a_nationality_describes_the_counted_and_a_country_holds_them(
    text: str, place: str
) -> None:
    found = one(text)
    assert (found.category, found.kind, found.place) == ("journalist", "stock", place)


@pytest.mark.parametrize(
    ("text", "publisher", "place"),
    [
        ("The Union for the Freedom of Political Prisoners lists 392 names.", None, "AZ"),
        ("Viasna counts 1,240 political prisoners.", None, "BY"),
        ("392 political prisoners are on the list.", "UFPP", "AZ"),
        ("392 political prisoners are on the list.", None, None),
    ],
)
def test_without_a_place_the_counter_knows_it(
    text: str, publisher: str | None, place: str | None
) -> None:
    assert one(text, place=None, publisher_org=publisher).place == place


@pytest.mark.parametrize(
    "text",
    [
        "Total: 392\nJournalists – 27\nBelievers – 203",
        "392 people. Journalists: 27. Believers: 203.",
    ],
)
def test_on_the_site_of_a_counter_a_bare_list_is_its_own(text: str) -> None:
    total, *groups = read(text, publisher_org="UFPP")
    assert (total.value, total.category, total.org) == (392, "political_prisoner", "UFPP")
    assert [(one.category, one.part_of) for one in groups] == [
        ("journalist", total.id), ("believer", total.id),
    ]  # fmt: skip


def test_including_leaves_the_list_open() -> None:
    found = read("There are 90 political prisoners in jail, including 40 activists.")
    assert not any(one.exhaustive for one in found)


def test_entries_of_a_list_inherit_its_date_and_counter() -> None:
    text = (
        "The Union for the Freedom of Political Prisoners published a list on 12 February: "
        "357 names.\n- journalists – 27\n- believers – 235\n- Quşçu case – 9"
    )
    total, *entries = read(text)
    assert (total.as_of, total.org) == ("2025-02-12", "UFPP")
    assert [(e.value, e.category, e.subset) for e in entries] == [
        (27, "journalist", None), (235, "believer", None), (9, "case_group", "case:quscu"),
    ]  # fmt: skip
    assert {(e.org, e.as_of, e.part_of) for e in entries} == {("UFPP", "2025-02-12", total.id)}


def test_each_counter_owns_its_own_clause() -> None:
    found = read(
        "CPJ counts 13 journalists behind bars in Azerbaijan, while Reporters Without Borders "
        "speaks of 11 jailed journalists."
    )
    assert [(one.value, one.org) for one in found] == [(13, "CPJ"), (11, "RSF")]


def test_countries_of_a_list_are_totals_of_their_place() -> None:
    found = read("Vietnam, Egypt and Eritrea hold 28, 19 and 16 journalists respectively.")
    assert [(one.value, one.place, one.role) for one in found] == [
        (28, "VN", "total"), (19, "EG", "total"), (16, "ER", "total"),
    ]  # fmt: skip


def test_a_repeated_figure_is_one_observation_with_two_spans() -> None:
    found = one("There are 319 political prisoners. Not one of the 319 political prisoners knew.")
    assert len(found.spans) == 2


def test_the_publisher_counts_where_the_text_names_nobody() -> None:
    found = list(
        read_counts(
            Passage(
                text="There are 1,300 political prisoners in Belarus.",
                lang="en", published="2025-01-01", place="BY", publisher_org="VIASNA",
            )
        )
    )  # fmt: skip
    assert [(one.org, one.org_basis) for one in found] == [("VIASNA", "publisher")]


def test_the_title_gives_context_but_no_observation() -> None:
    passage = Passage(
        text="Siyahıda 254 ad var.", title="Siyasi məhbusların sayı 254-ə çatıb", lang="az"
    )
    assert [one.category for one in read_counts(passage)] == ["political_prisoner"]


def test_an_operator_adds_an_organisation_a_category_and_a_place() -> None:
    extra = {
        "organisations": {"LANTERN": {"name": "Lantern", "aliases": ["Lantern Circle"]}},
        "categories": {"beekeeper": {"en": "beekeeper*"}},
        "places": {"XA": {"en": "arstotzka"}},
    }
    text = "The Lantern Circle says 12 beekeepers are in jail in Arstotzka."
    (found,) = read_counts(Passage(text=text, lang="en"), Registry.load(extra))
    assert (found.org, found.category, found.place) == ("LANTERN", "beekeeper", "XA")


def test_an_unknown_part_of_the_registries_is_refused() -> None:
    with pytest.raises(ValueError, match="colours"):
        Registry.load({"colours": {}})


def test_the_shipped_registry_is_compiled_once() -> None:
    assert default_registry() is default_registry()


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["prison", "list", "357", "political prisoners", ",", ".", "\n", "of them", "up from",
             "12 May", "siyasi məhbus", "İ", "список", "из них", "двое", "—", "(", "😀", "2,145"]
        ),
        max_size=40,
    )
)  # fmt: skip
def test_any_text_is_read_without_error_and_spans_lie_in_it(words: list[str]) -> None:
    text = " ".join(words)
    for lang in ("en", "az", "ru", None):
        found = read_counts(Passage(text=text, lang=lang, published="2025-03-01"))
        ids = [one.id for one in found]
        assert len(ids) == len(set(ids))
        for one in found:
            assert all(0 <= start < end <= len(text) for start, end in one.spans)
            assert one.part_of is None or one.part_of in ids


@pytest.mark.parametrize("end", ["", ".", ",", " in 2025", " in 2025.", ":"])
def test_a_number_that_opens_a_line_is_read_whatever_ends_the_line_before(end: str) -> None:
    text = f"A list of political prisoners{end}\n63 journalists are in jail"
    assert [one.value for one in read_counts(Passage(text=text, lang="en"))] == [63]


@pytest.mark.parametrize("lang", ["en", "az", "ru"])
@pytest.mark.parametrize(
    "piece",
    ["1", " ", "-", ".", "on ", "a" * 1400 + " 5 ", "48 journalists and ", "4 may ", "prison. "],
)
def test_hostile_repetition_is_read_to_its_end(piece: str, lang: str) -> None:
    text = "prison list " + piece * (30_000 // len(piece))
    read_counts(Passage(text=text, lang=lang, published="2025-01-01"))
