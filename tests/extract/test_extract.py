"""One page in, one version or one reason out."""

import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monitor.exceptions import Unreadable
from monitor.extract import SourceRules, extract, extract_hint, line_hash
from monitor.items import Hints, Page

URL = "https://www.example.org/news/1"
RULES = SourceRules(home="https://www.example.org/")
WORDS = "Siyasi məhbusların yeni siyahısında 357 nəfərin adı var; vəkil şikayət verib."


def page(body: str | bytes, **other) -> Page:
    told = {
        "source": "test",
        "url": URL,
        "final_url": URL,
        "fetched_at": datetime(2026, 3, 1, tzinfo=UTC),
        "status": 200,
        "body": body.encode() if isinstance(body, str) else body,
        "discovered_as": URL,
        "mime": "text/html",
    }
    return Page(**(told | other))


def article(title: str, text: str, head: str = "") -> str:
    return (
        f"<html><head>{head}<title>{title}</title></head><body><article><h1>{title}</h1>"
        f"<p>{text}</p></article></body></html>"
    )


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "reason"),
    [
        (403, {"CF-Mitigated": "challenge"}, "blocked", "challenge"),
        (200, {"x-amzn-waf-action": "captcha"}, "blocked", "challenge"),
        (503, {"Server": "cloudflare"}, "blocked", "challenge"),
        (403, {"Server": "nginx"}, "blocked", "403"),
        (451, {}, "blocked", "451"),
        (404, {}, "failed", "404"),
        (410, {}, "failed", "410"),
        (500, {}, "failed", "5xx"),
    ],
)
def test_status_and_headers_are_enough_to_refuse_a_page(status, headers, outcome, reason):
    with pytest.raises(Unreadable) as refusal:
        extract(page(article("T", WORDS), status=status, headers=headers), RULES)
    assert (refusal.value.outcome, refusal.value.reason) == (outcome, reason)


@pytest.mark.parametrize(
    ("final_url", "reason"),
    [
        ("https://www.example.org/", "soft 404"),
        ("https://consent.example.com/?continue=x", "consent"),
        ("https://www.hugedomains.com/domain_profile.cfm?d=example", "parked domain"),
    ],
)
def test_a_redirect_away_from_the_article_is_no_article(final_url, reason):
    with pytest.raises(Unreadable) as refusal:
        extract(page(article("T", WORDS), final_url=final_url), RULES)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "title",
    [
        "Meydan TV saytına giriş məhdudlaşdırılıb, redaksiya etiraz edir",
        "Access denied: how censors blocked forty sites in a week",
        "Страница не найдена: как удаляют новости о политзаключенных",
    ],
)
def test_an_article_about_blocking_survives(title):
    dated = '<meta property="article:published_time" content="2025-02-12T10:00:00+04:00">'
    assert extract(page(article(title, WORDS, dated)), RULES).title == title
    assert extract(page(article(title, WORDS * 20)), RULES).title == title


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "extraction empty"),
        (b"   \n", "extraction empty"),
        (b"<html><body>" + b"<div>" * 100_000 + b"<p>bottom</p>", "extraction empty"),
        (b"x", "extraction empty"),
        (
            b'<?xml version="1.0"?><rss><channel><title>News</title></channel></rss>',
            "not an article",
        ),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "not an article"),
        (b'<a href="/trap/2">next month</a> <a href="/trap/2?w">week</a>', "not an article"),
        (b"<title>Just a moment...</title>", "challenge"),
    ],
)
def test_bytes_that_hold_no_article_are_a_counted_reason(body, reason):
    with pytest.raises(Unreadable) as refusal:
        extract(page(body), RULES)
    assert refusal.value.reason == reason


@pytest.mark.parametrize(
    "broken",
    [
        "<table><tr><td>357&#1;</td><td>a\x0bb</td></tr></table><script></script>&#x1F;",
        '<script type="application/ld+json">{"@type":["Article",3],"author":[[["x"]]],'
        '"datePublished":20250101,"headline":["a"]}</script>',
        '<meta property="article:published_time" content="0000-00-00T00:00:00+99:99">',
        '<time datetime="9999-99-99T99:99">',
        '<a href="http://[x">x</a><link rel=canonical href="//[">',
        "<title> | </title><h1></h1><h1> </h1>",
        "</table></td></p></div>",
    ],
)
def test_a_broken_page_gives_its_text_all_the_same(broken):
    body = f"<html><body>{broken}<article><h1>T of it</h1><p>{WORDS}</p></article></body></html>"
    assert WORDS in extract(page(body), RULES).text


