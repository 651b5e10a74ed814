"""Every address of the desk, and the role it needs; None is open to all."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from monitor.desk import doors
from monitor.desk.ask import Answer, Ask, Bytes, Moved
from monitor.desk.pages import (
    audit,
    decisions,
    digests,
    entities,
    exports,
    people,
    queue,
    reading,
    rules,
    search,
    series,
    snapshots,
    sources,
)


@dataclass(frozen=True)
class Page:
    """One method of one address, what it does, and which role may ask for it."""

    method: Literal["GET", "POST"]
    path: str
    work: Callable[[Ask], Answer | Moved | Bytes]
    role: Literal["reader", "reviewer", "admin"] | None


PAGES = (
    Page("GET", "/", queue.show, "reader"),
    Page("GET", "/flags/{flag:int}", queue.flag, "reader"),
    Page("POST", "/decisions", decisions.decide, "reviewer"),
    Page("POST", "/decisions/undo", decisions.undo, "reviewer"),
    Page("POST", "/assignments", decisions.assign, "reviewer"),
    Page("POST", "/flags/{flag:int}/comments", decisions.comment, "reviewer"),
    Page("POST", "/flags/{flag:int}/correction", decisions.correct, "reviewer"),
    Page("POST", "/flags/{flag:int}/alias", decisions.alias, "reviewer"),
    Page("POST", "/flags/{flag:int}/track", decisions.track, "reviewer"),
    Page("POST", "/filters", queue.save_filter, "reader"),
    Page("POST", "/filters/{filter:int}/drop", queue.drop_filter, "reader"),
    Page("GET", "/articles/{article:int}", reading.show, "reader"),
    Page("GET", "/snapshots/{fetch:int}", snapshots.show, "reader"),
    Page("GET", "/entities", entities.index, "reader"),
    Page("GET", "/entities/new", entities.edit, "reviewer"),
    Page("POST", "/entities/new", entities.save, "reviewer"),
    Page("GET", "/entities/{entity}", entities.show, "reader"),
    Page("GET", "/entities/{entity}/edit", entities.edit, "reviewer"),
    Page("POST", "/entities/{entity}/edit", entities.save, "reviewer"),
    Page("POST", "/entities/{entity}/remove", entities.remove, "admin"),
    Page("GET", "/series", series.index, "reader"),
    Page("GET", "/series/{series:path}", series.show, "reader"),
    Page("GET", "/sources", sources.index, "reader"),
    Page("GET", "/sources/{source}", sources.show, "reader"),
    Page("POST", "/sources/{source}/run", sources.run_now, "admin"),
    Page("POST", "/sources/{source}/preview", sources.preview, "admin"),
    Page("GET", "/search", search.show, "reader"),
    Page("GET", "/digests", digests.index, "reader"),
    Page("GET", "/digests/{number:int}", digests.show, "reader"),
    Page("GET", "/digests/{number:int}/page", digests.page, "reader"),
    Page("GET", "/exports", exports.index, "reader"),
    Page("GET", "/exports/now/{table}.{format}", exports.table, "reader"),
    Page("GET", "/exports/files/{name:path}", exports.file, "reader"),
    Page("GET", "/rules", rules.index, "reader"),
    Page("GET", "/rules/new", rules.draft, "reviewer"),
    Page("POST", "/rules", rules.make, "reviewer"),
    Page("POST", "/rules/{rule:int}/undo", rules.undo, "reviewer"),
    Page("GET", "/audit", audit.show, "reader"),
    Page("GET", "/accuracy", audit.accuracy, "reader"),
    Page("GET", "/help", audit.help_, "reader"),
    Page("POST", "/preferences", audit.prefer, None),
    Page("GET", "/accounts", people.index, "admin"),
    Page("POST", "/accounts", people.add, "admin"),
    Page("POST", "/accounts/{name}", people.change, "admin"),
    Page("GET", "/account", doors.own, "reader"),
    Page("POST", "/account/password", doors.change_password, "reader"),
    Page("POST", "/account/sessions/{session:int}/end", doors.revoke, "reader"),
    Page("GET", "/login", doors.show, None),
    Page("POST", "/login", doors.sign_in, None),
    Page("POST", "/logout", doors.sign_out, None),
)
