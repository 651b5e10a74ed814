"""What a number counts: the rules of docs/counts.md in order, each with an id.

A rule answers with a `Head` or passes; the first answer wins. A number no rule answers for is no
observation.
"""

from collections.abc import Callable

from monitor.detect.counts.answers import Head
from monitor.detect.counts.bare import country, ellipsis, is_labelled, subject
from monitor.detect.counts.case import Case
from monitor.detect.counts.held import is_held, is_vetoed
from monitor.detect.counts.labels import group_before, left_label
from monitor.detect.counts.nouns import (
    generic,
    head_noun,
    is_others,
    member,
    right,
    shared,
    subset,
)
from monitor.detect.counts.partitives import partitive, repeated
from monitor.detect.counts.shares import is_share


def find_head(case: Case) -> Head | None:
    """The head of a number, or None where it counts no prisoners."""
    noun = head_noun(case.phrase)
    unknown = noun is not None and noun.value == "other" and not case.context.chained
    unknown = unknown and noun is not None and not is_others(case, noun)
    measures = case.phrase.is_unit and not case.number.people
    named = not case.phrase.marks and is_labelled(case)
    if measures or unknown or named or is_share(case):
        return None
    if case.phrase.marks and is_vetoed(case):
        case.context.refused = case.context.index
    for rule in _RULES:
        head = rule(case)
        if head is not None:
            return head if is_held(case, head) else None
    return None


_RULES: tuple[Callable[[Case], Head | None], ...] = (
    right,
    member,
    left_label,
    group_before,
    repeated,
    generic,
    subset,
    shared,
    partitive,
    subject,
    country,
    ellipsis,
)
