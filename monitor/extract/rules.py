"""SourceRules: what a source's configuration, and its own past, say on reading its pages."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SourceRules:
    """How the pages of one source are read.

    `content_selector` is a CSS selector; where it matches, the text is all that stands there and
    nothing else. `strip_lines` are regexes searched in each line, a match drops the line.
    `boilerplate` holds the line hashes learned from that source (`learn_boilerplate`). `timezone`
    is where a time without a zone was written.
    """

    home: str
    content_selector: str | None = None
    strip_lines: tuple[str, ...] = ()
    boilerplate: frozenset[str] = frozenset()
    lang: str | None = None
    site_name: str | None = None
    timezone: str = "Asia/Baku"
