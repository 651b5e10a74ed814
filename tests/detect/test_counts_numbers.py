"""Numbers in words and digits, and the words that only look like numbers."""

import pytest

from monitor.detect.counts.numbers import find_numbers, parse_number
from monitor.detect.counts.text import fold, words

EN = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()  # noqa: E501
EN_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
AZ = "bir iki üç dörd beş altı yeddi səkkiz doqquz".split()
AZ_TENS = "on iyirmi otuz qırx əlli altmış yetmiş səksən doxsan".split()
TR = "bir iki üç dört beş altı yedi sekiz dokuz".split()
TR_TENS = "on yirmi otuz kırk elli altmış yetmiş seksen doksan".split()
RU = "один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать".split()  # noqa: E501
RU_TENS = "двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто".split()
RU_HUNDREDS = "сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот".split()


def say(lang: str, number: int) -> str:
    """The number in words, written here anew so that the tables are checked by another hand."""
    return {"en": _en, "az": _az, "tr": _tr, "ru": _ru}[lang](number).strip()


def _en(n: int) -> str:
    if n < 20:
        return EN[n - 1] if n else ""
    if n < 100:
        return EN_TENS[n // 10 - 2] + (f"-{EN[n % 10 - 1]}" if n % 10 else "")
    if n < 1000:
        rest = _en(n % 100)
        return f"{EN[n // 100 - 1]} hundred" + (f" and {rest}" if rest else "")
    return f"{_en(n // 1000)} thousand {_en(n % 1000)}"


def _turkic(n: int, ones: list[str], tens: list[str], hundred: str, thousand: str) -> str:
    parts = []
    if n >= 1000:
        parts += ([ones[n // 1000 - 1]] if n >= 2000 else []) + [thousand]
    if n % 1000 >= 100:
        parts += ([ones[n % 1000 // 100 - 1]] if n % 1000 >= 200 else []) + [hundred]
    if n % 100 >= 10:
        parts.append(tens[n % 100 // 10 - 1])
    if n % 10:
        parts.append(ones[n % 10 - 1])
    return " ".join(parts)


def _az(n: int) -> str:
    return _turkic(n, AZ, AZ_TENS, "yüz", "min")


def _tr(n: int) -> str:
    return _turkic(n, TR, TR_TENS, "yüz", "bin")


def _ru(n: int) -> str:
    parts = []
    if n >= 1000:
        parts.append("тысяча" if n < 2000 else "две тысячи")
    if n % 1000 >= 100:
        parts.append(RU_HUNDREDS[n % 1000 // 100 - 1])
    if n % 100 >= 20:
        parts.append(RU_TENS[n % 100 // 10 - 2])
        parts += [RU[n % 10 - 1]] if n % 10 else []
    elif n % 100:
        parts.append(RU[n % 100 - 1])
    return " ".join(parts)


ALONE = {"en": set(), "az": {10, 1000}, "tr": {10, 1000}, "ru": set()}
"""Numbers whose word alone is another word too (az `on`: he; `min`: a thousand, an ascent)."""


@pytest.mark.parametrize("lang", ["en", "az", "tr", "ru"])
def test_every_number_up_to_two_thousand_comes_back_from_its_words(lang: str) -> None:
    wrong = {
        number: said
        for number in range(2, 2001)
        if number not in ALONE[lang] and parse_number(said := say(lang, number), lang) != number
    }
    assert not wrong


@pytest.mark.parametrize(
    ("lang", "text", "values"),
    [
        ("en", "twenty-six, two dozen, half a dozen, a hundred of them", [26, 24, 6, 100]),
        ("en", "2,145 and 18 thousand and 2 145", [2145, 18000, 2145]),
        ("en", "the 31st reporter, a second one, dozens, hundreds", []),
        ("en", "2.5 times, Articles 206.3.2 and 193-1.2, colony IK-9", []),
        ("az", "on səkkizi, qırx üçü, dördü, yeddisinin", [18, 43, 4, 7]),
        ("az", "240-ı, 12-si, 300-ü, 147-yə, 5-ci, 3-cü", [240, 12, 300, 147]),
        ("az", "2 145, 2.145, 3 min 40, min iki yüz", [2145, 2145, 3040, 1200]),
        ("az", "ondan xəbər yoxdur, onun üçün, altında, bir nəfər", []),
        ("az", "ondan artıq adam", [10]),
        ("az", "onlarla, yüzlərlə, minlərlə", []),
        ("ru", "52-х, 27-ми, пятеро, двоих, полторы сотни", [52, 27, 5, 2, 150]),
        ("ru", "сотню, две сотни, три десятка, 6 тысяч, дюжина", [100, 200, 30, 6000, 12]),
        ("ru", "десятки, сотни и тысячи, 3-й, 2-го, ИК-9", []),
        ("tr", "64'ü, yüz on üç, 3 bin 40", [64, 113, 3040]),
        ("es", "1.958, cuarenta y cinco, veintidós", [1958, 45, 22]),
        ("pl", "dziewięć, dwadzieścia pięć", [9, 25]),
        ("uk", "п'ять, двадцять сім, двісті", [5, 27, 200]),
        ("de", "zwölf, zwei Dutzend", [12, 24]),
        ("fr", "vingt-cinq, soixante", [25, 60]),
    ],
)
def test_numbers_are_found_and_look_alikes_are_not(lang: str, text: str, values: list[int]) -> None:
    folded = fold(text)
    found = find_numbers(folded, words(folded, 0, len(folded)), lang)
    assert [number.value for number in found] == values


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "40–45"),
        ("en", "between 40 and 45"),
        ("ru", "от 40 до 45"),
        ("az", "40 ilə 45 arasında"),
    ],
)
def test_ranges_have_two_ends(lang: str, text: str) -> None:
    folded = fold(text)
    (found,) = find_numbers(folded, words(folded, 0, len(folded)), lang)
    assert (found.value, found.high) == (40, 45)
