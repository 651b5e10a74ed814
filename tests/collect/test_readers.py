"""Bodies of endpoints and their defects."""

import gzip
import re
from datetime import UTC, datetime

import pytest

from monitor.readers.contents import Contents, NotReadable
from monitor.readers.feed import read_feed
from monitor.readers.listing import ListingRules, read_listing
from monitor.readers.sitemap import read_sitemap
from monitor.readers.telegram import read_channel
from monitor.readers.wordpress import read_posts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "http://a.az/feed/"


def feed(body: str | bytes, mime: str = "text/xml") -> Contents:
    raw = body.encode() if isinstance(body, str) else body
    return read_feed(raw, URL, {"content-type": mime}, NOW)


def rss(items: str, head: str = '<?xml version="1.0"?>', link: str = "http://a.az/") -> str:
    return f'{head}<rss version="2.0"><channel><link>{link}</link>{items}</channel></rss>'


GUID = '<guid isPermaLink="true">http://a.az/news/detail/</guid>'
ITEM = "<item><title>{0}</title><link>{1}</link>{2}</item>"
FEEDS = [
    ("one guid for all", rss(ITEM.format("a", "/1", GUID) + ITEM.format("b", "/2", GUID))),
    ("no guid", rss(ITEM.format("a", "/1", "") + ITEM.format("b", "/2", ""))),
    ("leading blanks", rss(ITEM.format("a", "/1", "") + ITEM.format("b", "/2", ""), "\n    ")),
    ("bare &", rss(ITEM.format("a &nbsp; & c", "/1", "") + ITEM.format("b", "/2", ""))),
    ("unclosed", rss("<item><title>a</title><link>/1</link><item><title>b</title><link>/2</link>")),
    ("cut short", rss(ITEM.format("a", "/1", "") + ITEM.format("b", "/2", ""))[:-20]),
    (
        "atom",
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><link href="/1"/></entry>'
        '<entry><title>b</title><link rel="alternate" href="/2"/></entry></feed>',
    ),
    (
        "rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/"><item rdf:about="/1"><link>/1</link></item>'
        "<item><link>/2</link></item></rdf:RDF>",
    ),
    (
        "json",
        '{"version": "https://jsonfeed.org/version/1", "items": [{"url": "/1"}, {"url": "/2"}]}',
    ),
]  # fmt: skip


@pytest.mark.parametrize("body", [body for _, body in FEEDS], ids=[name for name, _ in FEEDS])
def test_all_entries_of_a_defective_feed_are_found(body: str) -> None:
    assert [entry.address for entry in feed(body).entries] == ["http://a.az/1", "http://a.az/2"]


TITLES = [
    ("<![CDATA[<![CDATA[Məhbus]]]]><![CDATA[>]]>", "Məhbus"),
    ("<![CDATA[A &amp; B]]>", "A & B"),
    ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
    ("  two\n  lines&#160;here ", "two lines here"),
    ("&amp;quot;X&amp;quot;", '"X"'),
    ("", None),
]


@pytest.mark.parametrize(("written", "title"), TITLES)
def test_titles_are_plain_text(written: str, title: str | None) -> None:
    [entry] = feed(rss(ITEM.format(written, "/1", ""))).entries
    assert entry.hints.title == title


DATES = [
    ("<pubDate>Sun, 01 Mar 2026 14:00:00 +0400</pubDate>", "2026-03-01T10:00:00Z"),
    ("<pubDate>5 май 2025, 10:00</pubDate>", "2025-05-05"),
    ("<pubDate>3 dekabr 2025</pubDate>", "2025-12-03"),
    ("<pubDate>soon</pubDate>", None),
    ("", None),
]


@pytest.mark.parametrize(("written", "published"), DATES)
def test_dates_of_entries_are_read_in_their_languages(written: str, published: str | None) -> None:
    [entry] = feed(rss(ITEM.format("a", "/1", written))).entries
    assert entry.hints.published == published


@pytest.mark.parametrize(("charset", "mime"), [("cp1251", "text/xml"), ("utf-16", "text/xml")])
def test_old_encodings_are_read(charset: str, mime: str) -> None:
    body = rss(ITEM.format("Список", "/1", ""), f'<?xml version="1.0" encoding="{charset}"?>')
    [entry] = feed(body.encode(charset), mime).entries
    assert entry.hints.title == "Список"


BOMB = (
    '<!DOCTYPE z [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY x SYSTEM "file:///etc/passwd">]>'
)


def test_entities_of_a_feed_are_not_expanded() -> None:
    found = feed(rss(ITEM.format("&x;&c;", "/1", ""), '<?xml version="1.0"?>' + BOMB))
    assert "root:" not in str(found)
    assert found.note


