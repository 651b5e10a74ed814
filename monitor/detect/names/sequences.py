"""Organisations, outlets, cases and one-word aliases: tokens in a row, anchored at a capital."""

import re
from collections.abc import Iterator

from monitor.detect.names.endings import endings_after
from monitor.detect.names.join import closed
from monitor.detect.names.letters import fold, lower
from monitor.detect.names.parts import Found, Part, parts_at
from monitor.detect.names.patterns import Patterns, Row
from monitor.detect.names.scan import WORD, Scan, looks_like_name
from monitor.detect.names.tokens import Decider, Hit

_GAP = re.compile(r"[\s\"'“”«»„‘’&/,.()-]{1,4}")
_LOOK_BACK = 120


def sequences_at(scan: Scan, patterns: Patterns, decider: Decider, at: int) -> Iterator[Found]:
    """Every tracked sequence whose anchor is at this token."""
    for anchor in parts_at(scan, at, patterns.sequences):
        for row in patterns.sequences[anchor.token]:
            found = _row(scan, decider, row, anchor)
            if found is not None:
                yield found


def _row(scan: Scan, decider: Decider, row: Row, anchor: Part) -> Found | None:
    if len(row.words) == 1 and (anchor.hit.cost > 0.3 or _part_of_a_name(scan, anchor)):
        return None
    before = _walk_back(scan, decider, row, anchor)
    after = _walk_on(scan, decider, row, anchor)
    if before is None or after is None:
        return None
    parts = (*before, anchor, *after)
    cost = sum(part.hit.cost for part in parts)
    if cost > 0.3 + 0.35 * len(row.words) or not _case_agrees(scan, row, parts):
        return None
    if any(part.hit.ending and not part.hit.given for part in parts[:-1]):
        return None
    start = parts[0].start
    end = closed(scan.text, start, parts[-1].end)
    if scan.text[start:end].count('"') % 2 and scan.text[start - 1 : start] == '"':
        start -= 1
    return Found(row.entity, row.alias, start, end, row.tier, round(cost, 3), parts)


def _case_agrees(scan: Scan, row: Row, parts: tuple[Part, ...]) -> bool:
    """Words of three capitals at most, and case-sensitive aliases, keep their capitals."""
    return all(
        scan.text[part.start : part.end].startswith(word)
        or not (row.exact or (word.isupper() and len(word) <= 3))
        or fold(word)[1] != fold(scan.text[part.start : part.end])[1]
        for word, part in zip(row.words, parts, strict=True)
    )


def _part_of_a_name(scan: Scan, anchor: Part) -> bool:
    """A one-word name next to a name is a given name: Turan Əhmədov, not the agency Turan."""
    at = anchor.at
    if anchor.end - anchor.start != scan.ends[at] - scan.starts[at]:
        return True
    after = scan.adjoins(at) and looks_like_name(scan.raws[at + 1])
    before = scan.adjoins(at - 1) and looks_like_name(scan.raws[at - 1])
    return after or before


def _walk_on(scan: Scan, decider: Decider, row: Row, anchor: Part) -> list[Part] | None:
    parts: list[Part] = []
    end = max(anchor.end, scan.ends[anchor.at])
    for place in range(row.anchor + 1, len(row.words)):
        gap = _GAP.match(scan.text, end)
        word = WORD.match(scan.text, gap.end()) if gap else None
        if word is None:
            return None
        part = _word_part(decider, row, place, word.group(), word.start())
        if part is None:
            return None
        parts.append(part._replace(at=anchor.at))
        end = part.end
    return parts


def _walk_back(scan: Scan, decider: Decider, row: Row, anchor: Part) -> list[Part] | None:
    if not row.anchor:
        return []
    low = max(0, anchor.start - _LOOK_BACK)
    words = list(WORD.finditer(scan.text, low, anchor.start))[-row.anchor :]
    if len(words) < row.anchor:
        return None
    parts: list[Part] = []
    following = anchor.start
    for place, word in zip(range(row.anchor - 1, -1, -1), reversed(words), strict=True):
        gap = scan.text[word.end() : following]
        part = _word_part(decider, row, place, word.group(), word.start())
        if part is None or not _GAP.fullmatch(gap):
            return None
        parts.insert(0, part._replace(at=anchor.at))
        following = word.start()
    return parts


def _word_part(decider: Decider, row: Row, place: int, raw: str, start: int) -> Part | None:
    """A further word of the sequence, of any case."""
    wanted = row.tokens[place]
    if wanted < 0:
        digits = re.match(r"\d+", raw)
        if digits is None or digits[0] != row.words[place]:
            return None
        return Part(-1, 0, start, start + len(raw), Hit(0.0))
    if lower(raw) == lower(row.words[place]):
        return Part(wanted, 0, start, start + len(raw), Hit(0.0))
    for token in decider.live([raw]):
        for piece in decider.hits[token]:
            hit = piece.hits.get(wanted)
            if hit is not None and piece.start == 0:
                return Part(wanted, 0, start, start + len(raw), hit)
    return None


def literal_spans(text: str, literal: str) -> Iterator[tuple[int, int]]:
    """Where an alias in another writing system, or all in lower case, stands in a text."""
    pattern = re.compile(rf"(?<!\w){re.escape(literal)}", re.IGNORECASE)
    for match in pattern.finditer(text):
        end = _ending_end(text, match.end())
        if end is not None:
            yield match.start(), end


def _ending_end(text: str, end: int) -> int | None:
    rest = re.match(r"\w*", text[end : end + 20])
    if rest is None or not rest[0]:
        return end
    folded, script = fold(rest[0])
    if script == "other" or endings_after(folded, script):
        return end + len(rest[0])
    return None
