"""TEI P5: one `teiCorpus` a file, texts as paragraphs, names and counts as stand-off annotations.

An annotation points into a paragraph with the TEI pointer scheme `string-range(id,offset,length)`,
offsets from 0 in code points (https://tei-c.org/release/doc/tei-p5-doc/en/html/SA.html#SATSSR).
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any

from lxml import etree
from lxml.builder import ElementMaker

from db.corpus import ENTITIES, MENTIONS, OBSERVATIONS, SOURCES, VERSIONS
from db.export import Bounds
from monitor.export.corpus import Corpus
from monitor.export.parts import Part, bounds

VERSIONS_PER_FILE = 1000
NAMESPACE = "http://www.tei-c.org/ns/1.0"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_T = ElementMaker(namespace=NAMESPACE, nsmap={None: NAMESPACE})
# What XML 1.0 cannot hold becomes one other character, so that offsets hold.
_ILLEGAL = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_TOLD = (
    "value", "value_high", "qualifier", "category", "subset", "kind", "role", "place", "org",
    "as_of", "since", "series",
)  # fmt: skip

Fields = Mapping[str, Any]


def parts(corpus: Corpus) -> list[Part]:
    """Files of at most 1,000 texts each."""

    def part(number: int, span: Bounds) -> Part:
        def write(path: Path) -> int:
            return _write(path, corpus, span, number)

        return Part(path=f"data/tei/corpus-{number:05}.xml", write=write)

    spans = bounds(corpus.chosen.versions, VERSIONS_PER_FILE)
    return [part(number, span) for number, span in enumerate(spans, 1)]


def _write(path: Path, corpus: Corpus, span: Bounds, number: int) -> int:
    licences = {row["source"]: row["text_licence"] for row in corpus.records(SOURCES)}
    mentions = _by_version(corpus.records(MENTIONS, span))
    observations = _by_version(corpus.records(OBSERVATIONS, span))
    written = 0
    with etree.xmlfile(str(path), encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(f"{{{NAMESPACE}}}teiCorpus", nsmap={None: NAMESPACE}):
            xml.write("\n", _corpus_header(corpus, number), "\n")
            for text in corpus.records(VERSIONS, span):
                version = text["version_id"]
                notes = _notes(text, mentions.get(version, []), observations.get(version, []))
                xml.write(_tei(text, licences[text["source"]] or "", notes), "\n")
                corpus.tick(1)
                written += 1
    return written


def _by_version(rows: Iterable[Fields]) -> dict[int, list[Fields]]:
    found: dict[int, list[Fields]] = {}
    for row in rows:
        found.setdefault(row["version_id"], []).append(row)
    return found


def _corpus_header(corpus: Corpus, number: int) -> Any:
    entities = [_category(row) for row in corpus.records(ENTITIES)]
    return _T.teiHeader(
        _T.fileDesc(
            _T.titleStmt(_T.title(f"News texts of a media monitor, part {number}")),
            _T.publicationStmt(_T.p("See README.md for who publishes it and on what terms.")),
            _T.sourceDesc(_T.p("Pages of news outlets, as read by the monitor.")),
        ),
        *(
            [_T.encodingDesc(_T.classDecl(_T.taxonomy(*entities, _id("entities"))))]
            if entities
            else []
        ),
    )


def _category(entity: Fields) -> Any:
    words = f"{_legal(entity['canonical'])} ({entity['kind']})"
    return _T.category(_T.catDesc(words), _id(_entity_id(entity["entity"])))


def _tei(text: Fields, licence: str, notes: Any | None) -> Any:
    paragraphs = [
        _T.p(_legal(line), _id(f"v{text['version_id']}.p{at}"))
        for at, line in enumerate(text["text"].split("\n"), 1)
    ]
    body = _T.text(_T.body(*paragraphs))
    if text["lang"]:
        body.set(f"{_XML}lang", text["lang"])
    parts = [_header(text, licence), *(() if notes is None else (notes,)), body]
    return _T.TEI(*parts, _id(f"v{text['version_id']}"))


def _header(text: Fields, licence: str) -> Any:
    title = _T.titleStmt(_T.title(_legal(text["title"]), _id(f"v{text['version_id']}.title")))
    title.extend(_T.author(_legal(name)) for name in text["authors"])
    terms = _T.licence(_legal(licence)) if licence else _T.p("Terms not known: ask the publisher.")
    lang = text["lang"]
    profile = [_T.profileDesc(_T.langUsage(_T.language(ident=lang)))] if lang else []
    return _T.teiHeader(
        _T.fileDesc(
            title,
            _T.publicationStmt(_T.publisher(_legal(text["source"])), _T.availability(terms)),
            _T.sourceDesc(_bibl(text)),
        ),
        *profile,
    )


def _bibl(text: Fields) -> Any:
    found = _T.bibl(
        _T.title(_legal(text["title"])),
        _T.idno(_legal(text["url"]), type="URI"),
        _T.idno(text["text_hash"], type="sha256"),
        _T.date(text["fetched_at"], type="read", when=text["fetched_at"]),
    )
    for kind in ("published", "modified"):
        if text[kind]:
            found.append(_T.date(text[kind], type=kind, when=text[kind]))
    return found


def _notes(text: Fields, mentions: list[Fields], observations: list[Fields]) -> Any | None:
    """The annotations of a text; None if nothing was found in it."""
    if not mentions and not observations:
        return None
    name = f"v{text['version_id']}"
    place = Paragraphs(text["text"], name)
    notes = [_mention(row, place, name) for row in mentions]
    notes += [_observation(row, place) for row in observations]
    return _T.standOff(_T.listAnnotation(*notes))


def _mention(row: Fields, place: "Paragraphs", name: str) -> Any:
    start, end = row["start"], row["end"]
    in_title = f"#string-range({name}.title,{start},{end - start})"
    return _T.annotation(
        _T.ptr(target=f"#{_entity_id(row['entity'])}"),
        _T.note(row["tier"], type="tier"),
        _id(f"m{row['mention_id']}"),
        target=in_title if row["part"] == "title" else place.pointers([(start, end)]),
    )


def _observation(row: Fields, place: "Paragraphs") -> Any:
    told = [_T.note(_legal(str(row[name])), type=name) for name in _TOLD if row[name] is not None]
    spans = [(start, end) for start, end in row["spans"]]
    return _T.annotation(*told, _id(f"o{row['observation_id']}"), target=place.pointers(spans))


class Paragraphs:
    """Where offsets of a text lie among its paragraphs.

    >>> Paragraphs("One.\\nTwo three.", "v7").pointers([(9, 14)])
    '#string-range(v7.p2,4,5)'
    """

    def __init__(self, text: str, name: str) -> None:
        lengths = [len(line) + 1 for line in text.split("\n")]
        self._starts = [0, *accumulate(lengths)]
        self._name = name

    def pointers(self, spans: Iterable[tuple[int, int]]) -> str:
        """One pointer a span and paragraph, separated by blanks."""
        return " ".join(pointer for span in spans for pointer in self._pointers(*span))

    def _pointers(self, start: int, end: int) -> Iterator[str]:
        at = bisect_right(self._starts, start) - 1
        while start < end:
            stop = min(end, self._starts[at + 1] - 1)
            if start < stop:
                offset = start - self._starts[at]
                yield f"#string-range({self._name}.p{at + 1},{offset},{stop - start})"
            start, at = self._starts[at + 1], at + 1


def _id(name: str) -> dict[str, str]:
    return {f"{_XML}id": name}


def _entity_id(entity: str) -> str:
    return "entity." + re.sub(r"[^\w.-]", "_", entity)


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
