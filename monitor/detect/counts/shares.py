"""Numbers that are shares, rates, ranks, or the people of one cell: they count nobody."""

import re

from monitor.detect.counts.case import Case

_OF_NUMBER = re.compile(r" (?:of|out of|из|in) \d{1,3}\b(?! )| (?:of|out of) \d{1,2} ")
_SHARE_LEADS = re.compile(
    r"(?:\b(?:jailed for|sentenced to|serving|лет из|года из|год из)"
    r"|\b(?:hər|her|per|every|each|на каждые|из каждых|каждые|на каждую)"
    r"|(?:мест\w*|позици\w*|строч\w*|\d(?:st|nd|rd|th)|place|position)"
    r" (?:из|среди|of|out of|among))\s$"
)
"""Rates and ranks: "per 100,000", "167th of 180"."""
_LOCATIVE = frozenset({"da", "də", "de", "ta", "tə", "te"})
"""The ending of the lower number of a fraction: az `üçdə ikisi`."""
_OUT_OF = re.compile(r"\w\s+(?:out of|in)\s+(?:every\s+)?$")


def is_share(case: Case) -> bool:
    """Whether the number is a share, the room of a prison, or the people of one cell."""
    sentence, number = case.sentence, case.number
    if sentence.after("fraction", number.end, 3) is not None:
        return True
    if sentence.before("capacity", number.start) or sentence.has(
        "cell", case.zone[0] - 40, case.zone[1]
    ):
        return True
    if any(
        other.ending in _LOCATIVE and other.end + 1 == number.start for other in sentence.numbers
    ):
        return True
    if number.ending in _LOCATIVE and any(n.start == number.end + 1 for n in sentence.numbers):
        return True
    before = sentence.text(max(sentence.start, number.start - 24), number.start)
    if _SHARE_LEADS.search(before):
        return True
    if _OF_NUMBER.match(sentence.text(number.end, number.end + 8)):
        return True
    return number.value <= 20 and _OUT_OF.search(before) is not None
