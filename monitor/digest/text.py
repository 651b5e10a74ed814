"""The digest as plain text: 72 columns, names and numbers between asterisks."""

import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from monitor.digest import verdict, wording
from monitor.digest.language import Phrases, phrases_of
from monitor.digest.model import (
    ConfirmItem,
    CountItem,
    Digest,
    EditItem,
    Evidence,
    Link,
    PeopleItem,
    Problem,
    Quoted,
    StateItem,
)
from monitor.digest.ranking import REPRINTS_SHOWN

WIDTH = 72
_BARS = "▁▂▃▄▅▆▇█"
_DOUBLE, _SINGLE = "=" * WIDTH, "-" * WIDTH

Lines = list[str]
T = TypeVar("T")


def render_text(digest: Digest, language: str) -> str:
    """The whole digest; only addresses may be wider than 72 columns, each on its own line."""
    t = phrases_of(digest, language)
    lines = _head(t, digest)
    for name in digest.sections:
        told = _TELL[name](t, digest)
        if told or name != "corrections":
            lines += ["", *_section(t, name, told)]
    return "\n".join([*lines, "", *_foot(t, digest)]) + "\n"


def marked(quoted: Quoted) -> str:
    """The words with each mark between asterisks.

    >>> marked(Quoted(text="Lists 357 names.", marks=((6, 9),)))
    'Lists *357* names.'
    """
    parts, last = [], 0
    for start, end in quoted.marks:
        parts += [quoted.text[last:start], "*", quoted.text[start:end], "*"]
        last = end
    return "".join([*parts, quoted.text[last:]])


def sparkline(values: Sequence[int]) -> str:
    """The course of a series in one line of text.

    >>> sparkline([331, 331, 357, 375])
    '▁▁▅█'
    """
    low, high = min(values), max(values)
    step = (high - low) / (len(_BARS) - 1) or 1
    return "".join(_BARS[int((value - low) / step)] for value in values)


def _head(t: Phrases, digest: Digest) -> Lines:
    lines = [verdict.title(t, digest), t.weekday(digest.until), *_wrap(verdict.window(t, digest))]
    lines += [line for note in verdict.notes(t, digest) for line in _wrap(note)]
    lines += [_DOUBLE, ""]
    for line in verdict.verdict(t, digest):
        names = f": {line.names}" if line.names else ""
        lines += _wrap(line.words + names, "  ", "    ")
    return lines


def _foot(t: Phrases, digest: Digest) -> Lines:
    key = "head.foot_draft" if digest.number is None else "head.foot"
    return [_SINGLE, *_wrap(t(key, built=t.moment(digest.built_at)))]


def _section(t: Phrases, name: str, lines: Lines) -> Lines:
    """A heading and what is under it; an empty section is one line, in its usual place."""
    heading = t.capitals(t(f"section.{name}"))
    return [heading, _SINGLE, *lines] if lines else [f"{heading}: {t('head.none').lower()}"]


def _items(t: Phrases, items: Iterable[T], one: Callable[[Phrases, T], Lines]) -> Lines:
    """The items with an empty line between them."""
    lines: Lines = []
    for item in items:
        lines += [*([""] if lines else []), *one(t, item)]
    return lines


def _beyond(t: Phrases, beyond: int) -> Lines:
    return ["", *_wrap(t("head.more_desk", n=beyond))] if beyond else []


# ---------------------------------------------------------------------- the sections


def _coverage(t: Phrases, digest: Digest) -> Lines:
    coverage = digest.coverage
    lines = _wrap(wording.coverage_line(t, coverage))
    lines += _wrap(wording.articles_line(t, coverage))
    for source in wording.source_lines(t, coverage, digest.until):
        lines += _wrap(source, "- ", "  ")
    for baseline in wording.baseline_lines(t, coverage):
        lines += _wrap(baseline, "- ", "  ")
    return lines + _wrap(wording.ledger_line(t, coverage))


def _count(t: Phrases, item: CountItem) -> Lines:
    facts = [wording.difference(t, item), *wording.count_facts(t, item)]
    lines = _wrap(f"{wording.change(t, item)}  {wording.counted(t, item)}")
    lines += _wrap(f"{wording.counter(t, item.org)} · {t.place(item.place)}", "  ")
    lines += _wrap(" · ".join(fact for fact in facts if fact), "  ")
    if len(item.steps) > 1:
        values = [step.value for step in item.steps]
        ends = t.number(values[0]), t.number(values[-1])
        lines += _wrap(f"{ends[0]} {sparkline(values)} {ends[1]}", "  ")
    lines += _evidence(t, item.evidence)
    if item.peers:
        peers = "; ".join(wording.peer(t, peer) for peer in item.peers)
        lines += _wrap(f"{t('counts.peers')} {peers}", "  ")
    return lines


def _counts(t: Phrases, digest: Digest) -> Lines:
    lines = _items(t, digest.counts, _count)
    if digest.disagreements:
        heading = t("section.disagreements")
        lines += ["", heading, "-" * len(heading), *_items(t, digest.disagreements, _disagreement)]
    return [*lines, *_beyond(t, digest.beyond.counts)]


def _disagreement(t: Phrases, item: CountItem) -> Lines:
    lines = _wrap(wording.headline(t, item))
    lines += _wrap(f"{wording.counter(t, item.org)} · {t.place(item.place)}", "  ")
    lines += _wrap(" · ".join(wording.count_facts(t, item)), "  ")
    if item.parts:
        lines += _wrap(f"{t('counts.parts')} {wording.breakdown(t, item)}", "  ")
    lines += _evidence(t, item.evidence)
    if item.against:
        lines += _wrap(f"{t('counts.against')} {wording.other_side(t, item.against)}", "  ")
        lines += _quote(t, item.against.quoted)
        lines += [f"  {item.against.article.url}"] if item.against.article.url else []
    return lines


