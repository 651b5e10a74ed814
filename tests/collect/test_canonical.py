"""Identity of URLs."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.canonical import (
    UrlRules,
    article_number,
    canonical,
    in_scope,
    is_front_page,
    resolve,
    url_rules,
)

RULES = url_rules(
    home="https://www.abzas.org/",
    endpoints=["https://feeds.host.net/abzas"],
    aliases=["abzas.net", "storage.googleapis.com/qurium/abzas.net/"],
    offsite=["docs.abzas.media"],
    keep=["amp"],
    drop=["sort"],
    number=re.compile(r"-(\d{4,})(?:$|[/?])"),
)
HOME = "https://www.abzas.org"

SAME = [
    ("https://www.abzas.org/az/2026/x-995684", f"{HOME}/az/2026/x-995684"),
    ("https://www.abzas.org/az/2026/x-995684/", f"{HOME}/az/2026/x-995684"),
    ("HTTPS://WWW.Abzas.ORG:443/x#comments", f"{HOME}/x"),
    ("https://abzas.org/x", f"{HOME}/x"),
    ("https://m.abzas.org/x", f"{HOME}/x"),
    ("https://amp.abzas.org/x", f"{HOME}/x"),
    ("https://abzas.net/x", f"{HOME}/x"),
    ("https://storage.googleapis.com/qurium/abzas.net/az/x", f"{HOME}/az/x"),
    ("https://www.abzas.org/x?utm_source=rss&utm_medium=feed", f"{HOME}/x"),
    ("https://www.abzas.org/x?fbclid=1&id=3&a=2", f"{HOME}/x?a=2&id=3"),
    ("https://www.abzas.org/x?PHPSESSID=abc&v=updated", f"{HOME}/x"),
    ("https://www.abzas.org/x?sort=up&amp=1", f"{HOME}/x?amp=1"),
    ("https://www.abzas.org/%7ea/m%c9%99hbus", f"{HOME}/~a/m%C9%99hbus"),
    ("https://www.abzas.org/~a/məhbus", f"{HOME}/~a/m%C9%99hbus"),
    ("https://www.abzas.org/100%", f"{HOME}/100%25"),
    ("https://www.abzas.org", f"{HOME}/"),
    ("https://www.abzas.org/news_quot-995684", f"{HOME}/news_quot-995684"),
]
DIFFERENT = [
    ("https://az.abzas.org/x", f"{HOME}/x"),
    ("https://www.abzas.org/x?id=1", f"{HOME}/x?id=2"),
    ("https://www.abzas.org/az/x", f"{HOME}/en/x"),
    ("https://www.abzas.org/X", f"{HOME}/x"),
    ("https://www.abzas.org:8080/x", f"{HOME}/x"),
    ("https://www.abzas.org/x?v=dQw4w9WgXcQ", f"{HOME}/x"),
    ("https://storage.googleapis.com/qurium/other/x", f"{HOME}/x"),
    ("https://www.abzas.org/a%2Fb", f"{HOME}/a/b"),
]


@pytest.mark.parametrize(("address", "expected"), SAME)
def test_one_article_has_one_address(address: str, expected: str) -> None:
    assert canonical(address, RULES) == expected


@pytest.mark.parametrize(("address", "other"), DIFFERENT)
def test_different_articles_keep_different_addresses(address: str, other: str) -> None:
    assert canonical(address, RULES) != canonical(other, RULES)


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "mailto:a@b.az", "", "http://", "http://[x/"],
)
def test_what_is_no_address_of_the_web_has_no_canonical_form(address: str) -> None:
    assert canonical(address, RULES) is None
    assert not in_scope(address, RULES)


SCOPE = [
    ("https://www.abzas.org/x", True),
    ("http://abzas.org/x", True),
    ("https://az.abzas.org/x", True),
    ("https://abzas.net/x", True),
    ("https://feeds.host.net/abzas", True),
    ("https://docs.abzas.media/x", True),
    ("https://storage.googleapis.com/qurium/abzas.net/x", True),
    ("https://storage.googleapis.com/other/x", False),
    ("https://evil-abzas.org/x", False),
    ("https://abzas.org.evil.net/x", False),
    ("https://sub.abzas.net/x", False),
]


@pytest.mark.parametrize(("address", "inside"), SCOPE)
def test_only_the_source_and_its_mirrors_are_in_scope(address: str, inside: bool) -> None:
    assert in_scope(address, RULES) == inside


def test_subdomains_of_an_address_are_no_site() -> None:
    rules = url_rules(home="http://127.0.0.1/")
    assert in_scope("http://127.0.0.1/x", rules)
    assert not in_scope("http://8.127.0.0.1/x", rules)


NUMBERS = [
    ("https://www.abzas.org/az/slug-995684", "995684"),
    ("https://www.abzas.org/az/slug-yenilenib-995684/", "995684"),
    ("https://www.abzas.org/az/slug-in-2026-x", None),
    ("https://www.abzas.org/az/slug", None),
]


@pytest.mark.parametrize(("address", "number"), NUMBERS)
def test_the_number_of_an_article_survives_its_slug(address: str, number: str | None) -> None:
    assert article_number(address, RULES) == number


@pytest.mark.parametrize(
    ("address", "front"),
    [
        ("http://a.az/", True),
        ("http://a.az", True),
        ("http://a.az/en/", True),
        ("http://a.az/az-cyrl/", False),
        ("http://a.az/news", False),
        ("http://a.az/?p=1", False),
    ],
)
def test_front_pages_are_told_from_articles(address: str, front: bool) -> None:
    assert is_front_page(address) == front


LINKS = [
    ("/a", "http://a.az/x/feed", "http://a.az/a"),
    ("b", "http://a.az/x/feed", "http://a.az/x/b"),
    ("//b.az/c", "https://a.az/", "https://b.az/c"),
    ("http://a.az/a b\n", "http://a.az/", "http://a.az/a%20b"),
    ("http://məhbus.az/x", "http://a.az/", "http://xn--mhbus-elc.az/x"),
    ("http://a.az/%C9%99?x=%C9%99", "http://a.az/", "http://a.az/%C9%99?x=%C9%99"),
    ("javascript:void(0)", "http://a.az/", None),
]


@pytest.mark.parametrize(("link", "base", "address"), LINKS)
def test_links_are_resolved_as_a_browser_does(link: str, base: str, address: str | None) -> None:
    assert resolve(link, base) == address


@given(
    st.text("abəİ%/~.-_ 3", max_size=20),
    st.dictionaries(st.text("ab=&%ə", min_size=1, max_size=4), st.text(max_size=4), max_size=3),
)
def test_a_canonical_form_is_its_own(path: str, query: dict[str, str]) -> None:
    rules = UrlRules(home="a.az")
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    once = canonical(f"https://www.a.az/{path}?{asked}", rules)
    assert once is not None
    assert canonical(once, rules) == once
