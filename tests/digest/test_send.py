"""Sending, against a real SMTP server on loopback: each recipient once, whatever breaks."""

import email
import socket
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.policy import default
from ipaddress import IPv4Address

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from db import deliveries, digests
from db.store import writing
from monitor import lock
from monitor.config.settings import Recipient, Settings
from monitor.digest import send, smtp
from monitor.digest.build import build
from monitor.digest.freeze import freeze
from monitor.digest.mail import write_mails
from monitor.digest.send import deliver
from monitor.exceptions import ConfigError
from tests.digest.post_office import READERS, free_port, port_of, settings
from tests.digest.world import NOW, SINCE, busy_day, failing_day, quiet_day

MINUTE = timedelta(minutes=1)


@pytest.fixture
def frozen(world):
    busy_day(world)
    return freeze(world.conn, build(world.conn, SINCE, NOW, now=NOW), "en")


def next_digest(world, frozen):
    until = frozen.until + timedelta(days=1)
    return freeze(world.conn, build(world.conn, frozen.until, until, now=until), "en")


# ---------------------------------------------------------------------- the mail


def test_everybody_gets_the_digest_as_text_and_html_with_its_chart(world, frozen, server, post):
    outcome = deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert outcome.sent == list(READERS)
    [mail] = post.of(READERS[0])
    assert mail["Subject"] == frozen.subject
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"] == "monitor@rights.example"
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == frozen.text
    html = mail.get_body(("html",)).get_content()
    pictures = [part for part in mail.walk() if part.get_content_type() == "image/png"]
    assert [f"cid:{part['Content-ID'][1:-1]}" in html for part in pictures] == [True]


def test_a_recipient_reads_in_their_own_language(world, frozen, server, post):
    reader = Recipient(address=READERS[0], language="az")
    deliver(world.conn, settings(port_of(server), reader), frozen, NOW)
    [mail] = post.mails
    assert "siyasi məhbus" in mail["Subject"]
    assert "ŞƏXSLƏR" in mail.get_body(("plain",)).get_content()


def test_a_recipient_gets_only_the_names_they_follow(world, frozen, server, post):
    reader = Recipient(address=READERS[0], entities=("nergiz-absalamova",))
    deliver(world.conn, settings(port_of(server), reader), frozen, NOW)
    text = post.mails[0].get_body(("plain",)).get_content()
    assert "Nərgiz Absalamova" in text
    assert "Bəhruz Səmədov" not in text
    assert "Only the sources and names you asked for." in text
    assert "Coverage".upper() in text


def test_a_recipient_gets_only_the_sources_they_follow(world, frozen, server, post):
    reader = Recipient(address=READERS[0], sources=("meydan",))
    deliver(world.conn, settings(port_of(server), reader), frozen, NOW)
    text = post.mails[0].get_body(("plain",)).get_content()
    assert "A letter from Kurdakhani" in text
    assert "Police report" not in text


def test_the_operator_has_a_mail_apart(world, server, post):
    failing_day(world)
    frozen = freeze(world.conn, build(world.conn, SINCE, NOW, now=NOW), "en")
    reader = Recipient(address=READERS[0])
    deliver(world.conn, settings(port_of(server), reader, operator="ops@rights.example"),
            frozen, NOW)  # fmt: skip
    [readers], [operators] = post.of(READERS[0]), post.of("ops@rights.example")
    assert "FOR THE OPERATOR" not in readers.get_body(("plain",)).get_content()
    told = operators.get_body(("plain",)).get_content()
    assert "ask the site, or read its sitemap" in told
    assert "PEOPLE" not in told
    assert operators["Subject"].startswith("For the operator: 3 of 5 sources read")


def test_weekly_readers_get_no_daily_digest(world, frozen, server, post):
    reader = Recipient(address=READERS[0], frequency="weekly")
    deliver(world.conn, settings(port_of(server), reader), frozen, NOW)
    assert post.mails == []


def test_a_dry_run_writes_mails_and_sends_nothing(world, frozen, server, post, tmp_path):
    paths = write_mails(settings(port_of(server)), frozen, tmp_path / "out", NOW)
    assert len(paths) == len(READERS)
    mail = email.message_from_bytes(paths[0].read_bytes(), policy=default)
    assert mail["Subject"] == frozen.subject
    assert post.mails == []
    assert deliveries.of_digest(world.conn, frozen.id) == []


# ---------------------------------------------------------------------- once


def test_nobody_gets_a_digest_twice(world, frozen, server, post):
    for _ in range(3):
        deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert post.addresses() == sorted(READERS)


