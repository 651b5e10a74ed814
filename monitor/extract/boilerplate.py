"""Boilerplate lines learned from the articles of one source."""

from collections import Counter
from collections.abc import Sequence

from monitor.extract.normal import line_hash, normalise

MIN_ARTICLES = 3
MIN_SHARE = 0.3


def learn_boilerplate(texts: Sequence[str]) -> set[str]:
    """Hashes of the lines that stand in at least 3 and at least 30 % of these texts.

    `texts` are stored texts of different articles of one source. A figure that changes makes
    another line, so a standing sentence ("357 people are on the list") is read again, and told,
    the day its number differs.
    """
    seen = Counter(digest for text in texts for digest in _line_hashes(text))
    needed = max(MIN_ARTICLES, MIN_SHARE * len(texts))
    return {digest for digest, count in seen.items() if count >= needed}


def _line_hashes(text: str) -> set[str]:
    return {line_hash(line) for line in normalise(text).split("\n") if line}
