"""How well a source is: pure rules over what its runs brought.

A source is never given up. One that fails is asked less often, at least once a day, until a person
pauses it; a problem closes by itself after two good runs. The numbers are those of docs/health.md.
"""

from monitor.health.causes import weight
from monitor.health.rhythm import silence, silence_limit, usual_gap, volume
from monitor.health.state import (
    advance,
    after_run,
    leading,
    lengthened,
    next_score,
    state_of,
    told_by,
)
from monitor.health.troubles import failure, troubles

__all__ = [
    "advance",
    "after_run",
    "failure",
    "leading",
    "lengthened",
    "next_score",
    "silence",
    "silence_limit",
    "state_of",
    "told_by",
    "troubles",
    "usual_gap",
    "volume",
    "weight",
]