def test_a_digest_that_was_only_printed_is_sent_with_the_next(world, frozen, server, post):
    deliver(world.conn, settings(port_of(server)), frozen, NOW)
    world.flag("candidate", at=NOW + MINUTE, detail={"name": "A B"})
    second = next_digest(world, frozen)
    quiet = next_digest(world, second)
    fourth = next_digest(world, quiet)
    deliver(world.conn, settings(port_of(server)), fourth, fourth.until)
    told = [mail["Subject"] for mail in post.of(READERS[0])]
    assert told == [frozen.subject, second.subject, fourth.subject]


def test_a_new_recipient_gets_the_newest_digest_only(world, frozen, server, post):
    second = next_digest(world, frozen)
    deliver(world.conn, settings(port_of(server)), second, second.until)
    assert [mail["Subject"] for mail in post.of(READERS[0])] == [second.subject]


def test_a_process_that_is_sending_is_not_disturbed(world, frozen, server, post, tmp_path):
    with lock.hold(tmp_path, send.LOCK_FILE, "sending"):
        outcome = deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert outcome.sent == []
    deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert post.addresses() == sorted(READERS)


class Killed(BaseException):
    """The end of the process between two steps."""


STEPS = [
    (deliveries, "queue"),
    (deliveries, "claim"),
    (smtp, "connect"),
    (send, "compose"),
    (digests, "by_id"),
    (deliveries, "mark_sent"),
]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", [1, 2, 3])
@pytest.mark.parametrize(("module", "step"), STEPS)
def test_killed_between_any_two_steps_everybody_has_the_digest_once(
    world, frozen, server, post, monkeypatch, module, step, call, when
):
    real, calls = getattr(module, step), []

    def dying(*args, **kwargs):
        calls.append(1)
        if len(calls) == call and when == "before":
            raise Killed
        made = real(*args, **kwargs)
        if len(calls) == call and when == "after":
            if step == "connect":
                made.close()
            raise Killed
        return made

    monkeypatch.setattr(module, step, dying)
    with suppress(Killed):
        deliver(world.conn, settings(port_of(server)), frozen, NOW)
    monkeypatch.setattr(module, step, real)
    deliver(world.conn, settings(port_of(server)), frozen, NOW)
    ids = {mail["Message-ID"] for mail in post.mails}
    assert len(ids) == len(READERS)
    assert sorted({mail["To"] for mail in post.mails}) == sorted(READERS)
    taken_but_not_marked = step == "mark_sent" and when == "before"
    assert len(post.mails) == len(READERS) + taken_but_not_marked


def test_killed_while_freezing_nothing_is_half_stored(world, monkeypatch):
    quiet_day(world)
    digest = build(world.conn, SINCE, NOW, now=NOW)
    real = digests.insert

    def dying(*args):
        real(*args)
        raise Killed

    monkeypatch.setattr(digests, "insert", dying)
    with pytest.raises(Killed):
        freeze(world.conn, digest, "en")
    monkeypatch.setattr(digests, "insert", real)
    assert digests.last(world.conn) is None
    assert freeze(world.conn, digest, "en").number == 1


# ---------------------------------------------------------------------- failures


def test_a_server_that_is_away_is_tried_again_in_growing_intervals(world, frozen, server, post):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = settings(nobody.getsockname()[1])
        assert deliver(world.conn, away, frozen, NOW).waiting == list(READERS)
        assert deliver(world.conn, away, frozen, NOW + MINUTE).waiting == []
        assert deliver(world.conn, away, frozen, NOW + 6 * MINUTE).waiting == list(READERS)
    here = settings(port_of(server))
    assert deliver(world.conn, here, frozen, NOW + 12 * MINUTE).sent == []
    assert deliver(world.conn, here, frozen, NOW + 20 * MINUTE).sent == list(READERS)
    assert post.addresses() == sorted(READERS)


def test_a_server_that_stays_away_is_given_up_after_nine_tries(world, frozen):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = settings(nobody.getsockname()[1], Recipient(address=READERS[0]))
        outcomes = [deliver(world.conn, away, frozen, NOW + timedelta(days=n)) for n in range(12)]
    assert [len(outcome.waiting) for outcome in outcomes] == [1] * 8 + [0] * 4
    assert [len(outcome.failed) for outcome in outcomes] == [0] * 8 + [1] + [0] * 3


def test_a_refused_recipient_stops_nobody_else(world, frozen, server, post):
    post.refused[READERS[1]] = "550 no such user"
    outcome = deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert outcome.failed == [READERS[1]]
    assert outcome.sent == [READERS[0], READERS[2]]
    stored = {one.recipient: one.state for one in deliveries.of_digest(world.conn, frozen.id)}
    assert stored == {READERS[0]: "sent", READERS[1]: "failed", READERS[2]: "sent"}


