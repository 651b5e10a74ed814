"""The watchlist: what is tracked, what each name brought, and changing it with a preview."""

from db import pages, watchlist
from monitor.desk.ask import Answer, Ask, Missing, Moved
from monitor.desk.watching import KINDS, entity_from, entity_of, form_of, would_match
from monitor.detect.names import spellings
from monitor.watching import watch

PAGE = 30


def index(ask: Ask) -> Answer:
    """Everything tracked, with when it was last named."""
    with ask.house.memory.reading() as conn:
        rows = pages.tracked(conn)
    return Answer(template="entities.html", data={"entities": rows})


def show(ask: Ask) -> Answer:
    """One entity: its spellings, its months and its articles."""
    identity, page = ask.part["entity"], max(0, ask.number("page"))
    with ask.house.memory.reading() as conn:
        entity = pages.entity(conn, identity)
        if entity is None:
            raise Missing("entity")
        listed = next((e for e in watchlist.load_entities(conn) if e.id == identity), None)
        articles = pages.named_in(conn, identity, PAGE + 1, page * PAGE)
        data = {
            "entity": entity,
            "tracked": listed is not None,
            "aliases": [] if listed is None else [a.text for a in listed.aliases],
            "excludes": [] if listed is None else [e.pattern for e in listed.excludes],
            "matched_as": [] if listed is None else list(spellings(listed))[:40],
            "articles": articles[:PAGE],
            "more": len(articles) > PAGE,
            "page": page,
        }
    return Answer(template="entity.html", data=data)


def edit(ask: Ask) -> Answer:
    """The form of an entity, or of a new one."""
    identity = ask.part.get("entity")
    entity = None
    if identity is not None:
        with ask.house.memory.reading() as conn:
            entity = entity_of(conn, identity)
    form = form_of(entity)
    if entity is None and ask.said("name"):
        form["name"] = ask.said("name")
    return _form(identity, form, None)


def save(ask: Ask) -> Answer | Moved:
    """Store an entity and match all that is stored; with `preview` only show what that would do."""
    identity = ask.part.get("entity")
    entity = entity_from(ask, identity)
    if ask.ticked("preview"):
        with ask.house.memory.reading() as conn:
            preview = would_match(conn, entity)
        form = {**form_of(entity), "id": ask.written("id") or entity.id}
        return _form(identity, form, preview)
    with ask.house.memory.alone() as conn:
        if identity is not None:
            entity_of(conn, identity)
        done = watch(conn, [entity], now=ask.now, who=ask.account.name)
    found = dict(done.found).get(entity.id, 0)
    return Moved(to=f"/entities/{entity.id}?found={found}", data={"found": found})


def remove(ask: Ask) -> Moved:
    """Stop tracking an entity; what was found stays."""
    with ask.house.memory.writing() as conn:
        if not watchlist.remove_entity(conn, ask.part["entity"], ask.at, ask.account.name):
            raise Missing("entity")
    return Moved(to="/entities")


def _form(identity: str | None, form: dict[str, object], preview: object) -> Answer:
    data = {"identity": identity, "form": form, "preview": preview, "kinds": list(KINDS)}
    return Answer(template="entity_edit.html", data=data)
