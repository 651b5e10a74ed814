"""PDF documents; the bytes are written here, so that what they hold is plain to see."""

from datetime import UTC, datetime

import pytest

from monitor.exceptions import Unreadable
from monitor.extract import SourceRules, extract
from monitor.items import Hints, Page

RULES = SourceRules(home="https://www.example.org/")


def pdf(pages: list[list[str]], info: str = "") -> bytes:
    """A PDF with one line of text under the other on each page."""
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", "", f"<< {info} >>"]
    objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    kids = []
    for lines in pages:
        words = " ".join(f"({line}) Tj 0 -16 Td" for line in lines)
        stream = f"BT /F1 12 Tf 50 780 Td {words} ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 4 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    body = "".join(f"{n} 0 obj\n{text}\nendobj\n" for n, text in enumerate(objects, start=1))
    return f"%PDF-1.4\n{body}trailer << /Root 1 0 R /Info 3 0 R /Size 99 >>\n%%EOF\n".encode(
        "latin-1"
    )


def read(body: bytes, mime: str = "application/pdf", hints: Hints | None = None):
    page = Page(
        source="test",
        url="https://www.example.org/report.pdf",
        final_url="https://www.example.org/report.pdf",
        fetched_at=datetime(2026, 3, 1, tzinfo=UTC),
        status=200,
        body=body,
        discovered_as="https://www.example.org/report.pdf",
        mime=mime,
        hints=hints or Hints(),
    )
    return extract(page, RULES)


REPORT = [
    ["List of political prisoners", "The working group has recognised 357 people as political",
     "prisoners. Among them are 27 journalists and five human rights defen-", "ders.",
     "1. Elnur Hajizade", "2. Aysel Guluzade"],
    [],
    ["Seven people were added in February."],
]  # fmt: skip


def test_a_document_is_read_by_paragraph_with_the_offset_of_each_page():
    version = read(
        pdf(REPORT, "/Title (List of political prisoners) /CreationDate (D:20250212090000Z)")
    )
    assert version.text.split("\n") == [
        "List of political prisoners",
        "The working group has recognised 357 people as political prisoners. Among them are 27"
        " journalists and five human rights defenders.",
        "1. Elnur Hajizade",
        "2. Aysel Guluzade",
        "Seven people were added in February.",
    ]
    last = version.text.index("Seven")
    assert version.page_starts == (0, last, last)
    assert (version.title, version.published) == ("List of political prisoners", "2025-02-12")


def test_the_first_bytes_decide_and_not_what_the_server_says():
    assert read(pdf(REPORT), mime="text/html").page_starts
    html = b"<html><title>Really HTML</title><p>The list has 357 names now.</p></html>"
    assert read(html).text == "The list has 357 names now."


def test_a_title_that_a_program_wrote_gives_way_to_the_first_line():
    assert read(pdf(REPORT, "/Title (Microsoft Word - list_v3.docx)")).title == REPORT[0][0]


def test_what_the_landing_page_said_of_a_document_is_believed():
    hints = Hints(title="Report 2025", published="2025-02-20")
    version = read(pdf(REPORT), hints=hints)
    assert (version.title, version.published) == ("Report 2025", "2025-02-20")


@pytest.mark.parametrize("body", [pdf([[]]), b"%PDF-1.4\n1 0 obj<<>>endobj\n" * 50])
def test_a_document_without_text_is_a_counted_reason(body):
    with pytest.raises(Unreadable, match="extraction empty"):
        read(body)
