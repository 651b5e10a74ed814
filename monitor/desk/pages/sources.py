"""Sources: how each reads, what its runs brought; reading one now, trying one out."""

from db import pages
from monitor.desk.ask import Answer, Ask, Missing, Moved
from monitor.exceptions import ConfigError


def index(ask: Ask) -> Answer:
    """Every source with its health."""
    with ask.house.memory.reading() as conn:
        rows = pages.sources(conn)
    return Answer(template="sources.html", data={"sources": rows})


def show(ask: Ask) -> Answer:
    """One source: rhythm, runs, trouble."""
    return _page(ask, None)


def run_now(ask: Ask) -> Moved:
    """Read a source now, in a process of its own."""
    name = _known(ask)
    errand = ask.house.errands.crawl(name, ask.account.name, ask.now)
    return Moved(to=f"/sources/{name}", data={"state": errand.state})


def preview(ask: Ask) -> Answer:
    """Read a source once and store nothing."""
    went_well, said = ask.house.errands.preview(_known(ask))
    return _page(ask, {"went_well": went_well, "said": said})


def _page(ask: Ask, preview: dict[str, object] | None) -> Answer:
    name = ask.part["source"]
    with ask.house.memory.reading() as conn:
        source = pages.source(conn, name)
    if source is None:
        raise Missing("source")
    last = ask.house.errands.last(name)
    errand = None if last is None else {"state": last.state, "who": last.who, "at": last.begun_at}
    data = {"source": source, "errand": errand, "preview": preview, "declared": _declared(ask)}
    return Answer(template="source.html", data=data)


def _declared(ask: Ask) -> bool:
    """Whether sources.toml has it: a source known from an import alone cannot be read."""
    try:
        return any(one.name == ask.part["source"] for one in ask.house.space.sources)
    except ConfigError:
        return False


def _known(ask: Ask) -> str:
    if not _declared(ask):
        raise Missing("source")
    return str(ask.part["source"])
