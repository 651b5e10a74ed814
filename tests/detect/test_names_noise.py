"""Damaged text hides no name, and offsets are always those of the text that was given."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Entity
from monitor.detect.names import Matcher
from monitor.detect.repair import repair

MATCHER = Matcher(
    [
        Entity(id="ş", kind="person", canonical="Cəlal Şıxəliyev"),
        Entity(id="v", kind="person", canonical="Sevinc Vaqifqızı"),
    ]
)


@pytest.mark.parametrize(
    "written",
    [
        unicodedata.normalize("NFD", "Cəlal Şıxəliyev"),
        "Cəlal Şıxə\u00adliyev",
        "Cə\u200blal\u00a0Şıxəliyev",
        "Cəlal Şıxə-\nliyev",
        "Cəlal\nŞıxəliyev",
        "CƏLAL ŞIXƏLİYEV",
        "CELAL SIXELIYEV",
        "CÉ™lal ÅžÄ±xÉ™liyev",
        "CЙ™lal ЕћД±xЙ™liyev",
        "ДжР°Р»Р°Р» РЁРёС…Р°Р»РёРµРІ".replace("Дж", "Р”Р¶"),
        "C&#601;lal &#350;&#305;x&#601;liyev",
        "Cǝlal Şıxǝliyev",
        "Cäläl Şıxäliyev",
        "Cәlal Şıxәliyev",
        "Джалáл Шихали́ев",
        "Джaлал Шихaлиев",
        "Cəlal Şıхəliyev",
    ],
    ids=lambda written: ascii(written)[:40],
)
def test_noise_hides_no_name(written: str) -> None:
    text = f"Bu gün {written} gəldi."
    (mention,) = MATCHER.find(text)
    assert (mention.entity, mention.surface, mention.leads_to) == ("ş", written, "flag")
    assert text[mention.start : mention.end] == written


@pytest.mark.parametrize(
    "text",
    [
        "Ґрунт Сієста Рівне Ціна Її",
        "Её слова: «Да»",
        "Škoda – Ärzte, Ñandú, Águila",
        "AT&T &c; &unknown; R&D",
        "well-\nKnown 10-\n20",
        "# title #tag",
    ],
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repair(text).text == text


@pytest.mark.parametrize(
    ("raw", "repaired"),
    [
        ("HÉ™sÉ™nli", "Həsənli"),
        ("Гјlvi", "ülvi"),
        ("Ð”Ð¶", "Дж"),
        ("i\u0307", "i"),
        ("и\u0306", "й"),
        ("Həsən-\nli", "Həsənli"),
        ("a&nbsp;b", "a\u00a0b"),
        ("#FreeUlviHasanli", "#Free Ulvi Hasanli"),
    ],
)
def test_repairs(raw: str, repaired: str) -> None:
    assert repair(raw).text == repaired


NOISE = st.sampled_from(
    ["", " ", "\u00ad", "\u200b", "e\u0301", "\u0307", "É™", "Р°", "&amp;", "#AbCd", "a-\nb", "ə"]
)  # fmt: skip


@given(st.lists(NOISE), st.lists(NOISE))
def test_unchanged_letters_map_back_to_themselves(before: list[str], after: list[str]) -> None:
    text = "".join(before) + " Q " + "".join(after)
    repaired = repair(text)
    at = repaired.text.index("Q")
    start, end = repaired.span(at, at + 1)
    assert text[start:end] == "Q"
    spans = [repaired.span(place, place + 1) for place in range(len(repaired.text))]
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(max_examples=200)
@given(st.lists(NOISE, max_size=6), st.text(max_size=40))
def test_surfaces_are_slices_of_the_text(before: list[str], after: str) -> None:
    text = "".join(before) + " Sevinc Vaqifqızının " + after
    mentions = MATCHER.find(text)
    assert "Sevinc Vaqifqızının" in {mention.surface for mention in mentions}
    assert all(text[mention.start : mention.end] == mention.surface for mention in mentions)


HOSTILE = {
    "one token": "A" * 1_000_000,
    "combining marks": "e" + "\u0301\u0323" * 50_000,
    "surnames": "Cəlal " + "Şıxəliyev " * 10_000,
    "given names": "Cəlal " * 50_000,
    "apostrophes": "A'" * 10_000 + "'" * 10_000,
    "hyphens": "A-" * 50_000,
    "invisible": "\u00ad" * 100_000,
    "ampersands": "&" * 100_000 + "&#" * 50_000,
    "mojibake": "Ã" * 100_000 + "É™" * 20_000,
    "humps": "aB" * 50_000,
    "tag": "#" + "aB" * 50_000 + "#a" * 20_000,
    "brackets": "Cəlal (" * 20_000,
    "initials": "C. " * 50_000,
    "slug": "/" + "aaa-" * 50_000,
    "line ends": "a-\n" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_to_its_end(name: str) -> None:
    assert len(MATCHER.find(HOSTILE[name])) <= 1
    assert [m.entity for m in MATCHER.find(HOSTILE[name][:2000] + " . Sevinc Vaqifqızı")][-1:] == [
        "v"
    ]


def test_a_text_of_full_names_is_read_to_its_end() -> None:
    assert len(MATCHER.find("Cəlal Şıxəliyev dedi. " * 5_000)) == 5_000
