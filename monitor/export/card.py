"""README.md of a corpus: what it is, what it holds, what may be done with it."""

from collections.abc import Iterator

from monitor.export.about import ALL_TIME, About
from monitor.printable import printable

FILE = "README.md"


def card(told: About) -> str:
    """The data card, in Markdown."""
    return "\n".join(_lines(told)) + "\n"


def _lines(told: About) -> Iterator[str]:
    yield f"# {_plain(told.labels.title)}"
    yield ""
    yield (
        f"{told.chosen.versions} versions of {told.chosen.articles} articles from"
        f" {len(told.terms)} sources, read between {told.chosen.first or '-'} and"
        f" {told.chosen.last or '-'}, with the names and counts found in them."
    )
    yield ""
    if told.labels.creator:
        yield f"Published by {_plain(told.labels.creator)}."
        yield ""
    yield from _query(told)
    yield from _files(told)
    for table, columns in told.tables:
        yield ""
        yield f"### {table.name}"
        yield ""
        yield f"{table.about} Key: {', '.join(table.key)}."
        yield ""
        yield "| column | type | meaning |"
        yield "|---|---|---|"
        for column in columns:
            yield f"| {column.name} | {column.type} | {column.about.replace('|', chr(92) + '|')} |"
    yield from _sources(told)
    yield from _limits(told)


def _query(told: About) -> Iterator[str]:
    wanted = told.selection
    yield "## What was asked for"
    yield ""
    for label, value in (
        ("format", told.format),
        ("sources", ", ".join(wanted.sources)),
        ("languages", ", ".join(wanted.langs)),
        ("entities", ", ".join(wanted.entities)),
        ("series", wanted.series),
        ("published from", wanted.since),
        ("published to", wanted.until),
        ("as known at", "now" if wanted.known_at == ALL_TIME else wanted.known_at),
        ("versions", wanted.versions),
        ("private persons (candidates)", wanted.candidates),
        ("full text", "yes" if told.with_text else "no"),
        ("reviewers", "yes" if told.with_reviewers else "no"),
    ):
        yield f"- {label}: {_plain(value) if value else 'all'}"
    yield f"- software: prisoner-monitor {told.version}, schema {told.schema}"


def _files(told: About) -> Iterator[str]:
    yield ""
    yield "## Files"
    yield ""
    yield "| file | rows | bytes |"
    yield "|---|---|---|"
    for file in told.files:
        yield f"| {file.path} | {'' if file.rows is None else file.rows} | {file.bytes} |"
    yield ""
    yield (
        "`manifest.json` has the sha256 of each; `monitor export verify DIR` checks them all."
        " Offsets count code points of `versions.text` from 0, ends excluded. Times are UTC;"
        " days are ISO prefixes whose length is their precision."
    )
    yield ""
    yield "## Tables"


def _sources(told: About) -> Iterator[str]:
    yield ""
    yield "## Sources and their terms"
    yield ""
    yield "| source | terms of its texts | robots.txt |"
    yield "|---|---|---|"
    for name, terms in sorted(told.terms.items()):
        licence = terms.text_licence or "not known: ask the publisher"
        yield f"| {_plain(name)} | {_plain(licence)} | {_plain(terms.robots)} |"
    yield ""
    yield f"Terms of the annotations: {_plain(told.licence)}"


def _limits(told: About) -> Iterator[str]:
    yield ""
    yield "## What to know before using it"
    yield ""
    yield "- Names and counts were found by rules; each row says how sure it is and why."
    yield "- `published` is what the page says; `fetched_at` is when the monitor read it."
    if told.selection.candidates == "keep":
        yield "- It names private persons who are not tracked. Do not publish them."
    elif told.format == "warc":
        yield "- Archived pages are as they were fetched: names in them are not blocked out."
    else:
        yield (
            "- Names of persons in an arrest context who are not tracked are blocked out (█) in"
            " texts, titles and quotes, letter for letter; addresses are as they were."
        )
    if told.format == "csv":
        yield "- Cells that a spreadsheet would take for a formula begin with an apostrophe."


def _plain(text: str) -> str:
    """Words of the outside world as one cell of a table."""
    return str(printable(text)).replace("|", "\\|").replace("\n", " ")
