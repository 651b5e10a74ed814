"""Form: 72 columns, HTML that loads nothing, complete catalogues, charts, valid Atom."""

import re
import string
import struct
import zlib
from datetime import date
from itertools import pairwise

import feedparser
import pytest
from lxml import html as lxml_html

from monitor.digest.build import build
from monitor.digest.charts import HEIGHT, SCALE, WIDTH, course, png
from monitor.digest.feeds import render_atom, write_feeds
from monitor.digest.html import render_html, render_mail
from monitor.digest.language import LANGUAGES, _catalogue, phrases
from monitor.digest.model import Step
from monitor.digest.text import render_text
from tests.digest.world import NOW, SINCE, busy_day, failing_day, quiet_day

DAYS = [quiet_day, busy_day, failing_day]
STATUSES = [
    "detained", "charged", "sentenced", "transferred", "hunger_strike", "released", "pardoned",
    "died",
]  # fmt: skip


def of(world):
    return build(world.conn, SINCE, NOW, now=NOW)


# ---------------------------------------------------------------------- text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_lines_have_72_columns_but_for_addresses(world, day, language):
    lines = render_text(of(day(world)), language).splitlines()
    assert [x for x in lines if len(x) > 72 and not x.strip(" →").startswith("http")] == []
    assert not any(line != line.rstrip() for line in lines)


# ---------------------------------------------------------------------- html


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_a_page_loads_nothing_from_anywhere(world, day, language):
    digest = of(day(world))
    for page in (render_html(digest, language), render_mail(digest, language).html):
        assert not re.search(r"<(script|link|iframe|object|form)\b|@import|url\(", page)
        assert set(re.findall(r'src="([a-z]+:)', page)) <= {"cid:"}


