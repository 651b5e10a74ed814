"""The figure a person puts in the place of the machine's, from the fields of a form."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from db.corrections import Figure
from db.records import SeriesKey
from monitor.desk.ask import Ask, one_of, whole
from monitor.exceptions import BadInput
from monitor.isoday import first_day

CODE = re.compile(r"[\w:-]{1,60}", re.ASCII)
QUALIFIERS = ("exact", "at_least", "more_than", "at_most", "less_than", "approx", "range")


def figure_of(ask: Ask, card: Mapping[str, Any]) -> Figure:
    """What the form of a count flag says; raises BadInput with the field that is wrong."""
    if not card["series"]:
        raise BadInput("this flag is about no count")
    high = ask.written("value_high")
    return Figure(
        series=str(_series(ask, SeriesKey.parse(card["series"]))),
        value=whole(ask.needed("value"), "value"),
        value_high=whole(high, "value_high") if high else None,
        qualifier=one_of(ask.written("qualifier", "exact"), QUALIFIERS, "qualifier"),
        as_of=_day(ask.written("as_of")),
    )


def _series(ask: Ask, key: SeriesKey) -> SeriesKey:
    parts = {name: ask.written(name) for name in ("category", "org", "subset")}
    wrong = [name for name, part in parts.items() if part and not CODE.fullmatch(part)]
    if wrong:
        raise BadInput(f"{wrong[0]}: a code of letters, digits, _, - and :")
    return replace(
        key,
        category=parts["category"] or key.category,
        org=parts["org"] or None,
        subset=parts["subset"] or None,
    )


def _day(text: str) -> str | None:
    if not text:
        return None
    try:
        first_day(text)
    except ValueError:
        raise BadInput(f"as_of: {text[:20]}: write a day like 2026-06-14 or 2026-06") from None
    return text
