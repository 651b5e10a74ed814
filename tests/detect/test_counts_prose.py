"""How counts are told in running text: across paragraphs, before their noun, beside pardons."""

import pytest

from db.records import Observation, Passage
from monitor.detect.counts import read_counts


def read(text: str, lang: str = "en", published: str = "2025-03-01") -> list[Observation]:
    return list(read_counts(Passage(text=text, lang=lang, published=published, place="AZ")))


def told(text: str, lang: str = "en") -> list[tuple[int, str]]:
    return [(found.value, found.category) for found in read(text, lang)]


@pytest.mark.parametrize(
    ("lang", "text", "category"),
    [
        ("en", "The list of political prisoners grew again. Believers account for 56.", "believer"),
        (
            "en",
            "The list of political prisoners grew. Believers are the largest group with 56 names.",
            "believer",
        ),
        ("ru", "Список политзаключенных вырос. Больше всего верующих, их 56.", "believer"),
        ("ru", "Список политзаключенных вырос. Журналистов и блогеров 56.", "journalist"),
        ("ru", "В списке политзаключенных группа «Противники войны» – 56 человек.", "anti_war"),
        ("az", "Siyahıda “Milli azlıqlar” qrupuna 56 nəfər düşüb.", "national_minority"),
        ("az", "Siyasi məhbus siyahısında dindarlar 56 nəfərdir.", "believer"),
        ("ru", "За антивоенные высказывания в тюрьмах оказались 56 человек.", "anti_war"),
    ],
)  # fmt: skip
def test_a_group_may_stand_before_its_number(lang: str, text: str, category: str) -> None:
    assert (56, category) in told(text, lang)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The Union for the Freedom of Political Prisoners published its list on Monday.\n"
            "It runs to 288 names.\n"
            "Out of the 288 prisoners, 17 are women.",
            [(288, "political_prisoner"), (17, "political_prisoner")],
        ),
        (
            "The Committee to Protect Journalists counted 326 jailed journalists.\n"
            "China holds 47 of the arrested, Belarus with 29 prisoners comes next.",
            [(326, "journalist"), (47, "journalist"), (29, "journalist")],
        ),
        (
            "The list of political prisoners has 288 names.\n"
            "The Penitentiary Service says that 23,400 people are kept in its institutions.",
            [(288, "political_prisoner"), (23400, "prison_population")],
        ),
        (
            "The president signed a pardon decree. 154 convicts walk free, among them two "
            "political prisoners from the list.",
            [(154, "prison_population"), (2, "political_prisoner")],
        ),
    ],
)
def test_prisoners_are_those_of_the_list_unless_a_prison_office_or_a_pardon_is_spoken_of(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert told(text) == expected


def test_the_counter_of_a_census_speaks_for_its_countries_in_later_paragraphs() -> None:
    found = read(
        "The Committee to Protect Journalists published its prison census on Thursday.\n"
        "As of December 1, 2024 it counted 361 journalists behind bars worldwide.\n"
        "China (50), Israel (43) and Myanmar (35) held most."
    )
    assert {one.org for one in found} == {"CPJ"}
    assert {one.as_of for one in found} == {"2024-12-01"}
    assert [one.place for one in found] == ["WORLD", "CN", "IL", "MM"]


def test_a_part_may_stand_before_its_total() -> None:
    some, total = read("Fourteen of the 392 political prisoners are women.")
    assert (some.value, some.subset, some.role) == (14, "women", "part")
    assert (total.value, total.subset, total.role) == (392, None, "total")


def test_members_are_those_of_the_party_named() -> None:
    (found,) = read("The Popular Front Party says 17 of its members are in jail.")
    assert (found.value, found.category) == (17, "opposition_member")
    assert read("The club says 17 of its members are in jail.") == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The union hailed the release but said that 40 political prisoners remain."),
        ("en", "There were 40 political prisoners before the pardon, the union notes."),
        ("en", "The union's report, released on Monday, names 40 political prisoners."),
        ("ru", "В списке, который союз выпустил во вторник, 40 политзаключенных."),
        ("ru", "В тюрьмах остаются 40 политзаключенных, добавил он."),
        ("az", "Əfvdən sonra həbsdə 40 siyasi məhbus qalır."),
    ],
)  # fmt: skip
def test_a_release_told_beside_the_number_makes_it_no_flow(lang: str, text: str) -> None:
    (found,) = read(text, lang)
    assert (found.value, found.kind) == (40, "stock")


def test_of_those_ever_arrested_some_are_still_held() -> None:
    ever, still = read(
        "Since the crackdown on the press began in November 2023 at least 34 journalists have been "
        "arrested; 27 of them are still in custody."
    )
    assert (ever.kind, ever.since, ever.as_of) == ("cumulative", "2023-11", None)
    assert (still.kind, still.role) == ("stock", "part")


