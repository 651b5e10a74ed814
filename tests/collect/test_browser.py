"""Pages whose scripts write the text: a real Chromium, on a web of our own."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.store import connect
from monitor import rendering
from monitor.rendering import BrowserMissing, render
from tests.collect.web import Reply, Web, rss

needs_browser = pytest.mark.skipif(
    not rendering.is_there(), reason="no Chromium on this machine, or no extra `browser`"
)
SENTENCE = "The court in Baku has left the journalist in custody for four more months."
TEXT = " ".join([SENTENCE] * 8)
SHELL = """<html><head><title>Custody prolonged</title></head><body><div id="root"></div>
<noscript>You need to enable JavaScript to run this app.</noscript>
<script src="/app.js"></script></body></html>"""
SCRIPT = """fetch("/data.json").then(answer => answer.json()).then(data => {
  document.getElementById("root").innerHTML =
    "<article><h1>Custody prolonged</h1><p>" + data.text + "</p></article>";
});"""
AGENT = "Mozilla/5.0 (compatible; test/1; +mailto:me@rights.az)"


@pytest.fixture
def app(web: Web) -> Web:
    web.text("http://a.test/robots.txt", "User-agent: *\nDisallow: /hidden/", "text/plain")
    web.text("http://a.test/feed", rss("http://a.test/news/1"), "text/xml")
    web.text("http://a.test/news/1", SHELL)
    web.text("http://a.test/app.js", SCRIPT, "text/javascript")
    web.text("http://a.test/data.json", json.dumps({"text": TEXT}), "application/json")
    return web


def crawl(folder: Path, web: Web, extra: str = "", **environment: str) -> str:
    """One crawl by a process of its own; what the run says of itself."""
    (folder / "monitor.toml").write_text(
        'data_dir = "data"\ncontact = "mailto:me@rights.az"\n[crawl]\ndelay = 0.0\n'
    )
    (folder / "sources.toml").write_text(
        '[[source]]\nname = "a"\ntitle = "A"\nhome = "http://a.test/"\nkind = "feed"\n'
        f'url = "http://a.test/feed"\n{extra}'
    )
    command = [sys.executable, "-m", "monitor", "--config", str(folder / "monitor.toml")]
    environment |= {"http_proxy": f"http://127.0.0.1:{web.port}", "no_proxy": ""}
    done = subprocess.run(
        [*command, "crawl", "--json"],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout


def texts(folder: Path) -> list[str]:
    conn = connect(folder / "data" / "monitor.db")
    found = [text for (text,) in conn.execute("select text from versions order by id")]
    conn.close()
    return found


@needs_browser
@pytest.mark.parametrize("extra", ["browser = true", ""])
def test_a_text_that_a_script_writes_is_stored(tmp_path: Path, app: Web, extra: str) -> None:
    crawl(tmp_path, app, extra)
    (text,) = texts(tmp_path)
    assert SENTENCE in text
    assert sorted(app.asked("a.test")[2:]) == ["/app.js", "/data.json", "/news/1"]
    agents = {one.headers.get("user-agent", "") for one in app.log}
    assert all("prisoner-monitor" in agent for agent in agents)


@needs_browser
def test_an_edit_behind_an_unchanged_page_is_seen(tmp_path: Path, app: Web) -> None:
    crawl(tmp_path, app)
    later = {"text": TEXT + " He was freed on Monday."}
    app.text("http://a.test/data.json", json.dumps(later), "application/json")
    crawl(tmp_path, app)
    assert ["freed" in text for text in texts(tmp_path)] == [False, True]


@needs_browser
def test_what_a_page_asks_for_keeps_to_robots_and_to_the_source(tmp_path: Path, app: Web) -> None:
    script = 'for (const u of ["/hidden/x.json", "http://b.test/y.json"]) fetch(u);' + SCRIPT
    app.text("http://a.test/app.js", script, "text/javascript")
    crawl(tmp_path, app)
    assert SENTENCE in texts(tmp_path)[0]
    assert "/hidden/x.json" not in app.asked("a.test")
    assert app.asked("b.test") == []


@needs_browser
def test_a_browser_has_no_way_to_the_network(web: Web) -> None:
    web.page("http://127.0.0.1/secret", Reply(body=b"secret"))
    here = f"127.0.0.1:{web.port}"
    page = f"""<p id=p>text</p><img src="http://{here}/img"><iframe src="http://{here}/frame">
    </iframe><link rel=preconnect href="http://{here}"><link rel=prefetch href="http://{here}/pre">
    <script>fetch("http://{here}/fetch"); fetch("http://localhost:{web.port}/name");
    new WebSocket("ws://{here}/socket"); new EventSource("http://{here}/events");
    navigator.sendBeacon("http://{here}/beacon", "x"); open("http://{here}/window");
    new Worker(URL.createObjectURL(new Blob(["fetch('http://{here}/worker')"])));
    setTimeout(() => {{ document.getElementById("p").textContent = "written"; }}, 50);
    setTimeout(() => {{ location.href = "http://{here}/gone"; }}, 100);</script>"""
    asked: list[str] = []

    async def refuse(url: str) -> None:
        asked.append(url)

    made = asyncio.run(render("http://a.test/x", page.encode(), "text/html", refuse, AGENT))
    assert b"written" in made
    assert f"http://{here}/fetch" in asked
    assert web.log == []


@needs_browser
def test_a_browser_that_cannot_start_is_told_once_and_nothing_else_stops(
    tmp_path: Path, app: Web
) -> None:
    plain = f"<html><body><article><h1>Plain</h1><p>{TEXT}</p></article></body></html>"
    app.text("http://a.test/feed", rss("http://a.test/news/1", "http://a.test/news/2"), "text/xml")
    app.text("http://a.test/news/2", plain)
    said = json.loads(crawl(tmp_path, app, "browser = true", CHROMIUM="/nowhere/chromium"))
    assert (said["stored"], said["blocked"]) == (1, 1)
    assert said["error"].startswith("browser = true, but /nowhere/chromium could not be started")
    assert said["error"].count("browser = true") == 1


def test_without_a_chromium_one_sentence_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("playwright")
    monkeypatch.setattr(rendering, "_chromium", lambda: None)
    with pytest.raises(BrowserMissing, match="install it, or name it in CHROMIUM"):
        asyncio.run(render("http://a.test/", b"", "text/html", _nothing, AGENT))


async def _nothing(url: str) -> None:
    return None
