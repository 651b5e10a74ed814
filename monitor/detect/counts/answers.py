"""What the rules answer about a number: whom it counts, and who counted."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Head:
    """Whom a number counts: the rule that found it, the category (with raw label) and subset.

    `end` is where its noun phrase ends; `loose` says that the noun itself does not name the
    category ("people", nothing at all), so that the list spoken of gives it.
    """

    rule: str
    category: str
    end: int
    subset: str | None = None
    raw: str | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Counter:
    """Who counted: the organisation, its name as printed, and the basis on which it is named.

    `basis` is one of the values of `org_basis` in docs/counts.md; `none` where nobody is named.
    """

    org: str | None = None
    raw: str | None = None
    basis: str = "none"
