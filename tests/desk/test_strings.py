"""The three catalogues say the same things, and templates ask for nothing they lack."""

import re
from importlib.resources import files

import pytest
from babel import Locale

from db.records import FLAG_KINDS
from db.reviews import DECISIONS, REASONS
from monitor.desk.words import LANGUAGES, own, words
from tests.desk.world import NOW


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_every_phrase_and_every_plural(language: str) -> None:
    english, other = own("en"), own(language)
    plurals = set(Locale.parse(language).plural_form.tags) | {"other"}
    for group, phrases in english.items():
        assert other[group].keys() == phrases.keys(), group
        for key, phrase in phrases.items():
            if isinstance(phrase, dict):
                assert set(other[group][key]) == plurals, f"{group}.{key}"
            else:
                assert fields(other[group][key]) == fields(phrase), f"{group}.{key}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_the_templates_ask_for_is_there(language: str) -> None:
    catalogue = words(language, "Asia/Baku", NOW).catalogue
    for template in files("monitor.desk").joinpath("templates").iterdir():
        text = template.read_text("utf-8")
        for group, key in re.findall(r"""\bt\(["']([a-z_]+)\.([\w/]+)["'][,)]""", text):
            assert key in catalogue[group], f"{template.name}: {group}.{key}"
        for group in re.findall(r"""t\.label\(["']([a-z_]+)["']""", text):
            assert group in catalogue, f"{template.name}: {group}"


@pytest.mark.parametrize(
    ("group", "codes"), [("kind", FLAG_KINDS), ("decision", DECISIONS), ("reason", REASONS)]
)
def test_every_code_has_a_name(group: str, codes: tuple[str, ...]) -> None:
    assert set(own("en")[group]) >= set(codes)


def fields(phrase: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", phrase))
