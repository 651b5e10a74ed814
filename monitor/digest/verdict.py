"""The verdict: what a reader knows after ten seconds, and the subject of the mail."""

from collections.abc import Iterator
from datetime import timedelta

from monitor.digest import wording
from monitor.digest.language import Phrases, phrases
from monitor.digest.model import Coverage, Digest

SUBJECT_CHARS = 120
HEADLINE_COUNTS = 2
_LONG_WINDOW = timedelta(hours=25)


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
    t = phrases(language, digest.zone, digest.until)
    parts = [words for _, words in verdict(t, digest)]
    if digest.late_hours:
        parts.insert(0, t("verdict.late"))
    line = parts[0]
    for part in parts[1:]:
        if len(line) + len(part) + 3 <= SUBJECT_CHARS:
            line += f" · {part}"
    return line


def verdict(t: Phrases, digest: Digest) -> list[tuple[str, str]]:
    """What changed, as (section, words), in the order of importance; a quiet day says so.

    A copy without the sections that tell changes has the coverage for its verdict.
    """
    if "counts" not in digest.sections:
        return [("coverage", wording.coverage_line(t, digest.coverage))]
    said = [*_count_verdicts(t, digest), *_other_verdicts(t, digest)]
    unread = digest.coverage.active - digest.coverage.read
    if not said:
        said += [("coverage", words) for words in _quiet_verdict(t, digest.coverage)]
    elif unread:
        said.append(("coverage", t("verdict.unread", n=unread)))
    return said


def _quiet_verdict(t: Phrases, coverage: Coverage) -> list[str]:
    """Nothing new is only said of what was read."""
    if not coverage.read:
        return [t("verdict.nothing_read")]
    if coverage.troubled:
        return [t("verdict.quiet_partly", n=coverage.read, of=coverage.active)]
    return [t("verdict.quiet_day"), t("verdict.read", n=coverage.read, of=coverage.active)]


def _count_verdicts(t: Phrases, digest: Digest) -> Iterator[tuple[str, str]]:
    for item in digest.counts[:HEADLINE_COUNTS]:
        what = wording.counted(t, item)
        if item.org is not None:
            what += f" ({item.org})"
        yield "counts", t("verdict.count", change=wording.change(t, item), what=what)
    more = len(digest.counts) - HEADLINE_COUNTS + digest.beyond.counts
    if more > 0:
        yield "counts", t("verdict.more_counts", n=more)


def _other_verdicts(t: Phrases, digest: Digest) -> Iterator[tuple[str, str]]:
    totals = digest.totals
    newly = totals.newly_named + totals.others_newly_named
    numbers = [
        ("people", "newly_named", totals.newly_named),
        ("people", "others_newly_named", totals.others_newly_named),
        ("people", "named", 0 if newly else totals.named),
        ("edits", "names_removed", totals.names_removed),
        ("edits", "removed", totals.removed),
        ("edits", "blocked", totals.blocked),
        ("edits", "restored", totals.restored),
        ("edits", "edited", totals.edited),
        ("disagreements", "disagreements", totals.disagreements),
        ("corrections", "corrections", len(digest.corrections)),
        ("confirm", "to_confirm", totals.to_confirm),
    ]
    for section, key, n in numbers:
        if n:
            yield section, t(f"verdict.{key}", n=n)
