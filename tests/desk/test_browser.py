"""The desk in a real browser, with scripts and without; axe looks at every page."""

import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from db import accounts
from monitor.desk.app import desk
from monitor.desk.doors import cookie_name
from monitor.desk.house import House
from monitor.isoday import moment
from tests.desk.conftest import PASSWORD, newest_flag
from tests.desk.test_decisions import rows, state
from tests.desk.world import NOW

api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")

# One address a template, and every kind of flag.
LOOKED_AT = (
    "/", "/?queue=held", "/?kind=new_mention&source=seher", "/flags/4", "/flags/6", "/flags/9",
    "/flags/12", "/flags/13", "/flags/14", "/articles/10", "/entities",
    "/entities/ruslan-quliyarov", "/entities/ruslan-quliyarov/edit", "/series",
    "/series/AZ/political_prisoner/-/UFPP/stock",
    "/sources", "/sources/vestnik", "/search?q=Quliyarov", "/digests", "/digests/1", "/exports",
    "/rules",
    "/rules/new?flag=6", "/audit", "/accuracy", "/help", "/account", "/nothing",
)  # fmt: skip
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 860}


@pytest.fixture(scope="module")
def browser() -> Iterator["api.Browser"]:
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def site(house: House) -> Iterator[str]:
    """The desk without accounts."""
    with served(house) as address:
        yield address


@pytest.fixture
def staffed_site(staffed: House) -> Iterator[str]:
    """The desk of people with accounts."""
    with served(staffed) as address:
        yield address


