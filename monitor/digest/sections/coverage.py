"""Section 1: what was read, and what could not be."""

from datetime import datetime

from db.digest_rows import Inputs, SourceRow
from monitor.digest.model import Baseline, Coverage, SourceState, Tally
from monitor.isoday import parse_moment

_HEALTH = {"source_silent": "silent", "source_failing": "failing"}
_ORDER = ("failing", "silent", "not_read", "degraded")


def coverage(inputs: Inputs) -> Coverage:
    """Sources read and not read, articles read, new and edited, the ledger's sum."""
    active = [source for source in inputs.sources if source.enabled]
    troubled = [state for state in map(_state, active) if state is not None]
    return Coverage(
        active=len(active),
        read=sum(source.good_runs > 0 and _word(source) != "failing" for source in active),
        paused=len(inputs.sources) - len(active),
        troubled=tuple(sorted(troubled, key=lambda one: (_ORDER.index(one.state), one.title))),
        new=inputs.new_articles,
        edited=inputs.edited_articles,
        tally=_tally(inputs.sources),
        baselines=tuple(
            Baseline(
                source=row.source_title,
                articles=row.articles,
                mentions=row.mentions,
                counts=row.counts,
            )
            for row in inputs.baselines
        ),
    )


def _state(source: SourceRow) -> SourceState | None:
    """How a source is troubled; None if all is well."""
    word = _word(source)
    if word is None:
        return None
    detail = source.health_detail if source.health in _HEALTH else {}
    gap = detail.get("usual_gap_days")
    return SourceState(
        name=source.name,
        title=source.title,
        state=word,
        since=_since(source, word),
        usual_gap_days=None if gap is None else float(gap),
        failed=source.failed + source.blocked,
        discovered=source.discovered,
        cause=str(detail.get("cause") or source.problem or source.error or ""),
    )


def _word(source: SourceRow) -> str | None:
    if source.health in _HEALTH:
        return _HEALTH[source.health]
    if source.runs == 0:
        return "not_read"
    if source.problem is not None:
        return "degraded"
    return "failing" if source.good_runs == 0 else None


def _since(source: SourceRow, word: str) -> datetime | None:
    stated = source.health_detail.get("since")
    if source.health in _HEALTH:
        return parse_moment(stated) if isinstance(stated, str) else source.health_since
    return None if word == "degraded" else source.last_success_at


def _tally(sources: tuple[SourceRow, ...]) -> Tally:
    return Tally(
        discovered=sum(source.discovered for source in sources),
        stored=sum(source.stored for source in sources),
        unchanged=sum(source.unchanged for source in sources),
        duplicate=sum(source.duplicate for source in sources),
        blocked=sum(source.blocked for source in sources),
        filtered=sum(source.filtered for source in sources),
        failed=sum(source.failed for source in sources),
    )
