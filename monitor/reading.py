"""What one worker call does: the bytes of a page in, everything understood of it out.

CPU work crosses the process border once: extraction, names and counts are one call.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from db.records import Entity, Passage, Reading, Version
from monitor.detect.counts import Registry, read_counts
from monitor.detect.fold import fold
from monitor.detect.names import Matcher, find_candidates
from monitor.detect.signature import signature
from monitor.detect.titles import find_names
from monitor.exceptions import Unreadable
from monitor.extract import SourceRules, extract, extract_hint
from monitor.items import Hints, Page


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """What a worker must know to understand a text: the watchlist and the registries.

    `decisions` are token decisions of earlier runs (for a warm start), `registries` an operator's
    extension of the shipped ones, already parsed.
    """

    entities: tuple[Entity, ...] = ()
    decisions: Mapping[str, str] | None = None
    registries: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class Setting:
    """Where a text comes from, as far as it matters for understanding it."""

    source: str | None = None
    place: str | None = None
    publisher_org: str | None = None


class Reader:
    """Understands texts with one watchlist; costly to make, cheap to use."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.matcher = Matcher(knowledge.entities, knowledge.decisions)
        self.registry = Registry.load(knowledge.registries)

    def read(self, page: Page, rules: SourceRules, setting: Setting) -> Reading:
        """Extract and understand a page; raises Unreadable with an outcome of the ledger.

        Where a page is blocked, the text its feed carried stands in for it, marked as partial.
        """
        try:
            version = extract(page, rules)
        except Unreadable as why:
            if why.outcome != "blocked" or page.hints.content is None:
                raise
            version = extract_hint(page, rules)
        return self.understand(version, with_hints(setting, page.hints))

    def understand(self, version: Version, setting: Setting) -> Reading:
        """Names, counts and candidates of a text that is already extracted."""
        mentions = find_names(
            self.matcher, version.title, version.text, version.lang, version.published
        )
        passage = Passage(
            text=version.text,
            title=version.title,
            lang=version.lang,
            published=version.published,
            source=setting.source,
            publisher_org=setting.publisher_org,
            place=setting.place,
        )
        return Reading(
            version=version,
            mentions=mentions,
            observations=read_counts(passage, self.registry),
            candidates=tuple(find_candidates(version.text, mentions, version.lang)),
            folded=shadow(version),
            signature=signature(version.text),
            rules=self.matcher.rules,
            decisions=self.matcher.fresh_decisions(),
        )


def shadow(version: Version) -> str:
    """Title and text folded for the full-text index; empty if folding changes only case."""
    plain = f"{version.title}\n{version.text}"
    folded = fold(plain)
    return "" if folded == plain.lower() else folded


def with_hints(setting: Setting, hints: Hints) -> Setting:
    """An import says place and counting publisher line by line; a crawl says them by source."""
    return Setting(
        source=setting.source,
        place=hints.place or setting.place,
        publisher_org=hints.publisher_org or setting.publisher_org,
    )


# ------------------------------------------------------------------ inside a worker process

_knowledge = Knowledge()


def prepare(knowledge: Knowledge) -> None:
    """Initialise a worker process; the reader itself is made at the first page."""
    global _knowledge
    _knowledge = knowledge
    _reader.cache_clear()


def read_page(page: Page, rules: SourceRules, setting: Setting) -> Reading:
    """`Reader.read` with the knowledge this worker was prepared with."""
    return _reader().read(page, rules, setting)


@lru_cache(maxsize=1)
def _reader() -> Reader:
    return Reader(_knowledge)
