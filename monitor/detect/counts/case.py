"""One number to be judged, and the answer of a rule: whom it counts."""

from dataclasses import dataclass

from monitor.detect.counts.context import Context
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import NounPhrase
from monitor.detect.counts.registry import Registry
from monitor.detect.counts.sentence import Sentence


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
class Case:
    """One number to be judged, with everything a rule may look at."""

    sentence: Sentence
    number: Number
    phrase: NounPhrase
    zone: tuple[int, int]
    context: Context
    registry: Registry

    def before(self) -> tuple[int, int]:
        """The part of the zone before the number."""
        return self.zone[0], self.number.start

    def behind(self) -> tuple[int, int]:
        """The part of the zone after the number."""
        return self.number.end, self.zone[1]
