"""Dates keep their precision, lie in the past, and tell a beginning from a day."""

import pytest

from monitor.detect.counts.dates import find_dates, shift
from monitor.detect.counts.text import fold, words

FRIDAY = "2026-01-09"


def dates(text: str, lang: str, published: str | None = FRIDAY) -> list[tuple[str, str]]:
    folded = fold(text)
    found = find_dates(folded, words(folded, 0, len(folded)), lang, published)
    return [(one.day, one.role) for one in found]


@pytest.mark.parametrize(
    ("lang", "text", "day"),
    [
        ("en", "on 2025-05-04", "2025-05-04"),
        ("en", "on 04.05.2025", "2025-05-04"),
        ("en", "on 4 May 2025", "2025-05-04"),
        ("en", "on May 4, 2025", "2025-05-04"),
        ("en", "on the 4th of May", "2025-05-04"),
        ("en", "on May 23rd", "2025-05-23"),
        ("en", "in May 2025", "2025-05"),
        ("en", "in May", "2025-05"),
        ("en", "in 2024", "2024"),
        ("en", "published today", "2026-01-09"),
        ("en", "published yesterday", "2026-01-08"),
        ("en", "said on Wednesday", "2026-01-07"),
        ("en", "said on Friday", "2026-01-09"),
        ("en", "a year ago", "2025"),
        ("en", "fourteen months ago", "2024-11"),
        ("az", "fevralın 12-də", "2025-02-12"),
        ("az", "2024-cü ilin dekabrında", "2024-12"),
        ("az", "4 may 2025-ci il", "2025-05-04"),
        ("az", "2025-ci il mayın 4-də", "2025-05-04"),
        ("az", "ötən ilin dekabrında", "2025-12"),
        ("az", "2024-cü ildə", "2024"),
        ("az", "bu gün", "2026-01-09"),
        ("az", "bir il öncə", "2025"),
        ("ru", "7 октября", "2025-10-07"),
        ("ru", "29 мая 2017 года", "2017-05-29"),
        ("ru", "в октябре 2016 года", "2016-10"),
        ("ru", "в декабре прошлого года", "2025-12"),
        ("ru", "год назад", "2025"),
        ("tr", "13 Kasım 2019", "2019-11-13"),
        ("es", "4 de mayo de 2025", "2025-05-04"),
        ("de", "am 12. Dezember 2024", "2024-12-12"),
        ("pl", "28 lutego 2023", "2023-02-28"),
        ("fr", "le 3 janvier 2025", "2025-01-03"),
        ("uk", "4 травня 2025", "2025-05-04"),
    ],
)
def test_a_date_is_read_as_precisely_as_it_is_written(lang: str, text: str, day: str) -> None:
    assert [found for found, _ in dates(text, lang)] == [day]


@pytest.mark.parametrize(
    ("lang", "text", "role"),
    [
        ("en", "as of 17 January 2025", "as_of"),
        ("en", "since November 2023", "since"),
        ("en", "since last November", "since"),
        ("en", "on 17 January 2025", "on"),
        ("ru", "по состоянию на 29 мая 2017 года", "as_of"),
        ("ru", "на 28 декабря", "as_of"),
        ("ru", "с 2020 года", "since"),
        ("az", "2020-ci ildən bəri", "since"),
        ("es", "desde 2014", "since"),
        ("tr", "2020'den beri", "since"),
    ],
)
def test_the_words_around_a_date_give_its_role(lang: str, text: str, role: str) -> None:
    assert [found for _, found in dates(text, lang)] == [role]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "it may be 4 times as many"),
        ("en", "1987 political prisoners"),
        ("en", "30 February 2024"),
        ("az", "2000-ci illərin əvvəli"),
        ("ru", "его имя"),
    ],
)
def test_what_only_looks_like_a_date_is_none(lang: str, text: str) -> None:
    assert dates(text, lang) == []


def test_without_publication_a_day_needs_its_year() -> None:
    assert dates("on 4 May, on 4 May 2024", "en", None) == [("2024-05-04", "on")]


@pytest.mark.parametrize(
    ("back", "day"),
    [("1d", "2025-02-28"), ("2w", "2025-02-15"), ("14m", "2024-01"), ("1y", "2024")],
)
def test_going_back_keeps_the_precision_of_the_unit(back: str, day: str) -> None:
    assert shift("2025-03-01", back) == day