def test_a_greylisted_recipient_gets_it_later(world, frozen, server, post):
    post.refused[READERS[1]] = "451 try again later"
    assert deliver(world.conn, settings(port_of(server)), frozen, NOW).waiting == [READERS[1]]
    post.refused.clear()
    later = deliver(world.conn, settings(port_of(server)), frozen, NOW + 10 * MINUTE)
    assert later.sent == [READERS[1]]


def test_a_mail_the_server_drops_is_sent_again(world, frozen, server, post):
    post.answers = ["421 closing", "250", "250"]
    outcome = deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert outcome.waiting == [READERS[0]]
    deliver(world.conn, settings(port_of(server)), frozen, NOW + 10 * MINUTE)
    assert post.addresses() == sorted(READERS)


def test_somebody_taken_off_the_list_gets_nothing_more(world, frozen, server, post):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        deliver(world.conn, settings(nobody.getsockname()[1]), frozen, NOW)
    fewer = settings(port_of(server), *(Recipient(address=one) for one in READERS[:2]))
    deliver(world.conn, fewer, frozen, NOW + 10 * MINUTE)
    assert post.addresses() == sorted(READERS[:2])


def test_without_a_mail_server_nothing_is_owed(world, frozen):
    assert deliver(world.conn, Settings(), frozen, NOW).sent == []
    assert deliveries.of_digest(world.conn, frozen.id) == []


# ---------------------------------------------------------------------- TLS and passwords


@pytest.fixture
def tls(tmp_path, monkeypatch):
    """A server's TLS context; our side trusts its certificate as it would any authority's."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "server.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def signed_in(post, **options):
    def authenticate(server, session, envelope, mechanism, data):
        is_right = (data.login, data.password) == (b"monitor", b"s3cret")
        return AuthResult(success=is_right, handled=False)

    controller = Controller(
        post, hostname="127.0.0.1", port=free_port(), server_hostname="localhost",
        authenticator=authenticate, auth_required=True, **options,
    )  # fmt: skip
    controller.start()
    return controller


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_password_from_the_environment(
    world, frozen, post, tls, monkeypatch, security
):
    monkeypatch.setenv("MAIL_PASSWORD", "s3cret")
    options = (
        {"tls_context": tls, "require_starttls": True}
        if security == "starttls"
        else {"ssl_context": tls, "auth_require_tls": False}
    )
    controller = signed_in(post, **options)
    try:
        configured = settings(
            port_of(controller), security=security, username="monitor",
            password_env="MAIL_PASSWORD",
        )  # fmt: skip
        deliver(world.conn, configured, frozen, NOW)
    finally:
        controller.stop()
    assert post.addresses() == sorted(READERS)


def test_a_wrong_password_is_told_and_tried_later(world, frozen, post, tls, tmp_path):
    (tmp_path / "password").write_text("wrong\n")
    controller = signed_in(post, tls_context=tls, require_starttls=True)
    try:
        configured = settings(
            port_of(controller), security="starttls", username="monitor",
            password_file=tmp_path / "password",
        )  # fmt: skip
        outcome = deliver(world.conn, configured, frozen, NOW)
    finally:
        controller.stop()
    assert outcome.waiting == list(READERS)
    [error] = {one.error for one in deliveries.of_digest(world.conn, frozen.id)}
    assert error.startswith("SMTPAuthenticationError: (535")


def test_an_unknown_certificate_is_refused(world, frozen, post, tls, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    controller = Controller(
        post, hostname="127.0.0.1", port=free_port(), server_hostname="localhost", tls_context=tls
    )
    controller.start()
    try:
        configured = settings(port_of(controller), security="starttls")
        assert deliver(world.conn, configured, frozen, NOW).waiting == list(READERS)
    finally:
        controller.stop()
    assert post.mails == []


def test_a_missing_password_is_one_clear_sentence(world, frozen, monkeypatch):
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    configured = settings(25, username="monitor", password_env="MAIL_PASSWORD")
    with pytest.raises(ConfigError, match="MAIL_PASSWORD is not set"):
        deliver(world.conn, configured, frozen, NOW)


def test_a_hostile_title_adds_no_header(world, server, post):
    quiet_day(world)
    where = world.article("turan", "a", "x\r\nBcc: all@example.org\r\n\r\nbody")
    with writing(world.conn) as conn:
        conn.execute("update sources set title = ?", ("T\r\nBcc: all@example.org",))
    world.flag("article_removed", where=where)
    frozen = freeze(world.conn, build(world.conn, SINCE, NOW, now=NOW), "en")
    deliver(world.conn, settings(port_of(server)), frozen, NOW)
    assert post.addresses() == sorted(READERS)
    assert all(mail["Bcc"] is None for mail in post.mails)
