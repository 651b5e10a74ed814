"""Every page, as HTML and as JSON, in every language."""

import re

import pytest
from starlette.testclient import TestClient

from db.apply import raise_flag
from db.records import FLAG_KINDS, Flag
from db.wayback import mark_saved
from monitor.desk.words import LANGUAGES
from monitor.isoday import moment
from tests.desk.conftest import newest_flag
from tests.desk.world import NOW

SERIES = "AZ/political_prisoner/-/UFPP/stock"
PAGES = [
    "/", "/?queue=mine", "/?queue=shift", "/?queue=held", "/?queue=decided", "/?queue=hidden",
    "/?kind=new_mention&source=seher", "/?org=UFPP", f"/?series={SERIES}", "/?flag=4", "/?page=9",
    *(f"/flags/{flag}" for flag in range(1, 15)), "/flags/12?version=1&against=2",
    "/articles/1", "/articles/10", "/entities", "/entities/ruslan-quliyarov", "/entities/new",
    "/entities/ruslan-quliyarov/edit", "/series", f"/series/{SERIES}", "/sources",
    "/sources/vestnik", "/search", "/search?q=Quliyarov", "/digests", "/digests/1",
    "/exports", "/rules",
    "/rules/new?flag=6", "/rules/new?flag=9&part=word", "/audit", "/audit?who=x", "/accuracy",
    "/help", "/account",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_shows_and_runs_nothing_of_what_it_shows(client: TestClient, path: str) -> None:
    page = client.get(path)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert not re.search(r"<[^>]+\son\w+=", page.text)
    assert not re.search(r"\sstyle=|<style", page.text)
    assert "<img src=x" not in page.text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_json_at_the_same_address(client: TestClient, path: str) -> None:
    bare, _, query = path.partition("?")
    by_name = client.get(f"{'/index' if bare == '/' else bare}.json?{query}")
    by_header = client.get(path, headers={"accept": "application/json"})
    assert by_name.status_code == by_header.status_code == 200
    assert by_name.json() == by_header.json()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_every_language(client: TestClient, language: str) -> None:
    client.cookies.set("language", language)
    for path in PAGES:
        page = client.get(path)
        assert page.status_code == 200, path
        assert f'<html lang="{language}"' in page.text


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/flags/999", "/articles/999", "/entities/nobody", "/series/AZ/x", "/sources/x",
     "/series/AZ/political_prisoner/-/NOBODY/stock", "/digests/2", "/digests/2/page",
     "/snapshots/999", "/exports/now/secrets.csv", "/exports/files/none", "/rules/new?flag=999",
     "/flags/99999999999999999999999", "/flags/x"],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_missing(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize("path", ["/?queue=everything", "/?page=x", "/?flag=x", "/search?q=%22"])
def test_a_question_that_makes_no_sense_is_refused_in_words(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_a_card_shows_the_sentence_the_source_the_times_and_why(client: TestClient) -> None:
    page = client.get("/?entity=ruslan-quliyarov").text
    assert "<mark>Ruslan Quliyarovun</mark> həbs müddətini üç ay uzadıb" in page
    assert "Səhər Xəbər" in page
    assert "rank 1" in page
    assert "+1 reprint" in page
    assert "newly named, never named before, rank-1 source" in page


@pytest.mark.parametrize("kind", FLAG_KINDS)
@pytest.mark.parametrize("article", [None, 1, "without text"])
def test_a_flag_of_any_kind_is_shown_however_little_is_known_of_it(
    client: TestClient, house, kind: str, article
) -> None:
    with house.memory.writing() as conn:
        if article == "without text":
            article = conn.execute(
                "insert into articles (source, url, first_seen, last_seen, visited_at, changed_at)"
                " values ('seher', 'https://seher.example/x', ?1, ?1, ?1, ?1)",
                (moment(NOW),),
            ).lastrowid
        flag = Flag(kind=kind, key="bare", priority=1.0)
        raise_flag(conn, flag, moment(NOW), article=article, source="seher")
    flag_id = newest_flag(house, kind)
    assert client.get("/").status_code == 200
    assert client.get(f"/flags/{flag_id}").status_code == 200
    assert client.get(f"/flags/{flag_id}.json").json()["card"]["kind"] == kind


def test_an_edit_is_shown_word_by_word(client: TestClient, house) -> None:
    flag = newest_flag(house, "mention_removed")
    page = client.get(f"/flags/{flag}").text
    assert "<del>doqquz</del><ins>on" in page
    assert "<del>Elmar Tağızadə</del>" in page
    diff = client.get(f"/flags/{flag}.json").json()["reading"]["diff"]
    assert ["removed", "doqquz"] in diff[1]


def test_names_and_counts_are_marked_in_the_text(client: TestClient) -> None:
    reading = client.get("/articles/4.json").json()["reading"]
    text = reading["version"]["text"]
    marked = {(m["kind"], text[m["start"] : m["end"]]) for m in reading["marks"]}
    assert ("count", "375") in marked


def test_an_older_version_can_be_read(client: TestClient, house) -> None:
    flag = newest_flag(house, "mention_removed")
    reading = client.get(f"/flags/{flag}.json?version=1").json()["reading"]
    assert reading["version"]["number"] == 1
    assert "Elmar Tağızadə" in reading["version"]["text"]


def test_the_series_shows_who_else_counts_the_same(client: TestClient) -> None:
    page = client.get(f"/series/{SERIES}.json").json()
    assert [peer["org"] for peer in page["peers"]] == ["UFPP", "WG"]
    assert [point["value"] for point in page["charts"]["UFPP"]] == [331, 340, 357, 375]


def test_a_source_tells_what_is_wrong_and_what_may_mend_it(client: TestClient) -> None:
    page = client.get("/sources/vestnik").text
    assert "the server answers 503" in page
    assert "ask the site, or read its sitemap" in page
    states = {s["name"]: s["state"] for s in client.get("/sources.json").json()["sources"]}
    assert states == {"birlik": "ok", "dalga": "ok", "seher": "ok", "vestnik": "failing"}


def test_search_finds_any_spelling_and_versions_that_are_gone(client: TestClient) -> None:
    found = client.get("/search.json?q=Elmar+Tagizade").json()["results"]
    assert {row["url"] for row in found} >= {
        "https://seher.example/saxlama", "https://vestnik.example/zaderzhan",
    }  # fmt: skip


def test_tables_are_exported_safe_for_spreadsheets(client: TestClient) -> None:
    page = client.get("/exports/now/flags.csv")
    assert page.headers["content-disposition"].startswith("attachment")
    assert len(page.text.splitlines()) >= 14
    assert client.get("/exports/now/watchlist.jsonl").text.count("\n") == 4


def test_an_article_leads_to_its_copy_at_the_internet_archive(client: TestClient, house) -> None:
    copy = "https://web.archive.org/web/20260302110000/http://a.test/1"
    assert "archive.org" not in client.get("/articles/1").text
    conn = house.space.open()
    mark_saved(conn, 1, NOW, copy)
    conn.close()
    assert f'<a href="{copy}" rel="noopener' in client.get("/articles/1").text
