"""One number to be judged, with everything a rule may look at."""

from dataclasses import dataclass

from monitor.detect.counts.context import Context
from monitor.detect.counts.dates import Dated
from monitor.detect.counts.lexicon import Mark
from monitor.detect.counts.numbers import Number
from monitor.detect.counts.phrases import NounPhrase
from monitor.detect.counts.registry import Registry
from monitor.detect.counts.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Case:
    """A number in its sentence: the noun phrase after it, its zone, and what was read before.

    `zone` are the offsets of its clause.
    """

    sentence: Sentence
    number: Number
    phrase: NounPhrase
    zone: tuple[int, int]
    context: Context
    registry: Registry

    def before(self) -> tuple[int, int]:
        """The part of the zone before the number."""
        return self.zone[0], self.number.start

    def gap(self, found: Mark | Dated) -> int:
        """The characters between the number and a phrase or date of its sentence."""
        if found.start >= self.number.end:
            return found.start - self.number.end
        return self.number.start - found.end
