"""The desk as a web application: addresses, roles, and the way of one request."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from db.accounts import Account
from monitor import clock
from monitor.desk import doors, rendering
from monitor.desk.ask import Answer, Ask, Bytes, Forbidden, Missing, Moved
from monitor.desk.guard import Guard, JsonAddresses
from monitor.desk.house import House, is_loopback
from monitor.desk.routes import PAGES, Page
from monitor.desk.words import LANGUAGES, words
from monitor.exceptions import BadInput, MonitorError, Overtaken

LARGEST_BODY = 256_000
MOST_FIELDS = 1000
NOBODY = Account(name="", role="reader")
STATUS: Mapping[type[MonitorError], int] = {
    BadInput: 400,
    Forbidden: 403,
    Missing: 404,
    Overtaken: 409,
    MonitorError: 500,
}

logger = logging.getLogger(__name__)
Work = Callable[[Ask], Answer | Moved | Bytes]


def desk(house: House) -> Starlette:
    """The application; every address and the role it needs stand in `routes.PAGES`."""
    routes = [Route("/static/{name}", _static)]
    for path, pages in _by_path(PAGES).items():
        routes.append(Route(path, _endpoint(house, pages), methods=[p.method for p in pages]))
    return Starlette(
        routes=routes,
        middleware=[
            Middleware(Guard, hosts=house.doors.hosts, origin=house.doors.origin),
            Middleware(RequestBodyLimitMiddleware, max_body_size=LARGEST_BODY),
            Middleware(JsonAddresses),
        ],
        exception_handlers={HTTPException: _http_error(house)},
    )


def _by_path(pages: Sequence[Page]) -> dict[str, list[Page]]:
    grouped: dict[str, list[Page]] = {}
    for page in pages:
        grouped.setdefault(page.path, []).append(page)
    return grouped


def _endpoint(house: House, pages: Sequence[Page]) -> Callable[[Request], Any]:
    by_method: dict[str, Page] = {page.method: page for page in pages}

    async def endpoint(request: Request) -> Response:
        page = by_method["GET" if request.method == "HEAD" else request.method]
        form = await _form(request) if request.method == "POST" else {}
        return await run_in_threadpool(_answer, house, page, request, form)

    return endpoint


async def _form(request: Request) -> Mapping[str, Sequence[str]]:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        return _texts(form)


def _texts(form: FormData) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            fields.setdefault(name, []).append(value)
    return fields


def _answer(
    house: House, page: Page, request: Request, form: Mapping[str, Sequence[str]]
) -> Response:
    account = _account(house, request)
    ask = _ask(house, request, account or NOBODY, form)
    if page.role is not None and account is None:
        return _to_the_door(request, ask)
    try:
        if page.role is not None and not ask.account.may(page.role):
            raise Forbidden(f"this needs the role {page.role}; yours is {ask.account.role}")
        given = page.work(ask)
    except MonitorError as error:
        return _trouble(request, ask, error)
    return rendering.respond(request, ask, given)


def _account(house: House, request: Request) -> Account | None:
    header = house.doors.user_header
    return doors.who(
        house,
        request.cookies.get(doors.cookie_name(house)),
        request.headers.get(header) if header else None,
        clock.now(),
    )


def _ask(
    house: House, request: Request, account: Account, form: Mapping[str, Sequence[str]]
) -> Ask:
    query = {name: request.query_params.getlist(name) for name in request.query_params}
    now = clock.now()
    return Ask(
        house=house,
        account=account,
        words=words(
            _language(house, request, account),
            house.space.settings.timezone,
            now,
            house.organisations,
        ),
        now=now,
        path=request.url.path,
        part=request.path_params,
        query=query,
        form={"agent": [request.headers.get("user-agent", "")[:200]], **form},
        token=request.cookies.get(doors.cookie_name(house)),
        address=_address(house, request),
    )


def _address(house: House, request: Request) -> str:
    """Who connects; behind a proxy on this machine, who connected to the proxy.

    The last of the forwarded addresses is the one our own proxy wrote; those before it are claims.
    """
    client = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "")
    if house.doors.origin and is_loopback(client) and forwarded:
        return forwarded.rpartition(",")[2].strip()[:60]
    return client


def _language(house: House, request: Request, account: Account) -> str:
    chosen = request.cookies.get("language") or account.language
    return chosen if chosen in LANGUAGES else house.space.settings.language


def _to_the_door(request: Request, ask: Ask) -> Response:
    if ask.house.doors.user_header is not None:
        return _trouble(request, ask, Forbidden("the proxy names nobody with an account here"))
    if rendering.wants_json(request):
        answer = Answer(template="", data={"error": "sign in first"}, status=401)
        return rendering.respond(request, ask, answer)
    to = ask.here() if request.method == "GET" else "/"
    return rendering.respond(request, ask, Moved(to=f"/login?{urlencode({'next': to})}"))


def _trouble(request: Request, ask: Ask, error: MonitorError) -> Response:
    status = next(code for kind, code in STATUS.items() if isinstance(error, kind))
    if status >= 500:
        logger.error("%s %s: %s", request.method, ask.path, error)
    data = {"error": str(error), "status": status, "flag": getattr(error, "flag", None)}
    answer = Answer(template="error.html", data=data, status=status)
    return rendering.respond(request, ask, answer)


def _http_error(house: House) -> Callable[[Request, Exception], Any]:
    async def handler(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code != 404:
            return PlainTextResponse(error.detail, error.status_code)
        account = await run_in_threadpool(_account, house, request)
        if account is None:
            return PlainTextResponse("Not found", 404)
        return _trouble(request, _ask(house, request, account, {}), Missing(""))

    return handler


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in rendering.STATIC:
        raise HTTPException(404)
    headers = {"cache-control": "public, max-age=31536000, immutable"}
    return Response(rendering.static_file(name), media_type=rendering.STATIC[name], headers=headers)
