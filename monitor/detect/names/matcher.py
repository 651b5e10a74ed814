"""The matcher: every tracked name in a text, with its place, tier and explanation."""

import hashlib
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace

from db.records import Day, Entity, Mention
from monitor.detect.names import tables
from monitor.detect.names.alone import lone_families
from monitor.detect.names.explain import explain
from monitor.detect.names.join import pairs_at
from monitor.detect.names.letters import lower
from monitor.detect.names.parts import Found
from monitor.detect.names.patterns import build, names_of
from monitor.detect.names.places import is_place
from monitor.detect.names.scan import TOKEN, Scan
from monitor.detect.names.sequences import literal_spans, sequences_at
from monitor.detect.names.status import status_near
from monitor.detect.names.tokens import Decider, read
from monitor.detect.names.typo import typos_at
from monitor.detect.names.weak import weak_names
from monitor.detect.repair import Repaired, repair
from monitor.isoday import first_day, last_day

VERSION = "2"
_AMBIGUOUS_WITHIN = 0.15
_EXCLUDE_REACH = 30
_PAIR_TIERS = ("full", "reversed", "name")


class Matcher:
    """Finds the names of a watchlist in texts.

    `decisions` are token decisions of an earlier run with equal `rules` (see `fresh_decisions`);
    those of other rules must not be given. Building is linear in the watchlist.
    """

    def __init__(
        self, entities: Sequence[Entity], decisions: Mapping[str, str] | None = None
    ) -> None:
        self._entities = tuple(entities)
        self._patterns = build(self._entities)
        self._decider = Decider(self._patterns.words, frozenset(self._patterns.acronyms))
        self._excludes = [_compiled(entity) for entity in self._entities]
        self._validity = _validity(self._entities)
        self.rules = _rules(self._entities)
        for token, written in (decisions or {}).items():
            self._decider.learn(token, read(written))

    def __reduce__(self) -> tuple[type["Matcher"], tuple[tuple[Entity, ...], dict[str, str]]]:
        """Travel to a worker process as the watchlist alone: building is cheap."""
        return Matcher, (self._entities, {})

    def find(self, text: str, lang: str | None = None, *, on: Day | None = None) -> list[Mention]:
        """All mentions, sorted by start; `lang` (ISO 639-1) helps where endings depend on it.

        With the day of the text (`on`), names are left out whose validity does not include it.
        """
        repaired = repair(text)
        capitals = TOKEN.findall(repaired.text)
        scan = self._scan(repaired.text, capitals, lang)
        found = [] if scan is None else self._found(scan)
        found += self._literals(repaired.text)
        found += weak_names(repaired.text, len(capitals), self._patterns, self._decider)
        found = [each for each in found if on is None or self._valid(each, on)]
        kept = [each for each in _settled(found) if not self._excluded(repaired.text, each)]
        mentions = (self._mention(text, repaired, each) for each in kept)
        return sorted(mentions, key=lambda mention: (mention.start, mention.end, mention.entity))

    def fresh_decisions(self) -> dict[str, str]:
        """Token decisions made since the last call, to be kept under `rules`."""
        return self._decider.fresh()

    def _scan(self, text: str, capitals: Iterable[str], lang: str | None) -> Scan | None:
        live = self._decider.live(capitals)
        if not live or not self._feasible(live):
            return None
        return Scan(text, self._decider.hits, lang)

    def _feasible(self, live: Iterable[str]) -> bool:
        """Whether these tokens could make any mention: an article on other things ends here."""
        patterns = self._patterns
        here: set[int] = set()
        for raw in live:
            for piece in self._decider.hits[raw]:
                here.update(piece.hits)
        if not here.isdisjoint(patterns.sequences) or not here.isdisjoint(patterns.unambiguous):
            return True
        families = here & patterns.families.keys()
        families.update(patterns.kin_bases[base][0] for base in here & patterns.kin_bases.keys())
        return any(
            person.given[-1] in here for family in families for person in patterns.families[family]
        )

    def _found(self, scan: Scan) -> list[Found]:
        found: list[Found] = []
        live = [at for at in range(len(scan)) if scan.found[at] is not None]
        for at in live:
            found += pairs_at(scan, self._patterns, at)
            found += sequences_at(scan, self._patterns, self._decider, at)
        pairs = _settled(each for each in found if each.tier in _PAIR_TIERS)
        named = {each.entity for each in pairs}
        found = [
            each if _may_stand(scan, each, named) else each._replace(tier="ambiguous")
            for each in found
        ]
        found += lone_families(scan, self._patterns, pairs)
        taken = {part.at for each in found for part in each.parts}
        for at in live:
            found += (
                slip for slip in typos_at(scan, self._patterns, at)
                if taken.isdisjoint(part.at for part in slip.parts)
            )  # fmt: skip
        return found

    def _valid(self, found: Found, on: Day) -> bool:
        return all(
            (low is None or first_day(low) <= last_day(on))
            and (high is None or first_day(on) <= last_day(high))
            for low, high in self._validity.get((found.entity, found.alias), ())
        )

    def _literals(self, text: str) -> list[Found]:
        return [
            Found(entity, literal, start, end, tier, 0.0, ())
            for literal, entity, tier in self._patterns.literals
            for start, end in literal_spans(text, literal)
        ]

    def _excluded(self, text: str, found: Found) -> bool:
        """Whether an exclude covers or touches a mention, or stands near it as a mere context."""
        low = max(0, found.start - _EXCLUDE_REACH)
        high = found.end + _EXCLUDE_REACH
        return any(
            context or (match.start() < found.end and found.start < match.end())
            for pattern, context in self._excludes[found.entity]
            for match in pattern.finditer(text, low, high)
        )

    def _mention(self, text: str, repaired: Repaired, found: Found) -> Mention:
        start, end = repaired.span(found.start, found.end)
        return Mention(
            entity=self._entities[found.entity].id,
            start=start,
            end=end,
            surface=text[start:end],
            alias=found.alias,
            tier=found.tier,
            score=round(max(0.0, 1.0 - found.cost), 3),
            why=explain(repaired.text, found, self._patterns, self.rules),
            status=status_near(repaired.text, found.start, found.end),
        )


