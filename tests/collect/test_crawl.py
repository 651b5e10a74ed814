"""Whole crawls against a loopback web."""

import gzip
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from monitor.config import Endpoint, Settings, SourceConfig
from monitor.isoday import moment
from monitor.items import Page
from monitor.readers.contents import Contents, Entry
from monitor.spiders.base import SourceSpider
from tests.collect import conftest
from tests.collect.conftest import Collector
from tests.collect.web import Reply, Web, article, rss

Make = Callable[..., SourceConfig]
A = "http://a.test"


def test_a_feed_is_crawled_once_each_with_robots_first(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1", f"{A}/2/", f"{A}/1?utm_source=rss"), "text/xml")
    for path in ("/1", "/2/"):
        web.text(A + path, article(path))
    [report] = collector.crawl(source())
    assert web.asked("a.test") == ["/robots.txt", "/feed", "/1", "/2/"]
    assert collector.ledger(report.run) == {
        f"{A}/1": ("stored", "new article"),
        f"{A}/2": ("stored", "new article"),
        f"{A}/1?utm_source=rss": ("duplicate", "same URL in this run"),
    }
    assert (report.counts.discovered, report.counts.stored, report.error) == (3, 2, None)


def test_an_unchanged_web_is_asked_conditionally_and_stores_nothing(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1", f"{A}/2"), "text/xml", ETag='"f"')
    web.text(f"{A}/1", article("one"), ETag='"1"')
    web.text(f"{A}/2", article("two"))
    collector.crawl(source())
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {
        f"{A}/1": ("unchanged", "304"),
        f"{A}/2": ("unchanged", "same bytes"),
    }
    assert collector.all("select count(*) from versions") == [(2,)]


def test_a_counter_link_of_a_feed_is_the_article_it_leads_to(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/go/7", f"{A}/go/8"), "text/xml")
    for number in (7, 8):
        web.page(
            f"{A}/go/{number}", Reply(status=302, headers=(("Location", "/news?utm_medium=x"),))
        )
    web.text(f"{A}/news?utm_medium=x", article("news"))
    [first] = collector.crawl(source())
    assert sorted(collector.ledger(first.run).values()) == [
        ("duplicate", "same target after redirect"),
        ("stored", "new article"),
    ]
    web.text(f"{A}/feed", rss(f"{A}/go/7", f"{A}/go/8", title="again"), "text/xml")
    [second] = collector.crawl(source())
    assert second.counts.stored == 0
    assert collector.all("select url from articles") == [(f"{A}/news",)]


def test_a_title_change_in_the_feed_brings_a_known_article_back_before_it_is_due(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("one"))
    collector.crawl(source())
    assert collector.crawl(source(), revisit="due")[0].counts.discovered == 0
    web.text(f"{A}/feed", rss(f"{A}/1", title="YENİLƏNİB"), "text/xml")
    web.text(f"{A}/1", article("one, updated"))
    collector.crawl(source(), revisit="due")
    [report] = collector.crawl(source(), revisit="due")
    assert collector.all("select count(*) from versions") == [(2,)]
    assert report.counts.discovered == 0


REDIRECTS = [
    ("http://169.254.169.254/latest/meta-data/", ("filtered", "private address")),
    ("http://localhost:1/", ("filtered", "private address")),
    ("http://0x7f000001/", ("filtered", "private address")),
    ("http://[::ffff:10.0.0.1]/", ("filtered", "private address")),
    ("file:///etc/passwd", ("filtered", "scheme")),
    ("http://parked.test/", ("filtered", "off-site")),
    ("/", ("failed", "soft 404")),
    ("/x", ("failed", "too many redirects")),
]


@pytest.mark.parametrize(("location", "outcome"), REDIRECTS)
def test_a_redirect_leads_to_no_place_where_articles_are_not(
    web: Web, collector: Collector, source: Make, location: str, outcome: tuple[str, str]
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/x"), "text/xml")
    web.text(f"{A}/", article("front page"))
    web.page(f"{A}/x", Reply(status=302, headers=(("Location", location),)))
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {f"{A}/x": outcome}
    assert {one.host for one in web.log} == {"a.test"}


HOSTILE = {
    "truncated": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<p>half"),
    "bad chunk": Reply(
        raw=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nZZ\r\nx"
    ),
    "no end": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>no length, no end"),
    "by close": Reply(raw=b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<html>all</html>\n"),
    "bomb": Reply(body=gzip.compress(b"A" * 40_000_000), headers=(("Content-Encoding", "gzip"),)),
    "bad gzip": Reply(body=b"\x1f\x8b\x08\x00garbage", headers=(("Content-Encoding", "gzip"),)),
    "huge": Reply(raw=b"HTTP/1.1 200 OK\r\nContent-Length: 900000000\r\n\r\n<html>"),
    "hang": Reply(hang=3.0),
    "no http": Reply(raw=b"<html><p>HTTP/0.9 style</p></html>"),
    "nothing": Reply(raw=b""),
    "403": Reply(status=403),
    "challenge": Reply(status=403, headers=(("cf-mitigated", "challenge"),)),
    "451": Reply(status=451),
    "404": Reply(status=404),
    "410": Reply(status=410),
    "500": Reply(status=500),
    "304": Reply(status=304),
    "two lengths": Reply(
        raw=b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\nhello"
    ),
    "long header": Reply(headers=(("X-Big", "a" * 100_000),)),
}
HOSTILE_OUTCOMES = {
    "truncated": ("failed", "truncated"),
    "bad chunk": ("failed", "truncated"),
    "no end": ("failed", "truncated"),
    "by close": ("stored", "new article"),
    "bomb": ("failed", "too big"),
    "bad gzip": ("failed", "bad encoding"),
    "huge": ("failed", "too big"),
    "hang": ("failed", "time-out"),
    "no http": ("failed", "malformed answer"),
    "nothing": ("failed", "connect"),
    "403": ("blocked", "403"),
    "challenge": ("blocked", "challenge"),
    "451": ("blocked", "451"),
    "404": ("failed", "404"),
    "410": ("failed", "410"),
    "500": ("failed", "5xx"),
    "304": ("failed", "304 without a condition"),
    "two lengths": ("failed", "malformed answer"),
    "long header": ("failed", "malformed answer"),
}


def test_every_hostile_answer_has_one_outcome_with_its_reason(
    web: Web, collector: Collector, source: Make
) -> None:
    links = {name: f"{A}/{number}" for number, name in enumerate(HOSTILE)}
    web.text(f"{A}/feed", rss(*links.values()), "text/xml")
    for name, reply in HOSTILE.items():
        web.page(links[name], reply)
    [report] = collector.crawl(source())
    ledger = collector.ledger(report.run)
    assert {name: ledger[link] for name, link in links.items()} == HOSTILE_OUTCOMES
    assert report.counts.discovered == len(HOSTILE)


def test_a_host_that_asks_for_rest_is_left_alone_and_nothing_is_lost(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1", f"{A}/2", f"{A}/3"), "text/xml")
    web.text(f"{A}/1", article("one"))
    web.page(f"{A}/2", Reply(status=429, headers=(("Retry-After", "900"),)))
    web.text(f"{A}/3", article("three"))
    [first] = collector.crawl(source())
    assert list(collector.ledger(first.run).values()) == [
        ("stored", "new article"),
        ("blocked", "429"),
        ("blocked", "Retry-After rest"),
    ]
    [second] = collector.crawl(source())
    assert web.asked("a.test") == ["/robots.txt", "/feed", "/1", "/2"]
    collector.conn.execute("update hosts set not_before = null")
    collector.conn.commit()
    [third] = collector.crawl(source(), revisit="due")
    assert web.asked("a.test")[4:] == ["/feed", "/3", "/2"]
    assert second.error == f"{A}/feed: Retry-After rest"
    assert third.counts.stored == 1


def test_two_sources_of_one_host_are_never_asked_at_once_and_keep_its_crawl_delay(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n", "text/plain")
    for feed in ("az", "en"):
        web.text(f"{A}/{feed}", rss(f"{A}/{feed}/1", f"{A}/{feed}/2"), "text/xml")
        for number in (1, 2):
            web.page(f"{A}/{feed}/{number}", Reply(body=b"<html>x</html>", hang=0.05))
    collector.crawl(source("az", path="/az", home=f"{A}/"), source("en", path="/en", home=f"{A}/"))
    asked = sorted(web.log, key=lambda one: one.began)
    after_robots = [one for one in asked if one.path != "/robots.txt"]
    gaps = [later.began - earlier.ended for earlier, later in pairwise(after_robots)]
    assert len(gaps) == 5
    assert min(gaps) >= 0.3
    assert collector.all("select crawl_delay from hosts") == [(0.3,)]


ROBOTS = [
    (Reply(body=b"User-agent: *\nDisallow: /\n"), "robots"),
    (Reply(body=b"User-agent: prisoner-monitor\nDisallow: /\n\nUser-agent: *\nAllow: /"), "robots"),
    (Reply(body=b"User-agent: Mozilla\nDisallow: /\n"), None),
    (Reply(body=b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"), "robots"),
    (Reply(body=b"<html>Disallow: /</html>"), None),
    (Reply(body=b"User-agent: *\nDisallow: /f\nAllow: /feed\n"), None),
    (Reply(body=b"User-agent: *\n" + b"Disallow: /x\n" * 60_000 + b"Disallow: /\n"), None),
    (Reply(status=403), None),
    (Reply(status=404), None),
    (Reply(status=500), "robots unreachable"),
    (Reply(status=302, headers=(("Location", "/r"),)), "robots"),
    (Reply(hang=3.0), "robots unreachable"),
    (Reply(raw=b""), "robots unreachable"),
]  # fmt: skip


@pytest.mark.parametrize(("robots", "refused"), ROBOTS)
def test_robots_rules_are_obeyed_and_an_unreadable_file_forbids_all(
    web: Web, collector: Collector, source: Make, robots: Reply, refused: str | None
) -> None:
    web.page(f"{A}/robots.txt", robots)
    web.text(f"{A}/r", "User-agent: *\nDisallow: /\n", "text/plain")
    web.text(f"{A}/feed", rss(), "text/xml")
    [report] = collector.crawl(source())
    assert report.error == (f"{A}/feed: {refused}" if refused else None)
    assert ("/feed" in web.asked("a.test")) == (refused is None)


def test_a_robots_copy_holds_while_the_file_is_unreachable(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/robots.txt", "User-agent: *\nDisallow: /private\n", "text/plain")
    web.text(f"{A}/feed", rss(f"{A}/private/1"), "text/xml")
    collector.crawl(source())
    two_days_ago = moment(datetime.now(UTC) - timedelta(days=2))
    collector.conn.execute("update hosts set robots_fetched_at = ?", (two_days_ago,))
    collector.conn.commit()
    web.page(f"{A}/robots.txt", Reply(status=500))
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {f"{A}/private/1": ("blocked", "robots")}


NOT_FEEDS = [
    ("<!DOCTYPE html><html><body>moved</body></html>", "not a feed: an HTML page"),
    ("", "not a feed: an empty answer"),
    ('{"version": "1"}', "not a feed: JSON, but not JSON Feed"),
]


@pytest.mark.parametrize(("body", "sentence"), NOT_FEEDS)
def test_what_is_no_feed_fails_the_run_with_one_sentence(
    web: Web, collector: Collector, source: Make, body: str, sentence: str
) -> None:
    web.text(f"{A}/feed", body, "application/rss+xml")
    [report] = collector.crawl(source())
    assert (report.error, report.failed) == (f"{A}/feed: {sentence}", True)


def test_an_empty_feed_is_no_failure(web: Web, collector: Collector, source: Make) -> None:
    web.text(f"{A}/feed", rss(), "text/xml")
    [report] = collector.crawl(source())
    assert (report.error, report.counts.discovered) == (None, 0)


def test_a_sitemap_index_that_names_itself_ends(
    web: Web, collector: Collector, source: Make
) -> None:
    parts = "".join(
        f"<sitemap><loc>{A}/{name}</loc></sitemap>" for name in ("map.xml", "1.xml.gz", "2.xml")
    )
    web.text(f"{A}/map.xml", f"<sitemapindex>{parts}</sitemapindex>", "text/xml")
    urls = "<urlset><url><loc>http://b.test/x</loc></url><url><loc>file:///etc/passwd</loc></url><url><loc>/9</loc></url></urlset>"
    web.text(f"{A}/1.xml.gz", gzip.compress(urls.encode()), "application/gzip")
    web.text(f"{A}/9", article("nine"))
    [report] = collector.crawl(source(kind="sitemap", path="/map.xml"))
    assert collector.ledger(report.run) == {
        "http://b.test/x": ("filtered", "off-site"),
        "file:///etc/passwd": ("filtered", "scheme"),
        f"{A}/9": ("stored", "new article"),
    }
    assert report.error == f"{A}/2.xml: 404"


def test_a_list_is_turned_until_a_page_shows_nothing_unknown(
    web: Web, collector: Collector, source: Make
) -> None:
    for number in range(1, 6):
        links = f'<a href="/news-{number}00">x</a><a rel="next" href="/p{number + 1}">older</a>'
        web.text(f"{A}/p{number}", f"<html><body>{links}</body></html>")
        web.text(f"{A}/news-{number}00", article(str(number)))
    listing = source(kind="listing", path="/p1", max_pages=4)
    collector.crawl(listing)
    assert [path for path in web.asked("a.test") if path.startswith("/p")] == [
        "/p1", "/p2", "/p3", "/p4",
    ]  # fmt: skip
    web.log.clear()
    collector.crawl(listing, revisit="due")
    assert web.asked("a.test") == ["/p1"]


def test_what_is_over_the_budget_stays_queued_for_the_next_run(
    web: Web, collector: Collector, source: Make
) -> None:
    links = [f"{A}/{number}" for number in range(5)]
    web.text(f"{A}/feed", rss(*links), "text/xml", ETag='"same"')
    for link in links:
        web.text(link, article(link))
    small = source(new_per_run=2)
    counts = [collector.crawl(small, revisit="due")[0].counts for _ in range(3)]
    assert [(one.stored, one.filtered) for one in counts] == [(2, 3), (2, 0), (1, 0)]


def test_real_hosts_are_not_asked_by_someone_without_a_name(
    web: Web, collector: Collector, source: Make
) -> None:
    [report] = collector.crawl(source(home="http://apa.az/"))
    assert report.error == "http://apa.az/feed: no contact configured"
    assert not web.log
    collector.settings = Settings.model_validate(
        {"contact": "https://monitor.apa.az/", "crawl": {"delay": 0.0}}
    )
    collector.crawl(source(home="http://apa.az/"))
    assert {one.headers["user-agent"] for one in web.log} == {
        "Mozilla/5.0 (compatible; prisoner-monitor/0.1.0; +https://monitor.apa.az/)"
    }


def test_a_server_that_lies_about_its_etag_is_not_trusted_again(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("one"), ETag='"1"')
    collector.crawl(source())
    collector.conn.execute("update articles set visits = 9")  # the tenth visit is unconditional
    collector.conn.commit()
    web.text(f"{A}/1", article("one, edited"), ETag='"1"')
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {f"{A}/1": ("stored", "new version")}
    web.text(f"{A}/1", article("one, edited again"), ETag='"1"')
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {f"{A}/1": ("stored", "new version")}


@pytest.mark.parametrize(
    ("later", "conditional"),
    [
        (rss(f"{A}/1", title="built an hour later"), True),
        (rss(f"{A}/2", f"{A}/1"), False),
    ],
)
def test_a_list_lies_about_its_etag_only_if_it_shows_something_else(
    web: Web, collector: Collector, source: Make, later: str, conditional: bool
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml", ETag='"f"')
    web.text(f"{A}/1", article("one"), ETag='"1"')
    web.text(f"{A}/2", article("two"))
    collector.crawl(source())
    collector.conn.execute("update endpoints set unconditional_at = '2020-01-01T00:00:00Z'")
    collector.conn.commit()
    web.text(f"{A}/feed", later, "text/xml", ETag='"f"')
    collector.crawl(source())
    visits = [one for one in web.log if one.host == "a.test" and one.path == "/1"]
    assert ("if-none-match" in visits[-1].headers) is conditional


def urlset(*links: str) -> str:
    return f"<urlset>{''.join(f'<url><loc>{link}</loc></url>' for link in links)}</urlset>"


def test_what_a_new_endpoint_of_a_known_source_shows_first_is_no_news(
    web: Web, collector: Collector, source: Make
) -> None:
    sitemap = f"{A}/map.xml"
    for name in ("old", "older", "news", "later"):
        web.text(f"{A}/{name}", article(name))
    web.text(f"{A}/feed", rss(f"{A}/old"), "text/xml")
    collector.crawl(source())
    more = source(also=[{"kind": "sitemap", "url": sitemap}])
    web.text(f"{A}/feed", rss(f"{A}/news", f"{A}/old"), "text/xml")
    collector.crawl(more, limit=9)  # the sitemap cannot be read yet
    web.text(sitemap, urlset(f"{A}/news", f"{A}/older"), "text/xml")
    collector.crawl(more)
    web.text(sitemap, urlset(f"{A}/later", f"{A}/older"), "text/xml")
    collector.crawl(more)
    assert collector.all("select url, baseline from articles order by url") == [
        (f"{A}/later", 0),
        (f"{A}/news", 0),
        (f"{A}/old", 1),
        (f"{A}/older", 1),
    ]


def test_an_error_of_a_pipeline_closes_its_url_as_a_crash(
    web: Web, collector: Collector, source: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("tests.collect.conftest.record_reading", fail)
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("one"))
    [report] = collector.crawl(source())
    assert collector.ledger(report.run) == {f"{A}/1": ("failed", "crash")}


def test_a_wordpress_site_tells_of_edits_of_old_posts(
    web: Web, collector: Collector, source: Make
) -> None:
    def posts(changed: str) -> str:
        post = {
            "id": 1,
            "link": f"{A}/old/",
            "date_gmt": "2020-01-01T00:00:00",
            "modified_gmt": changed,
            "title": {"rendered": "Old &amp; new"},
        }
        return json.dumps([post])

    interface = f"{A}/wp-json/wp/v2/posts"
    web.wild[f"{interface}?"] = Reply(body=posts("2020-01-01T00:00:00").encode())
    web.text(f"{A}/old/", article("old"))
    site = source(kind="wordpress", path="/wp-json/wp/v2/posts")
    collector.crawl(site, revisit="due")
    assert collector.crawl(site, revisit="due")[0].counts.discovered == 0
    web.wild[f"{interface}?"] = Reply(body=posts("2099-01-01T00:00:00").encode())
    web.text(f"{A}/old/", article("old, edited"))
    [report] = collector.crawl(site, revisit="due")
    assert collector.ledger(report.run) == {f"{A}/old": ("stored", "new version")}
    assert "modified_after=" in web.asked("a.test")[-2]


def test_a_wordpress_site_without_the_interface_is_read_by_its_feed(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed/", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("one"))
    [report] = collector.crawl(source(kind="wordpress", path="/wp-json/wp/v2/posts"))
    assert report.counts.stored == 1


def test_a_watched_page_is_asked_for_in_every_run(
    web: Web, collector: Collector, source: Make
) -> None:
    watched = source(kind="watched", path="/siyahi")
    reasons = []
    for text in ("one", "one", "one, two"):
        web.text(f"{A}/siyahi", article(text))
        [report] = collector.crawl(watched, revisit="due")
        reasons += collector.ledger(report.run).values()
    assert reasons == [
        ("stored", "new article"),
        ("unchanged", "same bytes"),
        ("stored", "new version"),
    ]


def test_documents_are_found_by_the_page_that_links_them(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/reports", '<a href="/files/2026.pdf">Report</a><a href="/news-123">News</a>')
    web.text(f"{A}/files/2026.pdf", b"%PDF-1.4 ...", "application/pdf")
    [report] = collector.crawl(source(kind="document", path="/reports"))
    assert collector.ledger(report.run) == {f"{A}/files/2026.pdf": ("stored", "new article")}


def message(number: int, text: str) -> str:
    return (
        f'<div class="tgme_widget_message" data-post="kanal/{number}">'
        f'<div class="tgme_widget_message_text">{text}</div>'
        '<a class="tgme_widget_message_date"><time datetime="2026-03-01T10:00:00+04:00"></time></a>'
        "</div>"
    )


def test_messages_of_a_channel_are_articles_and_edits_of_them_are_seen(
    web: Web, collector: Collector, source: Make
) -> None:
    preview = "http://t.me.test/s/kanal"
    channel = source("t", kind="telegram", home="http://t.me.test/", path="/s/kanal")
    web.text(preview, message(1, "Birinci<br>xəbər") + message(2, "İkinci") + message(3, ""))
    [first] = collector.crawl(channel)
    assert first.counts.stored == 3
    [second] = collector.crawl(channel)
    assert second.counts.discovered == 0
    web.text(preview, message(1, "Birinci<br>xəbər, yeni") + message(2, "İkinci"))
    [third] = collector.crawl(channel)
    assert third.counts.stored == 1
    assert web.asked("t.me.test") == ["/robots.txt", "/s/kanal", "/s/kanal", "/s/kanal"]


class AtHome(SourceSpider):
    """A site-specific spider: its only article is its front page's neighbour."""

    name = "at-home"

    async def walk(self, endpoint: Endpoint) -> AsyncIterator[int]:
        yield self.shown(endpoint, Contents(entries=(Entry(address=f"{A}/neighbour"),)))


def test_a_source_may_name_a_spider_of_its_own(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/neighbour", article("next door"))
    own = source(kind="spider", path="/", spider="tests.collect.test_crawl:AtHome")
    assert collector.crawl(own)[0].counts.stored == 1
    wrong = source(kind="spider", path="/", spider="tests.collect.test_crawl:Missing")
    assert "Missing" in collector.crawl(wrong)[0].error


def test_a_page_tells_whether_it_moved_for_good(
    web: Web, collector: Collector, source: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, bool] = {}
    record = conftest.record_reading

    def note(conn: Any, page: Page, *more: Any, **options: Any) -> Any:
        seen[page.discovered_as] = page.moved
        return record(conn, page, *more, **options)

    monkeypatch.setattr("tests.collect.conftest.record_reading", note)
    web.text(f"{A}/feed", rss(f"{A}/1", f"{A}/2", f"{A}/3"), "text/xml")
    for number, status in ((1, 301), (2, 302)):
        web.page(f"{A}/{number}", Reply(status=status, headers=(("Location", f"/new{number}"),)))
        web.text(f"{A}/new{number}", article(str(number)))
    web.text(f"{A}/3", article("3"))
    collector.crawl(source())
    assert seen == {f"{A}/1": True, f"{A}/2": False, f"{A}/3": False}


def test_a_feed_whose_window_was_missed_is_filled_from_the_sitemap(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/robots.txt", f"User-agent: *\nSitemap: {A}/map.xml\n", "text/plain")
    dates = {"1": "2020-01-01", "2": "2099-01-01", "3": "2099-01-01", "old": "2020-01-01"}
    urls = "".join(
        f"<url><loc>{A}/{name}</loc><lastmod>{date}</lastmod></url>" for name, date in dates.items()
    )
    web.text(f"{A}/map.xml", f"<urlset>{urls}</urlset>", "text/xml")
    for name in dates:
        web.text(f"{A}/{name}", article(name))
    for newest in ("1", "3"):
        web.text(f"{A}/feed", rss(f"{A}/{newest}"), "text/xml")
        [report] = collector.crawl(source(), revisit="due")
    assert collector.ledger(report.run) == {
        f"{A}/2": ("stored", "new article"),
        f"{A}/3": ("stored", "new article"),
    }


def test_a_run_ends_at_its_limit_and_the_rest_stays_queued(
    web: Web, collector: Collector, source: Make
) -> None:
    links = [f"{A}/{number}" for number in range(30)]
    web.text(f"{A}/feed", rss(*links), "text/xml")
    for link in links:
        web.page(link, Reply(body=article(link).encode(), hang=0.3))
    collector.settings = Settings.model_validate({"crawl": {"delay": 0.0, "run_limit": "1s"}})
    [report] = collector.crawl(source())
    reasons = [reason for _, reason in collector.ledger(report.run).values()]
    assert reasons.count("not reached") > 20
    assert "time limit" in report.error
    waiting = collector.all("select count(*) from pending")[0][0]
    assert waiting == len(links) - report.counts.stored


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_private_address_is_asked_only_where_the_operator_allows_it(
    web: Web, collector: Collector, source: Make, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    home = f"http://{host}:{web.port}/"
    web.text(f"{home}feed", rss(f"{home}1"), "text/xml")
    web.text(f"{home}1", article("one"))
    inside = source(home=home)
    [refused] = collector.crawl(inside)
    assert refused.error == f"{home}feed: private address"
    assert not web.log
    collector.settings = Settings.model_validate(
        {"crawl": {"delay": 0.0, "allow_addresses": ["127.0.0.1", "localhost"]}}
    )
    [report] = collector.crawl(inside)
    assert report.counts.stored == 1
    assert collector.all("select distinct ip from fetches where ip is not null") == [("127.0.0.1",)]


def test_the_address_of_a_proxy_is_not_taken_for_that_of_the_server(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("one"))
    collector.crawl(source())
    assert collector.all("select distinct ip from fetches") == [(None,)]


def test_a_source_is_asked_in_its_own_languages(
    web: Web, collector: Collector, source: Make
) -> None:
    web.text(f"{A}/feed", rss(), "text/xml")
    collector.crawl(source(languages=["az", "ru"]), source("b", home=f"{A}/"))
    told = {one.headers.get("accept-language") for one in web.log if one.path == "/feed"}
    assert told == {"az, ru, *;q=0.5", None}


def test_a_list_that_was_cut_short_between_two_pages_is_turned_to_its_end(
    web: Web, collector: Collector, source: Make
) -> None:
    for number in (1, 2):
        links = f'<a href="/news-{number}00">x</a><a rel="next" href="/p{number + 1}">older</a>'
        web.text(f"{A}/p{number}", f"<html><body>{links}</body></html>", ETag=f'"{number}"')
        web.text(f"{A}/news-{number}00", article(str(number)))
    page_two = web.replies.pop(f"{A}/p2")
    listing = source(kind="listing", path="/p1", max_pages=2)
    collector.crawl(listing, revisit="due")
    web.replies[f"{A}/p2"] = page_two
    found = [collector.crawl(listing, revisit="due")[0].counts.stored for _ in range(2)]
    assert found == [1, 0]
    assert web.asked("a.test")[-1] == "/p1"


def test_a_channel_or_site_that_was_cut_short_is_read_to_its_end(
    web: Web, collector: Collector, source: Make
) -> None:
    older = '<link rel="prev" href="/s/kanal?before=2">'
    web.text("http://t.me.test/s/kanal", older + message(2, "İkinci"))
    channel = source("t", kind="telegram", home="http://t.me.test/", path="/s/kanal", max_pages=2)
    first = collector.crawl(channel)[0]
    web.text("http://t.me.test/s/kanal?before=2", message(1, "Birinci"))
    second = collector.crawl(channel)[0]
    assert (first.counts.stored, second.counts.stored) == (1, 1)


def test_an_archive_that_cannot_be_written_ends_the_run_with_one_sentence(
    web: Web, collector: Collector, source: Make
) -> None:
    links = [f"{A}/{number}" for number in range(9)]
    web.text(f"{A}/feed", rss(*links), "text/xml")
    for link in links:
        web.text(link, article(link))
    collector.archive = collector.path / "file"
    collector.archive.write_text("")
    [report] = collector.crawl(source())
    assert "check the disk" in report.error
    assert report.error.count("check the disk") == 1
    assert len(web.log) < 5
