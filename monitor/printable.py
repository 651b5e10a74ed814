"""Text of the outside world, made safe for a terminal."""

from typing import Any


def printable(value: Any) -> str:
    """A value on one line, with control and bidi characters shown escaped.

    >>> printable("a\\x1b[31m\\nred"), printable(None)
    ('a\\\\x1b[31m red', '-')
    """
    if value is None:
        return "-"
    text = str(value).replace("\n", " ")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
