"""Sentences that text, HTML and Atom share: from items of the digest to words of one language."""

from datetime import datetime

from monitor.digest.language import Phrases
from monitor.digest.model import (
    Correction,
    CountItem,
    Coverage,
    EditItem,
    Evidence,
    Figure,
    OtherSide,
    Peer,
    PeopleItem,
    Problem,
    Quiet,
    SourceState,
    StateItem,
)

SOURCES_SHOWN = 12

# ---------------------------------------------------------------------- 1 coverage


def coverage_line(t: Phrases, coverage: Coverage) -> str:
    """How many sources were read, and how many were not as they should be."""
    if not coverage.active:
        return t("coverage.nothing")
    parts = [t("coverage.read", n=coverage.read, of=coverage.active)]
    for state in ("degraded", "silent", "failing", "not_read"):
        n = sum(one.state == state for one in coverage.troubled)
        if n:
            parts.append(t(f"coverage.{state}", n=n))
    if coverage.paused:
        parts.append(t("coverage.paused", n=coverage.paused))
    return ", ".join(parts) + "."


def articles_line(t: Phrases, coverage: Coverage) -> str:
    tally = coverage.tally
    parts = [
        t("coverage.articles", n=tally.stored + tally.unchanged),
        t("coverage.new", n=coverage.new),
        t("coverage.edited", n=coverage.edited),
    ]
    return ", ".join(parts) + "."


def ledger_line(t: Phrases, coverage: Coverage) -> str:
    """The sum of the ledger; what does not add up is said aloud."""
    tally = coverage.tally
    if not tally.discovered:
        return ""
    outcomes = ("stored", "unchanged", "duplicate", "blocked", "filtered", "failed")
    numbers = [(name, getattr(tally, name)) for name in outcomes]
    parts = [t(f"coverage.{name}", n=n) for name, n in numbers if n]
    if tally.unaccounted:
        parts.append(t("coverage.unaccounted", n=tally.unaccounted))
    return t("coverage.ledger", n=tally.discovered, parts=", ".join(parts))


def source_lines(t: Phrases, coverage: Coverage, until: datetime) -> list[str]:
    """The sources that need attention, the worst first, and how many more there are."""
    shown = coverage.troubled[:SOURCES_SHOWN]
    lines = [source_line(t, state, until) for state in shown]
    more = len(coverage.troubled) - len(shown)
    return [*lines, t("coverage.more", n=more)] if more else lines


def source_line(t: Phrases, state: SourceState, until: datetime) -> str:
    """One source that needs attention: how, for how long, against its usual gap."""
    words = t.label("state", state.state)
    days = None if state.since is None else (until - state.since).days
    if days:
        words += " " + t("coverage.for_days", n=days)
    if state.usual_gap_days is not None:
        gap = t.decimal(state.usual_gap_days)
        words += f" ({t('coverage.usual_gap', days=gap)})"
    if state.state == "degraded" and state.failed:
        words += "; " + t("coverage.failed_of", n=state.failed, of=state.discovered)
    cause = f"; {state.cause}" if state.cause else ""
    return f"{state.title}: {words}{cause}"


def baseline_lines(t: Phrases, coverage: Coverage) -> list[str]:
    """One line a source read for the first time."""
    lines = []
    for one in coverage.baselines:
        parts = [t("coverage.baseline_articles", n=one.articles)]
        if one.mentions:
            parts.append(t("coverage.baseline_mentions", n=one.mentions))
        if one.counts:
            parts.append(t("coverage.baseline_counts", n=one.counts))
        lines.append(t("coverage.baseline", source=one.source, parts=", ".join(parts)))
    return lines


# ---------------------------------------------------------------------- 2 counts


def figure(t: Phrases, value: Figure) -> str:
    """A number as it was said: "at least 46", "40–45"."""
    qualifier = "exact" if value.qualifier == "range" and value.high is None else value.qualifier
    high = "" if value.high is None else t.number(value.high)
    return t(f"qualifier.{qualifier}", value=value.value, high=high)


def change(t: Phrases, item: CountItem) -> str:
    """Old → new; without an old figure only the new one."""
    new = "?" if item.new is None else figure(t, item.new)
    return new if item.old is None else f"{figure(t, item.old)} → {new}"


def difference(t: Phrases, item: CountItem) -> str:
    if item.old is None or item.new is None:
        return ""
    return t.signed(item.new.value - item.old.value)


def counted(t: Phrases, item: CountItem) -> str:
    """What was counted: category, group, kind of count; the place only if it is not home."""
    words = t.label("category", item.category)
    if item.subset:
        subset = item.subset.removeprefix("case:").replace("-", " ")
        words += f", {t.label('subset', subset)}"
    if item.measure != "stock":
        words += f", {t.label('measure', item.measure)}"
    if item.since:
        words += f" {t('counts.since', day=t.day(item.since))}"
    return words


def counter(t: Phrases, org: str | None) -> str:
    """Who counted, by name."""
    return t("counts.unnamed") if org is None else t.organisation(org)


def count_facts(t: Phrases, item: CountItem) -> list[str]:
    """As-of date, and whether the article's own "up from" is what we had."""
    facts = []
    if item.kind == "count_first_seen":
        facts.append(t("counts.first_seen"))
    if item.misread is not None:
        facts.append(t("counts.misread", value=item.misread))
    if item.as_of:
        facts.append(t("counts.as_of", day=t.day(item.as_of)))
    if item.claimed_previous is not None:
        facts.append(_claim(t, item))
    return facts


