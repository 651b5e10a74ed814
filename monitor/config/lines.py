"""Where in a TOML file a value stands: tomllib reads values but forgets their lines."""

import re
import tomllib
from collections.abc import Iterator

Loc = tuple[str | int, ...]

_KEY = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_KEY}(?:\s*\.\s*{_KEY})*"
_HEADER = re.compile(rf"\s*\[\s*({_DOTTED})\s*\]")
_ARRAY_HEADER = re.compile(rf"\s*\[\[\s*({_DOTTED})\s*\]\]")
_ASSIGNMENT = re.compile(rf"\s*({_DOTTED})\s*=")


def toml_lines(text: str) -> dict[Loc, int]:
    """The line (from 1) of every table header and key of a valid TOML text.

    Keys are paths as pydantic writes them: `("source", 2, "url")`. Keys inside inline tables are
    not listed; the line of the longest listed prefix holds them.

    >>> toml_lines("a = 1\\n[[source]]\\nurl = 2\\n[source.robots_override]\\nby = 3")[
    ...     ("source", 0, "robots_override", "by")]
    5
    """
    found: dict[Loc, int] = {}
    table: Loc = ()
    arrays: dict[Loc, int] = {}
    for number, line in _statements(text):
        if header := _ARRAY_HEADER.match(line):
            path = _resolved(_parts(header[1]), arrays)
            arrays[path] = arrays.get(path, -1) + 1
            table = (*path, arrays[path])
            found[table] = number
            found.setdefault(path, number)
        elif header := _HEADER.match(line):
            table = _within(_parts(header[1]), arrays)
            found.setdefault(table, number)
        elif assignment := _ASSIGNMENT.match(line):
            path = (*table, *_parts(assignment[1]))
            for length in range(len(table) + 1, len(path) + 1):
                found.setdefault(path[:length], number)
    return found


def line_of(loc: Loc, lines: dict[Loc, int]) -> int:
    """The line of the value, else of the nearest table or key around it, else 1."""
    return next((lines[loc[:n]] for n in range(len(loc), 0, -1) if loc[:n] in lines), 1)


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Each header or assignment with its line, values of several lines joined."""
    lines = text.split("\n")
    number = 0
    while number < len(lines):
        start, line = number, lines[number]
        number += 1
        if assignment := _ASSIGNMENT.match(line):
            value = line[assignment.end() :]
            while not _is_value(value) and number < len(lines):
                value += "\n" + lines[number]
                number += 1
        yield start + 1, line


def _is_value(text: str) -> bool:
    try:
        tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return False
    return True


def _parts(dotted: str) -> Loc:
    return tuple(part.strip("\"'") for part in re.findall(_KEY, dotted))


def _resolved(path: Loc, arrays: dict[Loc, int]) -> Loc:
    """The path with the index of the array element that each parent stands in."""
    *parents, last = path
    return (*_within(tuple(parents), arrays), last)


def _within(path: Loc, arrays: dict[Loc, int]) -> Loc:
    full: Loc = ()
    for part in path:
        full = (*full, part)
        if full in arrays:
            full = (*full, arrays[full])
    return full
