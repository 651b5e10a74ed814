"""Tracked names: how they are found in text (docs/names.md)."""

from monitor.detect.fold import fold
from monitor.detect.names.candidates import find_candidates
from monitor.detect.names.concerns import Concern, check_watchlist
from monitor.detect.names.matcher import Matcher
from monitor.detect.names.search import search_groups, search_terms
from monitor.detect.names.spellings import spellings

__all__ = [
    "Concern",
    "Matcher",
    "check_watchlist",
    "find_candidates",
    "fold",
    "search_groups",
    "search_terms",
    "spellings",
]
