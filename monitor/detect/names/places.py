"""Streets, squares and foundations called after somebody are no news of that person."""

import re

from monitor.detect.names import tables
from monitor.detect.names.letters import lower

_REACH = 24
_AFTER = re.compile(r"[ \u00a0]([^\W\d_]+)")
_BEFORE = re.compile(r"([^\W\d_]+)\.?[ \u00a0]\Z")


def is_place(text: str, start: int, end: int) -> bool:
    """Whether a name is that of a street, by the word beside it.

    >>> is_place("Rəşid Behbudov küçəsində", 0, 14), is_place("на улице Бейбутова", 9, 18)
    (True, True)
    """
    after = _AFTER.match(text, end)
    if after is not None and lower(after[1]) in tables.words("place_after"):
        return True
    before = _BEFORE.search(text[max(0, start - _REACH) : start])
    return before is not None and lower(before[1]) in tables.words("place_before")
