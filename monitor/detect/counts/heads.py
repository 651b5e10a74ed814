"""What a number counts: the rules of docs/counts.md in order, each with an id.

A rule answers with a `Head` or passes; the first answer wins. A number no rule answers for is no
observation.
"""

from collections.abc import Callable

from monitor.detect.counts.answers import Head
from monitor.detect.counts.bare import country, ellipsis, is_labelled, is_named_age, subject
from monitor.detect.counts.case import Case
from monitor.detect.counts.held import died_outside, is_held, is_supposed, is_vetoed, is_withdrawn
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
from monitor.detect.counts.things import counts_things


def find_head(case: Case) -> Head | None:
    """The head of a number, or None where it counts no prisoners."""
    measures = case.phrase.is_unit and not case.number.people
    bare = not case.phrase.marks
    named = bare and (is_labelled(case) or is_named_age(case) or counts_things(case))
    if case.number.value > MOST or measures or _is_unknown(case) or named or is_share(case):
        return None
    if case.phrase.marks and is_vetoed(case):
        case.context.refuse()
    for rule in _RULES:
        head = rule(case)
        if head is not None:
            return _confirmed(case, head)
    return None


MOST = 5_000_000
"""More than the prisoners of any country."""


def _is_unknown(case: Case) -> bool:
    """Whether the noun is one nobody lists, and does not say "others" of a list."""
    noun = head_noun(case.phrase)
    if noun is None or noun.value != "other" or case.context.chained:
        return False
    return not is_others(case, noun)


def _confirmed(case: Case, head: Head) -> Head | None:
    """The head where the number is meant and counts people held; else what it leaves behind."""
    if is_supposed(case):
        return None
    if died_outside(case, head):
        case.context.refuse()
        return None
    if is_withdrawn(case):
        case.context.hear(head.category)
        return None
    return head if is_held(case, head) else None


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
