"""Near-duplicate signature: the eight smallest hashes of a text's four-word shingles.

Two texts of the same words share most of them, whatever was cut off or put around; wire copies are
found without comparing every pair (A. Broder, "On the resemblance and containment of documents",
1997).
"""

import re
from collections.abc import Sequence
from hashlib import blake2b

SHINGLE = 4
KEPT = 8
_WORD = re.compile(r"\w+")


def signature(text: str) -> tuple[int, ...]:
    """At most eight hashes (63 bits, so that SQLite stores them), ascending; () without words.

    >>> len(signature("one two three four five")), signature("")
    (2, ())
    """
    words = _WORD.findall(text.casefold())
    shingles = {
        " ".join(words[at : at + SHINGLE]) for at in range(max(len(words) - SHINGLE + 1, 1))
    }
    return tuple(sorted(_hash(shingle) for shingle in shingles if shingle)[:KEPT])


def resemblance(one: Sequence[int], other: Sequence[int]) -> float:
    """The estimated share of shingles two texts have in common, 0 to 1.

    Of the eight smallest hashes of both together, those that both have.
    """
    smallest = sorted({*one, *other})[:KEPT]
    if not smallest:
        return 0.0
    return len({*one} & {*other} & {*smallest}) / len(smallest)


def _hash(shingle: str) -> int:
    return int.from_bytes(blake2b(shingle.encode(), digest_size=8).digest()) >> 1