@pytest.mark.parametrize("day", DAYS)
def test_headings_descend_without_gaps_and_sections_are_named(world, day):
    tree = lxml_html.fromstring(render_html(of(day(world)), "en"))
    levels = [int(tag.tag[1]) for tag in tree.iter("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    ids = [tag.get("id") for tag in tree.iter() if tag.get("id")]
    assert len(ids) == len(set(ids))
    assert {tag.get("aria-labelledby") for tag in tree.iter("section")} <= set(ids)
    links = [tag.get("href") for tag in tree.iter("a") if tag.get("href").startswith("#")]
    assert {link[1:] for link in links} <= set(ids)


def test_quotes_carry_their_language(world):
    page = render_html(of(busy_day(world)), "en")
    assert '<blockquote lang="az">Bakı məhkəməsi <mark>Ülvi Həsənlinin</mark>' in page


def test_mail_keeps_dark_mode_and_shows_charts_it_carries(world):
    mail = render_mail(of(busy_day(world)), "en")
    assert "prefers-color-scheme: dark" in mail.html
    assert "<svg" not in mail.html
    shown = set(re.findall(r'src="cid:([^"]+)"', mail.html))
    assert shown == {name for name, _ in mail.images}
    assert len(shown) == 1


# ---------------------------------------------------------------------- catalogues


def flat(catalogue, prefix=""):
    for key, value in catalogue.items():
        if isinstance(value, dict) and "other" not in value:
            yield from flat(value, f"{prefix}{key}.")
        elif isinstance(value, dict) and prefix in ("category.", "place."):
            yield f"{prefix}{key}", value
        else:
            yield f"{prefix}{key}", value


def fields(phrase):
    texts = phrase.values() if isinstance(phrase, dict) else [phrase]
    return [{name for _, name, _, _ in string.Formatter().parse(x) if name} for x in texts]


@pytest.mark.parametrize("language", ["az", "ru"])
def test_every_phrase_is_said_in_every_language_with_the_same_fields(language):
    english, other = dict(flat(_catalogue("en"))), dict(flat(_catalogue(language)))
    assert set(other) == set(english)
    for key, phrase in english.items():
        wanted = set().union(*fields(phrase))
        assert all(found <= wanted for found in fields(other[key])), key
        assert wanted <= set().union(*fields(other[key])) | {"of"}, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_has_a_name(language):
    assert set(STATUSES) == set(_catalogue(language)["status"])


@pytest.mark.parametrize(
    ("language", "n", "told"),
    [
        ("en", 1, "1 person newly named"),
        ("en", 1200, "1,200 people newly named"),
        ("az", 2, "2 nəfərin adı ilk dəfə çəkilib"),
        ("ru", 1, "1 человек назван впервые"),
        ("ru", 3, "3 человека названы впервые"),
        ("ru", 11, "11 человек названы впервые"),
        ("ru", 21, "21 человек назван впервые"),
    ],
)
def test_plurals_follow_the_language(language, n, told):
    assert phrases(language, "Asia/Baku", NOW)("verdict.newly_named", n=n) == told


@pytest.mark.parametrize(
    ("language", "day", "told"),
    [
        ("en", "2024-12-12", "12 December 2024"),
        ("az", "2024-12-12", "12 dekabr 2024"),
        ("ru", "2024-12-12", "12 декабря 2024"),
        ("en", "2024-12", "December 2024"),
        ("ru", "2024-12", "декабрь 2024"),
        ("az", "2024", "2024"),
    ],
)
def test_dates_are_no_more_precise_than_known(language, day, told):
    assert phrases(language, "Asia/Baku", NOW).day(day) == told


def test_times_are_told_in_the_zone_of_the_reader():
    t = phrases("en", "Asia/Baku", NOW)
    assert t.brief("2026-11-20T21:30:00Z") == "21 Nov, 01:30"
    assert t.brief("2025-11-20") == "20 November 2025"


def test_capitals_keep_the_two_letters_i_apart():
    assert phrases("az", "Asia/Baku", NOW).capitals("şəxsin adı") == "ŞƏXSİN ADI"


# ---------------------------------------------------------------------- charts


def test_a_chart_is_a_png_of_twice_the_size():
    steps = [Step(day=date(2026, 1, 1), value=331), Step(day=date(2026, 6, 1), value=357)]
    data = png(course(steps))
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (WIDTH * SCALE, HEIGHT * SCALE)
    length = struct.unpack(">I", data[33:37])[0]
    rows = zlib.decompress(data[41 : 41 + length])
    assert len(rows) == HEIGHT * SCALE * (WIDTH * SCALE * 4 + 1)


@pytest.mark.parametrize("values", [[5], [5, 5], [0, 1_000_000], [9, 1, 9, 1], list(range(60))])
def test_a_course_stays_in_its_frame(values):
    steps = [Step(day=date(2026, 1, 1 + i % 28), value=value) for i, value in enumerate(values)]
    steps.sort(key=lambda step: step.day)
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in course(steps).corners)


# ---------------------------------------------------------------------- atom


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", DAYS)
def test_a_digest_is_a_valid_feed(world, day, language):
    digest = of(day(world))
    feed = feedparser.parse(render_atom(digest, language).encode())
    assert not feed.bozo
    assert feed.feed.id
    assert feed.feed.updated == "2026-11-21T04:00:00Z"
    ids = [entry.id for entry in feed.entries]
    assert len(ids) == len(set(ids))
    assert all(entry.title and entry.updated for entry in feed.entries)


def test_feeds_of_flags_are_written_for_all_names_and_series(world, tmp_path):
    busy_day(world)
    paths = write_feeds(world.conn, tmp_path / "feeds", NOW, language="en", zone="Asia/Baku")
    names = {str(path.relative_to(tmp_path / "feeds")) for path in paths}
    assert {"all.xml", "entity/ulvi-hasanli.xml"} <= names
    assert sum(name.startswith("series/") for name in names) == 2
    person = feedparser.parse(str(tmp_path / "feeds" / "entity" / "ulvi-hasanli.xml"))
    assert [entry.title.split(":")[0] for entry in person.entries] == ["Ülvi Həsənli"]
    assert list((tmp_path / "feeds").rglob("*.part")) == []


def test_feeds_are_written_anew_only_for_something_new(world, tmp_path):
    busy_day(world)
    where = {"language": "en", "zone": "Asia/Baku"}
    assert write_feeds(world.conn, tmp_path / "feeds", NOW, **where)
    assert write_feeds(world.conn, tmp_path / "feeds", NOW, **where) == []
    world.review(1, "rejected")
    assert write_feeds(world.conn, tmp_path / "feeds", NOW, **where)
    told = feedparser.parse(str(tmp_path / "feeds" / "all.xml"))
    assert not any(entry.id.endswith("flag/1") for entry in told.entries)
