"""From a selection to a folder: the data first, the cards then, the manifest last."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

from db.export import Terms
from monitor import __version__
from monitor.config import SourceConfig
from monitor.export import card, croissant, datapackage, manifest, rocrate
from monitor.export.about import About, Labels, about
from monitor.export.corpus import Corpus
from monitor.export.parts import Written, as_json, described, finish, write_parts, write_text

# format: whether texts are part of it unless told otherwise. Tables stay without: most sources
# reserve the rights in their texts. The others are copies of texts by nature.
FORMATS = {
    "jsonl": False, "csv": False, "parquet": False, "tei": True, "sqlite": True, "warc": True,
}  # fmt: skip
NOTHING_BUT_TEXT = ("tei", "warc")


def export(
    corpus: Corpus,
    form: str,
    folder: Path,
    *,
    terms: Mapping[str, Terms],
    labels: Labels,
    archive: Path | None = None,
) -> About:
    """Write a corpus into a new folder, or finish one that was interrupted.

    `archive` is where the bytes of crawled pages lie. Raises BadInput if the folder holds something
    else, or the format needs a library that is not installed.
    """
    parts = import_module(f"monitor.export.{form}").parts
    made = parts(corpus, archive) if form == "warc" else parts(corpus)
    files = write_parts(folder, made, _key(corpus, form, labels))
    told = about(corpus, form, __version__, _used(corpus, terms), labels, files)
    cards = _write_cards(folder, told)
    write_text(folder / manifest.FILE, as_json(manifest.manifest(told, cards)))
    finish(folder)
    return told


def size(corpus: Corpus, form: str) -> int:
    """How many rows or texts will go by."""
    if form in NOTHING_BUT_TEXT:
        return corpus.chosen.versions
    return sum(corpus.count(table) for table in corpus.tables)


def terms_of(
    sources: Mapping[str, SourceConfig], homes: Mapping[str, str], notes: Mapping[str, str]
) -> dict[str, Terms]:
    """The terms of every known source, from sources.toml and what its robots.txt said.

    `homes` are their front pages, `notes` what was remarked about the robots.txt of hosts.
    """
    return {
        name: _terms(sources.get(name), notes.get(urlsplit(home).hostname or ""))
        for name, home in homes.items()
    }


def _terms(source: SourceConfig | None, note: str | None) -> Terms:
    if source is None:
        return Terms(robots="not in sources.toml: imported, or no longer read")
    if source.robots_override is not None:
        override = source.robots_override
        robots = f"overridden on {override.on}: {override.reason}"
    else:
        robots = f"obeyed; {note}" if note else "obeyed"
    return Terms(text_licence=source.text_licence, robots=robots)


def _used(corpus: Corpus, terms: Mapping[str, Terms]) -> dict[str, Terms]:
    names = [row[0] for row in corpus.rows(corpus.tables[0])]
    return {name: terms.get(name, Terms()) for name in names}


def _write_cards(folder: Path, told: About) -> list[Written]:
    for file, text in (
        (card.FILE, card.card(told)),
        (datapackage.FILE, as_json(datapackage.datapackage(told))),
        (croissant.FILE, as_json(croissant.croissant(told))),
    ):
        write_text(folder / file, text)
    cards = [described(folder, each) for each in (card.FILE, datapackage.FILE, croissant.FILE)]
    write_text(folder / rocrate.FILE, as_json(rocrate.ro_crate(told, cards)))
    return [*cards, described(folder, rocrate.FILE)]


def _key(corpus: Corpus, form: str, labels: Labels) -> str:
    """A hash of all that decides about the bytes: query, data, software."""
    decides = {
        "format": form,
        "selection": asdict(corpus.selection),
        "with_text": corpus.with_text,
        "with_reviewers": corpus.with_reviewers,
        "labels": asdict(labels),
        "data": corpus.fingerprint,
        "version": __version__,
    }
    return sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()
