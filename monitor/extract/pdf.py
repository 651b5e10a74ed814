"""A PDF document, read page by page."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from db.records import Day, Version
from monitor.exceptions import Unreadable
from monitor.extract import normal
from monitor.extract.language import language
from monitor.extract.rules import SourceRules
from monitor.items import Page

MAX_PAGES = 1000
MAX_BYTES = 32 * 1024 * 1024  # collecting.md: PDF 32 MB

# pdfium marks a hyphen at a line's end with U+0002 or U+FFFE; others leave the hyphen.
_HYPHENATED = re.compile(
    r"(?<=[^\W\d_])(?:[\x02\ufffe\u00ad]|[-\u2010](?=\r?\n))\r?\n?(?=[^\W\d_])"
)
_SENTENCE_END = re.compile(r"[.!?։:;»”\"…)]$")
_NEW_ITEM = re.compile(r"(?:\d{1,4}[.)]|[-•–—*▪●])\s")
_FILE_NAME = re.compile(r"\.(docx?|pdf|rtf|odt|indd|pptx?)$|^microsoft |^untitled|^\W*$", re.I)
_PDF_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")


def read_pdf(page: Page, rules: SourceRules, extractor: str) -> Version:
    """The text of a PDF with the offset of each page; raises Unreadable where it has none.

    Scanned pages have no text: a document of nothing else is "extraction empty".
    """
    if len(page.body) > MAX_BYTES:
        raise Unreadable("failed", "too big")
    pages, properties = _read(page.body)
    text, starts = _joined([_paragraphs(one) for one in pages])
    if not text:
        raise Unreadable("failed", "extraction empty")
    title = page.hints.title or _title(properties.get("Title", ""), text)
    return Version(
        title=title,
        text=text,
        text_hash=normal.text_hash(title, text, rules.boilerplate),
        extractor=extractor,
        lang=language(text) or rules.lang or page.hints.lang,
        authors=page.hints.authors,
        published=page.hints.published or _day(properties.get("CreationDate", "")),
        modified=page.hints.modified,
        page_starts=starts,
    )


def _read(body: bytes) -> tuple[list[str], dict[str, str]]:
    """The raw text of each page and the document's properties."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("failed", "extraction empty") from error
    try:
        pages = [_page_text(document, number) for number in range(min(len(document), MAX_PAGES))]
        return pages, document.get_metadata_dict()
    finally:
        document.close()


def _page_text(document: Any, number: int) -> str:
    page = document[number]
    words = page.get_textpage()
    try:
        return str(words.get_text_range())
    finally:
        words.close()
        page.close()


def _paragraphs(raw: str) -> str:
    """Lines joined to paragraphs: a figure and what it counts often stand on two lines.

    A line is the last of its paragraph when it ends a sentence, or is clearly shorter than the
    page's lines, or an item of a list follows.
    """
    lines = normal.normalise(_HYPHENATED.sub("", raw)).split("\n")
    full = 0.7 * max(map(len, lines))
    paragraphs: list[str] = []
    previous = ""
    for line in lines:
        if previous and _goes_on(previous, line, full):
            paragraphs[-1] += f" {line}"
        else:
            paragraphs.append(line)
        previous = line
    return "\n".join(paragraphs)


def _goes_on(previous: str, line: str, full: float) -> bool:
    if _NEW_ITEM.match(line) or _SENTENCE_END.search(previous):
        return False
    return len(previous) >= full or line[:1].islower()


def _joined(pages: Sequence[str]) -> tuple[str, tuple[int, ...]]:
    """One text, and where in it each page begins; an empty page begins where the next does."""
    starts = tuple(_starts(pages))
    return normal.normalise("\n".join(filter(None, pages))), starts


def _starts(pages: Sequence[str]) -> Iterator[int]:
    at = 0
    for page in pages:
        yield at
        at += len(page) + 1 if page else 0


def _title(said: str, text: str) -> str:
    """The document's own title unless a program wrote it, else the first line with words."""
    title = normal.normalise(said).replace("\n", " ")
    return title if not _FILE_NAME.search(title) else text.split("\n", 1)[0][:200]


def _day(written: str) -> Day | None:
    found = _PDF_DATE.match(written)
    return "-".join(found.groups()) if found else None
