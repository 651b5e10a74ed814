"""What can be imported: JSON lines, WARC, saved HTML, PDF and text, in files, folders or a pipe."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from monitor.exceptions import BadInput
from monitor.importing.lines import read_lines, read_lines_file
from monitor.importing.records import Defaults, Part
from monitor.importing.saved import MIMES, SideNotes, is_side_file, read_saved

LINES = (".jsonl", ".ndjson", ".json", ".jsonl.gz", ".ndjson.gz", ".json.gz")
WARCS = (".warc", ".warc.gz")


def read_paths(paths: Iterable[str], defaults: Defaults) -> Iterator[Part]:
    """Everything in the given files, folders or `-`, in order; bad parts come as Rejected.

    Raises BadInput if a path is not there or of no known kind.
    """
    for name in paths:
        yield from _read_path(name, defaults)


def _read_path(name: str, defaults: Defaults) -> Iterator[Part]:
    if name == "-":
        yield from read_lines("standard input", sys.stdin.buffer, defaults)
        return
    path = Path(name)
    if path.is_dir():
        yield from _read_folder(path, defaults)
        return
    if not path.is_file():
        raise BadInput(f"{name}: no such file or folder; give JSONL, WARC, HTML, PDF or text")
    if not _is_known(path):
        known_kinds = ", ".join([*LINES, *WARCS, *MIMES])
        raise BadInput(f"{name}: not a kind of file that can be imported ({known_kinds})")
    yield from _read_file(path, SideNotes(path.parent), defaults)


def _read_folder(folder: Path, defaults: Defaults) -> Iterator[Part]:
    """Every file of a known kind, by path; the others are no concern of an import."""
    notes = SideNotes.load(folder)
    yield from notes.rejected
    for file in sorted(folder.rglob("*")):
        if file.is_file() and _is_known(file) and not is_side_file(file):
            yield from _read_file(file, notes, defaults)


def _read_file(path: Path, notes: SideNotes, defaults: Defaults) -> Iterator[Part]:
    name = path.name.lower()
    if name.endswith(LINES):
        yield from read_lines_file(path, defaults)
    elif name.endswith(WARCS):
        from monitor.importing.warc import read_warc

        yield from read_warc(path, defaults)
    else:
        yield read_saved(path, notes, defaults)


def _is_known(path: Path) -> bool:
    return path.name.lower().endswith((*LINES, *WARCS, *MIMES))
