"""`monitor import`: texts and pages that others collected take the same path as a crawl."""

from monitor.importing.intake import ImportReport, take_in
from monitor.importing.records import Given, Rejected, read_paths

__all__ = ["Given", "ImportReport", "Rejected", "read_paths", "take_in"]
