"""One article in words: its addresses, its versions, and what each of them changed."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from db import queries
from monitor.decide.edits import differing
from monitor.exceptions import BadInput
from monitor.printable import printable

PIECE = re.compile(r"\w+|\s+|[^\w\s]")


def account(conn: sqlite3.Connection, name: str, known_at: str) -> dict[str, Any]:
    """All that is stored of an article; raises BadInput if it is not known."""
    article = queries.article(conn, name)
    if article is None:
        raise BadInput(f"{name}: no such article; give its id or its address")
    return article | {"versions": queries.versions(conn, article["id"], known_at)}


def in_words(account: Mapping[str, Any], *, diff: bool) -> str:
    """The account for a terminal: the newest text, or with `diff` each version's changes."""
    versions = account["versions"]
    head = [
        f"{account['url']}  ({account['source']}, {account['state']})",
        f"first seen {account['first_seen']}, last seen {account['last_seen']}",
        *(line for version in versions for line in _lines(version)),
    ]
    if not versions:
        return "\n".join([*head, "no version was known then"])
    newest = versions[-1]
    body = _changes(versions) if diff else [printable(newest["title"]), "", newest["text"]]
    return "\n".join([*head, "", *body])


def word_diff(before: str, after: str) -> str:
    """Word-level differences: [-removed-] and {+added+}.

    >>> word_diff("It has 357 names.", "It has 358 names.")
    'It has [-357-]{+358+} names.'
    """
    old, new = PIECE.findall(before), PIECE.findall(after)
    out: list[str] = []
    at = 0
    for removed, added in differing(old, new):
        out += old[at : removed.start]
        out += _marked(old[removed], "[-", "-]") + _marked(new[added], "{+", "+}")
        at = removed.stop
    return "".join(out + old[at:])


def _marked(words: Sequence[str], start: str, end: str) -> list[str]:
    return [f"{start}{''.join(words)}{end}"] if words else []


def _changes(versions: Sequence[Mapping[str, Any]]) -> list[str]:
    lines: list[str] = []
    for before, after in pairwise(versions):
        lines.append(f"--- version {before['number']}  +++ version {after['number']}")
        old, new = _text(before).splitlines(), _text(after).splitlines()
        lines += [
            word_diff("\n".join(old[removed]), "\n".join(new[added]))
            for removed, added in differing(old, new)
        ]
    return lines or ["only one version is known"]


def _text(version: Mapping[str, Any]) -> str:
    return f"{version['title']}\n{version['text']}"


def _lines(version: Mapping[str, Any]) -> list[str]:
    read = (
        f"version {version['number']} ({version['cause']}) read {version['fetched_at']}, "
        f"sha256 {str(version['body_sha256'])[:12]}"
    )
    copy = version["memento"]
    return [read] if copy is None else [read, f"  copy at {printable(copy)}"]
