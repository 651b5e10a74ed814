"""From a flag's row to what proves it: the marked quote, the article, its reprints."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from db.digest_rows import EvidenceRow, FlagRow
from monitor.digest.model import Evidence, Link, Quoted

QUOTE_CHARS = 420
_NUMBER = re.compile(r"\d+(?:[ .,’'\u00a0\u2009\u202f]\d{3})*")
_SEPARATORS = re.compile(r"\D")
_CONFIRMED = "confirmed"

Span = tuple[int, int]
Reprints = Mapping[int, Sequence[EvidenceRow]]


def by_flag(rows: Iterable[EvidenceRow]) -> dict[int, list[EvidenceRow]]:
    """Further articles by the flag they support, each once however many versions say it."""
    grouped: dict[int, dict[str, EvidenceRow]] = {}
    for row in rows:
        grouped.setdefault(row.flag, {}).setdefault(row.url, row)
    return {flag: list(articles.values()) for flag, articles in grouped.items()}


def evidence(flag: FlagRow, quoted: Quoted, reprints: Reprints) -> Evidence:
    """All that proves one flag."""
    return Evidence(
        flags=(flag.id,),
        quoted=shorten(quoted),
        article=link(flag),
        reprints=tuple(_reprint(row) for row in reprints.get(flag.id, ()) if row.url != flag.url),
        tier=str(flag.detail.get("tier") or ""),
        surface=str(flag.detail.get("surface") or ""),
        why=str(flag.detail.get("match") or flag.why),
        confirmed=flag.state == _CONFIRMED,
        priority=flag.priority,
    )


def link(flag: FlagRow) -> Link:
    """The article a flag was raised on."""
    return Link(
        url=flag.url,
        title=flag.title or str(flag.detail.get("title") or ""),
        source=flag.source_title,
        source_name=flag.source or "",
        rank=flag.rank,
        lang=flag.lang,
        published=flag.published,
        seen=flag.seen,
    )


def mention_quote(flag: FlagRow) -> Quoted:
    """The sentence of a mention with every printing of the name marked."""
    surface = str(flag.detail.get("surface") or "")
    found = [*_occurrences(flag.quote, surface), *_given(flag)]
    return Quoted(text=flag.quote, marks=_merged(found), lang=flag.lang)


def number_quote(quote: str, lang: str | None, *values: int | None) -> Quoted:
    """The sentence of a count with these values marked, however their digits are grouped.

    >>> number_quote("2 145 names, 23 of them women", "en", 2145).marks
    ((0, 5),)
    """
    wanted = {value for value in values if value is not None}
    found = [
        match.span()
        for match in _NUMBER.finditer(quote)
        if int(_SEPARATORS.sub("", match[0])) in wanted
    ]
    return Quoted(text=quote, marks=_merged(found), lang=lang)


def shorten(quoted: Quoted, limit: int = QUOTE_CHARS) -> Quoted:
    """At most `limit` characters around the first mark, cut between words.

    >>> shorten(Quoted(text="one two three four five", marks=((8, 13),)), 12)
    Quoted(text='… three …', marks=((2, 7),), lang=None)
    """
    text = quoted.text
    if len(text) <= limit:
        return quoted
    first = quoted.marks[0] if quoted.marks else (0, 0)
    start = max(0, first[0] - max(0, limit - (first[1] - first[0])) // 2)
    end = min(len(text), max(start + limit, first[1]))
    start = text.find(" ", start, first[0]) + 1 or first[0] if start else 0
    end = max(text.rfind(" ", first[1], end), first[1]) if end < len(text) else end
    head = "… " if start else ""
    shift = len(head) - start
    marks = tuple((s + shift, e + shift) for s, e in quoted.marks if s >= start and e <= end)
    tail = " …" if end < len(text) else ""
    return Quoted(text=head + text[start:end] + tail, marks=marks, lang=quoted.lang)


def _reprint(row: EvidenceRow) -> Link:
    return Link(
        url=row.url,
        title=row.title,
        source=row.source_title,
        rank=row.rank,
        lang=row.lang,
        published=row.published,
        seen=row.seen,
    )


def _occurrences(text: str, surface: str) -> Iterator[Span]:
    if surface:
        for match in re.finditer(rf"(?<!\w){re.escape(surface)}(?!\w)", text):
            yield match.span()


def _given(flag: FlagRow) -> Iterator[Span]:
    """Spans the decision named, as far as they are spans of this quote."""
    for span in flag.detail.get("sentences") or ():
        match span:
            case [int(start), int(end)] if 0 <= start < end <= len(flag.quote):
                yield start, end


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Sorted, overlapping ones joined: marks are printed one after the other."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
