"""OPML: the feed list of another reader, as tables for sources.toml."""

import json
import re
import unicodedata
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from monitor.exceptions import BadInput

LARGEST = 5_000_000  # bytes; feed lists are small, and an XML parser should not be fed forever


@dataclass(frozen=True, kw_only=True)
class Outline:
    """One feed of an OPML file."""

    title: str
    feed: str
    home: str


def read_opml(path: Path) -> tuple[Outline, ...]:
    """The feeds of an OPML file in order, each address once; raises BadInput if it is none."""
    raw = path.read_bytes()
    if len(raw) > LARGEST or b"<!ENTITY" in raw:
        raise BadInput(f"{path}: too large, or declares entities: not a plain list of feeds")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314 -- entities are refused above
    except ElementTree.ParseError as error:
        raise BadInput(f"{path}: not XML: {error}") from None
    feeds = [_outline(node.attrib) for node in root.iter("outline") if node.get("xmlUrl")]
    if not feeds:
        raise BadInput(f"{path}: no outline with an xmlUrl; is it an OPML file?")
    return tuple({outline.feed: outline for outline in feeds}.values())


def as_tables(outlines: tuple[Outline, ...]) -> Iterator[str]:
    """One `[[source]]` table each, disabled until a person has looked at it."""
    names: set[str] = set()
    for outline in outlines:
        name = _unused(_slug(outline), names)
        names.add(name)
        yield (
            f"[[source]]\nname = {_quoted(name)}\ntitle = {_quoted(outline.title)}\n"
            f'home = {_quoted(outline.home)}\nkind = "feed"\nurl = {_quoted(outline.feed)}\n'
            'enabled = false\nreason = "imported from OPML; look at it with'
            f' `monitor sources preview {name}` first"\n'
        )


def _outline(attributes: dict[str, str]) -> Outline:
    feed = attributes["xmlUrl"].strip()
    parts = urlsplit(feed)
    home = attributes.get("htmlUrl") or f"{parts.scheme}://{parts.netloc}/"
    title = attributes.get("title") or attributes.get("text") or parts.netloc
    return Outline(title=title.strip(), feed=feed, home=home.strip())


def _slug(outline: Outline) -> str:
    host = (urlsplit(outline.feed).hostname or outline.title).removeprefix("www.")
    plain = unicodedata.normalize("NFKD", host.rpartition(".")[0] or host)
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "source"


def _unused(name: str, names: set[str]) -> str:
    number = 2
    free = name
    while free in names:
        free = f"{name}-{number}"
        number += 1
    return free


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are a subset of TOML's."""
    return json.dumps(text, ensure_ascii=False)
