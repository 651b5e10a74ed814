"""Small step charts of a series: SVG for the file, PNG for mail, both without a library.

A step chart is made of upright and level lines only, so that a PNG of it needs no drawing library:
rows of pixels, compressed (https://www.w3.org/TR/png-3/).
"""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.digest.model import Step

WIDTH, HEIGHT = 280, 64
MARGIN = 5
SCALE = 2  # PNG pixels a chart pixel, for sharp screens
LINE = (0x3B, 0x82, 0xA8)  # readable on white and on black
FILL_ALPHA = 0x2B

Point = tuple[int, int]


@dataclass(frozen=True)
class Course:
    """The corners of a step line in chart pixels, y downwards."""

    corners: tuple[Point, ...]


def course(steps: Sequence[Step]) -> Course:
    """Place a series in the frame: each value holds from its day until the next.

    >>> from datetime import date
    >>> course([Step(day=date(2026, 1, 1), value=1), Step(day=date(2026, 1, 3), value=2)]).corners
    ((5, 59), (251, 59), (251, 5), (275, 5))
    """
    first, last = steps[0].day.toordinal(), steps[-1].day.toordinal()
    low, high = min(s.value for s in steps), max(s.value for s in steps)
    right, bottom = WIDTH - MARGIN, HEIGHT - MARGIN
    room = right - MARGIN - 24  # the last value needs some length to be seen
    corners: list[Point] = []
    for step in steps:
        x = MARGIN + round((step.day.toordinal() - first) * room / max(1, last - first))
        y = bottom - round((step.value - low) * (bottom - MARGIN) / max(1, high - low))
        if corners:
            corners.append((x, corners[-1][1]))
        if not corners or corners[-1] != (x, y):
            corners.append((x, y))
    corners.append((right, corners[-1][1]))
    return Course(tuple(corners))


def svg_path(line: Course) -> str:
    """The `d` of an SVG path."""
    return "M" + " L".join(f"{x} {y}" for x, y in line.corners)


def png(line: Course) -> bytes:
    """The chart as a PNG with a transparent ground, at twice the size."""
    width, height = WIDTH * SCALE, HEIGHT * SCALE
    pixels = [bytearray(4 * width) for _ in range(height)]
    segments = list(zip(line.corners, line.corners[1:], strict=False))
    for (x1, y1), (x2, _) in segments:
        _fill(pixels, (x1 * SCALE, y1 * SCALE), (x2 * SCALE, (HEIGHT - 1) * SCALE), FILL_ALPHA)
    for (x1, y1), (x2, y2) in segments:
        low, high = (min(x1, x2), min(y1, y2)), (max(x1, x2), max(y1, y2))
        start = (low[0] * SCALE - 2, low[1] * SCALE - 2)
        _fill(pixels, start, (high[0] * SCALE + 2, high[1] * SCALE + 2), 0xFF)
    x, y = line.corners[-1]
    _fill(pixels, (x * SCALE - 6, y * SCALE - 6), (x * SCALE + 6, y * SCALE + 6), 0xFF)
    return _encoded(pixels, width, height)


def _fill(pixels: list[bytearray], start: Point, end: Point, alpha: int) -> None:
    colour = bytes((*LINE, alpha))
    left, right = max(0, start[0]), min(end[0], WIDTH * SCALE)
    for row in pixels[max(0, start[1]) : end[1]]:
        row[4 * left : 4 * right] = colour * max(0, right - left)


def _encoded(pixels: Sequence[bytearray], width: int, height: int) -> bytes:
    rows = b"".join(b"\0" + bytes(row) for row in pixels)
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(rows, 9))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
