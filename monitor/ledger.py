"""The ledger of one run, as a spider uses it: what was shown, what to ask for."""

import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Literal

from db import crawling, discovery, targets
from db.health import begin_again
from db.health_rows import Seen
from db.hosts import endpoint_state
from db.records import EndpointState, Fetch, RunCounts, Validators
from db.store import writing
from monitor import clock
from monitor.checkup import check
from monitor.config import SourceConfig
from monitor.items import Link, Target
from monitor.resources import Resources
from monitor.sighting import note_blocked

Revisit = Literal["all", "due", "nudged"]


def _due(
    conn: sqlite3.Connection, run: int, source: str, *, budget: int, asked: frozenset[str]
) -> list[Target]:
    return targets.due_articles(conn, run, source, clock.now(), budget, asked)


_PLANS: Mapping[Revisit, Callable[..., list[Target]]] = {
    "all": targets.known_targets,
    "due": _due,
    "nudged": targets.nudged_articles,
}


class RunLedger:
    """Opens a run, enters what it discovers and plans, and closes it."""

    def __init__(
        self, resources: Resources, source: SourceConfig, revisit: Revisit, limit: int | None
    ) -> None:
        """`limit` caps the articles asked for in this run, new and known together."""
        crawl = resources.settings.crawl
        self._conn = resources.conn
        self._config = source
        self._source = source.name
        self._revisit = revisit
        self._new_left = _at_most(_given(source.new_per_run, crawl.new_per_run), limit)
        self._known_left = _at_most(_given(source.revisits_per_run, crawl.revisits_per_run), limit)
        self._limit = limit
        self._asked: set[str] = set()
        self._landed: set[str] = set()
        self._empty: list[str] = []
        self._windows_missed: list[str] = []
        self._whole = limit is None
        self.errors: list[str] = []
        self.faults: list[str] = []
        self.counts = RunCounts()
        with writing(self._conn):
            begin_again(self._conn, source.name, clock.now())
            crawling.keep_source(self._conn, source.record())
            self.baseline = crawling.is_baseline(self._conn, self._source)
            self.run = crawling.start_run(self._conn, self._source, clock.now(), self.baseline)

    def endpoint(self, url: str, kind: str) -> EndpointState:
        return endpoint_state(self._conn, self._source, url, kind)

    def listed(
        self, endpoint: EndpointState, fetch: Fetch | None, links: Iterable[Link], start: int = 0
    ) -> int:
        """Store one reading of an endpoint with what it showed; how many links were unknown.

        Of a long list these are the last ones, from position `start`: see `discovered`.
        """
        endpoint = self._compared(endpoint, fetch)
        before = discovery.open_urls(self._conn, self.run)
        with writing(self._conn):
            discovery.listed(self._conn, self.run, self._source, endpoint, fetch, links, start)
        return discovery.open_urls(self._conn, self.run) - before

    def discovered(self, links: Iterable[Link], start: int, at: datetime) -> int:
        """Enter a part of a list read at `at`, from position `start`; how many were unknown."""
        before = discovery.open_urls(self._conn, self.run)
        with writing(self._conn):
            discovery.discover(self._conn, self.run, self._source, links, at, start)
        return discovery.open_urls(self._conn, self.run) - before

    def endpoint_failed(self, endpoint: EndpointState, fetch: Fetch | None, reason: str) -> None:
        """Note that an endpoint could not be read; its validators stay as they were."""
        self.errors.append(f"{endpoint.url}: {reason}")
        failed = replace(endpoint, visited_at=clock.now(), error=reason)
        with writing(self._conn):
            discovery.listed(self._conn, self.run, self._source, failed, fetch)

    def new_targets(self) -> list[Target]:
        """New articles to ask for now: what was discovered, and what earlier runs left."""
        with writing(self._conn):
            found = targets.new_targets(
                self._conn, self.run, self._source, self._new_left, frozenset(self._asked)
            )
        self._new_left -= len(found)
        return self._noted(found)

    def revisits(self, revisit: Revisit | None = None) -> list[Target]:
        """Known articles to visit again: all, those that are due, or those with news only."""
        asked = frozenset(self._asked)
        budget = _at_most(self._known_left, self._limit and self._limit - len(asked))
        self._whole = self._whole and revisit != "nudged"
        plan = partial(_PLANS[revisit or self._revisit], self._conn, self.run, self._source)
        with writing(self._conn):
            found = plan(budget=budget, asked=asked)
        return self._noted(found)

    def lands_on_known(self, target: Target, final_url: str, number: str | None) -> bool:
        """Whether a redirect led to an article that is known otherwise, or read in this run."""
        if final_url in self._landed or (final_url in self._asked and final_url != target.url):
            return True
        self._landed.add(final_url)
        known = discovery.known_article(self._conn, final_url, self._source, number)
        if known is None or known == target.article:
            return False
        with writing(self._conn):
            discovery.add_address(self._conn, known, target.url, clock.now())
        return True

    def crashed(self, url: str) -> None:
        """Close the URL of a page that an error of ours has lost."""
        with writing(self._conn):
            crawling.close_url(self._conn, self.run, url, "failed", "crash")

    def fault(self, what: str) -> None:
        """Note what went wrong on our side, not on the source's."""
        self.errors.append(what)
        self.faults.append(what)

    def finish(self) -> None:
        """Close the run, and judge by it how the source is.

        What has no outcome was not reached.
        """
        error, now = "; ".join(self.errors) or None, clock.now()
        seen = Seen(
            empty=tuple(self._empty),
            windows_missed=tuple(self._windows_missed),
            error="; ".join(self.faults) or None,
            whole=self._whole,
        )
        with writing(self._conn):
            self.counts = crawling.finish_run(self._conn, self.run, now, error)
            note_blocked(self._conn, self.run, now, baseline=self.baseline)
            check(self._conn, self._config, self.run, seen, now)

    def _compared(self, endpoint: EndpointState, fetch: Fetch | None) -> EndpointState:
        """An endpoint beside what it showed the last time: a feed of none of that has a gap.

        One that shows nothing keeps what it showed before, to be compared with the next time.
        (WordPress is asked for what is new only.)
        """
        before = self.endpoint(endpoint.url, endpoint.kind)
        if fetch is None or not before.links or endpoint.kind == "wordpress":
            return endpoint
        if not endpoint.links:
            self._empty.append(endpoint.url)
            return replace(endpoint, links=before.links)
        if endpoint.kind == "feed" and not set(endpoint.links) & set(before.links):
            self._windows_missed.append(endpoint.url)
        return endpoint

    def _noted(self, found: list[Target]) -> list[Target]:
        self._asked.update(target.url for target in found)
        return found


def seen_now(endpoint: EndpointState, fetch: Fetch, at: datetime) -> EndpointState:
    """The endpoint after an answer: new validators unless it was 304, which may name none."""
    validators = endpoint.validators
    if fetch.status != 304:
        validators = Validators(
            etag=fetch.etag, last_modified=fetch.last_modified, body_sha256=fetch.body_sha256
        )
    return replace(
        endpoint,
        validators=validators,
        visited_at=at,
        unconditional_at=endpoint.unconditional_at if fetch.conditional else at,
        error=None,
    )


def _given(own: int | None, default: int) -> int:
    return default if own is None else own


def _at_most(budget: int, limit: int | None) -> int:
    return budget if limit is None else max(0, min(budget, limit))
