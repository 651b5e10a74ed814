"""Locks on a data directory: one process collects, so that one process keeps the delays."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from monitor.exceptions import LockHeld, StoreError

FILE = "lock"


@contextmanager
def hold(data_dir: Path, file: str = FILE, doing: str = "collecting") -> Iterator[None]:
    """Hold the lock; the kernel lets it go when the process ends, however it ends.

    `file` names another lock than that on collecting, and `doing` what it is for.

    Raises LockHeld if another process has it, StoreError if the directory cannot be written.
    """
    try:
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(data_dir / file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise StoreError(f"{data_dir}: {error.strerror}; choose a folder with --data") from error
    try:
        _take(descriptor, data_dir, doing)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def holder(data_dir: Path, file: str = FILE) -> int | None:
    """The process that holds the lock, or None; asking takes nothing from a process that begins."""
    try:
        descriptor = os.open(data_dir / file, os.O_RDONLY)
    except OSError:
        return None
    try:
        said = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
        process = int(said) if said.isdecimal() else None
        return process if process is not None and _is_held(descriptor, process) else None
    finally:
        os.close(descriptor)


def _is_held(descriptor: int, process: int) -> bool:
    """Whether the process that wrote its number there lives and has not let go."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass  # another user's, so it lives
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _take(descriptor: int, data_dir: Path, doing: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise LockHeld(
            f"{data_dir}: another monitor (process {holder}) is {doing} here; wait or stop it"
        ) from None
