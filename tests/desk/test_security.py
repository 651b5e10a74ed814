"""What others try: forged forms, foreign names, paths that climb, bodies that never end."""

import pytest
from starlette.testclient import TestClient

from monitor.desk.app import LARGEST_BODY, desk
from monitor.desk.guard import POLICY, SANDBOX
from tests.desk.conftest import HERE, newest_flag
from tests.desk.test_decisions import rows

FORM = {"flag": "4:0", "decision": "confirmed"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"sec-fetch-site": "same-origin"}, 303),
        ({"sec-fetch-site": "none"}, 303),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site", "origin": HERE}, 403),
        ({"origin": HERE}, 303),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9999"}, 403),
        ({"origin": "http://127.0.0.1:8765.evil.example"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused(client, house, headers, status) -> None:
    assert client.post("/decisions", data=FORM, headers=headers).status_code == status
    assert len(rows(house, "select * from reviews")) == (status == 303)


def test_looking_changes_nothing(client, house) -> None:
    assert client.get("/decisions", params=FORM).status_code == 405
    assert client.get("/logout").status_code == 405
    assert rows(house, "select * from reviews") == []


@pytest.mark.parametrize(
    ("host", "status"),
    [("127.0.0.1:8765", 200), ("localhost:8765", 200), ("localhost", 200), ("[::1]:8765", 200),
     ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("", 421),
     ("localhost@evil.example", 421)],
)  # fmt: skip
def test_a_foreign_name_for_this_machine_is_not_answered(client, host, status) -> None:
    assert client.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize("path", ["/", "/flags/4", "/nothing", "/index.json", "/static/desk.css"])
def test_every_answer_forbids_what_it_does_not_need(client, path) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"] == POLICY
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "unsafe" not in POLICY


def test_pages_are_kept_by_no_cache_and_our_own_files_by_their_hash(client) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"
    assert "immutable" in client.get("/static/desk.css").headers["cache-control"]


def test_a_snapshot_is_the_bytes_that_were_read_and_may_do_nothing(client, house) -> None:
    fetch = rows(house, "select id from fetches where url like '%hostile'")[0]["id"]
    page = client.get(f"/snapshots/{fetch}")
    assert page.headers["content-security-policy"] == SANDBOX
    assert "sandbox;" in SANDBOX
    assert "allow-" not in SANDBOX
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert b"<script>window.hacked=1" in page.content


@pytest.mark.parametrize("mime", ["application/pdf", "image/svg+xml", "text/javascript", ""])
def test_a_snapshot_that_is_no_page_is_only_given_to_keep(client, house, mime) -> None:
    with house.memory.writing() as conn:
        conn.execute("update fetches set mime = ? where id = 1", (mime,))
    page = client.get("/snapshots/1")
    assert page.headers["content-disposition"].startswith("attachment")
    assert page.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/app.py",
     "/exports/files/../monitor.db", "/exports/files/..%2fmonitor.db",
     "/exports/files/%2e%2e/accounts.db", "/exports/files//etc/passwd",
     "/exports/files/link", "/snapshots/../monitor.db"],
)  # fmt: skip
def test_no_path_leads_out_of_its_folder(client, house, path) -> None:
    folder = house.space.data_dir / "exports"
    folder.mkdir()
    (folder / "link").symlink_to(house.space.database)
    (folder / "corpus.jsonl").write_text("{}\n")
    assert client.get(path).status_code == 404
    assert client.get("/exports/files/corpus.jsonl").content == b"{}\n"


@pytest.mark.parametrize("size", [LARGEST_BODY + 1, 10 * LARGEST_BODY])
def test_a_body_that_is_too_large_is_refused(client, house, size) -> None:
    answer = client.post("/decisions", data={**FORM, "note": "x" * size})
    assert answer.status_code == 413
    assert rows(house, "select * from reviews") == []


def test_a_body_that_hides_its_size_is_refused_too(client) -> None:
    def endless():
        for _ in range(100):
            yield b"x" * 10_000

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/decisions", content=endless(), headers=kind).status_code == 413


def test_a_form_with_too_many_fields_or_with_files_is_refused(client) -> None:
    many = {f"f{i}": "x" for i in range(1500)}
    assert client.post("/decisions", data=many).status_code == 400
    files = {"flag": ("x.txt", b"x" * 100)}
    assert client.post("/decisions", files=files).status_code == 400


def test_what_reviewers_write_is_shown_and_not_run(client, house) -> None:
    flag = newest_flag(house, "new_mention")
    nasty = "</textarea><script>window.hacked=1</script>"
    client.post(f"/flags/{flag}/comments", data={"text": nasty})
    client.post("/filters", data={"name": nasty, "query": 'x"onfocus=alert(1)'})
    for path in (f"/flags/{flag}", "/", "/audit", f"/search?q={nasty}", f"/?source={nasty}"):
        page = client.get(path).text
        assert "<script>window" not in page, path
        assert '"onfocus' not in page, path


def test_links_to_the_web_are_http_only_and_tell_nothing(client, house) -> None:
    with house.memory.writing() as conn:
        conn.execute("update articles set url = 'javascript:alert(1)' where id = 10")
    page = client.get("/articles/10").text
    assert 'href="javascript:' not in page
    outside = client.get("/articles/1").text
    assert 'rel="noopener noreferrer external nofollow"' in outside


def test_a_saved_filter_leads_to_queues_only(client) -> None:
    client.post("/filters", data={"name": "x", "query": "//evil.example"})
    assert 'href="/?//evil.example"' in client.get("/").text


def test_an_error_of_ours_says_nothing_of_the_inside(house, monkeypatch) -> None:
    client = TestClient(desk(house), base_url=HERE, raise_server_exceptions=False)
    monkeypatch.setattr("db.desk.facets", lambda conn: 1 / 0)
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.text == "Internal Server Error"
