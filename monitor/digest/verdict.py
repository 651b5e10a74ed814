"""The verdict: what a reader knows after ten seconds, and the subject of the mail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitor.digest import wording
from monitor.digest.language import Phrases, phrases_of
from monitor.digest.model import Coverage, Digest

SUBJECT_CHARS = 120
HEADLINE_COUNTS = 2
NAMES_SHOWN = 3
_LONG_WINDOW = timedelta(hours=25)


@dataclass(frozen=True)
class Line:
    """A line of the verdict: the section it leads to, the words, and whom it is about."""

    section: str
    words: str
    names: str = ""


def title(t: Phrases, digest: Digest) -> str:
    if digest.number is None:
        return t("head.draft")
    return t("head.weekly" if digest.frequency == "weekly" else "head.title", number=digest.number)


def window(t: Phrases, digest: Digest) -> str:
    since, until = t.moment(digest.since), t.moment(digest.until)
    return t("head.window", since=since, until=until, zone=digest.zone)


def notes(t: Phrases, digest: Digest) -> list[str]:
    """What is unusual about this digest as a whole: late, long, narrowed."""
    said = []
    if digest.late_hours:
        said.append(t("head.late", n=digest.late_hours))
    length = digest.until - digest.since
    if digest.frequency == "daily" and length > _LONG_WINDOW:
        said.append(t("head.long", n=max(2, round(length / timedelta(days=1)))))
    if digest.narrowed:
        said.append(t("head.narrowed"))
    return said


def subject(digest: Digest, language: str) -> str:
    """The verdict in one line, what matters most first, at most about 120 characters."""
    t = phrases_of(digest, language)
    parts = [line.words for line in verdict(t, digest)]
    if digest.late_hours:
        parts.insert(0, t("verdict.late"))
    line = parts[0]
    for part in parts[1:]:
        if len(line) + len(part) + 3 <= SUBJECT_CHARS:
            line += f" · {part}"
    return line


def verdict(t: Phrases, digest: Digest) -> list[Line]:
    """What changed, in the order of importance; a quiet day says so.

    A copy without the sections that tell changes has the coverage for its verdict.
    """
    coverage = digest.coverage
    if "counts" not in digest.sections:
        return [Line("coverage", wording.coverage_line(t, coverage))]
    said = [*_counts(t, digest), *_others(t, digest)]
    if coverage.baselines:
        said.append(Line("coverage", t("verdict.baselines", n=len(coverage.baselines))))
    unread = coverage.active - coverage.read
    if not said:
        return [Line("coverage", words) for words in _quiet_day(t, coverage)]
    return [*said, Line("coverage", t("verdict.unread", n=unread))] if unread else said


def _quiet_day(t: Phrases, coverage: Coverage) -> list[str]:
    """Nothing new is only said of what was read."""
    if not coverage.read:
        return [t("verdict.nothing_read")]
    if coverage.troubled:
        return [t("verdict.quiet_partly", n=coverage.read, of=coverage.active)]
    return [t("verdict.quiet_day"), t("verdict.read", n=coverage.read, of=coverage.active)]


def _counts(t: Phrases, digest: Digest) -> Iterator[Line]:
    for item in digest.counts[:HEADLINE_COUNTS]:
        what = wording.counted(t, item)
        if item.org is not None:
            what += f" ({t.short(item.org)})"
        yield Line("counts", t("verdict.count", change=wording.change(t, item), what=what))
    more = digest.totals.counts - HEADLINE_COUNTS
    if more > 0:
        yield Line("counts", t("verdict.more_counts", n=more))


def _others(t: Phrases, digest: Digest) -> Iterator[Line]:
    totals = digest.totals
    new = [item for item in digest.people if item.news == "first_ever"]
    newly = {name: kind for item in new for name, kind in zip(item.names, item.kinds, strict=True)}
    persons = [name for name, kind in newly.items() if kind == "person"]
    others = [name for name, kind in newly.items() if kind != "person"]
    again = [] if newly else [name for item in digest.people for name in item.names]
    removed = [name for item in digest.edits for name in item.removed]
    lines = [
        ("people", "newly_named", totals.newly_named, persons),
        ("people", "others_newly_named", totals.others_newly_named, others),
        ("people", "named", 0 if newly else totals.named, again),
        ("edits", "names_removed", totals.names_removed, removed),
        ("edits", "removed", totals.removed, []),
        ("edits", "blocked", totals.blocked, []),
        ("edits", "restored", totals.restored, []),
        ("edits", "edited", totals.edited, []),
        ("edits", "moved", totals.moved, []),
        ("disagreements", "disagreements", totals.disagreements, []),
        ("corrections", "corrections", len(digest.corrections), []),
        ("confirm", "to_confirm", totals.to_confirm, []),
    ]
    for section, key, n, names in lines:
        if n:
            yield Line(section, t(f"verdict.{key}", n=n), _some(names))


def _some(names: Sequence[str]) -> str:
    """The first names, with dots if there are more."""
    return ", ".join(names[:NAMES_SHOWN]) + (", …" if len(names) > NAMES_SHOWN else "")
