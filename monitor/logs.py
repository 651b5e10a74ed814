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


class Quieter(logging.Filter):
    """Lets libraries speak of errors only: what they tell else, our ledger tells better.

    A filter, for Scrapy resets the levels of its loggers whenever a crawl begins.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        ours = record.name.partition(".")[0] in ("monitor", "db", "__main__")
        return ours or record.levelno >= logging.ERROR


def set_up(verbosity: int) -> None:
    """Log to stderr: errors (-1), warnings (0), what is done (1), and all libraries too (2)."""
    handler = logging.StreamHandler(sys.stderr)
    person = sys.stderr.isatty() and "CI" not in os.environ
    handler.setFormatter(Sentences() if person else JsonLines())
    handler.setLevel(LEVELS[min(verbosity, 2)])
    if verbosity < 2:
        handler.addFilter(Quieter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(LEVELS[min(verbosity, 2)])
