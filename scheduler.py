"""WHEN: the long-running process; which source is due, and when the digest goes out.

`python scheduler.py [--config monitor.toml] [--data DIR]`, or `monitor schedule`. One asyncio
process crawls and tells; jobs are rebuilt from configuration and database at every start, so that
nothing but those two needs to survive. SIGTERM ends it cleanly.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import sqlite3

    from apscheduler.schedulers.asyncio import AsyncIOScheduler

    from monitor.config import SourceConfig
    from monitor.crawl import CrawlProcess
    from monitor.resources import Resources
    from monitor.workspace import Workspace

logger = logging.getLogger("monitor.scheduler")

MINUTES_BETWEEN_ALERTS = 5
MINUTES_BETWEEN_COPIES = 10  # asking for twenty takes seven
AT_ONCE = 16  # sources read at the same time; they mostly wait for their hosts
# A slot that was missed, by sleep or by a run that took longer, is caught up once, however late.
JOB_DEFAULTS = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def run(space: Workspace) -> None:
    """Crawl and tell until SIGTERM or SIGINT.

    Raises LockHeld if another process collects into the same data directory.
    """
    from db import crawling
    from db.store import writing
    from monitor import clock
    from monitor.crawl import CrawlProcess, mirror_paused
    from monitor.lock import hold
    from monitor.resources import Resources

    with hold(space.data_dir), Resources.of(space) as resources:
        with writing(resources.conn):
            crawling.abandon_runs(resources.conn, clock.now())
            mirror_paused(resources.conn, space)
        process = CrawlProcess()
        process.run(_serve(space, process, resources))


async def _serve(space: Workspace, process: CrawlProcess, resources: Resources) -> None:
    scheduler = schedule(space, process, resources)
    scheduler.start()
    logger.info("scheduler started with %d jobs", len(scheduler.get_jobs()))
    try:
        await asyncio.Event().wait()
    finally:
        scheduler.shutdown(wait=False)


def schedule(space: Workspace, process: CrawlProcess, resources: Resources) -> AsyncIOScheduler:
    """All jobs, from configuration and database: one for each enabled source, one for the digest.

    A job's first time is one interval after its last run; if that has passed, now.
    """
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from apscheduler.triggers.cron import CronTrigger
    from apscheduler.triggers.interval import IntervalTrigger

    from db.crawling import last_runs
    from monitor import clock, rounds
    from monitor.telling import is_missed

    scheduler = AsyncIOScheduler(job_defaults=JOB_DEFAULTS, timezone=_zone(space))
    last, now = last_runs(resources.conn), clock.now()
    gate = asyncio.Semaphore(AT_ONCE)
    for source in (source for source in space.sources if source.enabled):
        every = rounds.interval(source, space.settings)
        due = rounds.due_at(every, last.get(source.name), now)
        scheduler.add_job(
            _crawl,
            IntervalTrigger(seconds=int(every.total_seconds()), start_date=max(due, now)),
            args=[space, process, source, resources, gate, scheduler],
            id=f"crawl {source.name}",
            next_run_time=max(due, now),
        )
    at = space.settings.digest.at
    daily = CronTrigger(hour=at.hour, minute=at.minute, timezone=_zone(space))
    missed = is_missed(space, resources.conn, now)
    first = {"next_run_time": now} if missed else {}
    scheduler.add_job(_tell, daily, args=[space], id="digest", **first)
    often = IntervalTrigger(minutes=MINUTES_BETWEEN_ALERTS)
    scheduler.add_job(_keep_telling, often, args=[space], id="between digests")
    if space.settings.crawl.wayback:
        seldom = IntervalTrigger(minutes=MINUTES_BETWEEN_COPIES)
        scheduler.add_job(_keep_copies, seldom, args=[space, process], id="copies")
    return scheduler


async def _crawl(
    space: Workspace,
    process: CrawlProcess,
    source: SourceConfig,
    resources: Resources,
    gate: asyncio.Semaphore,
    scheduler: AsyncIOScheduler,
) -> None:
    """One run of one source, with the watchlist as it is now; in its quiet hours after them."""
    from monitor import clock, rounds
    from monitor.crawl import run_source
    from monitor.opening import refresh

    until = rounds.quiet_until(source, space.settings, clock.now())
    if until is not None:
        scheduler.modify_job(f"crawl {source.name}", next_run_time=until)
        return

    async with gate:
        if process.stopping or _waits(space, source, resources.conn):
            return
        refresh(resources.pool, space, resources.conn)
        report = await run_source(process, source, resources, revisit="due")
    logger.info("%s: %s", source.name, report.error or report.counts)


def _waits(space: Workspace, source: SourceConfig, conn: sqlite3.Connection) -> bool:
    """Whether a source that fails is left out this time: its interval is longer for now."""
    from db.crawling import last_runs
    from db.health import scores
    from monitor import clock, rounds

    every = rounds.interval(source, space.settings)
    longer = rounds.interval(source, space.settings, scores(conn).get(source.name, 0.0))
    due = rounds.due_at(longer, last_runs(conn).get(source.name), clock.now())
    return longer > every and due - clock.now() > every / 2  # a run may begin a little late


async def _tell(space: Workspace) -> None:
    """The digest, built beside the event loop on a connection of its own."""
    from monitor.telling import tell

    try:
        number = await asyncio.to_thread(tell, space)
        logger.info("digest %d is told", number)
    except Exception:
        logger.exception("the digest could not be told; it is tried again at its next hour")


async def _keep_telling(space: Workspace) -> None:
    """Alerts, feeds and mails to be tried again: what cannot wait for the next digest."""
    from monitor.telling import keep_telling

    try:
        await asyncio.to_thread(keep_telling, space)
    except Exception:
        logger.exception("alerts and feeds could not be told; they are tried again soon")


async def _keep_copies(space: Workspace, process: CrawlProcess) -> None:
    """Copies at the Internet Archive, asked for beside the event loop."""
    from monitor.wayback import keep_copies

    await asyncio.to_thread(keep_copies, space, is_stopping=lambda: process.stopping)


def _zone(space: Workspace) -> ZoneInfo:
    return ZoneInfo(str(space.settings.timezone))


def main() -> None:
    """Run from the command line, also from a checkout."""
    from monitor.cli import main as monitor

    arguments = sys.argv[1:]
    sys.argv = ["monitor", *arguments, "schedule"]
    monitor()


if __name__ == "__main__":
    main()
