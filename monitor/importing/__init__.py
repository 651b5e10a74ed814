"""`monitor import`: texts and pages that others collected take the same path as a crawl."""

from monitor.importing.intake import ImportReport, take_in
from monitor.importing.paths import read_paths
from monitor.importing.records import Defaults, Given, Rejected

__all__ = ["Defaults", "Given", "ImportReport", "Rejected", "read_paths", "take_in"]