def _people(t: Phrases, digest: Digest) -> Lines:
    return _items(t, digest.people, _person) + _beyond(t, digest.beyond.people)


def _person(t: Phrases, item: PeopleItem) -> Lines:
    lines = _wrap(", ".join(item.names))
    lines += _wrap(wording.news(t, item), "  ")
    for n, story in enumerate(item.stories):
        lines += [*([""] if n else []), *_evidence(t, story)]
    if item.more:
        lines += _wrap(t("news.more", n=item.more), "  ")
    return lines


def _edits(t: Phrases, digest: Digest) -> Lines:
    items: list[EditItem | StateItem] = [*digest.edits, *digest.states]
    return _items(t, items, _edit_or_state) + _beyond(t, digest.beyond.edits)


def _edit_or_state(t: Phrases, item: EditItem | StateItem) -> Lines:
    return _edit(t, item) if isinstance(item, EditItem) else _state(t, item)


def _edit(t: Phrases, item: EditItem) -> Lines:
    lines = _wrap(item.evidence.article.title or t("cite.untitled"))
    for note in wording.edit_notes(t, item):
        lines += _wrap(note, "  ")
    for change in item.changes:
        lines += _side("−", change.before, "" if change.after.text else t("edits.deleted"))
        lines += _side("+", change.after, "" if change.before.text else t("edits.inserted"))
    if item.more:
        lines += _wrap(t("edits.more", n=item.more), "  ")
    return lines + _source(t, item.evidence)


def _side(sign: str, side: Quoted, alone: str) -> Lines:
    """One side of a change; `alone` says so of a sentence that has no other side."""
    if not side.text:
        return []
    return _wrap(marked(side) + (f" [{alone}]" if alone else ""), f"  {sign} ", "    ")


def _state(t: Phrases, item: StateItem) -> Lines:
    title = item.evidence.article.title or t("cite.untitled")
    lines = _wrap(f"{t('edits.' + item.kind)}: {title}")
    for note in wording.state_notes(t, item):
        lines += _wrap(note, "  ")
    if item.to_url:
        lines += [f"  {item.from_url}", f"  → {item.to_url}"]
    return lines + _source(t, item.evidence)


def _to_confirm(t: Phrases, digest: Digest) -> Lines:
    return _items(t, digest.confirm, _confirm) + _beyond(t, digest.beyond.confirm)


def _confirm(t: Phrases, item: ConfirmItem) -> Lines:
    words = t(f"confirm.{item.kind}")
    status = f" ({t.label('status', item.status)})" if item.status else ""
    subject = item.name if item.new is None else wording.figure(t, item.new)
    return [*_wrap(f"{words}: {subject}{status}"), *_evidence(t, item.evidence)]


def _operator(t: Phrases, digest: Digest) -> Lines:
    return [line for problem in digest.operator for line in _problem(t, problem)]


def _problem(t: Phrases, item: Problem) -> Lines:
    lines = _wrap(f"{t('operator.' + item.phase)}: {wording.problem(t, item)}", "- ", "  ")
    if item.mend and item.phase != "resolved":
        lines += _wrap(t("operator.mend", mend=item.mend), "  ")
    return lines


def _quiet(t: Phrases, digest: Digest) -> Lines:
    lines = [line for words in wording.quiet_lines(t, digest.quiet) for line in _wrap(words)]
    if digest.quiet.examples:
        lines.append(t("quiet.examples"))
    for _, link in digest.quiet.examples[:REPRINTS_SHOWN]:
        lines += [*_wrap(f"{link.title or t('cite.untitled')} ({link.source})", "- ", "  ")]
        lines.append(f"  {link.url}")
    return lines


def _corrections(t: Phrases, digest: Digest) -> Lines:
    lines: Lines = []
    for one in digest.corrections:
        lines += _wrap(wording.correction(t, one), "- ", "  ")
        lines += [f"  {one.url}"] if one.url else []
    return lines


# ---------------------------------------------------------------------- evidence


def _evidence(t: Phrases, evidence: Evidence) -> Lines:
    title = _wrap(evidence.article.title, "  ")
    return [*_quote(t, evidence.quoted), *title, *_source(t, evidence)]


def _quote(t: Phrases, quoted: Quoted) -> Lines:
    return _wrap(t("head.quote", words=marked(quoted)), "  ") if quoted.text else []


def _source(t: Phrases, evidence: Evidence) -> Lines:
    lines = _wrap(wording.cite(t, evidence), "  ")
    lines += [f"  {evidence.article.url}"] if evidence.article.url else []
    lines += _wrap(wording.support(t, evidence), "  ")
    return lines + _reprints(evidence.reprints)


def _reprints(links: Sequence[Link]) -> Lines:
    return [f"    {link.url}" for link in links[:REPRINTS_SHOWN]]


def _wrap(words: str, first: str = "", rest: str | None = None) -> Lines:
    """Filled to the width; words longer than a line are broken, so that none runs out."""
    return textwrap.wrap(
        words,
        WIDTH,
        initial_indent=first,
        subsequent_indent=first if rest is None else rest,
        break_on_hyphens=False,
    )


_TELL: Mapping[str, Callable[[Phrases, Digest], Lines]] = {
    "coverage": _coverage,
    "counts": _counts,
    "people": _people,
    "edits": _edits,
    "confirm": _to_confirm,
    "operator": _operator,
    "quiet": _quiet,
    "corrections": _corrections,
}