def test_parts_told_right_after_a_dated_total_share_its_date() -> None:
    total, women = read(
        "As of 4 February the list of political prisoners had 340 names. Among them are 12 women."
    )
    assert total.as_of == women.as_of == "2025-02-04"
    assert women.as_of_basis == "inherited"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Freed after nine years, the prisoner told us the oldest man in his cell was 74."),
        ("en", "Azerbaijan ranks 167th of 180 on the index while jailing journalists."),
        ("en", "Prisons hold 244 inmates per 100,000 people."),
        ("en", "The journalist, detained at 11 a.m., was freed at 7 p.m."),
        ("en", "After the unrest 238 people died, and 14 of them were women; nobody was arrested."),
        ("en", "The jailed member for constituency no. 32 spoke."),
        ("ru", "Самому младшему из арестованных журналистов – 19, самому старшему – 78."),
        ("ru", "Страна занимает 167-е место из 180, журналисты сидят в тюрьмах."),
        ("az", "Siyahıdakı siyasi məhbusların üçdə ikisi dindardır."),
        ("az", "Siyasi məhbusların sayı yaza qədər 450-yə çatacaq."),
        ("az", "Həbsxanada hər 50 məhkuma bir həkim düşür."),
    ],
)  # fmt: skip
def test_ages_ranks_rates_hours_shares_and_deaths_elsewhere_are_no_counts(
    lang: str, text: str
) -> None:
    assert [one for one in read(text, lang) if one.value not in (167, 244)] == []


@pytest.mark.parametrize(
    ("text", "value", "high"),
    [
        ("Число политзаключенных превысило тысячу двести.", 1200, None),
        ("В списке более сотни политзаключенных.", 100, None),
        ("Шестеро политзаключенных отсидели срок, в тюрьме остаются 40 политзаключенных.", 6, None),
    ],
)
def test_russian_hundreds_stand_alone_after_a_bound(
    text: str, value: int, high: int | None
) -> None:
    found = read(text, "ru")[0]
    assert (found.value, found.value_high) == (value, high)


def test_a_range_may_be_ranged_over() -> None:
    (found,) = read("Estimates of the number of political prisoners ranged from 204 to 259.")
    assert (found.value, found.value_high, found.qualifier) == (204, 259, "range")


def test_numbered_groups_are_entries_of_the_list() -> None:
    total, *groups = read(
        "The list of 14 June has 303 political prisoners.\n"
        'No. 1 - "Journalists and bloggers" - 20 people\n'
        'No. 2 - "Believers" - 216 people'
    )
    assert [(one.value, one.role, one.part_of) for one in groups] == [
        (20, "part", total.id),
        (216, "part", total.id),
    ]


def test_two_counters_with_one_short_name_are_told_apart() -> None:
    found = read(
        "“Vyasna” hüquq müdafiə mərkəzi Belarusda 1168 siyasi məhbus sayır. Mərkəzin siyahısında "
        "168 qadın var.",
        "az",
    )
    assert {one.org for one in found} == {"VIASNA"}


def test_groups_told_paragraphs_later_are_those_of_the_list() -> None:
    text = (
        "The Union for the Freedom of Political Prisoners published a new list on 10 March. It has "
        "344 names.\n\nOne of the authors thanked those who helped.\n\nThe list is divided into "
        "eleven groups. 37 are journalists, 19 human rights defenders; the largest group are "
        "believers with 188 people."
    )
    found = {each.value: each for each in read(text, published="2025-03-12")}
    for value in (37, 19, 188):
        assert (found[value].role, found[value].org) == ("part", "UFPP")
        assert found[value].part_of == found[344].id


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("az", "Siyasi məhbusların sayı 450-ni ötüb.", (450, "political_prisoner")),
        (
            "az",
            "Partiyanın hazırda həbsdə olan üzvlərinin sayı 26-ya çatıb.",
            (26, "opposition_member"),
        ),
        ("az", "Mühakimə olunan dindarlardan 26-sı həbsdədir.", (26, "believer")),
        (
            "ru",
            "Список политзаключенных вырос до 288 имен, включая 126 преследуемых за религию.",
            (126, "believer"),
        ),
        (
            "ru",
            "По религиозным мотивам, согласно списку политзаключенных, преследуются 126 человек.",
            (126, "believer"),
        ),
        ("en", "There are 26 women among the political prisoners.", (26, "political_prisoner")),
        ("en", "On the list, those serving life sentences number 26.", (26, "life_sentenced")),
        (
            "en",
            'The list of political prisoners has 288 names. The group "Believers" has 120 entries, '
            '"National minorities" 26.',
            (26, "national_minority"),
        ),
    ],
)  # fmt: skip
def test_whom_a_number_counts_is_told_in_many_ways(
    lang: str, text: str, expected: tuple[int, str]
) -> None:
    assert expected in told(text, lang)


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("en", 'The group "Arrested in the Terter case" has 7 political prisoners.', "stock"),
        ("az", "Azərbaycan həbsxanalarında 7 siyasi məhbus saxlanılıb.", "stock"),
        ("ru", "За два месяца политзаключенными были признаны 7 человек.", "flow_in"),
        ("en", "Seven political prisoners did not live to see their release.", "death"),
    ],
)  # fmt: skip
def test_verbs_of_places_and_names_tell_no_event(lang: str, text: str, kind: str) -> None:
    assert [each.kind for each in read(text, lang) if each.value == 7] == [kind]


