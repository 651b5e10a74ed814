"""The watchlist as a table that people keep: CSV and XLSX, read, written and compared."""

from monitor.watchlist.comparison import WatchlistChanges, compare_watchlists, preview
from monitor.watchlist.entities import COLUMNS, EXTRA_COLUMNS, read_watchlist, write_watchlist

__all__ = [
    "COLUMNS",
    "EXTRA_COLUMNS",
    "WatchlistChanges",
    "compare_watchlists",
    "preview",
    "read_watchlist",
    "write_watchlist",
]
