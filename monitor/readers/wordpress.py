"""WordPress REST: `/wp-json/wp/v2/posts`, which knows when each post was changed."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from monitor.items import Hints
from monitor.readers.contents import Contents, Entry, NotReadable
from monitor.readers.feed import plain

PER_PAGE = 100  # the most it gives
_FIELDS = "id,link,date_gmt,modified_gmt,title,excerpt"


def posts_address(endpoint: str, page: int, modified_after: str | None) -> str:
    """The address of one page of posts, last changed first; `modified_after` is WordPress 5.7.

    >>> posts_address("http://h.az/wp-json/wp/v2/posts", 2, None)[:61]
    'http://h.az/wp-json/wp/v2/posts?per_page=100&page=2&orderby=m'
    """
    query = {"per_page": PER_PAGE, "page": page, "orderby": "modified", "_fields": _FIELDS}
    if modified_after is not None:
        query["modified_after"] = modified_after
    joint = "&" if "?" in endpoint else "?"
    return f"{endpoint}{joint}{urlencode(query)}"


def read_posts(body: bytes) -> Contents:
    """The posts of one page; raises NotReadable if the interface is switched off."""
    try:
        posts = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise NotReadable("not WordPress: no JSON") from error
    if not isinstance(posts, list):
        said = posts.get("code") if isinstance(posts, dict) else None
        raise NotReadable(f"not WordPress: {said or 'no list of posts'}")
    entries = [_entry(post) for post in posts if isinstance(post, dict) and post.get("link")]
    return Contents(entries=tuple(entries))


def _entry(post: Mapping[str, Any]) -> Entry:
    return Entry(
        address=str(post["link"]),
        hints=Hints(
            title=plain(_rendered(post.get("title"))),
            summary=plain(_rendered(post.get("excerpt"))),
            published=_utc(post.get("date_gmt")),
            modified=_utc(post.get("modified_gmt")),
        ),
    )


def _rendered(value: Any) -> str | None:
    text = value.get("rendered") if isinstance(value, dict) else value
    return text if isinstance(text, str) else None


def _utc(value: Any) -> str | None:
    """WordPress writes UTC without saying so: `2026-03-01T12:00:00`."""
    return f"{value[:19]}Z" if isinstance(value, str) and len(value) >= 19 else None