def test_a_year_after_prisoners_names_a_list() -> None:
    assert told("Political prisoners 2025") == []
    assert told("The number of political prisoners has reached 2000.") == [
        (2000, "political_prisoner")
    ]


def test_no_country_holds_five_million_prisoners() -> None:
    assert told("Political prisoners are held in a country of 9,000,000.") == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The list has 288 political prisoners. The number of criminal cases rose to 140."),
        ("en", "The list has 288 political prisoners. The number of trials has reached 85."),
        ("ru", "В списке политзаключенных 288 человек. Количество уголовных дел выросло до 140."),
        ("az", "Siyahıda 288 siyasi məhbus var. Cinayət işlərinin sayı 140-a çatıb."),
        ("az", "Siyahıda 288 siyasi məhbus var. Bağlanan saytların sayı 40-dır."),
    ],
)  # fmt: skip
def test_the_number_of_things_is_no_count(lang: str, text: str) -> None:
    assert told(text, lang) == [(288, "political_prisoner")]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "The list has 288 political prisoners. The number of names rose to 299."),
        ("ru", "В списке политзаключенных 288 человек. Число узников выросло до 299."),
        ("az", "Siyahıda 288 siyasi məhbus var. Onların sayı 299-a çatıb."),
        ("az", "Siyahıda 288 siyasi məhbus var. Həbs edilənlərin sayı 299-a çatıb."),
    ],
)  # fmt: skip
def test_the_number_of_people_is_one(lang: str, text: str) -> None:
    assert (299, "political_prisoner") in told(text, lang)


def test_the_month_of_march_is_no_protest() -> None:
    text = "Viasna named political prisoners. As of March 1, 1,204 people held the status."
    assert told(text) == [(1204, "political_prisoner")]


def test_parts_keep_their_total_when_it_is_told_twice() -> None:
    text = (
        "The Union for the Freedom of Political Prisoners counts 288 political prisoners as of 3 "
        "March.\n\nThe 288 prisoners are divided into groups: journalists – 31, believers – 160."
    )
    found = read(text, published="2025-03-12")
    assert [each.part_of for each in found] == [None, found[0].id, found[0].id]
    assert {each.as_of for each in found} == {"2025-03-03"}


def test_countries_in_a_later_paragraph_are_those_of_the_census() -> None:
    text = (
        "The Committee to Protect Journalists found 361 journalists in prison worldwide on 1 "
        "December 2024, after a record of 370 in 2022.\n\nThe census began in 1992.\n\nChina held "
        "50, Israel 43 and Myanmar 35 journalists."
    )
    found = {each.value: each for each in read(text, published="2025-01-17")}
    for value in (50, 43, 35):
        assert (found[value].org, found[value].as_of) == ("CPJ", "2024-12-01")


def test_a_day_is_nearer_to_the_truth_than_its_year() -> None:
    text = (
        "The number of jailed journalists reached a high in 2024, with 352 reporters behind bars "
        "on December 1, the Committee to Protect Journalists said."
    )
    (found,) = read(text, published="2025-01-16")
    assert (found.value, found.kind, found.as_of) == (352, "stock", "2024-12-01")


def test_people_freed_are_the_prisoners_the_text_is_about() -> None:
    text = (
        "Alexander Lukashenko set 123 people free on Saturday.\n\n"
        "Viasna says that 1,110 political prisoners remain."
    )
    assert (123, "political_prisoner") in told(text)
    assert told("The court set 123 people free. Prisons are full.") == []


def test_a_correction_in_the_next_sentence_takes_the_figure_back() -> None:
    reported = "The agency reported that 375 political prisoners are on the list. "
    assert told(reported + "This is incorrect: the list has 356 names.") == [
        (356, "political_prisoner")
    ]
    assert told(reported + "This is incorrect, a deputy said.") == [(375, "political_prisoner")]
