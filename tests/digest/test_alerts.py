"""Alerts: urgent kinds only, once on each channel, signed, limited, tried again."""

import json
import sys
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from monitor.config.settings import Alerts, DigestSettings, Recipient, Settings
from monitor.digest.alerts import alert
from monitor.digest.build import build
from monitor.digest.channels import signature
from monitor.digest.freeze import freeze
from monitor.exceptions import ConfigError
from tests.digest.post_office import port_of, settings
from tests.digest.world import NOW, SERIES, SINCE, busy_day, quiet_day

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hook(monkeypatch):
    """A web server that takes what is posted; `answers` are the statuses it gives, then 204."""
    taken, answers = [], []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status = answers.pop(0) if answers else 204
            if status == 204:
                taken.append((self.path, dict(self.headers), body))
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.end_headers()

        def log_message(self, *args):
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.taken, httpd.answers = taken, answers
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    monkeypatch.setenv("HOOK_SECRET", "s3cret")
    yield httpd
    httpd.shutdown()
    httpd.server_close()


def hooked(httpd, **alerts) -> Settings:
    url = f"http://127.0.0.1:{httpd.server_port}/hook"
    return Settings(alerts=Alerts(webhook=url, webhook_secret_env="HOOK_SECRET", **alerts))


def test_only_urgent_kinds_go_out_each_once(world, hook):
    busy_day(world)
    assert alert(world.conn, hooked(hook), NOW) == 4
    assert alert(world.conn, hooked(hook), NOW + MINUTE) == 0
    records = [json.loads(body) for _, _, body in hook.taken]
    assert {record["kind"] for record in records} == {
        "count_up",
        "new_mention",
        "mention_removed",
        "article_removed",
    }
    assert len({record["id"] for record in records}) == 4


@pytest.mark.parametrize(
    ("detail", "is_urgent"),
    [
        ({"status": "died"}, True),
        ({"status": "hunger_strike", "silence_days": 1}, True),
        ({"status": "detained", "first_ever": True}, True),
        ({"status": "sentenced", "silence_days": 200}, True),
        ({"status": "detained", "silence_days": 2}, False),
        ({"status": "released", "first_ever": True}, False),
        ({"first_ever": True}, False),
        ({"status": "died", "leads_to": "weak"}, False),
    ],
)
def test_a_mention_is_urgent_by_the_word_near_it_and_by_silence(world, hook, detail, is_urgent):
    quiet_day(world)
    world.entity("x", "Xəyal Əliyev")
    where = world.article("turan", "a", "A")
    world.flag("new_mention", where=where, entity="x", quote="Xəyal Əliyev.", detail=detail)
    assert alert(world.conn, hooked(hook), NOW) == is_urgent


def test_what_a_digest_has_told_needs_no_alert(world, hook):
    busy_day(world)
    freeze(world.conn, build(world.conn, SINCE, NOW, now=NOW), "en")
    assert alert(world.conn, hooked(hook), NOW) == 0


def test_baselines_hidden_and_rejected_flags_alarm_nobody(world, hook):
    quiet_day(world)
    where = world.article("turan", "a", "A")
    world.flag("article_removed", where=where, baseline=True)
    world.review(world.flag("article_removed", where=where), "rejected")
    assert alert(world.conn, hooked(hook), NOW) == 0


def test_an_alert_is_the_change_itself_and_is_signed(world, hook):
    quiet_day(world)
    where = world.article("turan", "a", "A list")
    flag = world.flag(
        "count_up", where=where, series=SERIES, old=357, new=375, quote="It lists 375 names.",
    )  # fmt: skip
    alert(world.conn, hooked(hook), NOW)
    [(path, headers, body)] = hook.taken
    record = json.loads(body)
    assert path == "/hook"
    assert record["title"] == "357 → 375 political prisoners (UFPP)"
    assert "“It lists *375* names.”" in record["text"]
    assert headers["X-Monitor-Delivery"] == str(flag)
    seconds = int(NOW.timestamp())
    signed = f"t={seconds},v1={signature('s3cret', seconds, body)}"
    assert headers["X-Monitor-Signature"] == signed


