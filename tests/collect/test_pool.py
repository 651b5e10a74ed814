"""Large lists are read in workers that can be killed, and entered part by part."""

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import count

import pytest

from monitor import clock
from monitor.config import SourceConfig
from monitor.exceptions import Unreadable
from monitor.pool import ReadingPool
from monitor.readers.contents import NotReadable
from monitor.readers.feed import read_feed
from monitor.reading import Knowledge
from tests.collect.conftest import Collector
from tests.collect.web import Web
from tests.worlds import MONDAY


@pytest.fixture
def pool() -> Iterator[ReadingPool]:
    started = ReadingPool(Knowledge(), 1)
    yield started
    started.stop()


def test_what_a_worker_is_asked_comes_back(pool: ReadingPool) -> None:
    assert asyncio.run(pool.call(partial(int, "17"))) == 17


def test_a_reader_that_hangs_is_killed_and_the_next_one_is_served(pool: ReadingPool) -> None:
    with pytest.raises(Unreadable, match="extraction time-out"):
        asyncio.run(pool.call(partial(time.sleep, 3600), seconds=0.5))
    assert asyncio.run(pool.call(partial(int, "1"))) == 1


def test_what_is_no_feed_says_so_across_the_process_border(pool: ReadingPool) -> None:
    reader = partial(read_feed, b"<html>", "http://a.test/feed", {}, None)
    with pytest.raises(NotReadable, match="not a feed"):
        asyncio.run(pool.call(reader))


def test_a_sitemap_of_thousands_is_entered_whole_in_its_order_however_long_it_takes(
    web: Web,
    collector: Collector,
    source: Callable[..., SourceConfig],
    pool: ReadingPool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = count()
    monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(seconds=next(seconds)))
    places = "".join(f"<url><loc>http://a.test/news/{n:05}</loc></url>" for n in range(3000))
    web.text("http://a.test/map.xml", f"<urlset>{places}</urlset>", "text/xml")
    collector.pool = pool
    (report,) = collector.crawl(source(kind="sitemap", path="/map.xml", new_per_run=2))
    assert report.counts.discovered == 3000
    assert {"/news/00000", "/news/00001"} == set(web.asked("a.test")[2:])
    positions = collector.all("select position from pending order by url")
    assert [position for (position,) in positions] == [*range(3000)]
