"""How urgent a flag is, 0 to 1: the weights of all flag kinds, in one table.

Changed counts and first-ever mentions come first, then removed names, edits of articles with
counts or names, removals; candidates last.
"""

from collections.abc import Mapping

from db.records import FLAG_KINDS

# kind: (weight, what a card calls it)
WEIGHTS: Mapping[str, tuple[float, str]] = {
    "count_up": (0.90, "count changed"),
    "count_down": (0.90, "count changed"),
    "count_first_seen": (0.80, "new count"),
    "mention_removed": (0.75, "name removed"),
    "new_mention": (0.70, "newly named"),
    "count_correction": (0.70, "count corrected"),
    "count_contradiction": (0.65, "organisations contradict each other"),
    "count_report_conflict": (0.60, "reports of one count differ"),
    "article_removed": (0.60, "article removed"),
    "count_history_revised": (0.55, "earlier count revised"),
    "article_edited": (0.55, "article edited"),
    "count_breakdown_mismatch": (0.50, "groups do not add up"),
    "article_restored": (0.45, "article restored"),
    "source_failing": (0.40, "source failing"),
    "source_silent": (0.40, "source silent"),
    "article_blocked": (0.35, "article blocked"),
    "count_possible_change": (0.30, "count without a counter"),
    "article_moved": (0.25, "article moved"),
    "source_recovered": (0.20, "source recovered"),
    "candidate": (0.10, "unknown name in an arrest context"),
}
assert set(WEIGHTS) == set(FLAG_KINDS)

# circumstance: (added to the weight, what a card calls it)
FACTORS: Mapping[str, tuple[float, str]] = {
    "first_ever": (0.20, "never named before"),
    "followed": (0.10, "the article has followed names or counts"),
    "part": (-0.10, "a group of a total"),
    "baseline": (-0.30, "known from the first reading of the source"),
}
RANKS: Mapping[int, float] = {1: 0.05, 2: 0.0, 3: -0.05}  # of the source; lower ranks count as 3


def priority(kind: str, *, rank: int = 2, **circumstances: bool) -> float:
    """The weight of the kind, moved by the source's rank and by what holds of `FACTORS`.

    Raises KeyError for an unknown kind or circumstance.

    >>> priority("new_mention", first_ever=True), priority("candidate", rank=3)
    (0.9, 0.05)
    """
    weight = WEIGHTS[kind][0] + RANKS[_known(rank)]
    weight += sum(FACTORS[name][0] for name, holds in circumstances.items() if holds)
    return round(min(1.0, max(0.0, weight)), 2)


def explain(kind: str, *, rank: int = 2, **circumstances: bool) -> str:
    """The same in words, for the card.

    >>> explain("new_mention", first_ever=True, rank=1)
    'newly named, never named before, rank-1 source'
    """
    named = [FACTORS[name][1] for name, holds in circumstances.items() if holds]
    return ", ".join([WEIGHTS[kind][1], *named, f"rank-{rank} source"])


def _known(rank: int) -> int:
    return min(max(rank, min(RANKS)), max(RANKS))
