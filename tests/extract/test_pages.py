"""A saved page and what must be read of it: tests/pages/<source>/<slug>/{page.html,expected.json}.

All pages are fictional; each copies the make-up of a common kind of site.
"""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.exceptions import Unreadable
from monitor.extract import SourceRules, extract
from monitor.items import Page

PAGES = Path(__file__).parent.parent / "pages"
READ_AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def saved(folder: Path) -> tuple[Page, SourceRules, dict[str, object]]:
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    url = expected.pop("url")
    page = Page(
        source="test",
        url=url,
        final_url=expected.pop("final_url", url),
        fetched_at=READ_AT,
        status=200,
        body=(folder / "page.html").read_bytes(),
        discovered_as=url,
        mime="text/html",
    )
    home = expected.pop("home", "https://www.example.org/")
    return page, SourceRules(home=home, site_name=expected.pop("site_name", None)), expected


def folders(refused: bool) -> list[Path]:
    found = sorted(path.parent for path in PAGES.glob("*/*/expected.json"))
    return [folder for folder in found if (folder.parent.name == "refused") == refused]


@pytest.mark.parametrize(
    "folder", folders(refused=False), ids=lambda f: f"{f.parent.name}/{f.name}"
)
def test_a_saved_page_gives_its_article_and_nothing_around_it(folder):
    page, rules, expected = saved(folder)
    version = extract(page, rules)
    assert {
        "title": version.title,
        "text": version.text.split("\n"),
        "lang": version.lang,
        "published": version.published,
        "modified": version.modified,
        "authors": list(version.authors),
        "canonical": version.canonical,
    } == expected


@pytest.mark.parametrize("folder", folders(refused=True), ids=lambda f: f.name)
def test_a_page_in_the_place_of_an_article_is_refused_with_its_reason(folder):
    page, rules, expected = saved(folder)
    with pytest.raises(Unreadable) as refusal:
        extract(page, rules)
    assert {"outcome": refusal.value.outcome, "reason": refusal.value.reason} == expected
