"""Answers as HTML or JSON: the same values, at the same address."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from db.desk import QUEUES
from db.reviews import REASONS
from monitor import __version__
from monitor.desk import diffing, marking, plot
from monitor.desk.ask import Answer, Ask, Bytes, Moved
from monitor.desk.words import NAMES
from monitor.digest import charts
from monitor.digest.html import marked, web_address
from monitor.digest.model import Quoted, Step

THEMES = ("auto", "light", "dark")
STATIC = {"desk.css": "text/css", "desk.js": "text/javascript", "icon.svg": "image/svg+xml"}


def wants_json(request: Request) -> bool:
    """By `.json` at the end of the address, or an Accept header that prefers JSON to HTML."""
    accept = request.headers.get("accept", "")
    named = "application/json" in accept and "text/html" not in accept
    return bool(request.scope.get("json")) or named


def respond(request: Request, ask: Ask, given: Answer | Moved | Bytes) -> Response:
    """An answer as the asker wants it."""
    if isinstance(given, Bytes):
        return Response(given.body, headers=dict(given.headers))
    if isinstance(given, Moved):
        return _moved(request, given)
    if wants_json(request):
        return JSONResponse(dict(given.data), given.status)
    theme = request.cookies.get("theme", "auto")
    page = environment().get_template(given.template).render(
        **given.data, t=ask.words, ask=ask, me=ask.account,
        theme=theme if theme in THEMES else "auto", private=ask.house.is_private,
    )  # fmt: skip
    return Response(page, given.status, media_type="text/html; charset=utf-8")


def _moved(request: Request, moved: Moved) -> Response:
    if wants_json(request):
        response: Response = JSONResponse({"to": moved.to, **moved.data})
    else:
        response = Response(status_code=303, headers={"location": moved.to})
    for name, value in moved.cookies.items():
        if name == "session":
            response.headers.append("set-cookie", value)
        else:
            response.set_cookie(name, value, max_age=31_536_000, samesite="lax")
    return response


@cache
def environment() -> Environment:
    """The templates, everything escaped, every unknown name an error."""
    made = Environment(
        loader=PackageLoader("monitor.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        web=web_address, path=lambda text: quote(str(text), safe="/"), query=urlencode
    )
    made.globals.update(
        static=static_path, paragraphs=marking.paragraphs, word_pieces=diffing.word_pieces,
        quoted=quoted, sparkline=sparkline, plot=plot.plot, months=plot.months, days=plot.days,
        themes=THEMES, languages=NAMES, queues=tuple(QUEUES), reasons=REASONS, version=__version__,
    )  # fmt: skip
    return made


@cache
def static_file(name: str) -> bytes:
    """One of our own files; raises KeyError for any other name."""
    STATIC[name]
    return files("monitor.desk").joinpath("static", name).read_bytes()


@cache
def static_path(name: str) -> str:
    """Its address, which changes with its bytes so that browsers may keep it."""
    return f"/static/{name}?{sha256(static_file(name)).hexdigest()[:12]}"


def quoted(card: Mapping[str, Any], tag: str) -> Markup:
    """A flag's sentence with what it is about marked in it."""
    text, surface = card["quote"], _surface(card)
    start = text.find(surface) if surface else -1
    spans = ((start, start + len(surface)),) if start >= 0 else ()
    return marked(Quoted(text=text, marks=spans, lang=card["lang"]), tag)


def _surface(card: Mapping[str, Any]) -> str:
    new = card["detail"].get("surface") or card["new"] or card["old"]
    return "" if new is None else str(new)


def sparkline(points: list[Mapping[str, Any]]) -> tuple[str, int, int] | None:
    """The path of a small step chart with its size; None for fewer than two points."""
    from datetime import date

    steps = [Step(day=date.fromisoformat(p["effective"]), value=p["value"]) for p in points]
    if len(steps) < 2:
        return None
    return charts.svg_path(charts.course(steps)), charts.WIDTH, charts.HEIGHT
