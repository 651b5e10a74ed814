"""The watchlist as a file: rows to entities with row-precise errors, and back."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from db.records import Entity
from monitor.config.values import did_you_mean
from monitor.exceptions import BadInput
from monitor.watchlist import cells
from monitor.watchlist.tables import Row, read_rows, write_rows

# heading -> (field of the entity, how its cell is read)
COLUMNS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "id": ("id", cells.read_id),
    "kind": ("kind", cells.read_kind),
    "canonical": ("canonical", cells.read_name),
    "aliases": ("aliases", cells.read_aliases),
    "family_unambiguous": ("family_unambiguous", cells.read_yes),
    "exclude_contexts": ("excludes", cells.read_excludes),
}
EXTRA_COLUMNS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "orthography": ("orthography", cells.read_optional),
    "given": ("given", cells.read_optional),
    "family": ("family", cells.read_optional),
    "valid_from": ("valid_from", cells.read_day),
    "valid_to": ("valid_to", cells.read_day),
    "note": ("note", cells.read_text),
    "source": ("source", cells.read_text),
}
_ALL = {**COLUMNS, **EXTRA_COLUMNS}
_REQUIRED = ("id", "kind", "canonical")


def read_watchlist(path: Path) -> tuple[Entity, ...]:
    """Read a watchlist from CSV or XLSX, in its order.

    Raises BadInput with every error, one a line, as `file:row: heading: what is wrong`.
    """
    rows = read_rows(path)
    if not rows:
        raise BadInput(f"{path}:1: empty; the first row should be {','.join(COLUMNS)}")
    headings = _headings(path, rows[0])
    errors: list[str] = []
    entities: dict[str, Entity] = {}
    lines: dict[str, int] = {}
    for row in rows[1:]:
        entity, wrong = _entity(headings, row)
        if entity is not None and entity.id in entities:
            wrong.append(f'id: "{entity.id}" is used in row {lines[entity.id]} already')
        elif entity is not None:
            entities[entity.id], lines[entity.id] = entity, row.line
        errors += [f"{path}:{row.line}: {what}" for what in wrong]
    if errors:
        raise BadInput("\n".join(errors))
    return tuple(entities.values())


def write_watchlist(entities: Iterable[Entity], path: Path) -> None:
    """Write a watchlist that `read_watchlist` reads back as it was: CSV, or XLSX by its name.

    Columns beyond the usual six are written where an entity fills them. Raises BadInput where an
    alias or exclude cannot be written.
    """
    written = list(entities)
    blank = Entity(id="-", kind="person", canonical="--")
    extra = [
        heading
        for heading, (field, _) in EXTRA_COLUMNS.items()
        if any(getattr(entity, field) != getattr(blank, field) for entity in written)
    ]
    headings = (*COLUMNS, *extra)
    try:
        rows = [tuple(_cell(entity, heading) for heading in headings) for entity in written]
    except ValueError as error:
        raise BadInput(f"{path}: {error}") from None
    write_rows(path, [headings, *rows])


def _headings(path: Path, row: Row) -> tuple[str, ...]:
    headings = tuple(cells.clean(cell).lower().replace(" ", "_") for cell in row.cells)
    named = [heading for heading in headings if heading]
    wrong = [
        f'unknown heading "{heading}"{did_you_mean(heading, _ALL)}'
        for heading in named
        if heading not in _ALL
    ]
    wrong += [f'heading "{one}" is missing' for one in _REQUIRED if one not in named]
    wrong += [
        f'heading "{heading}" stands twice'
        for heading in sorted(set(named))
        if named.count(heading) > 1
    ]
    if wrong:
        raise BadInput("\n".join(f"{path}:{row.line}: {what}" for what in wrong))
    return headings


def _entity(headings: tuple[str, ...], row: Row) -> tuple[Entity | None, list[str]]:
    """The entity of a row, or what is wrong with it."""
    cut = len(headings)
    if any(cell.strip() for cell in row.cells[cut:]):
        return None, [
            f"{len(row.cells)} cells under {cut} headings: "
            "a cell that holds the separator needs quotation marks around it"
        ]
    values: dict[str, Any] = {}
    wrong: list[str] = []
    filled = (*row.cells, *[""] * (cut - len(row.cells)))
    for heading, cell in zip(headings, filled, strict=False):
        if not heading:
            wrong += [f'"{cells.clean(cell)}" stands under no heading'] if cell.strip() else []
            continue
        field, read = _ALL[heading]
        try:
            values[field] = read(cell)
        except ValueError as error:
            wrong.append(f"{heading}: {error}")
    try:
        cells.check_order(values.get("valid_from"), values.get("valid_to"))
    except ValueError as error:
        wrong.append(f"valid_from: {error}")
    return (None, wrong) if wrong else (Entity(**values), [])


def _cell(entity: Entity, heading: str) -> str:
    value = getattr(entity, _ALL[heading][0])
    if heading == "aliases":
        return cells.write_items(map(cells.write_alias, value))
    if heading == "exclude_contexts":
        return cells.write_items(map(cells.write_exclude, value))
    if isinstance(value, bool):
        return "yes" if value else ""
    return cells.clean(value or "")
