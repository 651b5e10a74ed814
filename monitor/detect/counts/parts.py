"""Which numbers are parts of which total: including, of them, lists after a colon, entries."""

import re
from dataclasses import replace

from monitor.detect.counts.attributes import is_part_cue
from monitor.detect.counts.context import GENERAL, Context
from monitor.detect.counts.draft import Draft
from monitor.detect.counts.kinds import is_whole
from monitor.detect.counts.registry import WORLD

_REACH = 4
"""Sentences after a total in which a number may be a part of it."""
_PERSONAL = ("women", "men", "minors", "foreign")
"""Subsets that parts of them keep: "sixteen women, nine of them journalists"."""
_LOOKED_BACK = 40
"""Numbers before a part among which its total is looked for."""
_BLOCKS = 3
"""Paragraphs that may stand between a total and the entries of its list."""
_ALSO = re.compile(r"\s(?:and|и|və|ve|y|et|und|i|та|а также|as well as)\s[^\d,;:]{0,14}")
_COLON = re.compile(r":(?!\d)")
_WHOLE = frozenset({"political_prisoner", GENERAL, "captive", "prisoner_of_war"})


def attach_part(draft: Draft, drafts: list[Draft], context: Context) -> None:
    """Make the draft a part of an earlier number where the text says so."""
    if draft.role == "prior" or draft.kind == "net_change":
        return
    found = _find_total(draft, drafts, context)
    belongs = found is not None and _belongs(draft, drafts, drafts[found])
    total = found if belongs else _broken_down(draft, drafts, context)
    if total is None:
        said = found is None and (_is_some_of(draft) or _is_cued(draft))
        draft.role = "part" if said or _is_labelled(draft) else draft.role
        return
    draft.role, draft.of = "part", total
    _take_after(draft, drafts[total])


def _broken_down(draft: Draft, drafts: list[Draft], context: Context) -> int | None:
    """The list of the text where a later paragraph tells its groups: "divided into 12 groups"."""
    if context.whole is None:
        return None
    whole, sentence, head = drafts[context.whole], draft.case.sentence, draft.head
    group = head.category not in _WHOLE
    if context.breakdown == draft.block:
        group = group or head.subset is not None
    else:
        group = group and (head.loose or head.rule in _NAMELESS)
    own = sentence.counters or (draft.place or whole.place) != whole.place
    alike = draft.kind == whole.kind and draft.role == "total" and draft.value < whole.value
    return context.whole if group and alike and not own else None


_NAMELESS = ("left-label", "group-before", "partitive")
"""Rules for numbers without a noun of their own: they lean on the list."""


def _take_after(draft: Draft, whole: Draft) -> None:
    """Give a part what its total says of it too: category, subset, verb, place and kind."""
    near = draft.sentence - whole.sentence <= 1 and draft.head.rule in ("subset", "partitive")
    if draft.head.loose and near and whole.head.category == GENERAL:
        draft.head = replace(draft.head, category=GENERAL)
    if draft.head.subset is None and whole.head.subset in _PERSONAL and is_part_cue(draft.case):
        draft.head = replace(draft.head, subset=whole.head.subset)
    _share_verb(draft, whole)
    draft.place = draft.place or whole.place
    if not _fares_otherwise(draft, whole):
        draft.kind = whole.kind
    if draft.case.sentence.has("rest", *draft.case.before()):
        draft.exhaustive = True


def _fares_otherwise(draft: Draft, whole: Draft) -> bool:
    """Whether a part keeps a kind of its own: a death, some freed, some still held."""
    sentence, zone = draft.case.sentence, draft.case.zone
    if draft.kind == "death" or draft.kind == whole.kind:
        return True
    if whole.kind in ("cumulative", "flow_in"):
        still = sentence.has("remain", *zone) or sentence.has("now", *zone)
        return draft.kind == "flow_out" or (draft.kind == "stock" and still)
    entered = draft.kind == "flow_in" and sentence.has("in", *zone)
    return whole.kind == "stock" and (entered or draft.kind in ("stock", "flow_out", "net_change"))


def _share_verb(draft: Draft, whole: Draft) -> None:
    """Give the total the verb that follows a parenthesis: "14, including 5 women, were freed"."""
    if whole.sentence != draft.sentence or whole.kind != "stock" or not is_part_cue(draft.case):
        return
    label = {"flow_out": "out", "flow_in": "arrest"}.get(draft.kind)
    if label is None:
        return
    sentence = draft.case.sentence
    for verb in sentence.within(label, draft.head.end, draft.case.zone[1]):
        if "," in sentence.text(draft.head.end, verb.start):
            whole.kind = draft.kind


def _is_some_of(draft: Draft) -> bool:
    """Whether the number says "of them", by its words or its ending."""
    return draft.head.rule == "partitive" or (
        draft.case.number.possessive and draft.head.rule in ("right", "subset")
    )


def _is_cued(draft: Draft) -> bool:
    """Whether "including" and the like lead a number that is not a list of its own."""
    return is_part_cue(draft.case) and not _own_total(draft)


def _on_its_list(draft: Draft) -> bool:
    """Whether the number says "of those on the list" ("siyahıya düşənlərin 28-i jurnalist")."""
    return draft.case.number.possessive and draft.case.sentence.has(
        "list", draft.case.sentence.start, draft.case.number.start
    )


def _is_labelled(draft: Draft) -> bool:
    """Whether the number is a labelled entry of a list."""
    return draft.head.rule == "left-label" and draft.case.sentence.line.bullet


def _own_total(draft: Draft) -> bool:
    return draft.head.rule in ("right", "subject") and draft.head.category == "political_prisoner"


