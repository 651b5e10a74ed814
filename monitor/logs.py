"""Logging: sentences for a person at a terminal, one JSON object a line for everything else."""

import json
import logging
import os
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

from monitor.printable import printable

run_id: ContextVar[int | None] = ContextVar("run_id", default=None)
source_name: ContextVar[str | None] = ContextVar("source_name", default=None)

LEVELS = {-1: logging.ERROR, 0: logging.WARNING, 1: logging.INFO, 2: logging.DEBUG}


class JsonLines(logging.Formatter):
    """One event a line; text from pages cannot forge a line, for JSON escapes it."""

    def format(self, record: logging.LogRecord) -> str:
        event = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            "source": source_name.get(),
            "run": run_id.get(),
        }
        if record.exc_info:
            event["traceback"] = self.formatException(record.exc_info)
        kept = {key: value for key, value in event.items() if value is not None}
        return json.dumps(kept, ensure_ascii=False)


class Sentences(logging.Formatter):
    """For a person: what happened and where, control characters shown escaped."""

    def format(self, record: logging.LogRecord) -> str:
        where = source_name.get()
        plain = printable(record.getMessage())
        words = f"{where}: {plain}" if where else plain
        return words if not record.exc_info else f"{words}\n{self.formatException(record.exc_info)}"


def set_up(verbosity: int) -> None:
    """Log to stderr at the asked level; libraries are heard one level later than we are."""
    handler = logging.StreamHandler(sys.stderr)
    person = sys.stderr.isatty() and "CI" not in os.environ
    handler.setFormatter(Sentences() if person else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[min(verbosity - 1, 2)] if verbosity > 0 else logging.WARNING)
    for name in ("monitor", "db"):
        logging.getLogger(name).setLevel(LEVELS[min(verbosity, 2)])
    if verbosity < 2:
        for noisy in ("scrapy", "trafilatura", "htmldate", "pebble"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
