"""A number on its way to an observation: what was decided about it so far."""

from dataclasses import dataclass, field

from monitor.detect.counts.answers import Counter, Head
from monitor.detect.counts.case import Case


@dataclass(slots=True)
class Draft:
    """The decisions about one number, filled in by the reader and finished by assembly.

    `of` is the position of the draft that is its total; `spans` gathers repetitions; `assumed`
    says that no text gave the place.
    """

    case: Case
    head: Head
    kind: str
    role: str
    qualifier: str
    place: str | None
    counter: Counter
    sentence: int
    block: int
    as_of: str | None = None
    as_of_basis: str = "none"
    since: str | None = None
    direction: str | None = None
    of: int | None = None
    exhaustive: bool = False
    optional: bool = False
    assumed: bool = False
    spans: list[tuple[int, int]] = field(default_factory=list)

    @property
    def value(self) -> int:
        return self.case.number.value

    @property
    def key(self) -> tuple[str | None, str, str | None, str]:
        """What two numbers must share to be compared: place, category, subset, kind."""
        return self.place, self.head.category, self.head.subset, self.kind
