"""What one trial crawl has brought, as a person wants to judge it."""

import sqlite3
from typing import Any


def host_row(conn: sqlite3.Connection, host: str) -> dict[str, Any] | None:
    """What is remembered of a host."""
    row = conn.execute(
        "select robots_status, crawl_delay, not_before from hosts where host = ?", (host,)
    ).fetchone()
    return None if row is None else dict(row)


def endpoint_rows(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """The endpoints that were read, and how far each reaches back."""
    rows = conn.execute("select kind, url, depth_seconds, visited_at from endpoints order by url")
    return [dict(row) for row in rows]


def newest_articles(conn: sqlite3.Connection, excerpt: int) -> list[dict[str, Any]]:
    """The articles that were read, with the beginning of their text."""
    rows = conn.execute(
        """select a.url, v.title, v.lang, v.published, substr(v.text, 1, ?) as excerpt,
            length(v.text) as characters
        from latest_versions v join articles a on a.id = v.article_id order by a.id""",
        (excerpt,),
    )
    return [dict(row) for row in rows]


def unread_urls(conn: sqlite3.Connection) -> list[dict[str, Any]]:
    """Addresses that brought no article, budget aside, each with its reason."""
    rows = conn.execute(
        """select url, outcome, reason from run_urls
        where outcome in ('blocked', 'failed') or (outcome = 'filtered' and reason <> 'over budget')
        order by url limit 20"""
    )
    return [dict(row) for row in rows]
