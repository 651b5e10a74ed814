"""One unattended round: which sources are due, crawling them, and the exit code that tells."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from db.crawling import last_runs
from db.health import scores
from monitor import clock
from monitor.config import Settings, SourceConfig
from monitor.crawl import RunReport, crawl
from monitor.health import lengthened
from monitor.workspace import Workspace

EXIT_OK, EXIT_SOME_FAILED, EXIT_ALL_FAILED = 0, 3, 4


def chosen(space: Workspace, names: Sequence[str], *, only_due: bool = False) -> list[SourceConfig]:
    """The named sources, or all enabled ones; with `only_due` those whose time has come.

    Raises ConfigError for a name that no source has.
    """
    if names:
        sources = [space.source(name) for name in names]
    else:
        sources = [source for source in space.sources if source.enabled]
    if not only_due:
        return sources
    conn = space.open()
    last, failed = last_runs(conn), scores(conn)
    conn.close()
    now = clock.now()

    def is_due(source: SourceConfig) -> bool:
        if quiet_until(source, space.settings, now) is not None:
            return False
        every = interval(source, space.settings, failed.get(source.name, 0.0))
        return due_at(every, last.get(source.name), now) <= now

    return [source for source in sources if is_due(source)]


def due_at(every: timedelta, last: datetime | None, now: datetime) -> datetime:
    """When a source is to be read next: one interval after its last run, at once if never."""
    return now if last is None else last + every


def interval(source: SourceConfig, settings: Settings, score: float = 0.0) -> timedelta:
    """How often a source is read: less often by its score of failures, but once a day at least."""
    return lengthened(source.every or settings.crawl.every, score)


def quiet_until(source: SourceConfig, settings: Settings, now: datetime) -> datetime | None:
    """When the quiet hours of a source end, if they last now; they may span midnight."""
    hours = source.quiet_hours or settings.crawl.quiet_hours
    if hours is None:
        return None
    begin, end = hours
    here = now.astimezone(ZoneInfo(settings.timezone))
    since_begin, till_end = here.time() >= begin, here.time() < end
    if not (since_begin and till_end if begin < end else since_begin or till_end):
        return None
    day = here if till_end else here + timedelta(days=1)
    return day.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0).astimezone(UTC)


def crawl_round(
    space: Workspace,
    sources: Sequence[SourceConfig],
    *,
    only_due: bool = False,
    limit: int | None = None,
    on_report: Callable[[RunReport], None] | None = None,
) -> list[RunReport]:
    """Read sources once; with `only_due` known articles are visited by the ladder only."""
    return crawl(
        space,
        sources,
        revisit="due" if only_due else "all",
        limit=limit,
        on_report=on_report,
    )


def exit_code(reports: Sequence[RunReport]) -> int:
    """0 if all went well, 3 if some sources failed, 4 if all did."""
    failed = [report for report in reports if report.failed]
    if not failed:
        return EXIT_OK
    return EXIT_ALL_FAILED if len(failed) == len(reports) else EXIT_SOME_FAILED
