"""Replays of timelines: articles with their observations in, (article, kind, series, new) out."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from db.records import Flag, Ledger, Observation, SeriesKey
from monitor.decide.counts import Reported, advance, relevant, step
from monitor.decide.counts.series import peers_of

FIELDS = {column.name for column in fields(Observation)}


def load(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def observation(told: Mapping[str, Any], exhaustive: bool = False) -> Observation:
    known = {name: value for name, value in told.items() if name in FIELDS and value is not None}
    spans = tuple(tuple(span) for span in told.get("spans", ()))
    return Observation(**{"exhaustive": exhaustive, **known, "spans": spans})


def reports(articles: Iterable[Mapping[str, Any]]) -> Iterator[Reported]:
    """The articles as they reach the engine; equal URLs are versions of one article."""
    identities: dict[str, int] = {}
    versions: dict[int, list[tuple[Observation, ...]]] = {}
    for index, article in enumerate(articles):
        url = article.get("url") or f"https://{article['source']}/{index}"
        number = identities.setdefault(url, len(identities) + 1)
        complete = article.get("breakdown") == "exhaustive"
        said = tuple(
            observation(o, complete and o.get("role") == "total") for o in article["observations"]
        )
        earlier = versions.setdefault(number, [])
        yield Reported(
            article=number,
            source=article["source"],
            url=url,
            published=article["published"],
            fetched=article.get("fetched") or article["published"],
            publisher_org=article.get("publisher_org"),
            place=article.get("default_place", "AZ"),
            observations=said,
            earlier=tuple(earlier),
            text_key=f"version {len(earlier) + 1}",
            baseline=article.get("baseline", False),
        )
        earlier.append(said)


@dataclass
class Replay:
    """A ledger that grows with each report; each step sees no more than a store would load.

    As in the store, a flag whose key is known is not raised again.
    """

    ledger: Ledger = field(default_factory=Ledger)
    known: set[str] = field(default_factory=set)
    next_id: int = 1

    def read(self, reported: Reported) -> list[Flag]:
        done = step(self.loaded(reported), reported)
        self.ledger = advance(self.ledger, done, self.next_id)
        self.next_id += len(done.inserted)
        new = [flag for flag in done.flags if flag.key not in self.known]
        self.known.update(flag.key for flag in new)
        return new

    def loaded(self, reported: Reported) -> Ledger:
        peers = relevant(reported.observations, reported.publisher_org, reported.place)
        points = {
            series: points
            for series, points in self.ledger.points.items()
            if peers_of(SeriesKey.parse(series)) in peers
        }
        return Ledger(points=points, disagreements=self.ledger.disagreements)


def raised(articles: Iterable[Mapping[str, Any]]) -> list[tuple[int, str, str, int | None, int]]:
    """(article, kind, series, old, new) of every flag of a timeline, in order."""
    replay = Replay()
    return [
        (index, flag.kind.removeprefix("count_"), flag.series or "", flag.old, flag.new)
        for index, reported in enumerate(reports(articles))
        for flag in replay.read(reported)
    ]
