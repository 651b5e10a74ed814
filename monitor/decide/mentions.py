"""Flags about names: newly named, no longer named, and persons nobody tracks yet."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from db.records import (
    EntityHistory,
    Evidence,
    Flag,
    Known,
    Leads,
    Mention,
    Reading,
)
from monitor.decide.priority import explain, priority
from monitor.detect.fold import fold
from monitor.isoday import first_day

TELLS: tuple[Leads, ...] = ("flag", "weak")
QUOTE_REACH = 320  # characters either side within which the sentence around a name is sought
SENTENCE_ENDS = ".!?…\n"


def named(mentions: Iterable[Mention]) -> dict[str, list[Mention]]:
    """Mentions that lead to a flag, by entity, in text order, those of the title last."""
    found: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.leads_to in TELLS:
            found[mention.entity].append(mention)
    return dict(found)


def new_mentions(known: Known, reading: Reading, seen: date) -> tuple[list[Flag], list[Evidence]]:
    """A flag for each entity first named in this article, or evidence for a reprint's flag."""
    flags: list[Flag] = []
    evidence: list[Evidence] = []
    for entity, mentions in named(reading.mentions).items():
        if entity in known.named_before:
            continue
        flag = _new_mention(known, reading, mentions, seen)
        told = None if known.baseline else _told_by_twin(known, entity)
        if told is None:
            flags.append(flag)
        else:
            evidence.append(Evidence(flag=told, quote=flag.quote, relation="reprint"))
    return flags, evidence


def removed_mentions(known: Known, reading: Reading) -> list[Flag]:
    """A flag for each entity the version before named, and this one no longer does at all."""
    if known.latest is None:
        return []
    still = {mention.entity for mention in reading.mentions}
    gone = named(known.latest.mentions)
    before = known.latest.version
    return [
        Flag(
            kind="mention_removed",
            key=f"mention_removed|{entity}|article {known.article.id}|{reading.version.text_hash}",
            entity=entity,
            old=mentions[0].surface,
            quote=quote_of(before.title, before.text, mentions[0]),
            priority=priority("mention_removed", rank=known.source.rank),
            why=explain("mention_removed", rank=known.source.rank),
            detail={"name": known.names.get(entity, entity), "title": reading.version.title},
            baseline=known.baseline,
        )
        for entity, mentions in gone.items()
        if entity not in still
    ]


def candidates(known: Known, reading: Reading) -> tuple[list[Flag], list[Evidence]]:
    """A flag for each untracked person in an arrest context; again only as evidence."""
    flags: dict[str, Flag] = {}
    evidence: dict[str, Evidence] = {}
    for candidate in reading.candidates:
        name = fold(candidate.name)
        quote = quote_around(reading.version.text, candidate.start, candidate.end)
        if name in known.candidates:
            told = known.candidates[name]
            evidence[name] = Evidence(flag=told, quote=quote, relation="confirms")
            continue
        flags[name] = Flag(
            kind="candidate",
            key=f"candidate|{name}|article {known.article.id}",
            new=candidate.name,
            quote=quote,
            priority=priority("candidate", rank=known.source.rank),
            why=candidate.why,
            detail={"name": candidate.name, "status": candidate.status},
            baseline=known.baseline,
        )
    return list(flags.values()), list(evidence.values())


def quote_of(title: str, text: str, mention: Mention) -> str:
    """The sentence that names an entity; the title is one."""
    return title if mention.part == "title" else quote_around(text, mention.start, mention.end)


def quote_around(text: str, start: int, end: int) -> str:
    """The sentence around a span, cut at word borders if it is very long."""
    low = max(text.rfind(mark, max(0, start - QUOTE_REACH), start) for mark in SENTENCE_ENDS)
    highs = [text.find(mark, end, end + QUOTE_REACH) for mark in SENTENCE_ENDS]
    left = low + 1 if low >= 0 else _word_border(text, max(0, start - QUOTE_REACH))
    right = min((high + 1 for high in highs if high >= 0), default=end + QUOTE_REACH)
    return text[left:right].strip()


def _word_border(text: str, position: int) -> int:
    return 0 if position == 0 else text.find(" ", position) + 1


def _new_mention(known: Known, reading: Reading, mentions: list[Mention], seen: date) -> Flag:
    first = mentions[0]
    history = known.history.get(first.entity, EntityHistory())
    silence = _silence(history, reading, seen)
    status = next((m.status for m in mentions if m.status), None)
    facts: Mapping[str, object] = {
        "first_ever": not history.ever,
        "first_in_source": not history.in_source,
        "silence_days": silence,
        "status": status,
    }
    rank = known.source.rank
    return Flag(
        kind="new_mention",
        key=f"new_mention|{first.entity}|article {known.article.id}",
        entity=first.entity,
        new=first.surface,
        quote=quote_of(reading.version.title, reading.version.text, first),
        priority=priority("new_mention", first_ever=not history.ever, rank=rank),
        why=explain("new_mention", first_ever=not history.ever, rank=rank),
        detail={
            **facts,
            "name": known.names.get(first.entity, first.entity),
            "tier": first.tier,
            "leads_to": first.leads_to,
            "surface": first.surface,
            "start": first.start,
            "end": first.end,
            "spellings": sorted({m.surface for m in mentions}),
            "title": reading.version.title,
            "match": first.why.get("words", ""),
        },
        baseline=known.baseline,
    )


def _silence(history: EntityHistory, reading: Reading, seen: date) -> int | None:
    """Days since the entity was last named anywhere, as of this article; None if never."""
    if history.last is None:
        return None
    published = reading.version.published
    day = first_day(published) if published else seen
    return max(0, (day - history.last).days)


def _told_by_twin(known: Known, entity: str) -> int | None:
    for twin in known.twins:
        for flag, kind, about in twin.flags:
            if kind == "new_mention" and about == entity:
                return flag
    return None