def test_an_error_page_with_all_the_news_below_is_still_one():
    with pytest.raises(Unreadable, match="soft 404"):
        extract(page(article("404 – Səhifə tapılmadı", WORDS * 20)), RULES)


def test_control_characters_and_hidden_marks_do_not_reach_the_text():
    version = extract(
        page(article("Nul\0title", f"Text with \0 and \x08, Nar\u00admin \u202e. {WORDS}")), RULES
    )
    assert version.title == "Nultitle"
    assert version.text == f"Text with and , Narmin . {WORDS}"


def test_a_selector_takes_all_that_stands_there_and_nothing_else():
    body = (
        "<html><title>Count</title><p>menu</p><div id=c><b>357</b><span> names</span></div></html>"
    )
    version = extract(page(body), replace(RULES, content_selector="#c"))
    assert version.text == "357 names"


def test_lines_of_the_source_and_learned_ones_are_left_out():
    body = article("T of it", f"{WORDS}</p><p>Bizi Telegramda izləyin</p><p>Foto: Turan")
    rules = replace(
        RULES,
        strip_lines=(r"^Foto:",),
        boilerplate=frozenset({line_hash("bizi telegramda izləyin")}),
    )
    assert extract(page(body), rules).text == WORDS


def test_hints_speak_only_where_the_page_is_silent():
    hints = Hints(title="Hint", published="2025-01-01", authors=("Hint",), lang="tr")
    version = extract(page(article("Own title", WORDS), hints=hints), RULES)
    assert (version.title, version.published, version.authors, version.lang) == (
        "Own title", "2025-01-01", ("Hint",), "az",
    )  # fmt: skip


def test_a_paywalled_teaser_is_partial():
    said = '{"@type": "Article", "isAccessibleForFree": false}'
    paid = f'<script type="application/ld+json">{said}</script>'
    assert extract(page(article("Paid", WORDS, paid)), RULES).partial
    assert not extract(page(article("Free", WORDS)), RULES).partial


@pytest.mark.parametrize(
    ("href", "canonical"),
    [
        ("/a/1.html", "https://www.example.org/a/1.html"),
        ("https://mirror.example.net/a/1", "https://mirror.example.net/a/1"),
        ("https://www.example.org/", None),
        ("javascript:alert(1)", None),
        ("http://[bad", None),
    ],
)
def test_a_canonical_address_is_absolute_or_nothing(href, canonical):
    body = article("T of it", WORDS, f'<link rel="canonical" href="{href}">')
    assert extract(page(body), RULES).canonical == canonical


def test_plain_text_is_taken_as_it_stands():
    version = extract(page(f"First line\n\n{WORDS}\n", mime="text/plain"), RULES)
    assert (version.title, version.text) == ("First line", f"First line\n{WORDS}")


def test_a_refusal_survives_the_way_home_from_a_worker():
    assert pickle.loads(pickle.dumps(Unreadable("failed", "soft 404"))).reason == "soft 404"


def test_importing_the_package_loads_none_of_the_slow_libraries():
    slow = {"trafilatura", "htmldate", "lxml", "py3langid", "numpy", "dateparser", "pypdfium2"}
    code = f"import sys, monitor.extract; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_text_of_a_feed_makes_a_partial_version():
    content = f'<p>{WORDS}</p><p>Həmçinin oxuyun: <a href="/1">Siyahıda 303 nəfər</a></p>'
    hints = Hints(title="357 nəfər", content=content, published="2025-02-12")
    version = extract_hint(page("", status=403, hints=hints), RULES)
    assert (version.title, version.text, version.partial) == ("357 nəfər", WORDS, True)


@pytest.mark.parametrize("content", [None, "", "<img src=x>"])
def test_a_feed_without_text_makes_none(content):
    with pytest.raises(Unreadable, match="extraction empty"):
        extract_hint(page("", hints=Hints(title="T", content=content)), RULES)
