"""Processes of one machine take turns with a host."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from db.store import connect
from monitor.exceptions import StoreError
from monitor.middlewares.politeness import Hosts
from monitor.middlewares.turns import machine_turn, users_folder
from tests.collect.web import Web, article, rss

ROOT = Path(__file__).parents[2]
A = "http://a.test"


def visits(*houses: Hosts, each: int, delay: float) -> list[tuple[float, float]]:
    """When requests began and ended that installations made to one host at the same time."""
    made: list[tuple[float, float]] = []

    async def one(hosts: Hosts) -> None:
        for _ in range(each):
            async with hosts.turn("a.test", delay):
                began = time.monotonic()
                await asyncio.sleep(0.02)
                made.append((began, time.monotonic()))

    async def all_of_them() -> None:
        await asyncio.gather(*(one(hosts) for hosts in houses))

    asyncio.run(all_of_them())
    return sorted(made)


@pytest.fixture
def house(tmp_path: Path) -> Callable[[str], Hosts]:
    """Opens the hosts of an installation; all of them share a folder for their turns."""
    (tmp_path / "turns").mkdir()
    return lambda name: Hosts(connect(tmp_path / f"{name}.db"), tmp_path / "turns")


def test_two_installations_ask_a_host_one_after_the_other_with_the_delay_between(
    house: Callable[[str], Hosts],
) -> None:
    made = visits(house("a"), house("b"), each=4, delay=0.05)
    assert len(made) == 8
    assert all(began - ended >= 0.05 for (_, ended), (began, _) in pairwise(made))


def test_hosts_are_kept_apart_and_a_crawl_delay_holds_for_all(
    house: Callable[[str], Hosts], tmp_path: Path
) -> None:
    one, two = house("a"), house("b")
    two.note("a.test", crawl_delay=0.2)
    visits(one, each=1, delay=0.0)
    [(began, _)] = visits(two, each=1, delay=0.0)
    [(again, _)] = visits(two, each=1, delay=0.0)
    assert again - began >= 0.2
    assert [file.name for file in (tmp_path / "turns").iterdir()] == ["a.test"]


def test_a_process_that_is_killed_keeps_nobody_waiting(tmp_path: Path) -> None:
    code = (
        "import asyncio, sys, pathlib, time\n"
        "from monitor.middlewares.turns import machine_turn\n"
        "async def hold():\n"
        "    async with machine_turn(pathlib.Path(sys.argv[1]), 'a.test', 0.0):\n"
        "        print('held', flush=True); await asyncio.sleep(3600)\n"
        "asyncio.run(hold())\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"

        async def ask() -> bool:
            async with machine_turn(tmp_path, "a.test", 0.0):
                return holder.poll() is not None

        async def ask_and_kill() -> bool:
            asking = asyncio.create_task(ask())
            await asyncio.sleep(0.2)
            assert not asking.done()
            holder.kill()
            holder.wait()
            return await asking

        assert asyncio.run(ask_and_kill())


@pytest.mark.parametrize("said", ["", "nonsense", "tomorrow"])
def test_what_a_file_says_that_cannot_be_is_not_waited_for(said: str, tmp_path: Path) -> None:
    text = f"{time.time() + 86400:.6f}" if said == "tomorrow" else said
    (tmp_path / "a.test").write_text(text)

    async def ask() -> None:
        async with asyncio.timeout(10):
            async with machine_turn(tmp_path, "a.test", 3600):
                pass

    asyncio.run(ask())


def test_a_folder_that_is_not_ours_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    ours = users_folder()
    assert ours is not None
    assert ours.stat().st_mode & 0o777 == 0o700
    ours.rmdir()
    ours.symlink_to(tmp_path)
    assert users_folder() is None
    assert "not ours" in caplog.text


def test_a_host_file_that_cannot_be_opened_is_an_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "a.test").mkdir()

    async def ask() -> None:
        async with machine_turn(tmp_path, "a.test", 0.0):
            pass

    with pytest.raises(StoreError, match=r"a\.test"):
        asyncio.run(ask())


def test_a_preview_waits_for_whoever_asks_the_host(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    web.text(f"{A}/feed", rss(f"{A}/1"), "text/xml")
    web.text(f"{A}/1", article("He is held in Baku, his lawyer said on Monday. " * 9))
    (tmp_path / "monitor.toml").write_text("[crawl]\ndelay = 0.0\n")
    (tmp_path / "sources.toml").write_text(
        f'[[source]]\nname = "a"\ntitle = "A"\nhome = "{A}/"\nkind = "feed"\nurl = "{A}/feed"\n'
    )
    command = [sys.executable, "-m", "monitor", "-q", "sources", "preview", "a"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}

    async def begin_and_leave() -> tuple[subprocess.Popen[bytes], float]:
        async with machine_turn(users_folder(), "a.test", 0.0):
            preview = subprocess.Popen(
                command, cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
            )
            while not _has_open(preview, "a.test"):
                await asyncio.sleep(0.1)
            return preview, time.monotonic()

    preview, left = asyncio.run(begin_and_leave())
    assert preview.wait(timeout=60) == 0
    assert web.asked("a.test") == ["/robots.txt", "/feed", "/1"]
    assert min(one.began for one in web.log) >= left


def _has_open(process: subprocess.Popen[bytes], name: str) -> bool:
    assert process.poll() is None, "it did not wait"
    files = Path(f"/proc/{process.pid}/fd").iterdir()
    return any(file.resolve().name == name for file in files)
