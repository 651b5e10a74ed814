"""Trying a source: a real crawl into a folder that is thrown away afterwards."""

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from db.previews import endpoint_rows, host_row, newest_articles, unread_urls
from db.store import connect
from monitor.config import SourceConfig
from monitor.crawl import RunReport, crawl
from monitor.workspace import Workspace

SAMPLES = 5
EXCERPT = 400


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What one reading of a source brought, for a person to judge."""

    report: RunReport
    robots: str
    endpoints: tuple[dict[str, Any], ...]
    articles: tuple[dict[str, Any], ...]
    problems: tuple[dict[str, Any], ...]


def check_all(space: Workspace, sources: Sequence[SourceConfig]) -> list[RunReport]:
    """Read every source's endpoints and one article of each; nothing is stored."""
    with tempfile.TemporaryDirectory(prefix="monitor-check-") as folder:
        return crawl(Workspace(space.config, Path(folder)), sources, limit=1)


def preview(space: Workspace, source: SourceConfig, articles: int = SAMPLES) -> Preview:
    """Read a source's endpoints and a few of its newest articles; nothing is stored."""
    with tempfile.TemporaryDirectory(prefix="monitor-preview-") as folder:
        (report,) = crawl(Workspace(space.config, Path(folder)), [source], limit=articles)
        with closing(connect(Path(folder) / "monitor.db", read_only=True)) as conn:
            host = urlsplit(source.url).hostname or ""
            return Preview(
                report=report,
                robots=_robots(host_row(conn, host)),
                endpoints=tuple(endpoint_rows(conn)),
                articles=tuple(newest_articles(conn, EXCERPT)),
                problems=tuple(unread_urls(conn)),
            )


def in_words(found: Preview) -> Iterator[str]:
    """The preview line by line, as a person reads it."""
    yield f"{found.report.source}: {found.report.error or 'read'}"
    yield f"robots.txt: {found.robots}"
    for endpoint in found.endpoints:
        yield f"{endpoint['kind']} {endpoint['url']}: {_depth(endpoint['depth_seconds'])}"
    for article in found.articles:
        yield ""
        yield f"{article['title']}"
        yield f"  {article['url']}"
        yield f"  language {article['lang']}, published {article['published']}"
        yield f"  {article['excerpt']}"
    for problem in found.problems:
        yield f"{problem['outcome']}: {problem['reason']}: {problem['url']}"


def _robots(row: dict[str, Any] | None) -> str:
    if row is None or row["robots_status"] is None:
        return "could not be read: nothing may be asked for until it can"
    delay = row["crawl_delay"]
    wait = f"Crawl-delay {delay:g} s" if delay else "no Crawl-delay"
    return f"answered {row['robots_status']}, {wait}"


def _depth(seconds: int | None) -> str:
    """How far an endpoint reaches back: reading it more rarely than that loses articles."""
    if not seconds:
        return "reach unknown"
    hours = seconds / 3600
    return f"reaches back {hours:.0f} h" if hours < 72 else f"reaches back {hours / 24:.0f} days"