def _claim(t: Phrases, item: CountItem) -> str:
    claimed = item.claimed_previous
    if item.previous_agrees:
        return t("counts.claimed_agrees", claimed=claimed)
    if item.previous_agrees is None or item.old is None:
        return t("counts.claimed", claimed=claimed)
    return t("counts.claimed_differs", claimed=claimed, ours=figure(t, item.old))


def headline(t: Phrases, item: CountItem) -> str:
    """What disagrees with what, in one sentence."""
    old = "?" if item.old is None else figure(t, item.old)
    new = "?" if item.new is None else figure(t, item.new)
    other = None if item.against is None else item.against.org
    return t(
        f"count_kind.{item.kind}",
        old=old,
        new=new,
        org=t.short(item.org) if item.org else t("counts.unnamed"),
        other=t.short(other) if other else t("counts.unnamed"),
        what=counted(t, item),
    )


def other_side(t: Phrases, side: OtherSide) -> str:
    """Figure, organisation, source and date of the point a count disagrees with."""
    org = t.short(side.org) if side.org else ""
    source = side.article.source if side.article.source != org else ""
    return " · ".join(x for x in (figure(t, side.figure), org, source, t.day(side.effective)) if x)


def breakdown(t: Phrases, item: CountItem) -> str:
    """The groups that do not add up."""
    groups = {**t.catalogue["category"], **t.catalogue["subset"]}
    return " + ".join(f"{t.number(n)} {groups.get(label, label)}" for label, n in item.parts)


def peer(t: Phrases, one: Peer) -> str:
    org = counter(t, one.org)
    return t("counts.peer", org=org, value=figure(t, one.figure), day=t.day(one.effective))


def chart_words(t: Phrases, item: CountItem) -> str:
    """The chart for those who do not see it."""
    first, last = item.steps[0], item.steps[-1]
    return t(
        "counts.chart",
        org=counter(t, item.org),
        first=first.value,
        first_day=t.day(first.day),
        last=last.value,
        last_day=t.day(last.day),
    )


# ---------------------------------------------------------------------- 3 people, 4 edits


def news(t: Phrases, item: PeopleItem) -> str:
    """Why this naming is news."""
    if item.news == "after_silence":
        words = t("news.after_silence", n=item.silence_days)
    else:
        words = t(f"news.{item.news}")
    if item.status:
        words += "; " + t("news.near", status=t.label("status", item.status))
    return words


def match(t: Phrases, evidence: Evidence) -> str:
    """Why the name matched; how it was printed, unless the quote shows it marked."""
    if not evidence.tier:
        return ""
    tier = t.label("match", evidence.tier)
    if evidence.quoted.marks:
        return t("match.line", tier=tier)
    return t("match.printed", tier=tier, surface=evidence.surface)


def edit_notes(t: Phrases, item: EditItem) -> list[str]:
    said = []
    if item.removed:
        said.append(t("edits.removed", names=t.joined(item.removed)))
    if item.silent:
        said.append(t("edits.silent"))
    if item.replaced:
        said.append(t("edits.replaced"))
    return said


def state_notes(t: Phrases, item: StateItem) -> list[str]:
    said = []
    if item.since:
        said.append(t("edits.since", moment=t.brief(item.since)))
    if item.grounds:
        said.append(t("edits.grounds", grounds=item.grounds))
    return said


def cite(t: Phrases, evidence: Evidence) -> str:
    """Source and rank, when it was published and when we saw it, why a name matched."""
    link = evidence.article
    parts = []
    if link.source:
        parts.append(f"{link.source} ({t('cite.rank', rank=link.rank)})")
    if link.published:
        parts.append(t("cite.published", day=t.brief(link.published)))
    if link.seen:
        parts.append(t("cite.seen", moment=t.brief(link.seen)))
    if matched := match(t, evidence):
        parts.append(matched)
    return " · ".join(parts)


def support(t: Phrases, evidence: Evidence) -> str:
    """Reprints and a reviewer's word."""
    parts = []
    if evidence.reprints:
        parts.append(t("cite.reprints", n=len(evidence.reprints)))
    if evidence.confirmed:
        parts.append(t("cite.confirmed"))
    return " · ".join(parts)


# ---------------------------------------------------------------------- 6, 7, corrections


def problem(t: Phrases, one: Problem) -> str:
    words = t(f"operator.{one.kind}", since=t.brief(one.since))
    cause = f" ({one.cause})" if one.cause else ""
    return f"{one.source}: {words}{cause}"


def quiet_lines(t: Phrases, quiet: Quiet) -> list[str]:
    lines = [t(f"quiet.{kind}", n=n) for kind, n in quiet.kinds]
    if quiet.rejected:
        lines.append(t("quiet.rejected", n=quiet.rejected))
    for rule in quiet.rules:
        reason = f" ({rule.reason})" if rule.reason else ""
        lines.append(t("quiet.rule", rule=str(rule.rule), n=rule.hidden, scope=rule.scope) + reason)
    return lines


def correction(t: Phrases, one: Correction) -> str:
    decision = t.label("decision", one.decision)
    if one.figure is not None:
        decision += f": {figure(t, one.figure)}"
    line = t("correction.line", number=one.digest, subject=one.subject, decision=decision)
    return f"{line} ({one.reason})" if one.reason else line
