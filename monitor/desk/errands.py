"""Jobs the desk sends away as processes of their own: reading a source now, trying one out.

A crawl needs Scrapy's reactor, which a web server's process cannot lend it; as a process of its own
it takes the lock on the data directory like any other, and may outlive the desk.
"""

import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from monitor.isoday import moment
from monitor.workspace import Workspace

PREVIEW_SECONDS = 90
SHOWN_CHARS = 20_000


@dataclass(frozen=True)
class Errand:
    """A crawl of one source that was sent off."""

    source: str
    who: str
    begun_at: str
    process: subprocess.Popen[bytes]

    @property
    def state(self) -> str:
        """`running`, or how it ended: `done`, `locked` (another run is on) or `failed`."""
        code = self.process.poll()
        if code is None:
            return "running"
        return {0: "done", 75: "locked"}.get(code, "failed")


class Errands:
    """Starts jobs and remembers the last one of each source."""

    def __init__(self, space: Workspace) -> None:
        self._space = space
        self._last: dict[str, Errand] = {}
        self._lock = Lock()

    def crawl(self, source: str, who: str, now: datetime) -> Errand:
        """Read one source now, unless that is under way already."""
        with self._lock:
            last = self._last.get(source)
            if last is not None and last.state == "running":
                return last
            process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
                [*self._monitor(), "--quiet", "crawl", "--", source],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
            self._last[source] = Errand(source, who, moment(now), process)
            return self._last[source]

    def last(self, source: str) -> Errand | None:
        """The last job for a source since the desk was opened."""
        return self._last.get(source)

    def preview(self, source: str) -> tuple[bool, str]:
        """Read a source once without storing anything: whether that went well, and what it said."""
        try:
            done = subprocess.run(  # noqa: S603 (our own command, no shell)
                [*self._monitor(), "sources", "preview", "--", source],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=PREVIEW_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False, f"no answer within {PREVIEW_SECONDS} seconds"
        return done.returncode == 0, done.stdout.decode("utf-8", "replace")[:SHOWN_CHARS]

    def _monitor(self) -> Sequence[str]:
        space = self._space
        config = ["--config", str(space.config)] if space.config else []
        return [sys.executable, "-m", "monitor", *config, "--data", str(space.data_dir)]
