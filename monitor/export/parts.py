"""The files of a corpus: each is written whole or not at all, and once."""

import json
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from db.corpus import Table
from db.export import Row
from monitor.exceptions import BadInput
from monitor.export.corpus import Corpus

PROGRESS = ".unfinished.json"
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Part:
    """A file to write; `write` takes its temporary path and returns the number of rows or texts."""

    path: str
    write: Callable[[Path], int]
    table: str | None = None
    rows: int | None = None


@dataclass(frozen=True, kw_only=True)
class Written:
    """A finished file."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None
    table: str | None = None


def table_parts(
    corpus: Corpus, ending: str, write: Callable[[Path, Table, Corpus, Iterable[Row]], int]
) -> list[Part]:
    """One file a table, for formats that are tables."""

    def part(table: Table) -> Part:
        def write_table(path: Path) -> int:
            return write(path, table, corpus, corpus.rows(table))

        return Part(path=f"data/{table.name}.{ending}", write=write_table, table=table.name)

    return [part(table) for table in corpus.tables]


def bounds(total: int, each: int) -> list[tuple[int, int]]:
    """Places from 1 to `total` in runs of at most `each`.

    >>> bounds(5, 2)
    [(1, 2), (3, 4), (5, 5)]
    """
    return [(low, min(low + each - 1, total)) for low in range(1, total + 1, each)]


def write_parts(folder: Path, parts: Iterable[Part], key: str) -> list[Written]:
    """Write the parts in order; those that an earlier try finished for the same `key` stay.

    `key` stands for everything that decides about the bytes. Raises BadInput if the folder holds
    anything that is not an unfinished export.
    """
    finished = _resume(folder, key)
    written: list[Written] = []
    for part in parts:
        known = finished.get(part.path)
        done = known if known is not None and _is_whole(folder, known) else _write(folder, part)
        written.append(done)
        _save(folder, key, written)
    return written


def finish(folder: Path) -> None:
    """Forget the progress: the export is complete."""
    (folder / PROGRESS).unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a small file whole: it is there with all of its bytes, or not."""
    draft = path.with_name(path.name + ".part")
    with draft.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    draft.replace(path)


def as_json(value: object) -> str:
    """JSON to be read by people, the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def described(
    folder: Path, path: str, rows: int | None = None, table: str | None = None
) -> Written:
    """Size and hash of a file as it lies there."""
    file = folder / path
    return Written(
        path=path, bytes=file.stat().st_size, sha256=hash_of(file), rows=rows, table=table
    )


def hash_of(file: Path) -> str:
    """sha256 of a file, in hex."""
    digest = sha256()
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _resume(folder: Path, key: str) -> dict[str, Written]:
    """What an earlier try finished; an empty or new folder has nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    progress = folder / PROGRESS
    if not progress.is_file():
        if any(folder.iterdir()):
            raise BadInput(f"{folder}: not empty; name a new folder for the export")
        return {}
    state = json.loads(progress.read_text(encoding="utf-8"))
    if state["key"] != key:
        raise BadInput(
            f"{folder}: holds an unfinished export of another query, or of data that changed"
            " since; name a new folder"
        )
    return {each["path"]: Written(**each) for each in state["files"]}


def _is_whole(folder: Path, known: Written) -> bool:
    file = folder / known.path
    return file.is_file() and described(folder, known.path, known.rows, known.table) == known


def _write(folder: Path, part: Part) -> Written:
    target = folder / part.path
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    draft.unlink(missing_ok=True)
    rows = part.write(draft)
    draft.replace(target)
    return described(folder, part.path, rows, part.table)


def _save(folder: Path, key: str, written: list[Written]) -> None:
    state = {"key": key, "files": [asdict(each) for each in written]}
    write_text(folder / PROGRESS, as_json(state))
