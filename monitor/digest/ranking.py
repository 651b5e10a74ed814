"""What is told where, and what first: the one table of the digest's judgement.

A flag's own `priority` (decided with the flag) orders items of one row of these tables; the tables
order the rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from db.digest_rows import FlagRow

Section = Literal[
    "counts", "disagreements", "people", "edits", "states", "confirm", "operator"
]  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The section a kind of flag is told in, its rank there (lower first), whether it is urgent."""

    section: Section
    rank: int
    urgent: bool = False


KINDS: Mapping[str, Place] = {
    "count_up":                 Place("counts", 0, urgent=True),
    "count_down":               Place("counts", 0, urgent=True),
    "count_first_seen":         Place("counts", 1),
    "count_contradiction":      Place("disagreements", 0),
    "count_report_conflict":    Place("disagreements", 1),
    "count_correction":         Place("disagreements", 2),
    "count_history_revised":    Place("disagreements", 3),
    "count_breakdown_mismatch": Place("disagreements", 4),
    "new_mention":              Place("people", 0),
    "mention_removed":          Place("edits", 0, urgent=True),
    "article_edited":           Place("edits", 1),
    "article_removed":          Place("states", 0, urgent=True),
    "article_blocked":          Place("states", 1),
    "article_moved":            Place("states", 2),
    "article_restored":         Place("states", 3),
    "count_possible_change":    Place("confirm", 0),
    "candidate":                Place("confirm", 2),
    "source_silent":            Place("operator", 0),
    "source_failing":           Place("operator", 0),
    "source_recovered":         Place("operator", 1),
}  # fmt: skip

UNCERTAIN = Place("confirm", 1)  # a new_mention whose tier leads to "weak" or "review"

NEWS = ("first_ever", "after_silence", "status", "first_in_source", "again")
SILENCE_DAYS = 30

STORIES_SHOWN = 3
CHANGES_SHOWN = 3
REPRINTS_SHOWN = 5
PEERS_SHOWN = 4
PEER_DAYS = 400

# Of the digest's cap, the share each section may fill; none is starved by another.
SHARES: Mapping[str, float] = {"counts": 0.2, "people": 0.4, "edits": 0.3, "confirm": 0.1}
# Words near a name that make its mention urgent: at once, or only for a name not heard of lately
# (every article on a known prisoner says "detained" somewhere).
URGENT_AT_ONCE = frozenset({"died", "hunger_strike"})
URGENT_IF_NEW = frozenset({"detained", "charged", "sentenced"})


def place(flag: FlagRow) -> Place:
    """Where a flag is told; raises KeyError for a kind outside the closed list."""
    if flag.kind == "new_mention" and flag.detail.get("leads_to", "flag") != "flag":
        return UNCERTAIN
    return KINDS[flag.kind]


def urgent(flag: FlagRow) -> bool:
    """Whether a flag may interrupt somebody before the next digest."""
    if flag.kind != "new_mention":
        return place(flag).urgent
    status = flag.detail.get("status")
    if place(flag) is UNCERTAIN:
        return False
    is_new = news(flag) in ("first_ever", "after_silence")
    return status in URGENT_AT_ONCE or (is_new and status in URGENT_IF_NEW)


def news(flag: FlagRow) -> str:
    """Which rule of NEWS makes a mention worth telling; the first that fits."""
    detail = flag.detail
    if detail.get("first_ever"):
        return "first_ever"
    if (detail.get("silence_days") or 0) >= SILENCE_DAYS:
        return "after_silence"
    if detail.get("status"):
        return "status"
    return "first_in_source" if detail.get("first_in_source") else "again"
