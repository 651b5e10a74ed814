"""What an import would do to the watchlist, to be looked at before it does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields

from db.records import Alias, Entity, Exclude
from monitor.watchlist.cells import in_full


@dataclass(frozen=True, kw_only=True)
class WatchlistChanges:
    """Entities by what happens to them; `changed` holds pairs of before and after."""

    added: tuple[Entity, ...] = ()
    changed: tuple[tuple[Entity, Entity], ...] = ()
    removed: tuple[Entity, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def compare_watchlists(old: Iterable[Entity], new: Iterable[Entity]) -> WatchlistChanges:
    """Compare two watchlists by id; the order of entities, aliases and excludes is no change."""
    before = {entity.id: entity for entity in old}
    after = {entity.id: entity for entity in new}
    kept = [(before[id_], after[id_]) for id_ in before if id_ in after]
    return WatchlistChanges(
        added=tuple(entity for id_, entity in after.items() if id_ not in before),
        changed=tuple((one, other) for one, other in kept if list(_differences(one, other))),
        removed=tuple(entity for id_, entity in before.items() if id_ not in after),
    )


def preview(changes: WatchlistChanges) -> Iterator[str]:
    """The changes, one line each: `+` added, `~` changed, `-` removed."""
    for entity in changes.added:
        yield f"+ {entity.id}: {entity.canonical} ({entity.kind})"
    for before, after in changes.changed:
        yield f"~ {after.id}: {'; '.join(_differences(before, after))}"
    for entity in changes.removed:
        yield f"- {entity.id}: {entity.canonical} ({entity.kind})"


def _differences(before: Entity, after: Entity) -> Iterator[str]:
    for field in fields(Entity):
        one, other = getattr(before, field.name), getattr(after, field.name)
        if field.name in ("aliases", "excludes"):
            yield from (f"+ {_shown(item)}" for item in other if item not in one)
            yield from (f"- {_shown(item)}" for item in one if item not in other)
        elif one != other:
            yield f"{field.name}: {_shown(one)} → {_shown(other)}"


def _shown(value: object) -> str:
    if isinstance(value, Alias):
        return f"alias {in_full(value)}"
    if isinstance(value, Exclude):
        return f"exclude {value.pattern}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value) if value else "none"
