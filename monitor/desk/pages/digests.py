"""The archive of digests: frozen, numbered, shown as they were sent."""

from db import digests, pages
from db.digest_rows import FrozenDigest
from monitor.desk.ask import Answer, Ask, Bytes, Missing, whole
from monitor.desk.guard import SANDBOX
from monitor.isoday import moment

SHOWN = 60


def index(ask: Ask) -> Answer:
    """The digests, newest first."""
    with ask.house.memory.reading() as conn:
        rows = pages.newest_digests(conn, SHOWN)
    return Answer(template="digests.html", data={"digests": rows})


def show(ask: Ask) -> Answer:
    """One digest with its text; the page itself in a frame."""
    frozen = _digest(ask)
    data = {name: getattr(frozen, name) for name in ("number", "frequency", "subject", "text")}
    times = {name: moment(getattr(frozen, name)) for name in ("since", "until", "built_at")}
    return Answer(template="digest.html", data={"digest": {**data, **times}})


def page(ask: Ask) -> Bytes:
    """The digest's HTML as it was frozen."""
    headers = {"content-type": "text/html; charset=utf-8", "content-security-policy": SANDBOX}
    return Bytes(body=_digest(ask).html.encode(), headers=headers)


def _digest(ask: Ask) -> FrozenDigest:
    with ask.house.memory.reading() as conn:
        found = digests.by_number(conn, whole(ask.part["number"], "number"))
    if found is None:
        raise Missing("digest")
    return found
