"""Marking what was found in a text: names, figures, and the sentence a flag rests on."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from db.records import Mention, Observation

Mark = Mapping[str, Any]  # start, end, kind, label; half open, in code points of the text


def marks(
    mentions: Iterable[Mention], observations: Iterable[Observation], names: Mapping[str, str]
) -> list[dict[str, Any]]:
    """What the machine found in a version, in text order."""
    found = [
        {"start": m.start, "end": m.end, "kind": "mention", "entity": m.entity,
         "label": names.get(m.entity, m.entity), "tier": m.tier, "why": m.why.get("words", "")}
        for m in mentions
    ]  # fmt: skip
    found += [
        {"start": start, "end": end, "kind": "count", "entity": None,
         "label": f"{o.value} {o.category}", "tier": o.role, "why": o.why}
        for o in observations
        for start, end in o.spans
    ]  # fmt: skip
    return sorted(found, key=lambda mark: (mark["start"], mark["end"]))


def quote_mark(text: str, quote: str) -> list[dict[str, Any]]:
    """Where a flag's sentence stands in the text; nothing if it no longer does."""
    start = text.find(quote) if quote else -1
    if start < 0:
        return []
    return [{"start": start, "end": start + len(quote), "kind": "quote", "label": "", "why": "",
             "entity": None, "tier": ""}]  # fmt: skip


def paragraphs(text: str, found: Sequence[Mark]) -> list[list[tuple[str, Mark | None, bool]]]:
    """A text as paragraphs of (words, the mark on them, whether they are of the quote).

    >>> mark = {"start": 3, "end": 6, "kind": "mention"}
    >>> [[(words, bool(m)) for words, m, _ in line] for line in paragraphs("Mr Ali\\nleft", [mark])]
    [[('Mr ', False), ('Ali', True)], [('left', False)]]
    """
    quotes = [mark for mark in found if mark["kind"] == "quote"]
    inner = _apart([mark for mark in found if mark["kind"] != "quote"])
    told = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            told.append(_segments(text, start, end, inner, quotes))
        start = end + 1
    return told


def _apart(found: Sequence[Mark]) -> list[Mark]:
    """Marks that do not overlap: of two, the one that begins first."""
    kept: list[Mark] = []
    for mark in found:
        if not kept or mark["start"] >= kept[-1]["end"]:
            kept.append(mark)
    return kept


def _segments(
    text: str, start: int, end: int, inner: Sequence[Mark], quotes: Sequence[Mark]
) -> list[tuple[str, Mark | None, bool]]:
    here = [m for m in (*inner, *quotes) if m["start"] < end and m["end"] > start]
    borders = {start, end}
    for mark in here:
        borders |= {max(start, mark["start"]), min(end, mark["end"])}
    cuts = sorted(borders)
    return [
        (text[low:high], _at(inner, low), _at(quotes, low) is not None)
        for low, high in pairwise(cuts)
    ]


def _at(found: Sequence[Mark], place: int) -> Mark | None:
    return next((mark for mark in found if mark["start"] <= place < mark["end"]), None)
