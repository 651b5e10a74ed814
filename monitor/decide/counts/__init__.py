"""The flag engine of prisoner counts: what a page changes in the ledger, and what to flag.

The rules are those of docs/counts.md; everything here is pure.
"""

from monitor.decide.counts.ledger import advance, step
from monitor.decide.counts.lists import ListChange, compare_lists
from monitor.decide.counts.series import Reported, relevant, series_of

__all__ = [
    "ListChange",
    "Reported",
    "advance",
    "compare_lists",
    "relevant",
    "series_of",
    "step",
]
