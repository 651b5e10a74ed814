"""The pages of the demo's outlets: templates filled with editions, one look per outlet."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime as rfc_date
from zlib import crc32
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_timedelta
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from monitor.demo.stories import Edition, Outlet, blocks, editions, now

BAKU = ZoneInfo("Asia/Baku")
RELATED = 4


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the web says to one request; `changed` feeds Last-Modified, `location` redirects."""

    status: int
    type: str = "text/html; charset=utf-8"
    body: bytes = b""
    changed: datetime | None = None
    location: str | None = None


def answer(outlet: Outlet, path: str, day: int) -> Answer:
    """The page of `outlet` at `path` (query included) on `day`; 404 where there is none."""
    shown = editions(outlet, day)
    live = [each for each in shown if each.status == 200]
    if path == "/robots.txt":
        return Answer(status=200, type="text/plain; charset=utf-8", body=outlet.robots.encode())
    if path in outlet.endpoints:
        return _endpoint(outlet, path, live)
    for each in shown:
        if path == each.path:
            return _article(outlet, each, live, day)
        if path in each.former_paths:
            return Answer(status=301, location=f"http://{outlet.host}{each.path}")
    return _listing(outlet, path, live, day)


def listing_paths(outlet: Outlet, count: int) -> list[str]:
    """Addresses of the pages that list `count` articles, the front page first."""
    pages = range(2, -(-count // outlet.per_page) + 1)
    return ["/", *(outlet.older.format(page=page) for page in pages)]


def _endpoint(outlet: Outlet, path: str, live: list[Edition]) -> Answer:
    endpoint = outlet.endpoints[path]
    changed = max(each.changed for each in live)
    text = _render(endpoint.template, outlet=outlet, editions=live, changed=changed, path=path)
    return Answer(
        status=200, type=endpoint.type, body=_encode(text, outlet, endpoint.type), changed=changed
    )


def _article(outlet: Outlet, edition: Edition, live: list[Edition], day: int) -> Answer:
    if edition.status != 200:
        return _missing(outlet, edition.status)
    others = [each for each in live if each is not edition]
    start = crc32(edition.path.encode()) + (day if outlet.busy else 0)
    text = _render(
        f"{outlet.host}/article.html",
        outlet=outlet,
        edition=edition,
        blocks=blocks(edition.body),
        related=[others[(start + step) % len(others)] for step in range(RELATED)],
        views=crc32(edition.title.encode()) % 900 + 211 * (day + 1),
        ad=outlet.ads[start % len(outlet.ads)] if outlet.ads else "",
        now=now(day),
    )
    changed = now(day) if outlet.busy else edition.changed
    return Answer(status=200, type=_html(outlet), body=_encode(text, outlet), changed=changed)


def _listing(outlet: Outlet, path: str, live: list[Edition], day: int) -> Answer:
    paths = listing_paths(outlet, len(live))
    if path not in paths:
        return _missing(outlet, 404)
    page = paths.index(path)
    text = _render(
        f"{outlet.host}/listing.html",
        outlet=outlet,
        editions=live[page * outlet.per_page : (page + 1) * outlet.per_page],
        older=paths[page + 1] if page + 1 < len(paths) else None,
        page=page + 1,
        now=now(day),
    )
    return Answer(status=200, type=_html(outlet), body=_encode(text, outlet))


def _missing(outlet: Outlet, status: int) -> Answer:
    text = _render("missing.html", outlet=outlet, status=status)
    return Answer(status=status, type=_html(outlet), body=_encode(text, outlet))


def _html(outlet: Outlet) -> str:
    return f"text/html; charset={outlet.encoding}"


def _encode(text: str, outlet: Outlet, media_type: str = "") -> bytes:
    """JSON is always UTF-8; letters an old encoding lacks become character references."""
    if "json" in media_type:
        return text.encode()
    return text.encode(outlet.encoding, "xmlcharrefreplace")


def _render(template: str, **values: object) -> str:
    return _ENVIRONMENT.get_template(template).render(**values)


def _local(value: datetime, pattern: str, language: str) -> str:
    return format_datetime(value.astimezone(BAKU), pattern, locale=language)


def _ago(value: datetime, moment: datetime, language: str) -> str:
    return format_timedelta(value - moment, add_direction=True, locale=language)


_ENVIRONMENT = Environment(
    loader=PackageLoader("monitor.demo"),
    autoescape=select_autoescape(["html", "xml"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"local": _local, "ago": _ago, "rfc": rfc_date}
