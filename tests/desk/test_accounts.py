"""Who may come in, as what, for how long."""

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from db import accounts
from monitor.desk.app import desk
from monitor.desk.doors import cookie_name
from monitor.desk.house import Doors, House
from monitor.desk.routes import PAGES
from monitor.desk.serving import Listening, check, doors
from monitor.exceptions import BadInput, ConfigError
from monitor.isoday import moment
from tests.desk.conftest import HERE, PASSWORD
from tests.desk.world import NOW

PARTS = {"{flag:int}": "4", "{filter:int}": "1", "{article:int}": "1", "{fetch:int}": "1",
         "{entity}": "ruslan-quliyarov", "{series:path}": "AZ/political_prisoner/-/UFPP/stock",
         "{source}": "seher", "{number:int}": "1", "{table}.{format}": "flags.csv",
         "{name:path}": "x", "{rule:int}": "1", "{name}": "Rena", "{session:int}": "1"}  # fmt: skip


def address(path: str) -> str:
    for part, value in PARTS.items():
        path = path.replace(part, value)
    return path


@pytest.mark.parametrize("page", [p for p in PAGES if p.role], ids=lambda p: f"{p.method} {p.path}")
def test_a_stranger_is_sent_to_the_door_from_every_page(enter, page) -> None:
    stranger = enter(None)
    answer = stranger.request(page.method, address(page.path))
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=")
    accept = {"accept": "application/json"}
    assert stranger.request(page.method, address(page.path), headers=accept).status_code == 401


@pytest.mark.parametrize(
    ("name", "role"),
    [("Rena", "reader"), ("Vusal", "reviewer")],
)
def test_a_role_may_not_do_what_needs_a_higher_one(enter, name, role) -> None:
    client = enter(name)
    beyond = [p for p in PAGES if p.role and rank(p.role) > rank(role)]
    assert beyond
    for page in beyond:
        answer = client.request(page.method, address(page.path))
        assert answer.status_code == 403, page


def test_pages_that_a_reader_sees_offer_nothing_to_decide(enter) -> None:
    page = enter("Rena").get("/flags/4").text
    assert 'action="/decisions"' not in page
    assert 'action="/decisions"' in enter("Vusal").get("/flags/4").text


# ------------------------------------------------------------------ signing in


def test_signing_in_gives_a_cookie_that_no_script_reads(staffed) -> None:
    client = TestClient(desk(staffed), base_url=HERE, follow_redirects=False)
    answer = sign_in(client, "Vusal", next="/rules")
    assert answer.headers["location"] == "/rules"
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "SameSite=Lax" in answer.headers["set-cookie"]
    assert client.get("/").status_code == 200
    with staffed.accounts() as conn:
        stored = conn.execute("select token from sessions").fetchall()
    assert client.cookies[cookie_name(staffed)] not in {row["token"] for row in stored}


def test_a_token_brought_along_is_not_the_session_one_gets(staffed) -> None:
    client = TestClient(desk(staffed), base_url=HERE, follow_redirects=False)
    client.cookies.set(cookie_name(staffed), "chosen-by-an-attacker")
    answer = sign_in(client, "Vusal")
    assert "chosen-by-an-attacker" not in answer.headers["set-cookie"]
    stranger = TestClient(desk(staffed), base_url=HERE, follow_redirects=False)
    stranger.cookies.set(cookie_name(staffed), "chosen-by-an-attacker")
    assert stranger.get("/").status_code == 303


def test_signing_in_again_ends_the_session_before(enter, staffed) -> None:
    client = enter("Vusal")
    before = client.cookies[cookie_name(staffed)]
    assert sign_in(client, "Vusal").status_code == 303
    old = enter(None)
    old.cookies.set(cookie_name(staffed), before)
    assert old.get("/").status_code == 303


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
     "javascript:alert(1)", "/\t/evil.example", "/\r\nset-cookie:x=y", "http:/evil.example"],
)  # fmt: skip
def test_a_form_leads_nowhere_but_into_the_desk(enter, target) -> None:
    answer = enter("Vusal").post("/preferences", data={"next": target})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


def test_a_wrong_password_and_an_unknown_name_look_the_same(enter) -> None:
    client = enter(None)
    wrong = client.post("/login", data={"name": "Vusal", "password": "x"})
    unknown = client.post("/login", data={"name": "Nobody", "password": "x"})
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text == unknown.text


