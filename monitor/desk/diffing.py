"""What changed between two texts, word by word, for the page: paragraphs first, then words."""

from collections.abc import Sequence

from monitor.decide.edits import differing
from monitor.showing import PIECE

Piece = tuple[str, str]  # ("same" | "removed" | "added", words)
CONTEXT = 1  # unchanged paragraphs shown around a change


def word_pieces(before: str, after: str) -> list[Piece]:
    """One sentence as pieces that stayed, went or came.

    >>> word_pieces("It has 357 names.", "It has 358 names.")
    [('same', 'It has '), ('removed', '357'), ('added', '358'), ('same', ' names.')]
    """
    old, new = PIECE.findall(before), PIECE.findall(after)
    pieces: list[Piece] = []
    at = 0
    for removed, added in differing(old, new):
        pieces += _piece("same", old[at : removed.start])
        pieces += _piece("removed", old[removed]) + _piece("added", new[added])
        at = removed.stop
    return pieces + _piece("same", old[at:])


def paragraph_diff(before: str, after: str) -> list[list[Piece]]:
    """Two texts as paragraphs of pieces; runs of unchanged ones shrink to an empty paragraph.

    >>> paragraph_diff("a\\nb", "a\\nc")
    [[('same', 'a')], [('removed', 'b'), ('added', 'c')]]
    """
    old, new = before.splitlines(), after.splitlines()
    told: list[list[Piece]] = []
    at = 0
    for removed, added in differing(old, new):
        told += _unchanged(old[at : removed.start], first=at == 0, last=False)
        told += _changed(old[removed], new[added])
        at = removed.stop
    return told + _unchanged(old[at:], first=at == 0, last=True)


def _changed(old: Sequence[str], new: Sequence[str]) -> list[list[Piece]]:
    paired = min(len(old), len(new))
    told = [word_pieces(old[i], new[i]) for i in range(paired)]
    told += [[("removed", line)] for line in old[paired:] if line.strip()]
    return told + [[("added", line)] for line in new[paired:] if line.strip()]


def _unchanged(lines: Sequence[str], *, first: bool, last: bool) -> list[list[Piece]]:
    shown = [[("same", line)] for line in lines if line.strip()]
    if len(shown) <= 2 * CONTEXT:
        return shown
    head = [] if first else shown[:CONTEXT]
    tail = [] if last else shown[-CONTEXT:]
    return [*head, [], *tail]


def _piece(kind: str, words: Sequence[str]) -> list[Piece]:
    return [(kind, "".join(words))] if words else []
