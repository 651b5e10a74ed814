"""One plain sentence about a count: the number, whom it counts, who says so, as of when, why."""

from monitor.detect.counts.draft import Draft

_RULES = {
    "right": "the noun after the number",
    "member": "members of the party named",
    "group-before": "the group named right before the number",
    "repeated": "a figure told before",
    "generic": "people or names on the list spoken of",
    "shared": "the noun after the following number",
    "subset": "a group within the list spoken of",
    "left-label": "the label before the number",
    "partitive": "a part of the number before it",
    "subject": "the noun whose number is told",
    "country-list": "an entry of a country list",
    "ellipsis": "a bare number that continues the list spoken of",
}
_BASES = {
    "same_sentence": "same sentence",
    "earlier_sentence": "an earlier sentence",
    "later_sentence": "the next sentence",
    "publisher": "the source itself counts",
    "stated": "stated",
    "relative": "a relative date",
    "inherited": "inherited from the list",
    "list_date": "date of the list",
}


def explain(draft: Draft, text: str) -> str:
    """The evidence for an observation in words."""
    number = draft.case.number
    whom = draft.head.category.replace("_", " ")
    if draft.head.subset:
        whom += f", {draft.head.subset}"
    words = [f"“{text[number.start : number.end]}” counts {whom} ({draft.kind}, {draft.role}"]
    words.append(f" in {draft.place})" if draft.place else ")")
    words.append(_who(draft) + _when(draft))
    words.append(f"; rule {draft.head.rule}: {_RULES[draft.head.rule]}.")
    return "".join(words)


def _who(draft: Draft) -> str:
    if draft.counter.basis == "none":
        return "; nobody is named as counting"
    name = draft.counter.org or draft.counter.raw
    return f"; counted by {name} ({_BASES[draft.counter.basis]})"


def _when(draft: Draft) -> str:
    if draft.as_of is None:
        return "; no date stated"
    return f"; as of {draft.as_of} ({_BASES[draft.as_of_basis]})"
