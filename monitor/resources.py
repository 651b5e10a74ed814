"""What all crawls of one process share: settings, database, archive, hosts."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256

from scrapy.http import Response

from db.fetches import known_body
from db.records import Fetch
from monitor.archive import Archive
from monitor.config import Settings
from monitor.items import Page
from monitor.middlewares.politeness import Hosts
from monitor.middlewares.turns import users_folder
from monitor.opening import reading_pool
from monitor.pool import ReadingPool
from monitor.workspace import Workspace


@dataclass(frozen=True, kw_only=True)
class Resources:
    """Opened once a process, handed to every spider as `spider.resources`.

    `conn` is used by the thread of the event loop only, and never across an `await` inside a
    transaction: so crawls, pipelines and hosts share it safely.
    """

    settings: Settings
    conn: sqlite3.Connection
    hosts: Hosts
    pool: ReadingPool
    archive: Archive | None = None

    @classmethod
    @contextmanager
    def of(cls, workspace: Workspace) -> Iterator["Resources"]:
        """Open all that the workspace names; close it in the end."""
        settings, conn = workspace.settings, workspace.open()
        kept = settings.crawl.archive
        archive = Archive(workspace.archive, settings.crawl.archive_segment) if kept else None
        try:
            with reading_pool(workspace, conn) as pool:
                hosts = Hosts(conn, users_folder())
                yield cls(settings=settings, conn=conn, hosts=hosts, pool=pool, archive=archive)
        finally:
            if archive is not None:
                archive.close()
            conn.close()

    def keep(self, fetch: Fetch, response: Response) -> Fetch:
        """The fetch with its snapshot, if its bytes are worth keeping and an archive is."""
        if self.archive is None or fetch.body_sha256 is None:
            return fetch
        headers = [
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        ]
        known = known_body(self.conn, fetch.body_sha256)
        snapshot = self.archive.keep(fetch, headers, response.body, known)
        return replace(fetch, snapshot=snapshot)

    def as_rendered(self, page: Page, body: bytes) -> Page:
        """A page with the bytes a browser made of it, kept like an answer of their own.

        They carry no validators: under an unchanged page its data may have changed.
        """
        assert page.fetch is not None
        fetch = replace(
            page.fetch,
            etag=None,
            last_modified=None,
            body_sha256=sha256(body).hexdigest(),
            body_bytes=len(body),
            mime="text/html",
            snapshot=None,
        )
        headers = [("Content-Type", "text/html; charset=utf-8"), ("X-Rendered-By", "Chromium")]
        if self.archive is not None:
            known = known_body(self.conn, fetch.body_sha256 or "")
            fetch = replace(fetch, snapshot=self.archive.keep(fetch, headers, body, known))
        return replace(
            page,
            body=body,
            mime="text/html",
            headers=page.headers | {"Content-Type": "text/html; charset=utf-8"},
            snapshot=fetch.snapshot,
            fetch=fetch,
        )
