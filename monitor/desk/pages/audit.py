"""Who did what, and how right the machine was by what people decided."""

from datetime import timedelta

from db import accounts, audit
from db.queries import ALL_TIME
from monitor.desk.ask import Answer, Ask, Moved
from monitor.desk.words import LANGUAGES
from monitor.isoday import moment

SHOWN = 100
LOOK_BACK = 90  # days of accuracy unless asked for others


def show(ask: Ask) -> Answer:
    """Decisions, notes, rules and changes of the watchlist, newest first; accounts for admins."""
    who = ask.said("who")
    with ask.house.memory.reading() as conn:
        rows = audit.audit(conn, ask.said("before") or ALL_TIME, who, SHOWN)
    changes = []
    if ask.account.may("admin"):
        with ask.house.accounts() as conn:
            changes = accounts.changes(conn, SHOWN)
    more = rows[-1]["at"] if len(rows) == SHOWN else None
    data = {"rows": rows, "who": who, "more": more, "accounts": changes}
    return Answer(template="audit.html", data=data)


def accuracy(ask: Ask) -> Answer:
    """The share of flags that people found right, by kind, source and rule."""
    days = min(3650, max(1, ask.number("days", LOOK_BACK)))
    with ask.house.memory.reading() as conn:
        tables = audit.accuracy(conn, moment(ask.now - timedelta(days=days)))
    return Answer(template="accuracy.html", data={"days": days, "tables": tables})


def help_(ask: Ask) -> Answer:
    """Keys, and what the words mean."""
    return Answer(template="help.html", data={})


def prefer(ask: Ask) -> Moved:
    """Light and language for this browser; the language for this account wherever it signs in."""
    cookies = {}
    if ask.written("language") in LANGUAGES:
        cookies["language"] = ask.written("language")
        with ask.house.accounts() as conn:
            accounts.prefer(conn, ask.account.name, ask.written("language"))
    if ask.written("theme") in ("auto", "light", "dark"):
        cookies["theme"] = ask.written("theme")
    return Moved(to=ask.back(), cookies=cookies)
