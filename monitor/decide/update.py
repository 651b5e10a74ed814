"""Previous and current in, what to remember and what to flag out: one page's decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from db.records import (
    Evidence,
    Flag,
    Known,
    LedgerStep,
    Quiet,
    Reading,
    StoredVersion,
    Update,
    Visit,
)
from monitor.decide import counts, mentions
from monitor.decide.edits import Change, changes, title_change
from monitor.decide.priority import explain, priority
from monitor.detect.namelists import listed_names, name_key
from monitor.isoday import moment

UNSTABLE_AFTER = 2  # a text seen this often among the recent versions is flapping, not edited
REPLACED_BELOW = 0.2  # share of old sentences left when another text stands at the old address
SHOWN_CHANGES = 12

NO_STEP = LedgerStep()


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    flags: tuple[Flag, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    ledger: LedgerStep = NO_STEP


def decide(known: Known, visit: Visit, reading: Reading) -> Update | None:
    """What one reading of one page changes; None if it says nothing new.

    A first reading, an edit and a text that came back are versions with flags. A reading of the
    same bytes by another extractor is a technical version, without an edit flag. A difference of
    form only, or a text that keeps flipping, is noted quietly and stored as no version.
    """
    latest = known.latest
    if latest is None:
        return _update(known, visit, reading, "first", _understood(known, visit, reading))
    if reading.version.text_hash == latest.version.text_hash:
        return None
    if latest.version.partial != reading.version.partial:
        return _completed(known, visit, reading)
    if visit.same_bytes:
        return _update(known, visit, reading, "technical", _Outcome())
    if known.recent_hashes.count(reading.version.text_hash) >= UNSTABLE_AFTER:
        return _quiet(known, visit, reading, Quiet(kind="unstable"))
    edited = _differences(latest, known.compared, reading)
    if not edited:
        return _quiet(known, visit, reading, Quiet(kind="cosmetic"))
    cause = "restored" if known.article.state == "removed" else "edit"
    return _update(known, visit, reading, cause, _edited(known, visit, reading, edited))


def _completed(known: Known, visit: Visit, reading: Reading) -> Update | None:
    """A text that was known in part: its whole is no edit; a part says nothing of the whole."""
    if reading.version.partial:
        return None
    return _update(known, visit, reading, "edit", _understood(known, visit, reading))


def _differences(latest: StoredVersion, text: str, reading: Reading) -> tuple[Change, ...]:
    title = title_change(latest.version.title, reading.version.title)
    body = changes(text, reading.version.text)
    return (title, *body) if title else body


def _understood(known: Known, visit: Visit, reading: Reading) -> _Outcome:
    new, reprints = mentions.new_mentions(known, reading, visit.at.date())
    persons, confirmed = mentions.candidates(known, reading)
    ledger = counts.step(known.ledger, _reported(known, visit, reading))
    return _Outcome(
        flags=(*_with_list_length(ledger.flags, reading.version.text), *new, *persons),
        evidence=(*reprints, *confirmed),
        ledger=ledger,
    )


def _edited(known: Known, visit: Visit, reading: Reading, edited: Sequence[Change]) -> _Outcome:
    """Flags of an edit: what it newly says, what it no longer says, and what else it changed."""
    understood = _understood(known, visit, reading)
    gone = mentions.removed_mentions(known, reading)
    told = (*understood.flags, *gone)
    material = [change for change in edited if change.material]
    untold = [change for change in material if not _is_told(change, told)]
    flags = told if not untold else (*told, _edit_flag(known, reading, untold))
    quiet = () if material else (Quiet(kind="minor_edit", detail={"changes": _shown(edited)}),)
    return _Outcome(
        flags=flags, evidence=understood.evidence, quiet=quiet, ledger=understood.ledger
    )


def _is_told(change: Change, flags: Iterable[Flag]) -> bool:
    """Whether a flag about a count or a name already shows this very sentence.

    An added sentence is told by the flag that quotes it, a removed one by the name it took away;
    a rewritten one only by a correction or a removed name, whose flags show before and after.
    """
    for flag in flags:
        quote = flag.quote.strip()
        if not quote:
            continue
        if change.before is None and change.after and _overlap(quote, change.after):
            return True
        if flag.kind in TELL_A_REWRITE and any(
            side and _overlap(quote, side) for side in (change.before, change.after)
        ):
            return True
    return False


TELL_A_REWRITE = frozenset({"count_correction", "mention_removed"})


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


def _edit_flag(known: Known, reading: Reading, shown: Sequence[Change]) -> Flag:
    assert known.latest is not None
    replaced = _is_replaced(known.latest, shown)
    rank = known.source.rank
    followed = bool(reading.mentions or reading.observations or known.named_before)
    return Flag(
        kind="article_edited",
        key=f"article_edited|article {known.article.id}|{reading.version.text_hash}",
        old=known.latest.version.title,
        new=reading.version.title,
        quote=(shown[0].after or shown[0].before or ""),
        priority=priority("article_edited", rank=rank, followed=followed),
        why=explain("article_edited", rank=rank, followed=followed),
        detail={
            "title": reading.version.title,
            "changes": _shown(shown),
            "more": max(0, len(shown) - SHOWN_CHANGES),
            "silent": _is_silent(known.latest, reading),
            "replaced": replaced,
            "before_read": moment(known.latest.fetched_at),
            **_list_change(known.latest.version.text, reading.version.text),
        },
        baseline=known.baseline,
    )


def _list_change(before: str, after: str) -> dict[str, object]:
    """Who came onto and went off a published list of names, if both versions hold one."""
    old, new = listed_names(before), listed_names(after)
    if not old or not new:
        return {}
    written = {name_key(name): name for name in (*new, *old)}
    change = counts.compare_lists([name_key(n) for n in old], [name_key(n) for n in new])
    if not change.added and not change.removed and change.trusted:
        return {}
    return {
        "list": {
            "added": [written[key] for key in change.added],
            "removed": [written[key] for key in change.removed],
            "kept": change.kept,
            "trusted": change.trusted,
        }
    }


def _with_list_length(flags: Iterable[Flag], text: str) -> tuple[Flag, ...]:
    """Count flags of a page that publishes the list itself say how many names it holds."""
    names = listed_names(text)
    return tuple(
        replace(flag, detail={**flag.detail, "names_listed": len(names)}) if names else flag
        for flag in flags
    )


def _is_silent(latest: StoredVersion, reading: Reading) -> bool:
    """The text changed while page and feed say nothing of a change."""
    return reading.version.modified in (None, latest.version.modified)


def _is_replaced(latest: StoredVersion, shown: Sequence[Change]) -> bool:
    before = len(latest.version.text.splitlines()) or 1
    lost = sum(1 for change in shown if change.before and change.after is None)
    return before > 1 and 1 - lost / before < REPLACED_BELOW


def _shown(edited: Sequence[Change]) -> list[dict[str, str | None]]:
    return [{"before": c.before, "after": c.after} for c in edited[:SHOWN_CHANGES]]


def _reported(known: Known, visit: Visit, reading: Reading) -> counts.Reported:
    return counts.Reported(
        article=known.article.id,
        source=known.source.name,
        url=visit.url,
        published=reading.version.published,
        fetched=moment(visit.at),
        publisher_org=known.source.publisher_org,
        place=known.source.place,
        observations=reading.observations,
        earlier=known.earlier,
        rank=known.source.rank,
        baseline=known.baseline,
    )


def _update(known: Known, visit: Visit, reading: Reading, cause: str, outcome: _Outcome) -> Update:
    series = {
        o.id: str(key)
        for o in reading.observations
        if (key := counts.series_of(o, known.source.publisher_org, known.source.place))
    }
    return Update(
        article=known.article.id,
        visit=visit,
        cause=cause,  # type: ignore[arg-type]
        reading=reading,
        series=series,
        flags=outcome.flags,
        evidence=outcome.evidence,
        quiet=outcome.quiet,
        ledger=outcome.ledger,
    )


def _quiet(known: Known, visit: Visit, reading: Reading, quiet: Quiet) -> Update:
    return Update(
        article=known.article.id, visit=visit, cause=None, reading=reading, quiet=(quiet,)
    )