def _find_total(draft: Draft, drafts: list[Draft], context: Context) -> int | None:
    """The position of the nearest earlier total the draft could be a part of."""
    for at in range(len(drafts) - 1, max(-1, len(drafts) - _LOOKED_BACK), -1):
        other = drafts[at]
        if at == len(drafts) - 1 and _continues(draft, other):
            return other.of
        if _opens_list(draft, other):
            return at
        if other.role != "total" or other.kind == "net_change":
            continue
        if other.sentence == draft.sentence:
            return at
        far = context.index - other.sentence > _REACH
        if (draft.block - other.block > _BLOCKS) if _is_entry(draft) else far:
            return None
        if other.kind == "stock" and other.head.subset is None:
            return at
        told_of = draft.head.rule in ("partitive", "subset") and draft.block == other.block
        if is_part_cue(draft.case) or (told_of and draft.sentence - other.sentence == 1):
            return at
    return None


def _opens_list(draft: Draft, other: Draft) -> bool:
    """Whether a part is divided further: "five of those listed are free: three served …"."""
    if other.sentence != draft.sentence or other.role != "part" or other.of is not None:
        return False
    between = draft.case.sentence.text(other.head.end, draft.case.number.start)
    return _COLON.search(between) is not None


def _continues(draft: Draft, last: Draft) -> bool:
    """Whether the parts of a total told just before go on: "nine hold passports; five are …"."""
    near = draft.sentence - last.sentence <= 1 and draft.block == last.block
    same = draft.head.rule == "partitive" or _enumerated(draft, last)
    return near and last.of is not None and same


def _enumerated(draft: Draft, last: Draft) -> bool:
    """Whether nothing but "and" or a comma leads from a part to this one, and no verb parts them.

    "Among those listed are 30 journalists, six lawyers and 42 activists".
    """
    sentence, zone = draft.case.sentence, draft.case.zone
    led = sentence.text(zone[0], draft.case.number.start).strip() in _AND
    told = any(sentence.has(label, *zone) for label in ("out", "in", "arrest", "death", "say"))
    return draft.sentence == last.sentence and led and not told


_AND = frozenset(
    {"", ",", "and", ", and", "и", ", и", "а также", "və", "ve", "та", "і", "y", "et", "und", "i"}
)


def _is_entry(draft: Draft) -> bool:
    """Whether the number is an entry of a list: a bullet, or a label in an inline list."""
    inline = draft.head.rule == "left-label" and draft.head.category not in _WHOLE
    return draft.case.sentence.line.bullet or (inline and len(draft.case.sentence.numbers) > 2)


def _belongs(draft: Draft, drafts: list[Draft], total: Draft) -> bool:
    """Whether a number is a part of the total found for it."""
    same_sentence = total.sentence == draft.sentence
    if total.value < draft.value or (draft.place and total.place == WORLD != draft.place):
        return False
    if {draft.kind, total.kind} == {"flow_in", "flow_out"} or _counted_by_others(draft, total):
        return False
    if is_part_cue(draft.case) or draft.head.rule == "partitive":
        return True
    if _continues(draft, drafts[-1]):
        return True
    if same_sentence and is_whole(total.case):
        return True
    if draft.case.number.possessive and draft.sentence - total.sentence <= 1:
        return True
    if draft.head.rule == "country-list":
        return False
    if same_sentence:
        return _in_list(draft, drafts, total)
    return _later_part(draft, total)


def _counted_by_others(draft: Draft, total: Draft) -> bool:
    """Whether the sentence names another counter than that of the total."""
    named = draft.counter.basis == "same_sentence" and total.counter.org is not None
    return named and draft.counter.org != total.counter.org and not is_part_cue(draft.case)


def _in_list(draft: Draft, drafts: list[Draft], total: Draft) -> bool:
    """Whether the number stands in an enumeration that follows its total."""
    sentence = draft.case.sentence
    between = sentence.folded[total.head.end : draft.case.number.start]
    other = draft.head.category != total.head.category
    if _COLON.search(between) and (other or draft.kind == total.kind):
        return True
    if draft.head.rule == "subset" and draft.kind in ("stock", total.kind):
        return True
    if draft.head.rule == "ellipsis" and draft.kind == total.kind == "flow_out":
        return not sentence.has("org", *draft.case.zone)
    if _is_group(draft, total):
        return True
    last = drafts[-1]
    chained = last.sentence == draft.sentence and last.role == "part"
    return chained and not _own_verb(draft)


def _is_group(draft: Draft, total: Draft) -> bool:
    """A group after a total of political prisoners, with no counter or place of its own."""
    sentence = draft.case.sentence
    own = sentence.has("org", *draft.case.zone) or sentence.has("place", *draft.case.zone)
    if _ALSO.fullmatch(sentence.folded, total.head.end, draft.case.number.start):
        return False
    return (
        total.head.category == "political_prisoner"
        and draft.head.category not in _WHOLE
        and draft.kind == total.kind
        and not own
    )


def _own_verb(draft: Draft) -> bool:
    """Whether a verb or place before the number takes it out of the enumeration."""
    sentence = draft.case.sentence
    before = draft.case.before()
    return any(sentence.has(label, *before) for label in ("out", "in", "arrest", "say", "place"))


def _later_part(draft: Draft, total: Draft) -> bool:
    """Whether a number of a later sentence is a group of the list counted before."""
    apart = draft.block != total.block and draft.head.subset is None
    if apart and not (_is_entry(draft) or _on_its_list(draft)):
        return False
    if draft.head.category == total.head.category and draft.head.subset is None:
        return False
    if draft.kind != total.kind:
        return False
    located = draft.case.sentence.has("place")
    listed = draft.case.sentence.has("list") or draft.head.rule != "right"
    if total.head.category != "political_prisoner":
        return draft.head.category == total.head.category and not located
    return listed or not located
