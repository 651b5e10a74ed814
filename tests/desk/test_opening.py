"""`monitor desk`: opening it, and letting people in by the command line."""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from monitor.cli import cli
from monitor.desk.app import desk
from monitor.desk.errands import Errands
from monitor.desk.house import House
from monitor.workspace import Workspace
from tests.desk.world import NOW

PASSWORD = "correct horse battery\n"


def run(data: Path, *args: str, given: str = PASSWORD):
    return CliRunner().invoke(cli, ["--data", str(data), "desk", *args], input=given)


def test_the_first_account_is_an_admin_made_on_the_command_line(tmp_path: Path) -> None:
    assert "must be an admin" in run(tmp_path, "add-account", "Rena").output
    assert "Rena may enter" in run(tmp_path, "add-account", "Rena", "--role", "admin").output
    assert "Vusal may enter" in run(tmp_path, "add-account", "Vusal").output
    listed = run(tmp_path, "accounts").output
    assert "Rena" in listed
    assert "reviewer" in listed
    assert "new password" in run(tmp_path, "set-password", "Rena").output
    assert "no such account" in run(tmp_path, "set-password", "Nobody").output


def test_accounts_lie_apart_from_the_corpus_and_are_private(tmp_path: Path) -> None:
    run(tmp_path, "add-account", "Rena", "--role", "admin")
    mode = os.stat(tmp_path / "accounts.db").st_mode & 0o777
    assert mode == 0o600
    assert b"correct horse" not in (tmp_path / "accounts.db").read_bytes()


def test_the_command_serves_the_desk_until_it_is_ended(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "monitor", "--data", str(tmp_path), "desk"]
    with subprocess.Popen([*command, "--port", str(port)], stdout=subprocess.PIPE) as served:
        try:
            assert answer(port, "/help").startswith("<!doctype html>")
        finally:
            served.terminate()
            said = served.communicate(timeout=20)[0].decode()
    assert f"http://127.0.0.1:{port}" in said


def test_the_command_refuses_to_open_the_desk_to_strangers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "--data", str(tmp_path), "desk", "--host", "0.0.0.0"],
        capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 78
    assert "add accounts first" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_source_is_read_now_and_tried_by_processes_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "monitor.toml").write_text('contact = "mailto:a@rights.az"\n')
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "none"\ntitle = "None"\nkind = "feed"\n'
        'home = "http://127.0.0.1:9/"\nurl = "http://127.0.0.1:9/feed"\nlanguages = ["az"]\n'
    )
    space = Workspace(config=tmp_path / "monitor.toml", data=tmp_path / "data")
    errands = Errands(space)
    errand = errands.crawl("none", "Rena", NOW)
    assert errand.state == "running"
    assert errands.crawl("none", "Aysel", NOW) is errand  # one at a time
    errand.process.wait(60)
    assert errand.state == "failed"
    went_well, said = errands.preview("none")
    assert said
    assert "Traceback" not in said
    assert went_well in (True, False)


def test_the_page_of_a_source_says_how_reading_it_went(template: Path, tmp_path: Path) -> None:
    shutil.copytree(template, tmp_path / "data")
    (tmp_path / "monitor.toml").write_text('contact = "mailto:a@rights.az"\n')
    (tmp_path / "sources.toml").write_text(
        '[[source]]\nname = "seher"\ntitle = "Səhər"\nkind = "feed"\n'
        'home = "http://127.0.0.1:9/"\nurl = "http://127.0.0.1:9/feed"\nlanguages = ["az"]\n'
    )
    house = House(Workspace(config=tmp_path / "monitor.toml", data=tmp_path / "data"))
    client = TestClient(desk(house), base_url="http://127.0.0.1", follow_redirects=False)
    assert client.post("/sources/dalga/run").status_code == 404  # known, but not declared
    assert client.post("/sources/seher/run").headers["location"] == "/sources/seher"
    assert "it is under way since" in client.get("/sources/seher").text
    errand = house.errands.last("seher")
    assert errand is not None
    errand.process.wait(60)
    assert "local had it read; it " in client.get("/sources/seher").text
    assert "Try out:" in client.post("/sources/seher/preview").text
    house.close()


def answer(port: int, path: str) -> str:
    """What the desk answers, as soon as it does."""
    until = time.monotonic() + 30
    while True:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                connection.request("GET", path)
                return connection.getresponse().read().decode()
        except OSError:
            if time.monotonic() > until:
                pytest.fail("the desk did not open within 30 seconds")
            time.sleep(0.1)