_Period = tuple[Day | None, Day | None]


def _validity(entities: Iterable[Entity]) -> dict[tuple[int, str], tuple[_Period, ...]]:
    """(entity, alias) → the periods that must include the day of a text, where there are any."""
    found: dict[tuple[int, str], tuple[_Period, ...]] = {}
    for at, entity in enumerate(entities):
        own = (entity.valid_from, entity.valid_to)
        for alias in names_of(entity):
            period = (alias.valid_from, alias.valid_to)
            periods = tuple(each for each in (own, period) if each != (None, None))
            if periods and (at, alias.text) not in found:
                found[at, alias.text] = periods
    return found


def _rules(entities: Iterable[Entity]) -> str:
    names = repr([replace(entity, note="", source="") for entity in entities])
    return hashlib.sha256(f"{VERSION}\0{tables.digest()}\0{names}".encode()).hexdigest()[:16]


def _compiled(entity: Entity) -> list[tuple[re.Pattern[str], bool]]:
    """The excludes of an entity; True marks a phrase without a word of any of its names.

    Such a phrase ("footballer") can cover no mention: it is meant as a context.
    """
    names = {lower(word) for alias in names_of(entity) for word in re.findall(r"\w+", alias.text)}
    compiled = []
    for exclude in entity.excludes:
        pattern = exclude.pattern if exclude.regex else re.escape(exclude.pattern)
        words = {lower(word) for word in re.findall(r"\w+", exclude.pattern)}
        context = not exclude.regex and not any(
            word.startswith(name[:4]) for word in words for name in names
        )
        compiled.append((re.compile(pattern, re.IGNORECASE), context))
    return compiled


_RANK = {
    "full": 0, "name": 0, "reversed": 1, "org": 0, "outlet": 0, "case": 0,
    "family": 2, "family-before-full": 2, "family-unambiguous": 2, "typo": 3, "ambiguous": 4,
}  # fmt: skip


def _settled(found: Iterable[Found]) -> list[Found]:
    """The best reading of every place: an entity once, and among persons the nearest."""
    kept: dict[int, Found] = {}
    places: dict[int, list[int]] = {}
    ranked = sorted(found, key=lambda each: (_RANK[each.tier], each.cost, each.start - each.end))
    for number, each in enumerate(ranked):
        cells = range(each.start // _CELL, each.end // _CELL + 1)
        near = {other for cell in cells for other in places.get(cell, ())}
        rivals = [other for other in near if _overlap(kept[other], each)]
        if any(kept[other].entity == each.entity for other in rivals):
            continue
        rivals = [other for other in rivals if _compete(kept[other], each)]
        if not all(_tie(kept[other], each) for other in rivals):
            continue
        for other in rivals:
            kept[other] = kept[other]._replace(tier="ambiguous")
        kept[number] = each._replace(tier="ambiguous") if rivals else each
        for cell in cells:
            places.setdefault(cell, []).append(number)
    return list(kept.values())


def _may_stand(scan: Scan, found: Found, named: Container[int]) -> bool:
    """A one-word alias is highlighted beside the full name, and goes to review without it.

    So does a name that a street is called after.
    """
    if found.tier in _PAIR_TIERS:
        return not is_place(scan.text, found.start, found.end)
    return found.tier != "family" or found.entity in named


_CELL = 64


def _overlap(one: Found, other: Found) -> bool:
    return one.start < other.end and other.start < one.end


def _compete(one: Found, other: Found) -> bool:
    """Two persons cannot both be meant; an organisation inside a case name can."""
    persons = [f.tier not in ("org", "outlet", "case") for f in (one, other)]
    return all(persons)


def _tie(one: Found, other: Found) -> bool:
    near = abs(one.cost - other.cost) < _AMBIGUOUS_WITHIN
    return near and _RANK[one.tier] in (_RANK[other.tier], 4)
