"""Worker processes that read pages and lists, and can be killed when one hangs them."""

import asyncio
import gc
import logging
import multiprocessing
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from typing import TypeVar

from pebble import ProcessExpired, ProcessPool

from db.records import Reading
from monitor.exceptions import Unreadable
from monitor.extract import SourceRules
from monitor.items import Page
from monitor.readers.contents import NotReadable
from monitor.reading import Knowledge, Setting, prepare, read_page

Result = TypeVar("Result")

logger = logging.getLogger(__name__)

PAGE_SECONDS = 60
PAGES_PER_WORKER = 2000  # then it is replaced: parsers leak a little


class ReadingPool:
    """Reads pages in `workers` processes; a hung or crashed page costs only itself.

    Started at the first page: a run that finds nothing new pays for no worker.
    """

    def __init__(self, knowledge: Knowledge, workers: int) -> None:
        self.knowledge = knowledge
        self._workers = workers
        self._pool: ProcessPool | None = None

    def submit(self, page: Page, rules: SourceRules, setting: Setting) -> "Future[Reading]":
        """Queue one page; hand the future to `result`."""
        task: Future[Reading] = self._started().schedule(
            read_page, args=(page, rules, setting), timeout=PAGE_SECONDS
        )
        return task

    async def read(self, page: Page, rules: SourceRules, setting: Setting) -> Reading:
        """Read one page; raises Unreadable, also for a time-out or a crash of the worker."""
        with _as_unreadable():
            return await asyncio.wrap_future(self.submit(page, rules, setting))

    async def call(
        self, function: Callable[[], Result], *, seconds: float = PAGE_SECONDS
    ) -> Result:
        """What a function gives, run in a worker that is killed after so many seconds.

        Function and result cross a process border: both must be picklable. Raises Unreadable like
        `read`, and NotReadable if the function does.
        """
        with _as_unreadable():
            task: Future[Result] = self._started().schedule(function, timeout=seconds)
            return await asyncio.wrap_future(task)

    def renew(self, knowledge: Knowledge) -> None:
        """Read with a changed watchlist from the next page on; pages under way finish first."""
        if knowledge != self.knowledge:
            self.close()
            self.knowledge = knowledge

    def close(self) -> None:
        """End the workers after the pages under way."""
        if self._pool is not None:
            self._pool.close()
            self._pool.join()
            self._pool = None

    def stop(self) -> None:
        """End the workers at once."""
        if self._pool is not None:
            self._pool.stop()
            self._pool.join()
            self._pool = None

    def _started(self) -> ProcessPool:
        if self._pool is None:
            context = multiprocessing.get_context("forkserver")
            context.set_forkserver_preload(["monitor.reading"])
            self._pool = ProcessPool(
                max_workers=self._workers,
                max_tasks=PAGES_PER_WORKER,
                initializer=_start,
                initargs=(self.knowledge,),
                context=context,
            )
        return self._pool


def result(task: "Future[Reading]") -> Reading:
    """Wait for a queued page; raises Unreadable, also for a time-out or a crash of the worker."""
    with _as_unreadable():
        return task.result()


@contextmanager
def _as_unreadable() -> Iterator[None]:
    """What one page does to a worker is a reason of the ledger, not an error of the run."""
    try:
        yield
    except (Unreadable, NotReadable, CancelledError):
        raise
    except TimeoutError:
        raise Unreadable("failed", "extraction time-out") from None
    except ProcessExpired:
        raise Unreadable("failed", "crash") from None
    except Exception as error:  # an error of ours: told with its traceback, and only this page
        logger.exception("a page could not be read")
        raise Unreadable("failed", "crash") from error


def _start(knowledge: Knowledge) -> None:
    """In the worker: what was loaded lives as long as the process, so keep the collector off it."""
    prepare(knowledge)
    gc.freeze()
