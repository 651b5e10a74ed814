"""An installation that tells: the command, the mornings, and a process that is really killed."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from db import digests
from monitor import telling
from monitor.cli import cli
from monitor.workspace import Workspace
from tests.digest.post_office import READERS, Post, port_of
from tests.digest.world import World, busy_day

ROOT = Path(__file__).parent.parent.parent


class KillingPost(Post):
    """A mail server that kills its client once, at one step of the second mail."""

    def __init__(self, step: str) -> None:
        super().__init__()
        self.step, self.client, self.mails_begun = step, None, 0

    def _kill(self, step: str) -> None:
        if step == self.step and self.mails_begun == 2 and self.client is not None:
            os.kill(self.client.pid, signal.SIGKILL)
            self.client.wait()
            self.client = None

    async def handle_MAIL(self, server, session, envelope, address, options):
        self.mails_begun += 1
        self._kill("mail")
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        self._kill("rcpt")
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server, session, envelope):
        self._kill("data")
        answer = await super().handle_DATA(server, session, envelope)
        self._kill("taken")
        return answer


@pytest.fixture
def post(request):
    return KillingPost(getattr(request, "param", "never"))


@pytest.fixture
def space(tmp_path, server):
    recipients = "".join(f'[[digest.recipient]]\naddress = "{one}"\n' for one in READERS)
    config = tmp_path / "monitor.toml"
    config.write_text(
        textwrap.dedent(f"""\
            data_dir = "data"
            [smtp]
            host = "127.0.0.1"
            port = {port_of(server)}
            security = "none"
            sender = "monitor@rights.example"
            """)
        + recipients
    )
    (tmp_path / "data").mkdir()
    world = World(tmp_path / "data" / "monitor.db")
    busy_day(world)
    world.conn.close()
    return Workspace.find(config)


def run(space, *arguments, now="2026-11-21T04:00:00Z"):
    options = ["--config", str(space.config), "--now", now]
    return CliRunner().invoke(cli, [*options, *arguments], catch_exceptions=False)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """The command sets the time for its process and its children; put it back afterwards."""
    monkeypatch.setenv("MONITOR_NOW", "2026-11-21T04:00:00Z")


def test_the_command_prints_the_same_digest_again(space):
    first = run(space, "digest")
    assert first.exit_code == 0
    assert "Digest No. 1" in first.output
    assert run(space, "digest").output == first.output


def test_the_command_sends_and_says_to_whom(space, post):
    sent = run(space, "digest", "--send")
    assert sent.stderr.splitlines() == [f"sent: {one}" for one in READERS]
    assert run(space, "digest", "--send").stderr == ""
    assert post.addresses() == sorted(READERS)


def test_a_dry_run_names_the_mails_it_wrote(space, post):
    told = run(space, "digest", "--send", "--dry-run").stderr.splitlines()
    assert len(told) == len(READERS)
    assert all(Path(line.removeprefix("written: ")).is_file() for line in told)
    assert post.mails == []


def test_a_morning_is_told_and_sent_once(space, post):
    assert telling.tell(space) == telling.tell(space) == 1
    assert post.addresses() == sorted(READERS)


def test_weekly_readers_get_their_digest_on_monday(space, post, monkeypatch):
    weekly = space.config.read_text() + 'frequency = "weekly"\n'
    space.config.write_text(weekly)
    space = Workspace.find(space.config)
    for day in (22, 23, 24):
        monkeypatch.setenv("MONITOR_NOW", f"2026-11-{day}T04:00:00Z")
        telling.tell(space)
    subjects = [mail.get_body(("plain",)).get_content().split("\n")[0].strip()
                for mail in post.of(READERS[2])]  # fmt: skip
    assert subjects == ["Weekly digest No. 3"]


def test_between_digests_feeds_are_kept(space):
    telling.keep_telling(space)
    assert (space.data_dir / "feeds" / "all.xml").is_file()


@pytest.mark.parametrize("post", ["mail", "rcpt", "data", "taken"], indirect=True)
def test_a_process_killed_while_sending_has_sent_each_mail_once(space, post):
    command = [sys.executable, "-m", "monitor", "--config", str(space.config), "digest", "--send"]
    quietly = {"cwd": ROOT, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    post.client = subprocess.Popen(command, **quietly)
    killed = post.client
    killed.wait(60)
    assert killed.returncode == -signal.SIGKILL
    subprocess.run(command, **quietly, check=True)
    ids = [mail["Message-ID"] for mail in post.mails]
    assert sorted({mail["To"] for mail in post.mails}) == sorted(READERS)
    assert len(set(ids)) == len(READERS)
    in_doubt = post.step in ("data", "taken")  # the server took it, and we were not told
    assert len(ids) == len(READERS) + in_doubt
    conn = space.open()
    assert digests.last(conn).number == 1
    conn.close()
