"""Reading prisoner counts: who is counted, by whom, as of when, and how the figure is meant.

`read_counts` turns a passage into observations. The rules and closed lists are those of
docs/counts.md; knowledge lies in tables that an operator may extend through `Registry.load`.
"""

from monitor.detect.counts.reader import read_counts
from monitor.detect.counts.registry import Registry, default_registry

__all__ = ["Registry", "default_registry", "read_counts"]
