import http.client
import json
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import lxml.etree
import lxml.html
import pytest

from monitor.demo.stories import LAST_DAY, Edition, Outlet, editions, outlets
from monitor.demo.web import NewsWeb, serve

TRUTH = tomllib.loads(Path(__file__).with_name("truth.toml").read_text(encoding="utf-8"))
BUSY = "http://seher-xeber.test/2025/02/08/sekide-su-xetti-yenilenir/"
STILL = "http://hearth-rights.test/en/statements/legal-aid-weekend-sheki"
MOVED = "http://azad-dalga.test/a/togrul-agabeyzade-mehkeme/33301457.html"
REMOVED = "http://azad-dalga.test/a/gunay-seferqizi-tecridxana/33300388.html"
EVERY_DAY = range(LAST_DAY + 1)


@pytest.fixture(name="web", scope="module")
def served() -> Iterator[NewsWeb]:
    with serve() as web:
        yield web


def get(web: NewsWeb, target: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask as a proxy's client does where `target` is absolute."""
    connection = http.client.HTTPConnection("127.0.0.1", web.port, timeout=5)
    try:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", target, headers=names)
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def text_of(url: str, day: int) -> str:
    """Title and body of the story at `url`, empty before it appears."""
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    for each in editions(outlets()[parts.hostname or ""], day):
        if path in (each.path, *each.former_paths):
            return f"{each.title}\n{each.body}"
    return ""


def live_urls(outlet: Outlet, day: int) -> set[str]:
    return {
        f"http://{outlet.host}{each.path}" for each in editions(outlet, day) if each.status == 200
    }


def words(html: bytes) -> str:
    """The article's own paragraphs, as a reader sees them."""
    return str(lxml.html.fromstring(html).xpath("string(//div[@class='entry-content'])"))


# ------------------------------------------------------------------ the server


def test_a_proxy_request_and_a_host_header_reach_the_same_page(web: NewsWeb) -> None:
    web.set_day(0)
    _, by_proxy = get(web, STILL)
    _, by_host = get(web, urlsplit(STILL).path, Host="hearth-rights.test")
    assert by_proxy == by_host
    assert b"Legal aid weekend in Sheki" in by_proxy


def test_the_clock_starts_at_nine_utc_and_moves_by_days(web: NewsWeb) -> None:
    assert web.now(0) == datetime(2025, 2, 10, 9, tzinfo=UTC)
    assert web.now(4) == datetime(2025, 2, 14, 9, tzinfo=UTC)


@pytest.mark.parametrize("day", [-1, LAST_DAY + 1])
def test_a_day_without_stories_is_refused(web: NewsWeb, day: int) -> None:
    with pytest.raises(ValueError, match="days 0 to 4"):
        web.set_day(day)


def test_an_unknown_host_is_not_found(web: NewsWeb) -> None:
    response, _ = get(web, "http://elsewhere.test/")
    assert response.status == 404


def test_an_unchanged_page_answers_its_validators_with_304_the_next_day(web: NewsWeb) -> None:
    web.set_day(0)
    first, _ = get(web, STILL)
    web.set_day(1)
    by_etag, body = get(web, STILL, If_None_Match=first.headers["ETag"])
    by_date, _ = get(web, STILL, If_Modified_Since=first.headers["Last-Modified"])
    assert (by_etag.status, by_date.status, body) == (304, 304, b"")


def test_a_silently_edited_page_does_not_answer_304(web: NewsWeb) -> None:
    url = "http://xezer-inform.test/view.php?id=40241"
    web.set_day(2)
    first, before = get(web, url)
    web.set_day(3)
    second, after = get(web, url, If_None_Match=first.headers["ETag"])
    assert second.status == 200
    assert "обновлено" not in before.decode("cp1251") + after.decode("cp1251")


def test_a_feed_without_news_answers_304(web: NewsWeb) -> None:
    web.set_day(0)
    first, _ = get(web, "http://caspian-courier.test/atom.xml")
    again, _ = get(web, "http://caspian-courier.test/atom.xml", If_None_Match=first.headers["ETag"])
    web.set_day(1)
    later, _ = get(web, "http://caspian-courier.test/atom.xml", If_None_Match=first.headers["ETag"])
    assert (again.status, later.status) == (304, 200)


def test_a_busy_page_changes_every_day_around_the_same_words(web: NewsWeb) -> None:
    bodies = []
    for day in EVERY_DAY:
        web.set_day(day)
        bodies.append(get(web, BUSY)[1])
    assert len(set(bodies)) == len(bodies)
    assert len({words(body) for body in bodies}) == 1


def test_a_moved_story_redirects_from_its_old_address(web: NewsWeb) -> None:
    web.set_day(1)
    assert get(web, MOVED)[0].status == 200
    web.set_day(2)
    response, _ = get(web, MOVED)
    assert response.status == 301
    assert response.headers["Location"] == MOVED.replace("mehkeme/", "mehkeme-yenilenib/")
    assert "YENİLƏNİB" in get(web, response.headers["Location"])[1].decode()


def test_a_withdrawn_story_is_gone_from_its_address_and_every_list(web: NewsWeb) -> None:
    web.set_day(0)
    assert get(web, REMOVED)[0].status == 200
    web.set_day(1)
    lists = [get(web, f"http://azad-dalga.test{path}")[1] for path in ("/", "/sitemap_1.xml")]
    assert get(web, REMOVED)[0].status == 404
    assert not any(b"33300388" in body for body in lists)


def test_the_log_tells_conditional_requests_from_others(web: NewsWeb) -> None:
    web.set_day(0)
    web.requests.clear()
    response, _ = get(web, STILL, User_Agent="reader/1")
    get(web, STILL, If_None_Match=response.headers["ETag"])
    seen = [(each.host, each.status, each.conditional) for each in web.requests]
    assert seen == [("hearth-rights.test", 200, False), ("hearth-rights.test", 304, True)]
    assert web.requests[0].user_agent == "reader/1"


# ------------------------------------------------------------------ what crawlers start from


@pytest.mark.parametrize("host", outlets())
def test_robots_allow_every_article(web: NewsWeb, host: str) -> None:
    robots = get(web, f"http://{host}/robots.txt")[1].decode()
    refused = [line[10:] for line in robots.splitlines() if line.startswith("Disallow: ")]
    paths = [each.path for each in editions(outlets()[host], LAST_DAY)]
    assert refused
    assert not [path for path in paths for prefix in refused if path.startswith(prefix)]


@pytest.mark.parametrize("host", outlets())
def test_following_rel_next_from_the_front_page_lists_every_article(
    web: NewsWeb, host: str
) -> None:
    web.set_day(LAST_DAY)
    found: set[str] = set()
    page: str | None = f"http://{host}/"
    pages = 0
    while page is not None:
        document = lxml.html.fromstring(get(web, page)[1], base_url=page)
        document.make_links_absolute()
        found |= {str(link) for link in document.xpath("//a/@href")}
        page = next(iter(document.xpath("//a[@rel='next']/@href")), None)
        pages += 1
    assert live_urls(outlets()[host], LAST_DAY) <= found
    assert pages > 1


FEEDS = {
    "http://seher-xeber.test/feed/": "rss20",
    "http://caspian-courier.test/atom.xml": "atom10",
    "http://xezer-inform.test/rss.php": "rss20",
}


@pytest.mark.parametrize("url", FEEDS)
def test_a_feed_holds_every_live_article_with_its_title(web: NewsWeb, url: str) -> None:
    web.set_day(LAST_DAY)
    response, body = get(web, url)
    feed = feedparser.parse(
        body, response_headers={"content-type": response.headers["Content-Type"]}
    )
    outlet = outlets()[urlsplit(url).hostname or ""]
    titles = {each.title for each in editions(outlet, LAST_DAY) if each.status == 200}
    assert feed.version == FEEDS[url]
    assert {entry.link for entry in feed.entries} == live_urls(outlet, LAST_DAY)
    assert {entry.title for entry in feed.entries} == titles


def test_the_json_feed_holds_every_live_article(web: NewsWeb) -> None:
    web.set_day(LAST_DAY)
    feed = json.loads(get(web, "http://aciq-siyahi.test/feed.json")[1])
    assert {item["url"] for item in feed["items"]} == live_urls(
        outlets()["aciq-siyahi.test"], LAST_DAY
    )


@pytest.mark.parametrize(
    ("index", "host"),
    [
        ("http://seher-xeber.test/wp-sitemap.xml", "seher-xeber.test"),
        ("http://azad-dalga.test/sitemap.xml", "azad-dalga.test"),
    ],
)
def test_a_sitemap_index_leads_to_every_live_article(web: NewsWeb, index: str, host: str) -> None:
    web.set_day(LAST_DAY)
    maps = _locations(get(web, index)[1])
    found = {url for each in maps for url in _locations(get(web, each)[1])}
    assert found == live_urls(outlets()[host], LAST_DAY)


def _locations(sitemap: bytes) -> list[str]:
    return [
        str(loc) for loc in lxml.etree.fromstring(sitemap).xpath("//*[local-name()='loc']/text()")
    ]


def test_every_source_of_the_configuration_is_served(web: NewsWeb) -> None:
    sources = tomllib.loads(web.sources_toml())["source"]
    starts = [source["url"] for source in sources]
    starts += [also["url"] for source in sources for also in source.get("also", ())]
    assert {urlsplit(url).hostname for url in starts} == set(outlets())
    assert {get(web, url)[0].status for url in starts} == {200}


# ------------------------------------------------------------------ the stories


def _everything() -> list[tuple[Outlet, int, Edition]]:
    return [
        (outlet, day, each)
        for outlet in outlets().values()
        for day in EVERY_DAY
        for each in editions(outlet, day)
    ]


def test_nothing_is_published_or_modified_in_the_future(web: NewsWeb) -> None:
    late = [
        (each.path, day)
        for _, day, each in _everything()
        if max(each.published, each.modified or each.published) > web.now(day)
    ]
    assert late == []


def test_every_outlet_starts_with_at_least_five_articles_and_grows() -> None:
    sizes = {
        host: [len(editions(outlet, day)) for day in EVERY_DAY]
        for host, outlet in outlets().items()
    }
    assert all(days[0] >= 5 and days[-1] > days[0] for days in sizes.values()), sizes


def test_every_page_says_that_it_is_invented(web: NewsWeb) -> None:
    web.set_day(LAST_DAY)
    for outlet in outlets().values():
        for url in [f"http://{outlet.host}/", *live_urls(outlet, LAST_DAY)]:
            assert b'class="fiction"' in get(web, url)[1], url


def test_every_change_alters_the_story() -> None:
    for outlet in outlets().values():
        for day in EVERY_DAY[1:]:
            before = {each.number: each for each in editions(outlet, day - 1)}
            changed = {change.day for story in outlet.stories for change in story.changes}
            same = [each == before.get(each.number) for each in editions(outlet, day)]
            assert day not in changed or not all(same)


# ------------------------------------------------------------------ the truth


@pytest.mark.parametrize(
    "event", TRUTH["event"] + TRUTH["quiet"], ids=lambda e: e.get("kind", "quiet")
)
def test_what_the_truth_quotes_stands_in_the_page_that_day(event: dict[str, Any]) -> None:
    for url in event.get("urls") or [event["url"]]:
        text = text_of(url, event["day"])
        assert text, url
        assert event.get("surface", "") in text
        if "old_surface" in event:
            assert event["old_surface"] in text_of(url, event["day"] - 1)
            assert event["old_surface"] not in text


def test_a_first_ever_name_stands_nowhere_before(web: NewsWeb) -> None:
    for event in TRUTH["event"]:
        if event.get("first_ever"):
            before = [each for _, day, each in _everything() if day < event["day"]]
            family = event["surface"].split()[1]
            assert not [each.path for each in before if family in each.title + each.body]


def test_every_change_of_a_story_is_in_the_truth() -> None:
    told = {(urlsplit(url).hostname, url, event["day"]) for event in TRUTH["event"] + TRUTH["quiet"]
            for url in event.get("urls") or [event["url"]]}  # fmt: skip
    for outlet in outlets().values():
        for story in outlet.stories:
            for change in story.changes:
                slug = change.slug or story.slug
                path = outlet.article.format(
                    published=story.published, slug=slug, number=story.number
                )
                assert (outlet.host, f"http://{outlet.host}{path}", change.day) in told


NAMED = {
    "p-mirzecanli": "Rəşad Mirzəcanlı|Rashad Mirzajanli|Рашада? Мирзаджанлы",
    "p-seferqizi": "Günay Səfərqızı|Gunay Safargizi|Гюнай Сафаргызы",
    "p-agabeyzade": "Toğrul Ağabəyzadə|Toghrul Aghabeyzade|Тогрула? Агабейзаде",
    "p-qaracayli": "Nəzrin Qaraçaylı|Nazrin Garachayli|Назрин Гарачайлы",
    "p-saricalov": "Vüqar Sarıcalov|Vugar Sarijalov|Вугар[ау]? Сарыджалов",
    "p-meherrembeyli": "Aytən Məhərrəmbəyli|Aytan Maharrambayli|Айтен Магеррамбейли",
    "p-demircizade": "Cavanşir Dəmirçizadə|Javanshir Damirchizade|Джаваншира? Демирчизаде",
    "o-subh": "Sübh Media|Subh Media|Субх Медиа",
    "c-subh": "Sübh Media işi|Subh Media case|[Дд]ел[оау] «?(Sübh|Субх)",
}


def test_every_new_article_that_names_someone_tracked_is_in_the_truth() -> None:
    told = {
        (event["day"], event["entity"], url)
        for event in TRUTH["event"]
        if event["kind"] == "new_mention"
        for url in event["urls"]
    }
    found = {
        (story.day, entity, f"http://{outlet.host}{each.path}")
        for outlet in outlets().values()
        for story in outlet.stories
        for each in editions(outlet, story.day)
        for entity, pattern in NAMED.items()
        if story.day > 0 and each.number == story.number
        if re.search(pattern, f"{each.title}\n{each.body}")
    }
    assert found == told


def test_every_tracked_entity_of_the_truth_is_on_the_watchlist(web: NewsWeb) -> None:
    listed = {line.split(",")[0] for line in web.watchlist_csv.read_text("utf-8").splitlines()[1:]}
    assert {event["entity"] for event in TRUTH["event"] if "entity" in event} <= listed
