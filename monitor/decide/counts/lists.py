"""A published list of names against the one before: who was added, who is gone."""

from collections.abc import Sequence
from dataclasses import dataclass

FOUND_AGAIN = 0.5  # share of the old names below which the new list was misread, not emptied


@dataclass(frozen=True, kw_only=True)
class ListChange:
    """Names added to and removed from a list, in the order of the lists.

    `trusted` is False if so few of the old names were found again that the new list was probably
    read in part or is another list; then nobody is called removed.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    kept: int
    trusted: bool


def compare_lists(previous: Sequence[str], current: Sequence[str]) -> ListChange:
    """Compare two lists of matched keys (entity ids, folded names), duplicates counted once.

    >>> compare_lists(["a", "b", "c"], ["b", "c", "d"])
    ListChange(added=('d',), removed=('a',), kept=2, trusted=True)
    >>> compare_lists(["a", "b", "c"], ["c"])
    ListChange(added=(), removed=(), kept=1, trusted=False)
    """
    before, after = dict.fromkeys(previous), dict.fromkeys(current)
    kept = sum(name in after for name in before)
    trusted = kept >= FOUND_AGAIN * len(before)
    return ListChange(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after) if trusted else (),
        kept=kept,
        trusted=trusted,
    )
