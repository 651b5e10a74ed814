"""Names in a title and its text, read as one."""

from dataclasses import replace

from db.records import Day, Mention
from monitor.detect.names import Matcher

PARTED = "\n\n"  # no name reaches over a blank line


def find_names(
    matcher: Matcher, title: str, text: str, lang: str | None, on: Day | None = None
) -> tuple[Mention, ...]:
    """Mentions in the text, then those in the title, each with offsets of its own part.

    A surname in the text may be that of a person whom only the title names in full. With `on`, the
    day the text was published, names are left out that are tracked for other times only.
    """
    shift = len(title) + len(PARTED)
    found = matcher.find(f"{title}{PARTED}{text}", lang, on=on)
    in_title = [replace(m, part="title") for m in found if m.end <= len(title)]
    in_text = [
        replace(m, start=m.start - shift, end=m.end - shift) for m in found if m.start >= shift
    ]
    return (*in_text, *in_title)