@pytest.mark.parametrize("status", [500, 404, 302])
def test_an_alert_that_was_not_taken_is_tried_again(world, hook, status):
    quiet_day(world)
    world.flag("article_removed", where=world.article("turan", "a", "A"))
    hook.answers.append(status)
    assert alert(world.conn, hooked(hook), NOW) == 0
    assert alert(world.conn, hooked(hook), NOW + MINUTE) == 0
    assert alert(world.conn, hooked(hook), NOW + 3 * MINUTE) == 1
    assert [path for path, _, _ in hook.taken] == ["/hook"]


def test_a_webhook_that_stays_away_is_given_up(world, hook):
    quiet_day(world)
    world.flag("article_removed", where=world.article("turan", "a", "A"))
    hook.answers += [500] * 5
    for hours in range(7):
        alert(world.conn, hooked(hook), NOW + timedelta(hours=hours))
    assert (hook.answers, hook.taken) == ([], [])


def test_a_flood_is_limited_and_said(world, hook):
    quiet_day(world)
    for number in range(8):
        where = world.article("turan", str(number), f"Removed {number}")
        world.flag("article_removed", where=where)
    assert alert(world.conn, hooked(hook, per_hour=3), NOW) == 3
    assert json.loads(hook.taken[-1][2])["text"].endswith("5 more wait.")
    assert alert(world.conn, hooked(hook, per_hour=3), NOW + 30 * MINUTE) == 0
    assert alert(world.conn, hooked(hook, per_hour=3), NOW + 61 * MINUTE) == 3


def test_urgent_recipients_get_a_mail_in_their_language(world, server, post):
    quiet_day(world)
    where = world.article("turan", "a", "Silinən yazı\r\nBcc: all@example.org")
    world.flag("article_removed", where=where)
    reader = Recipient(address="aysel@rights.example", language="az", frequency="urgent")
    configured = settings(port_of(server), reader, Recipient(address="leyla@rights.example"))
    assert alert(world.conn, configured, NOW) == 1
    [mail] = post.mails
    assert mail["To"] == "aysel@rights.example"
    assert mail["Subject"].startswith("Silinib: Silinən yazı")
    assert mail["Bcc"] is None


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_chats_get_the_alert_through_apprise(world, hook, monkeypatch):
    pytest.importorskip("apprise")
    quiet_day(world)
    world.flag("article_removed", where=world.article("turan", "a", "A text"))
    monkeypatch.setenv("CHATS", f"json://127.0.0.1:{hook.server_port}/chat")
    hook.answers.append(204)
    chats = Settings(alerts=Alerts(chat_env="CHATS"))
    assert alert(world.conn, chats, NOW) == 1
    [(path, _, body)] = hook.taken
    assert path.startswith("/chat")
    assert json.loads(body)["title"] == "Removed: A text"


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")
def test_the_ledger_keeps_no_token_of_a_chat(world, hook, monkeypatch):
    pytest.importorskip("apprise")
    quiet_day(world)
    world.flag("article_removed", where=world.article("turan", "a", "A text"))
    monkeypatch.setenv("CHATS", f"json://user:t0ken@127.0.0.1:{hook.server_port}/chat")
    alert(world.conn, Settings(alerts=Alerts(chat_env="CHATS")), NOW)
    [row] = world.conn.execute("select * from alerts").fetchall()
    assert "t0ken" not in str(tuple(row))


@pytest.mark.parametrize(
    ("alerts", "told"),
    [
        ({"chat_env": "NO_SUCH"}, "chat_env: the variable NO_SUCH is not set"),
        ({"webhook": "https://x.example/"}, "webhook_secret_env"),
        (
            {"webhook": "https://x.example/", "webhook_secret_env": "NO_SUCH"},
            "the variable NO_SUCH is not set",
        ),
    ],
)
def test_a_channel_configured_by_halves_is_one_clear_sentence(world, alerts, told):
    with pytest.raises(ConfigError, match=told):
        alert(world.conn, Settings(alerts=Alerts(**alerts)), NOW)


def test_chats_without_apprise_say_which_extra_to_install(world, monkeypatch):
    monkeypatch.setenv("CHATS", "json://127.0.0.1/")
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(ConfigError, match="install the extra `alerts`"):
        alert(world.conn, Settings(alerts=Alerts(chat_env="CHATS")), NOW)


def test_without_channels_nothing_is_read(world):
    assert alert(world.conn, Settings(digest=DigestSettings()), NOW) == 0