def test_after_five_wrong_tries_even_the_right_password_has_to_wait(
    enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = enter(None)
    for _ in range(accounts.TRIES):
        client.post("/login", data={"name": "Vusal", "password": "x"})
    assert sign_in(client, "Vusal").status_code == 429
    assert sign_in(client, "Aysel").status_code == 303
    monkeypatch.setenv("MONITOR_NOW", moment(NOW + timedelta(minutes=16)))
    assert sign_in(client, "Vusal").status_code == 303


@pytest.mark.parametrize(
    ("later", "busy", "status"),
    [
        (timedelta(minutes=90), False, 200),
        (timedelta(hours=3), False, 303),
        (timedelta(hours=11), True, 200),
        (timedelta(hours=13), True, 303),
    ],
)
def test_a_session_ends_when_idle_and_at_the_end_of_the_day(
    enter, monkeypatch: pytest.MonkeyPatch, later, busy, status
) -> None:
    client = enter("Vusal")
    step = timedelta(minutes=100)
    at = step
    while busy and at < later:
        monkeypatch.setenv("MONITOR_NOW", moment(NOW + at))
        client.get("/help")
        at += step
    monkeypatch.setenv("MONITOR_NOW", moment(NOW + later))
    assert client.get("/").status_code == status


def test_signing_out_ends_the_session_and_not_only_the_cookie(enter, staffed) -> None:
    client = enter("Vusal")
    token = client.cookies[cookie_name(staffed)]
    client.post("/logout")
    client.cookies.set(cookie_name(staffed), token)
    assert client.get("/").status_code == 303


# ------------------------------------------------------------------ what belongs to whom


def test_nobody_ends_the_session_of_somebody_else(enter) -> None:
    vusal, aysel = enter("Vusal"), enter("Aysel")
    number = vusal.get("/account.json").json()["sessions"][0]["id"]
    aysel.post(f"/account/sessions/{number}/end")
    assert vusal.get("/").status_code == 200
    vusal.post(f"/account/sessions/{number}/end")
    assert vusal.get("/").status_code == 303


def test_nobody_sees_or_drops_the_filters_of_somebody_else(enter) -> None:
    vusal, aysel = enter("Vusal"), enter("Aysel")
    vusal.post("/filters", data={"name": "mine", "query": "kind=candidate"})
    number = vusal.get("/index.json").json()["saved"][0]["id"]
    assert aysel.get("/index.json").json()["saved"] == []
    assert aysel.post(f"/filters/{number}/drop").status_code == 404
    assert len(vusal.get("/index.json").json()["saved"]) == 1


def test_nobody_undoes_the_decision_of_somebody_else(enter) -> None:
    vusal, aysel = enter("Vusal"), enter("Aysel")
    accept = {"accept": "application/json"}
    made = vusal.post("/decisions", data={"flag": "4:0", "decision": "confirmed"}, headers=accept)
    review = made.json()["reviews"]["4"]
    assert aysel.post("/decisions/undo", data={"review": review}).status_code == 403
    assert aysel.get(f"/?done={review}", headers=accept).json()["done"] is None


def test_since_my_last_shift_counts_from_the_end_of_the_session_before(enter, staffed) -> None:
    with staffed.accounts() as conn:
        accounts.begin_session(conn, "Vusal", address="t", agent="t", at=NOW - timedelta(hours=6))
    queue = enter("Vusal").get("/?queue=shift", headers={"accept": "application/json"}).json()
    assert queue["cards"]
    assert all(c["raised_at"] > moment(NOW - timedelta(hours=6)) for c in queue["cards"])


def test_the_language_one_chose_follows_the_account(enter) -> None:
    enter("Vusal").post("/preferences", data={"language": "az", "theme": "dark"})
    assert '<html lang="az"' in enter("Vusal").get("/").text
    assert '<html lang="en"' in enter("Aysel").get("/").text


# ------------------------------------------------------------------ keeping accounts


def test_an_admin_adds_an_account_and_sees_its_password_once(enter) -> None:
    admin = enter("Admin")
    page = admin.post("/accounts", data={"name": "Leyla", "role": "reader"},
                      headers={"accept": "application/json"}).json()  # fmt: skip
    assert sign_in(enter(None), "Leyla", page["fresh"]["password"]).status_code == 303
    assert page["fresh"]["password"] not in admin.get("/accounts").text
    assert admin.post("/accounts", data={"name": "Leyla", "role": "reader"}).status_code == 400
    assert admin.post("/accounts", data={"name": "Murad", "role": "owner"}).status_code == 400


def test_an_account_locked_out_is_out_at_once(enter) -> None:
    vusal, admin = enter("Vusal"), enter("Admin")
    admin.post("/accounts/Vusal", data={"change": "disable"})
    assert vusal.get("/").status_code == 303
    assert sign_in(enter(None), "Vusal").status_code == 401


def test_a_role_that_is_taken_away_is_gone_at_once(enter) -> None:
    vusal, admin = enter("Vusal"), enter("Admin")
    admin.post("/accounts/Vusal", data={"change": "role", "role": "reader"})
    answer = vusal.post("/decisions", data={"flag": "4:0", "decision": "confirmed"})
    assert answer.status_code == 403


@pytest.mark.parametrize("fields", [{"change": "disable"}, {"change": "role", "role": "reader"}])
def test_the_last_admin_stays(enter, fields) -> None:
    admin = enter("Admin")
    assert admin.post("/accounts/Admin", data=fields).status_code == 400
    assert admin.get("/accounts").status_code == 200


def test_a_new_password_needs_the_old_one_and_ends_all_sessions(enter) -> None:
    vusal = enter("Vusal")
    new = "another long sentence"
    wrong = vusal.post("/account/password", data={"old": "x", "new": new})
    assert wrong.status_code == 400
    assert (
        vusal.post("/account/password", data={"old": PASSWORD, "new": "short"}).status_code == 400
    )
    vusal.post("/account/password", data={"old": PASSWORD, "new": new})
    assert vusal.get("/").status_code == 303
    assert sign_in(enter(None), "Vusal", new).status_code == 303


@pytest.mark.parametrize("name", ["", " x", "x\n", "x" * 61, "\u202ex"])
def test_a_name_that_could_deceive_is_refused(staffed, name) -> None:
    with staffed.accounts() as conn, pytest.raises(BadInput):
        accounts.add_account(conn, name, "reader", None, who="test", at=NOW)


# ------------------------------------------------------------------ doors


@pytest.mark.parametrize(
    ("where", "staff", "refused"),
    [
        (Listening(host="127.0.0.1", port=1), False, None),
        (Listening(host="::1", port=1), False, None),
        (Listening(host="0.0.0.0", port=1), False, "add accounts first"),
        (Listening(host="0.0.0.0", port=1), True, "give --certificate"),
        (Listening(host="0.0.0.0", port=1, origin="http://desk.example"), True, "give --cert"),
        (Listening(host="0.0.0.0", port=1, origin="https://desk.example"), True, None),
        (Listening(host="0.0.0.0", port=1, origin="https://d.example", user_header="X-User"),
         True, "only the proxy"),
        (Listening(host="127.0.0.1", port=1, origin="https://d.example", user_header="X-User"),
         True, None),
    ],
)  # fmt: skip
def test_the_desk_opens_to_others_only_with_accounts_and_encryption(
    template, peopled, tmp_path, where, staff, refused
) -> None:
    import shutil

    from monitor.workspace import Workspace

    shutil.copytree(peopled if staff else template, tmp_path / "d")
    house = House(Workspace(config=None, data=tmp_path / "d"), doors(where))
    if refused is None:
        check(where, house)
    else:
        with pytest.raises(ConfigError, match=refused):
            check(where, house)
    house.close()


@pytest.mark.parametrize("origin", ["desk.example", "ftp://desk.example", "https://d.example/path"])
def test_an_origin_that_is_none_is_refused(origin) -> None:
    with pytest.raises(ConfigError, match="public address"):
        doors(Listening(host="127.0.0.1", port=1, origin=origin))


def test_behind_a_proxy_its_header_says_who_is_in(peopled, tmp_path) -> None:
    import shutil

    from monitor.workspace import Workspace

    shutil.copytree(peopled, tmp_path / "d")
    behind = Doors(origin="https://desk.example", user_header="X-Remote-User", secure=True)
    house = House(Workspace(config=None, data=tmp_path / "d"), behind)
    client = TestClient(desk(house), base_url="https://desk.example", follow_redirects=False)
    assert client.get("/", headers={"x-remote-user": "Vusal"}).status_code == 200
    assert client.get("/accounts", headers={"x-remote-user": "Vusal"}).status_code == 403
    assert client.get("/", headers={"x-remote-user": "Stranger"}).status_code == 403
    assert client.get("/").status_code == 403
    house.close()


def test_behind_a_proxy_tries_are_counted_by_who_came_to_the_proxy(peopled, tmp_path) -> None:
    import shutil

    from monitor.workspace import Workspace

    shutil.copytree(peopled, tmp_path / "d")
    house = House(Workspace(config=None, data=tmp_path / "d"), Doors(origin="https://d.example"))
    client = TestClient(desk(house), base_url="https://d.example", client=("127.0.0.1", 1))
    guess = {"name": "Nobody", "password": "x"}
    client.post("/login", data=guess, headers={"x-forwarded-for": "10.0.0.1, 203.0.113.7"})
    with house.accounts() as conn:
        assert conn.execute("select address from tries").fetchone()[0] == "203.0.113.7"
    house.close()


def rank(role: str) -> int:
    return accounts.ROLES.index(role)


def sign_in(client: TestClient, name: str, password: str = PASSWORD, **fields: str):
    return client.post("/login", data={"name": name, "password": password, **fields})
