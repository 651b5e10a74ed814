"""Boilerplate lines learned from the articles of one source."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from monitor.extract.normal import line_hash, normalise

MIN_ARTICLES = 8
MIN_SHARE = 0.6  # what a site puts around its articles stands around nearly all of them
# What a site puts around its articles stands at their edges; a sentence that many articles repeat
# in their midst is the background of a story, and belongs to it.
FIRST_LINES, LAST_LINES = 3, 6


def learn_boilerplate(texts: Sequence[str], telling: Collection[str] = ()) -> set[str]:
    """Hashes of the lines that stand at the edge of at least 8 and 60 % of these texts.

    `texts` are stored texts of different articles of one source. A line that holds one of the
    `telling` words (tracked names, sentences with counts) is never boilerplate, however often it
    is repeated.
    """
    seen = Counter(digest for text in texts for digest in _edge_hashes(text, telling))
    needed = max(MIN_ARTICLES, MIN_SHARE * len(texts))
    return {digest for digest, count in seen.items() if count >= needed}


def _edge_hashes(text: str, telling: Collection[str]) -> set[str]:
    return {
        line_hash(line)
        for line in _edges(text)
        if not any(words in line or line in words for words in telling)
    }


def _edges(text: str) -> Iterator[str]:
    lines = [line for line in normalise(text).split("\n") if line]
    yield from lines[:FIRST_LINES]
    yield from lines[FIRST_LINES:][-LAST_LINES:]