def test_a_feed_of_fifty_thousand_entries_is_cut() -> None:
    assert len(feed(rss(ITEM.format("a", "/1", "") * 2000)).entries) == 1000


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"<html><body>x</body></html>", b"%PDF-1.4", b"{", b"[]", b"\x00\xff"]
)
def test_what_is_no_feed_is_not_read(body: bytes) -> None:
    with pytest.raises(NotReadable, match="not a feed"):
        feed(body)


def sitemap(body: str | bytes) -> Contents:
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(raw, "http://a.az/sitemap.xml", 10_000, NOW)


PLAIN = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc> http://a.az/1 </loc><lastmod>2026-01-01</lastmod></url>"
    "<url><loc>/2</loc><lastmod>2026-02-01T10:00:00+04:00</lastmod></url></urlset>"
)


@pytest.mark.parametrize("body", [PLAIN.encode(), gzip.compress(PLAIN.encode())])
def test_a_sitemap_is_read_latest_first(body: bytes) -> None:
    assert [(entry.address, entry.hints.modified) for entry in sitemap(body).entries] == [
        ("http://a.az/2", "2026-02-01T06:00:00Z"),
        ("http://a.az/1", "2026-01-01"),
    ]


def test_a_news_sitemap_tells_title_and_date() -> None:
    news = (
        '<urlset xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>/1</loc><n:news>'
        "<n:publication_date>2026-02-28</n:publication_date><n:title>T</n:title></n:news></url></urlset>"
    )
    [entry] = sitemap(news).entries
    assert (entry.hints.title, entry.hints.published) == ("T", "2026-02-28")


def test_a_clock_in_every_lastmod_is_not_believed() -> None:
    urls = "".join(
        f"<url><loc>/{n}</loc><lastmod>2026-03-01T11:59:00Z</lastmod></url>" for n in range(30)
    )
    assert {entry.hints.modified for entry in sitemap(f"<urlset>{urls}</urlset>").entries} == {None}


def test_a_sitemap_cut_short_gives_what_came_before() -> None:
    found = sitemap(PLAIN[:-20])
    assert len(found.entries) == 1
    assert found.note


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<html></html>", "begins with <html>"),
        (b"", "not a sitemap"),
        (gzip.compress(b"A" * 1_000_000), "too big"),
        (b"\x1f\x8b\x08\x00broken", "broken gzip"),
    ],
)
def test_what_is_no_sitemap_is_not_read(body: bytes, reason: str) -> None:
    with pytest.raises(NotReadable, match=reason):
        sitemap(body)


LIST = """<html><head><link rel="next" href="/page/2"></head><body>
<nav><a href="/">Home</a><a href="/tag/news-today-again">tag</a><a href="/about">About</a></nav>
<div class="card"><a href="/az/uzun-xeber-basligi"><img></a>
<a href="/az/uzun-xeber-basligi">Uzun xəbər başlığı</a></div>
<a href="/view.php?lang=az&amp;id=1037">x</a><a href="/a/33564557.html">y</a>
<h3><a href="/siyahi">Siyahı</a></h3>
<a href="/opinion">Ölkədə siyasi məhbusların sayı artır</a><a href="/photo-2026-01-01.jpg">z</a>
<a href="javascript:void(0)">w</a><a href="/report.pdf">PDF</a></body></html>"""
LISTS = [
    (ListingRules(), ["/az/uzun-xeber-basligi", "/view.php?lang=az&id=1037", "/a/33564557.html",
                      "/siyahi", "/opinion", "/report.pdf"]),
    (ListingRules(link_selector=".card"), ["/az/uzun-xeber-basligi"]),
    (ListingRules(follow=re.compile(r"/a/\d+")), ["/a/33564557.html"]),
    (ListingRules(documents=True), ["/report.pdf"]),
]  # fmt: skip


@pytest.mark.parametrize(("rules", "paths"), LISTS)
def test_links_of_a_list_are_articles_by_selector_pattern_or_look(
    rules: ListingRules, paths: list[str]
) -> None:
    found = read_listing(LIST.encode(), "http://a.az/", rules)
    assert [entry.address.removeprefix("http://a.az") for entry in found.entries] == paths
    assert found.following == "http://a.az/page/2"


def test_the_words_of_a_link_are_the_title_of_its_article() -> None:
    found = read_listing(LIST.encode(), "http://a.az/", ListingRules(link_selector=".card"))
    assert [entry.hints.title for entry in found.entries] == ["Uzun xəbər başlığı"]


def test_a_selector_that_finds_nothing_is_told() -> None:
    assert read_listing(b"<p>x</p>", URL, ListingRules(link_selector=".gone")).note


def test_wordpress_that_is_switched_off_is_no_list_of_posts() -> None:
    with pytest.raises(NotReadable, match="rest_disabled"):
        read_posts(b'{"code": "rest_disabled"}')


def test_a_private_channel_has_no_messages() -> None:
    with pytest.raises(NotReadable, match="private"):
        read_channel(b"<html><body>Join</body></html>", "https://t.me/s/x")
