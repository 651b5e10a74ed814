"""Numbers near prisoners that count no prisoners, and counts that look like something else."""

import pytest

from db.records import Passage
from monitor.detect.counts import read_counts


def values(text: str, lang: str, published: str = "2026-03-02") -> list[tuple[int, str, str]]:
    found = read_counts(Passage(text=text, lang=lang, published=published, place="AZ"))
    return [(one.value, one.kind, one.role) for one in found]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("az", "Ondan xəbər yoxdur, altı aydır həbsdə susur."),
        ("az", "Siyasi məhbus 281.2 və 134-cü maddələrlə 15 il həbs cezası alıb."),
        ("az", "O, 7 saylı həbsxanada saxlanılır, siyahıda 14-cüdür."),
        ("az", "Yaza qədər siyahı 450-ni keçə bilər; hökumət siyasi məhbus olmadığını deyir."),
        ("az", "Siyasi məhbusun 95 illik yubileyi, 60 min manat cərimə və həbs."),
        ("en", "He is in prison IK-9 under Article 281 for up to 15 years; his number is 14."),
        ("en", "Forty bloggers were summoned, 12 fined, three hurt outside the prison."),
        ("en", "The resolution on political prisoners passed by 523 votes to 3."),
        ("en", "Dozens of journalists and hundreds of activists are in jail."),
        ("en", "Some 67 journalists were killed and 135 are missing; others are in prison."),
        ("en", "The list of political prisoners could exceed 450 by spring."),
        ("en", "The number of political prisoners rose by 12%; three-fourths are believers."),
        (
            "en",
            "The political prisoner was sentenced at 10:30 and is reached at +994 12 345 67 89.",
        ),
        ("en", "The jailed editor, 59, had 40,000 euros and $300 at home."),
        ("ru", "По сравнению с маем политзаключенных стало в 1,5 раза больше; 17 % — женщины."),
        ("ru", "Резолюция о политзаключенных принята 212 голосами."),
        (
            "ru",
            "Суд приговорил политзаключенного к 9 годам по ч. 2 ст. 193-1, прошло 21 заседание.",
        ),
        ("ru", "За годы арестованы десятки журналистов и сотни активистов."),
        ("ru", "В его списке 45 судей и 12 прокуроров."),
        ("tr", "Tutuklu gazeteci 7 yıl 6 ay hapis cezası aldı."),
        ("es", "El preso fue condenado a 15 años de prisión según el artículo 58."),
    ],
)
def test_nothing_is_counted(lang: str, text: str) -> None:
    assert values(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        (
            "az",
            "Siyahıdakı 412 siyasi məhbusun 268-i dindar, qırx üçü fəaldır.",
            [(412, "stock", "total"), (268, "stock", "part"), (43, "stock", "part")],
        ),
        (
            "az",
            "Siyasi məhbusların sentyabr siyahısında 291 ad vardı, indi isə 305-dir.",
            [(291, "stock", "prior"), (305, "stock", "total")],
        ),
        (
            "az",
            "Siyasi məhbusların siyahısında səhvən 415 nəfər yazılmışdı; düzgün rəqəm 405-dir.",
            [(405, "stock", "total")],
        ),
        ("ru", "В перечень политзаключенных внесены 412 фамилий.", [(412, "stock", "total")]),
        (
            "ru",
            "Список политзаключенных вырос на 11: добавлены 14, исключены трое.",
            [(11, "net_change", "total"), (14, "flow_in", "total"), (3, "flow_out", "total")],
        ),
        (
            "ru",
            "В колониях пятеро журналистов и полторы сотни верующих.",
            [(5, "stock", "total"), (150, "stock", "total")],
        ),
        ("en", "Two lawyers said 61 activists are in custody.", [(61, "stock", "total")]),
        ("en", "There were 1987 political prisoners in 1991.", [(1987, "stock", "prior")]),
        ("en", "The prison holds 233 political prisoners.2", [(233, "stock", "total")]),
        (
            "en",
            "The register of political prisoners was renewed on Friday. It runs to 186 names.",
            [(186, "stock", "total")],
        ),
        (
            "en",
            "Since 2019, 2,640 people passed through the list of political prisoners; 905 remain.",
            [(2640, "cumulative", "total"), (905, "stock", "total")],
        ),
        ("en", "She recalled the 134 political prisoners of 2022.", [(134, "stock", "prior")]),
    ],
)
def test_the_right_reading_is_found(
    lang: str, text: str, expected: list[tuple[int, str, str]]
) -> None:
    assert values(text, lang) == expected


def test_a_day_without_year_is_the_last_one_before_publication() -> None:
    (found,) = read_counts(
        Passage(
            text="На 28 декабря в списке политзаключенных 412 имен.",
            lang="ru",
            published="2027-01-09",
        )
    )
    assert found.as_of == "2026-12-28"
