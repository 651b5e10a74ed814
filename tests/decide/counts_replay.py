"""Replays of timelines, and the notation in which tests write them.

An article is "published source [url=…] [publisher=…] [fetched=…] | figure; figure"; equal URLs
of one source are versions of one article. A figure is a number with words in any order:
`357 UFPP @2025-02-12 up`. Before the number: >= at least, > more than, <= at most, < fewer than,
~ about; a..b is a range. `-` is no organisation, @ the stated date, `prior` the role, `of=t` a
part of the total `id=t`, `all` an exhaustive breakdown; cat, subset, kind, role, place and since
are fields. Unsaid: political_prisoner, stock, total, AZ.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from db.records import Flag, Ledger, Observation, SeriesKey
from monitor.decide.counts import Reported, advance, relevant, step
from monitor.decide.counts.series import peers_of

QUALIFIERS = {
    "": "exact",
    ">=": "at_least",
    ">": "more_than",
    "<=": "at_most",
    "<": "less_than",
    "~": "approx",
}
NUMBER = re.compile(r"(>=|>|<=|<|~|)(\d+)(?:\.\.(\d+))?$")
FIELDS = {"cat": "category", "of": "part_of"}
DIRECTIONS = ("up", "down", "same")


def figure(text: str, number: int = 0) -> Observation:
    """One observation in the notation above; `number` gives it an id if it has none."""
    told: dict[str, Any] = {"id": f"o{number}", "quote": text.strip()}
    for word in text.split():
        told.update(_word(word))
    if "part_of" in told:
        told.setdefault("role", "part")
    default = {"category": "political_prisoner", "kind": "stock", "role": "total", "spans": ()}
    return Observation(**{**default, "place": "AZ", **told})


def _word(word: str) -> dict[str, Any]:
    if match := NUMBER.match(word):
        sign, value, top = match.groups()
        qualifier = "range" if top else QUALIFIERS[sign]
        return {"value": int(value), "value_high": top and int(top), "qualifier": qualifier}
    if word.startswith("@"):
        return {"as_of": word[1:], "as_of_basis": "stated"}
    if word in DIRECTIONS:
        return {"direction": word}
    if word in ("prior", "all"):
        return {"role": "prior"} if word == "prior" else {"exhaustive": True}
    name, equals, value = word.partition("=")
    if equals:
        return {FIELDS.get(name, name): value}
    return {"org": None if word == "-" else word}


def reports(articles: Iterable[str]) -> Iterator[Reported]:
    """The articles as they reach the engine, each with what its earlier versions said."""
    identities: dict[str, int] = {}
    versions: dict[int, list[tuple[Observation, ...]]] = {}
    for index, article in enumerate(articles):
        head, _, body = article.partition("|")
        published, source, *rest = head.split()
        options = dict(word.split("=", 1) for word in rest)
        url = f"https://{source}{options.get('url', f'/{index}')}"
        number = identities.setdefault(url, len(identities) + 1)
        said = tuple(figure(text, n) for n, text in enumerate(body.split(";")) if text.strip())
        earlier = versions.setdefault(number, [])
        yield Reported(
            article=number,
            source=source,
            url=url,
            published=published,
            fetched=options.get("fetched", published),
            publisher_org=options.get("publisher"),
            place="AZ",
            observations=said,
            earlier=tuple(earlier),
            baseline="baseline" in options,
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


def raised(articles: Iterable[Reported]) -> list[str]:
    """Every flag of a timeline as "article kind series old→new", in order."""
    replay = Replay()
    return [
        written(index, flag)
        for index, reported in enumerate(articles)
        for flag in replay.read(reported)
    ]


def written(index: int, flag: Flag) -> str:
    kind = flag.kind.removeprefix("count_")
    values = flag.new if flag.old is None else f"{flag.old}→{flag.new}"
    return f"{index} {kind} {flag.series} {values}"


def full(flag: str) -> str:
    """A flag of the notation with its series in full."""
    index, kind, series, values = flag.split()
    if "/" not in series:
        series = f"AZ/political_prisoner/-/{series}/stock"
    return f"{index} {kind} {series} {values}"
