"""Dates as feeds, listings and pages write them."""

from datetime import UTC, datetime

import pytest

from monitor.extract.dates import dateline, parse_day, parse_iso

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "lang", "day"),
    [
        ("28 fevral 2026-cı il", "az", "2026-02-28"),
        ("2025-ci il fevralın 12-də", "az", "2025-02-12"),
        ("3 dekabr 2025", "az", "2025-12-03"),
        ("21 noyabr 2025, 14:30", "az", "2025-11-21"),
        ("12 İYUN 2025", "az", "2025-06-12"),
        ("12 IYUN 2025", "az", "2025-06-12"),
        ("Mayın 5-i 2024", "az", "2024-05-05"),
        ("fevral 2026", "az", "2026-02"),
        ("15 mart", "az", "2025-03-15"),
        ("15 fevral", "az", "2026-02-15"),
        ("2 gün əvvəl", "az", "2026-02-27"),
        ("3 saat əvvəl", "az", "2026-03-01"),
        ("1 həftə əvvəl", "az", "2026-02-22"),
        ("2 ay əvvəl", "az", "2026-01"),
        ("dünən, 18:05", "az", "2026-02-28"),
        ("Bu gün", "az", "2026-03-01"),
        ("12 октјабр 1998", "az-Cyrl", "1998-10-12"),
        ("5 май 2025, 10:00", "ru", "2025-05-05"),
        ("28 ФЕВРАЛЯ 2026 Г.", "ru", "2026-02-28"),
        ("1 янв. 2026", "ru", "2026-01-01"),
        ("Вчера, 12:01", "ru", "2026-02-28"),
        ("2 дня назад", "ru", "2026-02-27"),
        ("February 12, 2025", "en", "2025-02-12"),
        ("Wed 12 Feb 2025", "en", "2025-02-12"),
        ("June 3rd, 2025", "en", "2025-06-03"),
        ("3 days ago", "en", "2026-02-26"),
        ("ŞUBAT 12, 2025", "tr", "2025-02-12"),
        ("7 Kasım 2025", "tr", "2025-11-07"),
        ("2 gün önce", "tr", "2026-02-27"),
        ("12 თებერვალი, 2025", "ka", "2025-02-12"),
        ("2 დღის წინ", "ka", "2026-02-27"),
        ("გუშინ", "ka", "2026-02-28"),
        ("2025 թ. փետրվարի 12", "hy", "2025-02-12"),
        ("14:05, 3 հունիսի, 2025", "hy", "2025-06-03"),
        ("2 օր առաջ", "hy", "2026-02-27"),
        ("15. März 2025", "de", "2025-03-15"),
        ("12.02.2025 10:00", "ru", "2025-02-12"),
        ("12.02.25", "az", "2025-02-12"),
        ("2025/02/12", None, "2025-02-12"),
        ("12/02/2025", "az", "2025-02-12"),
        ("Wed, 12 Feb 2025 10:00:00 +0400", None, "2025-02-12T06:00:00Z"),
        ("2025-02-12T10:00:00Z", None, "2025-02-12T10:00:00Z"),
        ("2025-02-12 10:00", None, "2025-02-12"),
    ],
)
def test_a_written_date_is_read(text, lang, day):
    assert parse_day(text, lang, NOW) == day


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("357 siyasi məhbus", "az"),
        ("saat 10:00", "az"),
        ("31 fevral 2025", "az"),
        ("99.99.2025", "az"),
        ("", "az"),
        ("maddə 206.3.2", "az"),
        ("x" * 300 + " 12.02.2025", "az"),
    ],
)
def test_what_is_no_date_is_none(text, lang):
    assert parse_day(text, lang, NOW) is None


def test_an_english_date_of_two_small_numbers_is_sure_of_its_year_only():
    assert parse_day("03/04/2025", "en", NOW) == "2025"
    assert parse_day("03/14/2025", "en", NOW) == "2025-03-14"


def test_a_moment_whose_utc_day_is_another_stays_the_day_that_was_printed():
    assert parse_iso("2025-02-12T01:00:00+04:00", None) == "2025-02-12"


def test_a_sentence_that_holds_a_date_is_no_dateline():
    assert dateline("Siyahı 10 dekabr 2024-cü ildə açıqlanıb.", "az", NOW) is None
    assert dateline("10 dekabr 2024", "az", NOW) == "2024-12-10"
