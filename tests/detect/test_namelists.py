"""Which lines of a text are a list of persons."""

import pytest

from monitor.detect.namelists import listed_names, name_key

LISTS = {
    "numbered": "1. Ülvi Həsənli\n2. Sevinc Vaqifqızı\n3. Nərgiz Absalamova\n4. Elnarə Qasımova\n"
    "5. Məhəmməd Kekalov",
    "table": "# | Ad\n1 | Ülvi Həsənli | jurnalist\n2 | Sevinc Vaqifqızı | jurnalist\n"
    "3 | Nərgiz Absalamova | x\n4 | Elnarə Qasımova | x\n5 | Məhəmməd Kekalov | x",
    "bullets and remarks": "- Гусейн Абдуллаев – арестован в 2017 году\n- Бахруз Самедов – учёный\n"
    "- Игбал Абилов, учёный\n- Тофик Ягублу (политик)\n- Анар Мамедли; правозащитник",
    "patronymics": "1. Həsənli Ülvi Fikrət oğlu\n2. Qasımova Elnarə Vaqif qızı\n"
    "3. Abbasova Sevinc Vaqif qızı\n4. Kekalov Məhəmməd Əli oğlu\n5. Əhmədov Rəşad Adil oğlu",
    "headings between": "Jurnalistlər\nÜlvi Həsənli\nSevinc Vaqifqızı\nNərgiz Absalamova\n"
    "Dindarlar üzrə siyahı belədir:\nElnarə Qasımova\nMəhəmməd Kekalov",
}
NO_LISTS = {
    "prose": "Ülvi Həsənli was taken to court on Friday.\n" * 9,
    "too short": "1. Ülvi Həsənli\n2. Sevinc Vaqifqızı",
    "sentences": "The court sat.\nThe judge left.\nNobody was freed.\nMore to come.\nThe end came.",
    "counters": "1. 357 people\n2. 24 journalists\n3. 11 women\n4. 5 lawyers\n5. 2 students",
}


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
def test_five_entries_under_each_other_are_a_list(text: str) -> None:
    assert len(listed_names(text)) in (5, 6)


@pytest.mark.parametrize("text", NO_LISTS.values(), ids=NO_LISTS)
def test_sentences_and_counters_are_no_list(text: str) -> None:
    assert listed_names(text) == ()


def test_family_first_or_last_is_one_entry() -> None:
    assert name_key("Həsənli Ülvi") == name_key("Ulvi Hesenli")


def test_a_megabyte_of_capitals_is_read_at_once() -> None:
    assert listed_names("Ab " * 300_000) == ()
    assert listed_names("A-" * 300_000 + "\n" + "A" * 300_000) == ()
