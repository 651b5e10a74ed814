"""The turn of a host among the processes of this machine: a crawl, a preview, a second data folder.

For each host there is a file in a folder of the user. Who holds its lock may ask the host; it says
when the last request ended. The kernel lets go of the lock when its process ends, however it ends.
"""

import asyncio
import fcntl
import logging
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

from monitor.exceptions import StoreError

LOOK_AGAIN = 0.1  # seconds, while another process asks the host
_WIDTH = 17  # of a Unix time with its microseconds

logger = logging.getLogger(__name__)


def users_folder() -> Path | None:
    """The folder that all processes of this user share; None, and a warning, if there is none."""
    folder = Path(tempfile.gettempdir()) / f"prisoner-monitor-{os.getuid()}"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        logger.warning("%s: %s; delays are kept within this process only", folder, error.strerror)
        return None
    if folder.is_symlink() or found.st_uid != os.getuid():
        logger.warning("%s is not ours; delays are kept within this process only", folder)
        return None
    return folder


@asynccontextmanager
async def machine_turn(folder: Path | None, host: str, pause: float) -> AsyncIterator[None]:
    """Keep a host for one request that begins `pause` seconds after the last one of any process.

    Without a folder the host is everybody's. Raises StoreError if the folder cannot be written.
    """
    if folder is None:
        yield
        return
    descriptor = _open(folder / quote(host, safe=""))
    try:
        while (wait := _wait(descriptor, pause)) > 0:
            await asyncio.sleep(wait)
        try:
            yield
        finally:
            os.pwrite(descriptor, f"{time.time():.6f}"[:_WIDTH].encode(), 0)
    finally:
        os.close(descriptor)


def _open(file: Path) -> int:
    try:
        return os.open(file, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise StoreError(f"{file}: {error.strerror}") from error


def _wait(descriptor: int, pause: float) -> float:
    """Seconds until it is worth looking again; 0 with the lock taken.

    Nobody sleeps through the pause with the lock: whoever comes first then has the turn.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return LOOK_AGAIN
    ago = _ago(descriptor)
    if ago is None or ago >= pause:
        return 0.0
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    return pause - ago


def _ago(descriptor: int) -> float | None:
    """Seconds since the last request ended; None if there was none, or the clock was set back."""
    try:
        ago = time.time() - float(os.pread(descriptor, _WIDTH, 0))
    except ValueError:
        return None
    return ago if ago >= 0 else None
