"""JSON lines as pages, plain or packed with gzip: a bad line is named and skipped."""

import gzip
import json
import logging
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from monitor.exceptions import BadInput
from monitor.importing.records import KEYS, Defaults, Given, Part, Rejected, page_of, whole

logger = logging.getLogger(__name__)
_BOM = b"\xef\xbb\xbf"


def read_lines_file(path: Path, defaults: Defaults) -> Iterator[Part]:
    """The pages of a file; one that breaks off says where, what came before is whole."""
    opened = gzip.open if path.name.lower().endswith(".gz") else open
    try:
        with opened(path, "rb") as lines:
            yield from read_lines(str(path), lines, defaults)
    except (OSError, EOFError, zlib.error) as error:
        yield Rejected(place=str(path), reason=f"cannot be read on: {error}")


def read_lines(name: str, lines: Iterable[bytes], defaults: Defaults) -> Iterator[Part]:
    """One page a line; `name` is where they come from."""
    told: set[str] = set()
    for number, line in enumerate(lines, 1):
        stripped = line.removeprefix(_BOM).strip()
        if not stripped:
            continue
        place = f"{name}:{number}"
        try:
            fields = parse_object(stripped)
            _tell_unknown(fields, told, place)
            yield Given(page=page_of(fields, defaults), place=place)
        except BadInput as error:
            yield Rejected(place=place, reason=str(error))


def parse_object(line: bytes) -> dict[str, Any]:
    """One JSON object; raises BadInput for anything else."""
    try:
        given = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"not UTF-8 at byte {error.start}") from None
    except (ValueError, RecursionError) as error:
        raise BadInput(f"not JSON: {error}") from None
    if not isinstance(given, dict):
        raise BadInput("not a JSON object; write one object a line")
    fields: dict[str, Any] = whole(given)
    return fields


def _tell_unknown(fields: dict[str, Any], told: set[str], place: str) -> None:
    """A key we do not know is left out, and said once."""
    for key in sorted(fields.keys() - KEYS - told):
        told.add(key)
        logger.warning("%s: key %r is left out; known are %s", place, key, ", ".join(sorted(KEYS)))
