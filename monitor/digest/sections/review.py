"""Sections 5 to 7 and the corrections: what a person must decide, mend, or may look up."""

from collections.abc import Iterable
from datetime import datetime

from db.digest_rows import CorrectionRow, FlagRow, Inputs, SourceRow
from monitor.digest.evidence import Reprints, evidence, link, mention_quote, number_quote
from monitor.digest.model import (
    ConfirmItem,
    Correction,
    HiddenBy,
    Link,
    Problem,
    Quiet,
    Quoted,
)
from monitor.digest.ranking import UNCERTAIN, place
from monitor.digest.sections.counts import new_figure
from monitor.isoday import parse_moment

_PHASES = ("new", "ongoing", "resolved")


def confirm_items(flags: Iterable[FlagRow], reprints: Reprints) -> tuple[ConfirmItem, ...]:
    """Possible new counts, then uncertain matches, then candidates."""
    ordered = sorted(flags, key=lambda f: (place(f).rank, -f.priority, f.id))
    return tuple(_confirm(flag, reprints) for flag in ordered)


def problems(inputs: Inputs) -> tuple[Problem, ...]:
    """One row a source: new and resolved in this window, and those still open."""
    found = [problem for source in inputs.sources if (problem := _problem(source, inputs.since))]
    return tuple(sorted(found, key=lambda one: (_PHASES.index(one.phase), one.since, one.source)))


def quiet(inputs: Inputs, rejected: int) -> Quiet:
    """What was seen and not told, with links."""
    return Quiet(
        kinds=tuple(sorted(inputs.quieted.items())),
        examples=tuple(
            (row.kind, Link(url=row.url, title=row.title, source=row.source_title))
            for row in inputs.quiet_examples
        ),
        rules=tuple(
            HiddenBy(rule=row.id, scope=row.scope, reason=row.reason, hidden=row.hidden)
            for row in inputs.rules
        ),
        rejected=rejected,
    )


def corrections(rows: Iterable[CorrectionRow]) -> tuple[Correction, ...]:
    """Flags of earlier digests that reviewers overturned."""
    return tuple(
        Correction(
            digest=row.digest,
            kind=row.flag.kind,
            subject=_subject(row.flag),
            decision=row.decision,
            reason=row.reason,
            url=row.flag.url,
            figure=new_figure(row.flag) if row.flag.corrected else None,
        )
        for row in rows
    )


def _confirm(flag: FlagRow, reprints: Reprints) -> ConfirmItem:
    name = flag.name or str(flag.detail.get("name") or "")
    new = flag.new if flag.kind.startswith("count_") and isinstance(flag.new, int) else None
    return ConfirmItem(
        kind="uncertain" if place(flag) is UNCERTAIN else flag.kind,
        name=name,
        entity=flag.entity,
        status=flag.detail.get("status"),
        new=None if new is None else new_figure(flag),
        series=flag.series,
        evidence=evidence(flag, _quoted(flag, name, new), reprints),
    )


def _quoted(flag: FlagRow, name: str, new: int | None) -> Quoted:
    if new is not None:
        return number_quote(flag.quote, flag.lang, new)
    quoted = mention_quote(flag)
    start = flag.quote.find(name)
    if quoted.marks or start < 0 or not name:
        return quoted
    return Quoted(text=flag.quote, marks=((start, start + len(name)),), lang=flag.lang)


def _problem(source: SourceRow, since: datetime) -> Problem | None:
    if source.health is None or source.health_since is None:
        return None
    is_new = source.health_since > since
    if source.health == "source_recovered":
        phase = "resolved" if is_new else None
    else:
        phase = "new" if is_new else "ongoing"
    if phase is None or not source.enabled:
        return None
    stated = source.health_detail.get("since")
    return Problem(
        phase=phase,
        kind=source.health,
        source=source.title,
        since=parse_moment(stated) if isinstance(stated, str) else source.health_since,
        cause=str(source.health_detail.get("cause") or ""),
        mend=str(source.health_detail.get("mend") or ""),
    )


def _subject(flag: FlagRow) -> str:
    """What the flag was about, in words no catalogue needs: a name, numbers, a title."""
    if flag.kind.startswith("count_"):
        figures = [str(value) for value in (flag.old, flag.new) if value is not None]
        return " → ".join(figures) or str(flag.series)
    return flag.name or str(flag.detail.get("name") or "") or link(flag).title
