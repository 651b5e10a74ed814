"""What is taken off a page, and what must stay."""

from datetime import UTC, datetime

import pytest
from lxml.html import document_fromstring

from monitor.extract.cleaning import clean
from monitor.extract.lines import article_lines
from monitor.extract.normal import normalise

BODY = "<p>The list has 357 names, said the working group, and gave no reason for it.</p>"


def cleaned(markup: str) -> str:
    tree = document_fromstring(f"<html><body><h1>The list</h1>{BODY}{markup}{BODY}</body></html>")
    clean(tree, "The list")
    return normalise(tree.text_content())


@pytest.mark.parametrize(
    "markup",
    [
        '<p>Read also: <a href="/1">303 on the list</a></p>',
        '<p><strong>Həmçinin oxuyun:</strong> <a href="/1">Siyahıda 303 nəfər</a></p>',
        '<div>Читайте также <a href="/1">В списке 303 имени</a></div>',
        '<h3>More</h3><ul><li><a href="/1">303 on the list</a></li></ul>',
        '<div><b>Digər xəbərlər</b></div><p><a href="/1">303 nəfər</a></p>',
        '<h4>BUNLARI DA OXUYUN</h4><ul><li><a href="/1">Siyahıda 303 nəfər</a></li></ul>',
        '<p><b>İLGİLİ HABER:</b> <a href="/1">303 siyasi tutuklu</a></p>',
        '<div class="post-views">30,303 views</div>',
        '<div class="jp-relatedposts"><p>303 on the list</p></div>',
        '<nav role="navigation"><a href="/1">303</a></nav>',
    ],
)
def test_other_articles_and_counters_are_taken_off(markup):
    assert "303" not in cleaned(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<p>More than 303 people were on the list.</p>",
        '<p>More <a href="/1">than 303 people were on the list</a></p>',
        '<p><a href="/1">Top court frees 303 people</a></p>',
        '<p>See also what he said in 2019, when 303 names were on it, <a href="/1">here</a>.</p>',
        '<ul><li><a href="/p/1">303. Elnur Hacızadə</a></li></ul>',
        '<div class="prisoner-count">303</div>',
        '<div class="share">Their share of the prisoners grew to 303: ' + "words " * 100 + "</div>",
        "<table><tr><td>303</td><td>Elnur Hacızadə</td></tr></table>",
    ],
)
def test_what_belongs_to_the_article_stays(markup):
    assert "303" in cleaned(markup)


def test_a_row_of_data_is_one_line_and_its_cells_stay_apart():
    rows = "<table><tr><td>1</td><td>Elnur Hacızadə</td><td>jurnalist</td></tr></table>"
    assert "1 | Elnur Hacızadə | jurnalist" in cleaned(rows)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("1 204 baxış", False),
        ("Просмотров: 5 118", False),
        ("Oxunub: 2217", False),
        ("12.02.2025 10:00 (88341)", False),
        ("Paylaş", False),
        ("357", True),
        ("357 political prisoners", True),
        ("Telegram kanalı bağlanıb", True),
        ("2025-ci ildə 12 nəfər həbs edilib.", True),
    ],
)
def test_a_line_of_furniture_goes_and_a_line_of_text_stays(line, kept):
    now = datetime(2026, 3, 1, tzinfo=UTC)
    assert (line in article_lines(f"{line}\nText of it.", "Title", (), now)) is kept
