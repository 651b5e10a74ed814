"""Around the matcher: doubts about a watchlist, spellings, search terms, candidates, the fold."""

import pytest

from db.records import Alias, Entity, Exclude
from monitor.detect.fold import fold
from monitor.detect.names import (
    Matcher,
    check_watchlist,
    find_candidates,
    search_groups,
    search_terms,
    spellings,
)
from monitor.detect.names.tables import toml


def person(id_: str, canonical: str, **more: object) -> Entity:
    return Entity(id=id_, kind="person", canonical=canonical, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("entities", "concerns"),
    [
        ([person("a", "Ülvi Həsənli"), person("b", "Nigar Quliyeva")], []),
        ([person("a", "Ülvi Həsənli"), person("b", "Ülvi Həsənli")], [("a", "duplicate", "b")]),
        ([person("a", "Əsəd Əzizov"), person("b", "Əsad Əzizov")], [("a", "alike", "b")]),
        ([person("a", "Ulvi Hasanli")], []),
        ([person("a", "Ульви Гасанли")], [("a", "not_azerbaijani", None)]),
        (
            [person("a", "Ülvi Həsənli", aliases=(Alias(text="Rza"),))],
            [("a", "too_short", None), ("a", "one_word", None)],
        ),
        (
            [Entity(id="a", kind="outlet", canonical="Ayna")],
            [("a", "common_word", None)],
        ),
        (
            [person("a", "Ülvi Həsənli", excludes=(Exclude(pattern="həsənli"),))],
            [("a", "excludes_itself", None)],
        ),
        (
            [person("a", "Ülvi Həsənli", excludes=(Exclude(pattern="(", regex=True),))],
            [("a", "unreadable_exclude", None)],
        ),
        (
            [person("a", "Ülvi Həsənli", family_unambiguous=True), person("b", "Rza Həsənli")],
            [("a", "shared_family", "b")],
        ),
    ],
)
def test_a_doubtful_watchlist_is_reported(
    entities: list[Entity], concerns: list[tuple[str, str, str | None]]
) -> None:
    found = check_watchlist(entities)
    assert [(each.entity, each.kind, each.other) for each in found] == concerns
    assert all(each.words.endswith(".") for each in found)


@pytest.mark.parametrize("name", ["Sevinc Vaqifqızı", "Ülvi Həsənli", "Cəlal Şıxəliyev"])
def test_every_sample_spelling_is_matched_and_preselected(name: str) -> None:
    entity = person("p", name)
    matcher, terms, groups = Matcher([entity]), search_terms(entity), search_groups(entity)
    samples = spellings(entity)
    assert len(samples) == 1 + len(toml("writing.toml"))
    for sample in samples:
        written = sample.partition(": ")[2]
        assert [m.surface for m in matcher.find(written)] == [written]
        tokens = fold(written).split()
        assert any(token.startswith(term) for token in tokens for term in terms)
        assert any(
            all(any(t.startswith(term) for t in tokens for term in group) for group in row)
            for row in groups
        )


def test_search_terms_of_an_organisation_are_those_of_its_first_name() -> None:
    outlet = Entity(id="o", kind="outlet", canonical="Abzas Media")
    assert any("abzas".startswith(term) for term in search_terms(outlet))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mehbus", "məhbus"),
        ("Vagifgizi", "Vaqifqızı"),
        ("Vagifgyzy", "Вагифгызы"),
        ("Həsənli", "HƏSƏNLİ"),
        ("Həsənli", "Hə\u00adsə\u0301nli"),
        ("Aliev", "Алиев"),
        ("Mammadov", "Mamadov"),
        ("hasanli", "ჰასანლი"),
        ("hasanli", "Հասանլի"),
        ("Bağırov", "Bagirov"),
    ],
)
def test_the_fold_brings_spellings_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Jurnalist Rauf Əliyev həbs edilib.", [("Rauf Əliyev", "detained")]),
        ("Активист Фарид Мамедов арестован.", [("Фарид Мамедов", "detained")]),
        ("The court sentenced Farid Mehdizada to nine years.", [("Farid Mehdizada", "sentenced")]),
        ("Ülvi Həsənli həbs edilib.", []),
        ("Hakim Rauf Əliyev onu həbs edib.", []),
        ("Lawyer Rauf Aliyev said his client was arrested.", []),
        ("Rauf Əliyev kitab yazıb. Bakıda bir nəfər həbs edilib.", []),
        ("Human Rights said people were detained in New York.", []),
    ],
)
def test_untracked_people_in_an_arrest_context_are_candidates(
    text: str, named: list[tuple[str, str]]
) -> None:
    known = Matcher([person("p", "Ülvi Həsənli")]).find(text)
    found = find_candidates(text, known)
    assert [(each.name, each.status) for each in found] == named
    assert all(text[each.start : each.end] == each.name for each in found)
