"""A digest for somebody who follows some sources or names only."""

from collections.abc import Collection
from dataclasses import replace

from monitor.digest.model import CountItem, Digest, EditItem, Evidence, PeopleItem, Totals


def narrowed(digest: Digest, sources: Collection[str], entities: Collection[str]) -> Digest:
    """Only what these sources say, and of people only these entities; empty means all.

    Coverage stays whole: what was not read matters to everybody.
    """
    if not (sources or entities):
        return digest

    def wanted(evidence: Evidence) -> bool:
        return not sources or evidence.article.source_name in sources

    people = tuple(p for item in digest.people if (p := _people(item, sources, entities)))
    edits = tuple(e for e in digest.edits if wanted(e.evidence) and _concerns(e, entities))
    counts = _of(digest.counts, sources)
    disagreements = _of(digest.disagreements, sources)
    states = tuple(one for one in digest.states if wanted(one.evidence))
    confirm = tuple(
        one
        for one in digest.confirm
        if wanted(one.evidence) and (not entities or one.entity is None or one.entity in entities)
    )
    newly = [kind for item in people if item.news == "first_ever" for kind in item.kinds]
    kinds = [one.kind for one in states]
    return replace(
        digest,
        narrowed=True,
        counts=counts,
        disagreements=disagreements,
        people=people,
        edits=edits,
        states=states,
        confirm=confirm,
        totals=Totals(
            counts=len(counts),
            newly_named=newly.count("person"),
            others_newly_named=len(newly) - newly.count("person"),
            named=sum(len(item.entities) for item in people),
            names_removed=sum(len(item.removed) for item in edits),
            edited=len(edits),
            removed=kinds.count("article_removed"),
            blocked=kinds.count("article_blocked"),
            moved=kinds.count("article_moved"),
            restored=kinds.count("article_restored"),
            disagreements=len(disagreements),
            to_confirm=len(confirm),
        ),
    )


def operators_part(digest: Digest) -> Digest:
    """Coverage and source problems alone: the operator's mail."""
    return replace(digest, sections=("coverage", "operator"))


def without_operators_part(digest: Digest) -> Digest:
    """All but the source problems: for readers where the operator has a mail of their own."""
    return replace(digest, sections=tuple(name for name in digest.sections if name != "operator"))


def _people(
    item: PeopleItem, sources: Collection[str], entities: Collection[str]
) -> PeopleItem | None:
    """The item with the wanted names and stories; None if nothing is left."""
    kept = [i for i, entity in enumerate(item.entities) if not entities or entity in entities]
    stories = tuple(
        one for one in item.stories if not sources or one.article.source_name in sources
    )
    if not kept or not stories:
        return None
    return replace(
        item,
        entities=tuple(item.entities[i] for i in kept),
        names=tuple(item.names[i] for i in kept),
        kinds=tuple(item.kinds[i] for i in kept),
        stories=stories,
    )


def _concerns(item: EditItem, entities: Collection[str]) -> bool:
    """An edit that removed names concerns those who follow them; others concern everybody."""
    return not entities or not item.entities or any(one in entities for one in item.entities)


def _of(items: tuple[CountItem, ...], sources: Collection[str]) -> tuple[CountItem, ...]:
    if not sources:
        return items
    return tuple(item for item in items if item.evidence.article.source_name in sources)
