"""Is a received corpus whole: every file there, every byte as it was written."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from monitor.exceptions import BadInput
from monitor.export.manifest import FILE, FORMAT
from monitor.export.parts import hash_of


def problems(folder: Path) -> Iterator[str]:
    """One sentence for every file that is missing, changed or unknown.

    Raises BadInput if there is no manifest that can be read.
    """
    listed = _files(folder)
    for path, entry in listed.items():
        found = _problem(folder, path, entry)
        if found is not None:
            yield f"{path}: {found}"
    here = {
        str(file.relative_to(folder).as_posix()) for file in folder.rglob("*") if file.is_file()
    }
    for path in sorted(here - listed.keys() - {FILE}):
        yield f"{path}: not in the manifest"


def manifest_hash(folder: Path) -> str:
    """The hash that stands for the whole corpus."""
    return hash_of(folder / FILE)


def _files(folder: Path) -> dict[str, Mapping[str, Any]]:
    try:
        manifest = json.loads((folder / FILE).read_text(encoding="utf-8"))
        if manifest["format"] != FORMAT:
            raise BadInput(f"{folder / FILE}: format {manifest['format']!r} is not {FORMAT!r}")
        return {entry["path"]: entry for entry in manifest["files"]}
    except OSError:
        raise BadInput(f"{folder}: holds no {FILE}; name the folder of a finished export") from None
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{folder / FILE}: not a manifest: {error!r}") from None


def _problem(folder: Path, path: str, entry: Mapping[str, Any]) -> str | None:
    parts = PurePosixPath(path)
    file = folder / path
    if parts.is_absolute() or ".." in parts.parts or file.is_symlink():
        return "lies outside the corpus"
    if not file.is_file():
        return "missing"
    size = file.stat().st_size
    if size != entry.get("bytes"):
        return f"has {size} bytes instead of {entry.get('bytes')}"
    if hash_of(file) != entry.get("sha256"):
        return "its bytes were changed"
    return None
