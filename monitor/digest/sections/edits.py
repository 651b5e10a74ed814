"""Section 4: what was changed in articles, and articles that went away."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import accumulate

from rapidfuzz.distance import Indel

from db.digest_rows import FlagRow
from db.records import Json
from monitor.digest.evidence import Reprints, evidence, shorten
from monitor.digest.model import Change, EditItem, Evidence, Quoted, StateItem
from monitor.digest.ranking import CHANGES_SHOWN, place
from monitor.isoday import parse_moment

Span = tuple[int, int]

_TOKEN = re.compile(r"\w+(?:[-’'.,]\w+)*|\s+|[^\w\s]")


def edit_items(flags: Iterable[FlagRow], reprints: Reprints) -> tuple[EditItem, ...]:
    """One item an article: removed names and changed sentences are one story."""
    by_article: dict[object, list[FlagRow]] = {}
    for flag in flags:
        by_article.setdefault(flag.article or flag.id, []).append(flag)
    items = [_edit(group, reprints) for group in by_article.values()]
    return tuple(sorted(items, key=_order))


def state_items(flags: Iterable[FlagRow], reprints: Reprints) -> tuple[StateItem, ...]:
    """Articles removed, blocked, moved or restored, in this order."""
    ordered = sorted(flags, key=lambda f: (place(f).rank, -f.priority, f.id))
    return tuple(_state(flag, reprints) for flag in ordered)


def compared(before: str, after: str, lang: str | None) -> Change:
    """The two sides of a change, the words that differ marked.

    >>> change = compared("Lists 331 names.", "Lists 357 names.", "en")
    >>> change.before.marks, change.after.marks
    (((6, 9),), ((6, 9),))
    """
    if not (before and after):
        return Change(before=Quoted(text=before, lang=lang), after=Quoted(text=after, lang=lang))
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    codes = [code for code in Indel.opcodes(old, new) if code.tag != "equal"]
    old_marks = _marks(old, [(code.src_start, code.src_end) for code in codes])
    new_marks = _marks(new, [(code.dest_start, code.dest_end) for code in codes])
    return Change(
        before=shorten(Quoted(text=before, marks=old_marks, lang=lang)),
        after=shorten(Quoted(text=after, marks=new_marks, lang=lang)),
    )


def _marks(tokens: Sequence[str], spans: Iterable[Span]) -> tuple[Span, ...]:
    """Character spans of token spans; those with only white space between are one mark."""
    offsets = [0, *accumulate(len(token) for token in tokens)]
    text = "".join(tokens)
    marks: list[Span] = []
    for start, end in ((offsets[first], offsets[last]) for first, last in spans if first < last):
        if marks and not text[marks[-1][1] : start].strip():
            start = marks.pop()[0]
        marks.append((start, end))
    return tuple(marks)


def _edit(flags: Sequence[FlagRow], reprints: Reprints) -> EditItem:
    removed = [f for f in flags if f.kind == "mention_removed"]
    lead = next((f for f in flags if f.kind == "article_edited"), flags[0])
    changes = _changes(lead)
    changes = [*(_dropped(f) for f in removed if not _is_shown(f.quote, changes)), *changes]
    proof = evidence(lead, Quoted(text=lead.quote, lang=lead.lang), reprints)
    return EditItem(
        evidence=_with_flags(proof, flags),
        changes=tuple(changes[:CHANGES_SHOWN]),
        more=max(0, len(changes) - CHANGES_SHOWN) + int(lead.detail.get("more") or 0),
        removed=tuple(dict.fromkeys(_name(flag) for flag in removed)),
        entities=tuple(dict.fromkeys(f.entity for f in removed if f.entity)),
        silent=bool(lead.detail.get("silent")),
        replaced=bool(lead.detail.get("replaced")),
    )


def _with_flags(proof: Evidence, flags: Sequence[FlagRow]) -> Evidence:
    return replace(
        proof,
        flags=tuple(flag.id for flag in flags),
        confirmed=all(flag.state == "confirmed" for flag in flags),
        priority=max(flag.priority for flag in flags),
    )


def _name(flag: FlagRow) -> str:
    return flag.name or str(flag.detail.get("name") or flag.entity)


def _changes(flag: FlagRow) -> list[Change]:
    shown = flag.detail.get("changes") or ()
    return [compared(one["before"] or "", one["after"] or "", flag.lang) for one in shown]


def _dropped(flag: FlagRow) -> Change:
    """The sentence that named somebody, and is gone or names nobody now."""
    before = flag.quote or str(flag.detail.get("before_quote") or "")
    surface = str(flag.old or "")
    start = before.find(surface) if surface else -1
    marks = ((start, start + len(surface)),) if start >= 0 else ()
    quoted = shorten(Quoted(text=before, marks=marks, lang=flag.lang))
    return Change(before=quoted, after=Quoted(text="", lang=flag.lang))


def _is_shown(quote: str, changes: Iterable[Change]) -> bool:
    return any(quote and quote in change.before.text for change in changes)


def _order(item: EditItem) -> tuple[object, ...]:
    return (not item.removed, -item.evidence.priority, not item.silent, item.evidence.flags)


def _state(flag: FlagRow, reprints: Reprints) -> StateItem:
    is_moved = flag.kind == "article_moved"
    return StateItem(
        kind=flag.kind,
        evidence=evidence(flag, Quoted(text=flag.quote, lang=flag.lang), reprints),
        since=_moment(flag.detail.get("since")),
        from_url=str(flag.old) if is_moved else "",
        to_url=str(flag.new) if is_moved else "",
        grounds=flag.why,
    )


def _moment(text: Json) -> datetime | None:
    return parse_moment(text) if isinstance(text, str) else None