@contextmanager
def served(house: House) -> Iterator[str]:
    """A desk on a port of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(desk(house), host="127.0.0.1", port=port, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def tab(browser: "api.Browser", site: str, request: pytest.FixtureRequest):
    """A tab at the desk; complains of anything the page logs as an error or asks of the web."""
    context = browser.new_context(
        base_url=site, viewport=WIDE, java_script_enabled=request.param, locale="en-GB"
    )
    page = context.new_page()
    page.set_default_timeout(10_000)
    complaints: list[str] = []
    page.on("console", lambda said: _is_meant(said) or complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    _watch_the_web(page, site, complaints)
    yield page
    context.close()
    assert complaints == []


def test_a_flag_is_confirmed_and_the_confirmation_undone(tab, house) -> None:
    flag = newest_flag(house, "count_up")
    tab.goto("/")
    tab.locator(f"#flag-{flag}").get_by_role("button", name="Confirm").click()
    api.expect(tab.get_by_role("status")).to_contain_text("1 flag: confirmed.")
    api.expect(tab.locator(f"#flag-{flag}")).to_have_count(0)
    assert state(house, flag) == "confirmed"
    tab.get_by_role("button", name="Undo").click()
    api.expect(tab.get_by_role("status")).to_contain_text("1 decision undone.")
    assert state(house, flag) == "open"


def test_a_flag_is_rejected_with_a_reason(tab, house) -> None:
    flag = newest_flag(house, "candidate")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Reject").click()
    tab.get_by_label("Reason").select_option("off_topic")
    tab.get_by_role("button", name="Reject").click()
    api.expect(tab.get_by_role("status")).to_contain_text("rejected")
    assert rows(house, "select reason from reviews")[0]["reason"] == "off_topic"


def test_another_person_makes_an_exclude(tab, house) -> None:
    flag = newest_flag(house, "new_mention", "sevda-mirzeli")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Another person").click()
    tab.get_by_label("Never match this phrase again").check()
    tab.get_by_label("Phrase", exact=True).fill("vəkil Sevda Mirzəli")
    tab.get_by_role("button", name="Another person").click()
    api.expect(tab.get_by_role("status")).to_contain_text("another person")
    assert rows(house, "select pattern from excludes")[0]["pattern"] == "vəkil Sevda Mirzəli"


def test_a_figure_is_corrected(tab, house) -> None:
    flag = newest_flag(house, "count_up")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Correct the figure").click()
    tab.get_by_label("Figure", exact=True).fill("370")
    tab.get_by_role("button", name="Correct the figure").click()
    api.expect(tab.get_by_role("status")).to_contain_text("figure corrected")
    tab.goto("/series/AZ/political_prisoner/-/UFPP/stock")
    api.expect(tab.get_by_text("the machine read 375")).to_be_visible()


def test_an_alias_is_added(tab, house) -> None:
    flag = newest_flag(house, "new_mention", "elmar-tagizade")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Add alias").click()
    tab.get_by_label("Name as printed").fill("E. Tağızadə")
    tab.get_by_role("button", name="Add alias").click()
    api.expect(tab.get_by_role("status")).to_contain_text("confirmed")
    assert "E. Tağızadə" in {row["text"] for row in rows(house, "select text from aliases")}


def test_a_candidate_is_tracked(tab, house) -> None:
    tab.goto(f"/flags/{newest_flag(house, 'candidate')}")
    tab.locator("summary", has_text="Track this person").click()
    tab.get_by_role("button", name="Track this person").click()
    api.expect(tab.get_by_role("status")).to_contain_text("confirmed")
    tab.goto("/entities")
    api.expect(tab.get_by_role("link", name="Orxan Dəmirov")).to_be_visible()


def test_a_duplicate_names_the_flag_that_stays(tab, house) -> None:
    flag = newest_flag(house, "new_mention", "ruslan-quliyarov")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Duplicate").click()
    tab.get_by_role("button", name="Duplicate").click()
    api.expect(tab.get_by_role("status")).to_contain_text("duplicate")


def test_a_flag_is_assigned_and_commented(tab, house) -> None:
    flag = newest_flag(house, "new_mention")
    tab.goto(f"/flags/{flag}")
    tab.locator("summary", has_text="Assign").click()
    tab.get_by_label("Assign to").select_option("local")
    tab.get_by_role("button", name="Assign").click()
    api.expect(tab.locator("#history")).to_contain_text("assigned to local")
    tab.locator("summary", has_text="Comment").click()
    tab.get_by_label("Comment", exact=True).fill("Ask the family.")
    tab.get_by_role("button", name="Comment").click()
    api.expect(tab.locator("#history")).to_contain_text("Ask the family.")


def test_alike_flags_are_hidden_by_a_previewed_rule_and_brought_back(tab, house) -> None:
    tab.goto(f"/flags/{newest_flag(house, 'new_mention', 'elmar-tagizade')}")
    tab.get_by_role("link", name="Hide alike").click()
    tab.get_by_label("Source:").uncheck()
    tab.get_by_role("button", name="Preview").click()
    api.expect(tab.get_by_role("heading", name="Would have hidden 2 flags")).to_be_visible()
    tab.get_by_role("button", name="Hide alike").click()
    api.expect(tab.get_by_text("hid 2 flags")).to_be_visible()
    tab.get_by_role("button", name="End rule").click()
    api.expect(tab.get_by_text("ended")).to_be_visible()


def test_several_flags_are_confirmed_together(tab, house) -> None:
    tab.goto("/?kind=count_up")
    if tab.locator("details.bulk").get_attribute("open") is None:
        tab.locator("details.bulk summary").click()
    for box in tab.locator("input[form=bulk]").all():
        box.check()
    tab.locator("details.bulk").get_by_role("button", name="Confirm").click()
    api.expect(tab.get_by_role("status")).to_contain_text("3 flags: confirmed.")


def test_an_entity_is_edited_after_a_look_at_what_it_would_match(tab, house) -> None:
    tab.goto("/entities/seher-xeber/edit")
    tab.get_by_label("Other names").fill("Daxili İşlər Nazirliyi")
    tab.get_by_role("button", name="Preview").click()
    api.expect(tab.get_by_role("heading", name="Would match in")).to_be_visible()
    assert rows(house, "select 1 from aliases where entity_id = 'seher-xeber'") == []
    tab.get_by_role("button", name="Save").click()
    api.expect(tab.get_by_role("status")).to_contain_text("Saved.")


def test_the_second_reviewer_is_told(tab, house) -> None:
    flag = newest_flag(house, "candidate")
    tab.goto(f"/flags/{flag}")
    with house.memory.writing() as conn:
        conn.execute(
            "insert into reviews (flag_id, who, at, decision) values (?, 'Aysel', ?, 'rejected')",
            (flag, moment(NOW)),
        )
    tab.locator(f"#flag-{flag}").get_by_role("button", name="Confirm").click()
    api.expect(tab.get_by_role("heading", name="Somebody else was faster")).to_be_visible()
    tab.get_by_role("link", name="Look at the flag").click()
    api.expect(tab.locator("#history")).to_contain_text("Aysel")


def test_versions_and_the_stored_page_can_be_looked_at(tab, house) -> None:
    tab.goto(f"/flags/{newest_flag(house, 'mention_removed')}")
    tab.locator(".slider .links a", has_text="1").click()
    api.expect(tab.locator(".prose mark", has_text="Elmar Tağızadə")).to_be_visible()
    tab.locator("summary", has_text="Page as it was read").click()
    frame = tab.frame_locator("iframe.snapshot")
    api.expect(frame.get_by_role("heading", name="Məhkəmə qarşısında saxlamalar")).to_be_visible()


def test_a_hostile_page_runs_nothing_anywhere(browser, site, house) -> None:
    context = browser.new_context(base_url=site, viewport=WIDE)
    page = context.new_page()
    asked: list[str] = []
    _watch_the_web(page, site, asked)
    flag = newest_flag(house, "new_mention", "ruslan-quliyarov")
    page.goto(f"/flags/{flag}")
    page.locator("summary", has_text="Page as it was read").click()
    frame = page.frame_locator("iframe.snapshot")
    api.expect(frame.get_by_text("was held again")).to_be_visible()
    page.wait_for_timeout(300)
    fetch = rows(house, "select id from fetches where url like '%hostile'")[0]["id"]
    page.goto(f"/snapshots/{fetch}")
    page.wait_for_timeout(300)
    assert page.url.startswith(site)
    assert page.evaluate("window.hacked") is None
    assert asked == []
    context.close()


def test_a_shift_goes_by_keys_alone(browser, site, house) -> None:
    context = browser.new_context(base_url=site, viewport=WIDE)
    page = context.new_page()
    page.goto("/?kind=new_mention")
    ids = [card.get_attribute("data-card") for card in page.locator(".card").all()]
    page.keyboard.press("j")
    api.expect(page.locator(f"#flag-{ids[1]}")).to_have_class("card kind-new_mention chosen")
    page.keyboard.press("c")
    api.expect(page.get_by_role("status")).to_contain_text("confirmed")
    assert state(house, int(ids[1])) == "confirmed"
    api.expect(page.locator(f"#flag-{ids[2]}")).to_have_class("card kind-new_mention chosen")
    page.evaluate(
        "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'г', code: 'KeyU'}))"
    )  # a Cyrillic keyboard
    api.expect(page.get_by_role("status")).to_contain_text("undone")
    page.keyboard.press("r")
    api.expect(page.locator(".card.chosen select[name=reason]")).to_be_focused()
    page.goto("/")
    page.keyboard.press("/")
    api.expect(page.locator("#find")).to_be_focused()
    context.close()


def test_language_and_light_are_remembered(tab) -> None:
    tab.goto("/rules")
    tab.get_by_label("Language").select_option("az")
    tab.get_by_label("Light").select_option("dark")
    tab.get_by_role("button", name="Set").click()
    api.expect(tab.get_by_role("heading", name="Qaydalar")).to_be_visible()
    assert tab.locator("html").get_attribute("data-theme") == "dark"


@pytest.mark.parametrize(("size", "light"), [(PHONE, "dark"), (WIDE, "light")], ids=str)
def test_axe_finds_nothing_and_no_page_scrolls_sideways(browser, site, size, light) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(base_url=site, viewport=size, color_scheme=light, bypass_csp=True)
    page = context.new_page()
    axe = Axe()
    faults = []
    for path in LOOKED_AT:
        page.goto(path)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            faults.append(f"{path}: scrolls sideways")
        page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        found = axe.run(page).response["violations"]
        faults += [f"{path}: {v['id']}: {v['nodes'][0]['html'][:200]}" for v in found]
    context.close()
    assert faults == []


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no script"])
def test_an_admin_signs_in_adds_an_account_and_signs_out(browser, staffed_site, scripts) -> None:
    context = browser.new_context(base_url=staffed_site, java_script_enabled=scripts)
    page = context.new_page()
    page.goto("/rules")
    page.get_by_label("Name").fill("Admin")
    page.get_by_label("Password").fill("not this one")
    page.get_by_role("button", name="Sign in").click()
    api.expect(page.get_by_role("alert")).to_have_text("Name or password is wrong.")
    page.get_by_label("Name").fill("Admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    api.expect(page.get_by_role("heading", name="Rules")).to_be_visible()
    page.get_by_role("link", name="Accounts").click()
    page.get_by_label("Name", exact=True).fill("Leyla")
    page.get_by_role("button", name="Add account").click()
    api.expect(page.get_by_role("status")).to_contain_text("Password of Leyla")
    page.get_by_role("button", name="Sign out").click()
    api.expect(page.get_by_role("heading", name="Review desk")).to_be_visible()
    page.goto("/accounts")
    api.expect(page.get_by_label("Password")).to_be_visible()
    context.close()


def test_axe_finds_nothing_on_the_pages_of_accounts(browser, staffed_site, staffed) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(base_url=staffed_site, viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    faults = []
    page.goto("/login")
    faults += Axe().run(page).response["violations"]
    with staffed.accounts() as conn:
        token = accounts.begin_session(conn, "Admin", address="t", agent="t", at=NOW)
    context.add_cookies([{"name": cookie_name(staffed), "value": token, "url": staffed_site}])
    for path in ("/accounts", "/account", "/audit"):
        page.goto(path)
        faults += Axe().run(page).response["violations"]
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()
    assert faults == []


def _is_meant(said: "api.ConsoleMessage") -> bool:
    """The refusal of a late decision, and what the frame of a stored page was kept from doing."""
    return "409" in said.text or "/snapshots/" in said.text + said.location["url"]


def _watch_the_web(page: "api.Page", site: str, asked: list[str]) -> None:
    """Note whatever is asked of any other address; what the policy blocks never gets this far."""

    def refuse(route: "api.Route") -> None:
        asked.append(route.request.url)
        route.abort()

    page.route(lambda url: not url.startswith(site), refuse)
