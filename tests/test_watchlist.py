"""The watchlist as a table: what is read, what is refused and where, and the way back."""

import codecs
import csv
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.records import Alias, AliasType, Entity, Exclude
from monitor.config import shipped
from monitor.exceptions import BadInput
from monitor.watchlist import (
    COLUMNS,
    EXTRA_COLUMNS,
    compare_watchlists,
    preview,
    read_watchlist,
    write_watchlist,
)
from monitor.watchlist.cells import read_alias, read_exclude

DOCS = Path(__file__).parent.parent / "docs"
HEADINGS = ",".join(COLUMNS)


@pytest.fixture
def table(tmp_path):
    """Write a table file and read it as a watchlist."""

    def read(content: str | bytes, name: str = "list.csv") -> tuple[Entity, ...]:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_watchlist(path)

    return read


def errors_of(read, *args) -> list[str]:
    """The error lines, without the folder of the file."""
    with pytest.raises(BadInput) as caught:
        read(*args)
    return [line.rpartition("/")[2] for line in str(caught.value).splitlines()]


def row(**cells: str) -> str:
    """A CSV text of one row under the given headings, a good row but for them."""
    filled = {"id": "a", "kind": "person", "canonical": "Günel Şahbazova", **cells}
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in filled.values()]
    return f"{','.join(filled)}\n{','.join(quoted)}\n"


# ------------------------------------------------------------------ what is shipped


def test_the_shipped_watchlist_names_those_it_was_made_for():
    entities = {entity.canonical: entity for entity in read_watchlist(shipped("watchlist.csv"))}
    persons = (
        "Ülvi Həsənli", "Sevinc Vaqifqızı", "Elnarə Qasımova", "Nərgiz Absalamova",
        "Fatimə Mövlamlı", "Ülviyyə Əli", "Bəhruz Səmədov", "İqbal Əbilov", "Tofiq Yaqublu",
        "Bəxtiyar Hacıyev", "Anar Məmmədli",
    )  # fmt: skip
    assert {entities[name].kind for name in persons} == {"person"}
    assert {entities[name].kind for name in ("Abzas Media", "Meydan TV", "Toplum TV")} == {"outlet"}
    union = entities["Siyasi Məhbusların Azadlığı Uğrunda İttifaq"]
    assert "Union for the Freedom of Political Prisoners" in {a.text for a in union.aliases}
    assert "Toplum Media case" in {a.text for a in entities["Toplum TV işi"].aliases}
    (legal,) = entities["Sevinc Vaqifqızı"].aliases
    assert (legal.text, legal.type) == ("Sevinc Abbasova", "legal")


def test_the_shipped_watchlist_is_as_the_program_writes_it(tmp_path):
    written = tmp_path / "watchlist.csv"
    write_watchlist(read_watchlist(shipped("watchlist.csv")), written)
    assert written.read_bytes() == shipped("watchlist.csv").read_bytes()


# ------------------------------------------------------------------ what is read


def test_a_row_becomes_an_entity(table):
    (entity,) = table(
        f"{HEADINGS}\n"
        "gs,person,Günel Şahbazova,legal:Günel Bəşirova|Гюля,yes,Günel Şahbazova küçəsi # street\n"
    )
    assert entity == Entity(
        id="gs",
        kind="person",
        canonical="Günel Şahbazova",
        aliases=(Alias(text="Günel Bəşirova", type="legal"), Alias(text="Гюля")),
        excludes=(Exclude(pattern="Günel Şahbazova küçəsi", reason="street"),),
        family_unambiguous=True,
    )


def test_only_three_columns_are_needed_in_any_order_and_comments_are_skipped(table):
    (entity,) = table("# our list\nCanonical,ID,Kind\n\n# later\nMeydan TV,m,outlet\n")
    assert (entity.id, entity.kind, entity.canonical) == ("m", "outlet", "Meydan TV")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_usual_separator_and_unicode_encoding_is_read(table, delimiter, encoding):
    text = delimiter.join(["id", "kind", "canonical", "aliases"]) + "\r\n"
    text += delimiter.join(["a", "person", "Əli Şıx", '"Али; Ali, A|Ş"']) + "\r\n"
    with pytest.raises(BadInput, match="needs two letters"):
        table(text.encode(encoding))
    (entity,) = table(text.replace("|Ş", "").encode(encoding))
    assert (entity.canonical, entity.aliases[0].text) == ("Əli Şıx", "Али; Ali, A")


@pytest.mark.parametrize(
    ("name", "encoding"), [("Лейла Юнус", "cp1251"), ("Gözəl Şıxlı".replace("ə", "e"), "cp1254")]
)
def test_a_list_saved_in_an_old_encoding_is_read(table, name, encoding):
    (entity,) = table(f"id;kind;canonical\na;person;{name}\n".encode(encoding))
    assert entity.canonical == name


def test_letters_lost_in_an_old_encoding_are_told(table):
    lost = "id;kind;canonical\na;person;Ülvi Həsənli\n".encode("cp1254", "replace")
    assert errors_of(table, lost) == [
        'list.csv:2: canonical: "Ülvi H?s?nli" lost letters when the file was saved; '
        "save it as UTF-8 or XLSX"
    ]


def test_invisible_characters_and_decomposed_letters_are_mended(table):
    (entity,) = table(row(canonical=" Gu\u0308nel\u00a0\u200bŞahbazova\ufeff ", id="a\u200b"))
    assert (entity.id, entity.canonical) == ("a", "Günel Şahbazova")


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("person", "person"),
        ("ORG", "organisation"),
        ("organization", "organisation"),
        ("Outlet ", "outlet"),
        ("case", "case"),
    ],
)
def test_kinds_are_read(table, written, kind):
    assert table(row(kind=written))[0].kind == kind


@pytest.mark.parametrize(
    ("written", "unambiguous"),
    [
        ("yes TRUE 1 hə bəli да x", True),
        ("no FALSE 0 yox xeyr нет -", False),
    ],
)
def test_yes_and_no_are_read_in_our_languages(table, written, unambiguous):
    for word in written.split():
        assert table(row(family_unambiguous=word))[0].family_unambiguous is unambiguous


@pytest.mark.parametrize(
    ("text", "alias"),
    [
        ("Sevinc Abbasova", Alias(text="Sevinc Abbasova")),
        ("legal:Sevinc Abbasova", Alias(text="Sevinc Abbasova", type="legal")),
        ("legal: Sevinc Abbasova", Alias(text="Sevinc Abbasova", type="legal")),
        ("UFPP", Alias(text="UFPP", type="acronym", case_sensitive=True)),
        ("ССПЗА", Alias(text="ССПЗА", type="acronym", case_sensitive=True)),
        ("acronym,nocase:UFPP", Alias(text="UFPP", type="acronym")),
        ("same_person:UFPP", Alias(text="UFPP")),
        ("case:Ümid", Alias(text="Ümid", case_sensitive=True)),
        ("pen_name,alone:Qan Turalı", Alias(text="Qan Turalı", type="pen_name", flag_alone=True)),
        ("lang=ru:Гюля", Alias(text="Гюля", orthography="ru")),
        (
            "from=2019,to=2021-06:Ağa Xan",
            Alias(text="Ağa Xan", valid_from="2019", valid_to="2021-06"),
        ),
        ("III Respublika", Alias(text="III Respublika")),
        ("RFE/RL: Azərbaycan", Alias(text="RFE/RL: Azərbaycan")),
        ("translation:re:publica", Alias(text="re:publica", type="translation")),
    ],
)
def test_aliases_are_read_with_their_type_and_options(text, alias):
    assert read_alias(text) == alias


@pytest.mark.parametrize(
    ("text", "exclude"),
    [
        ("Ülvi küçəsi", Exclude(pattern="Ülvi küçəsi")),
        ("Ülvi küçəsi # street", Exclude(pattern="Ülvi küçəsi", reason="street")),
        (r"re:Ülvi \w+oğlu", Exclude(pattern=r"Ülvi \w+oğlu", regex=True)),
        ("re:[#] # sign", Exclude(pattern="[#]", regex=True, reason="sign")),
    ],
)
def test_excludes_are_read_with_their_reason(text, exclude):
    assert read_exclude(text) == exclude


def test_a_bar_inside_an_item_is_escaped(table):
    (entity,) = table(row(exclude_contexts=r"re:a\|b|plain words"))
    assert [exclude.pattern for exclude in entity.excludes] == ["a|b", "plain words"]


def test_the_same_alias_twice_is_one_alias(table):
    (entity,) = table(row(aliases="Gülya|Gülya| |Gülya\nGülüş"))
    assert [alias.text for alias in entity.aliases] == ["Gülya", "Gülüş"]


def test_a_sheet_is_read_with_its_numbers_dates_and_empty_rows(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "kind", "canonical", "family_unambiguous", "valid_from", "note"])
    sheet.append([])
    sheet.append([7, "person", "Günel Şahbazova", True, 2019.0, None])
    book.save(tmp_path / "list.xlsx")
    (entity,) = read_watchlist(tmp_path / "list.xlsx")
    assert (entity.id, entity.family_unambiguous, entity.valid_from) == ("7", True, "2019")


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"id": ""}, "id: is missing"),
        ({"id": "a b"}, 'id: "a b" is no id'),
        ({"id": "x" * 65}, "is no id: up to 64 letters"),
        ({"kind": ""}, "kind: is missing (one of person, organisation, outlet, case)"),
        ({"kind": "persn"}, 'kind: "persn" is unknown, did you mean "person"?'),
        ({"canonical": " "}, "canonical: is missing"),
        ({"canonical": "Ə."}, 'canonical: "Ə." is no name: it needs two letters'),
        ({"canonical": "H\ufffds\ufffdnli"}, "lost letters when the file was saved"),
        ({"aliases": "legall:Günel B"}, 'aliases: "legall:" is no type or option of an alias, did'),
        ({"aliases": "https://abzas.org"}, '"https:" is no type or option of an alias'),
        ({"aliases": "from=2019-13:Gülya"}, '"2019-13" is no date such as 2026'),
        ({"aliases": "from=2020,to=2019:Gülya"}, "begins 2020, after its end 2019"),
        ({"aliases": "legal:"}, "aliases: is missing"),
        ({"aliases": "x|legal:y"}, '"x" is no name: it needs two letters; "y" is no name'),
        ({"family_unambiguous": "maybe"}, '"maybe" is neither yes nor no'),
        ({"exclude_contexts": "re:(("}, 'exclude_contexts: "((" is no regular expression'),
        ({"exclude_contexts": "re:"}, "an empty pattern would exclude everything"),
        ({"valid_from": "March 2020"}, 'valid_from: "March 2020" is no date'),
        ({"valid_from": "2020-02-30"}, 'valid_from: "2020-02-30" is no date'),
        ({"valid_from": "2021", "valid_to": "2020-12"}, "valid_from: begins 2021, after its end"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_and_heading(table, cells, words):
    (error,) = errors_of(table, row(**cells))
    assert error.startswith("list.csv:2: ")
    assert words in error


def test_all_wrong_rows_are_told_at_once_by_the_line_they_begin_at(table):
    text = (
        f'{HEADINGS}\n"a",person,"Günel\nŞahbazova",,,\n'
        ',persn,X,,,\n"b",person,Elçin Nur,,,\n\na,case,Şəki işi,,,\n'
    )
    errors = errors_of(table, text)
    assert [error.split(": ")[0] for error in errors] == [*["list.csv:4"] * 3, "list.csv:7"]
    assert errors[-1] == 'list.csv:7: id: "a" is used in row 2 already'


def test_a_sheet_tells_the_row_number_the_program_shows(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["id", "kind", "canonical"])
    book.active.append(["a", "person", "Günel Şahbazova"])
    book.active.append(["b", "persn", "Elçin Nur"])
    book.save(tmp_path / "list.xlsx")
    (error,) = errors_of(read_watchlist, tmp_path / "list.xlsx")
    assert error.startswith('list.xlsx:3: kind: "persn" is unknown')


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("", ["list.csv:1: empty; the first row should be " + HEADINGS]),
        (
            "id,kind,name,alias\n",
            [
                'list.csv:1: unknown heading "name"',
                'list.csv:1: unknown heading "alias", did you mean "aliases"?',
                'list.csv:1: heading "canonical" is missing',
            ],
        ),
        ("id,kind,canonical,id\n", ['list.csv:1: heading "id" stands twice']),
        (
            "id,kind,canonical\na,person,Nur, Elçin\n",
            [
                "list.csv:2: 4 cells under 3 headings: "
                "a cell that holds the separator needs quotation marks around it"
            ],
        ),
        ("id,kind,canonical,\na,person,Elçin Nur,x\n", ['list.csv:2: "x" stands under no heading']),
    ],
)
def test_a_table_of_another_shape_is_told(table, text, errors):
    assert errors_of(table, text) == errors


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (
            b'id,kind,canonical\na,person,"Nur\nb,case,x\n',
            "list.csv:2: a quotation mark is not clo",
        ),
        (b'id,kind,canonical\na,person,"Nur" x\n', "list.csv:2: a quotation mark is not closed or"),
        (b"id\0kind", "list.csv: not a text file"),
        (b"PK\x03\x04 no zip", "list.csv: not an XLSX file that can be read"),
        (codecs.decode("d0cf11e0a1b11ae1", "hex"), "list.csv: an old Excel file; save it as .xlsx"),
    ],
)
def test_a_file_that_is_no_table_is_one_clear_sentence(table, raw, words):
    (error,) = errors_of(table, raw)
    assert error.startswith(words)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BadInput, match=r"no\.csv: cannot be read: No such file"):
        read_watchlist(tmp_path / "no.csv")


def test_a_folder_that_is_missing_is_told_on_writing(tmp_path):
    for name in ("list.csv", "list.xlsx"):
        with pytest.raises(BadInput, match="cannot be written: No such file"):
            write_watchlist([], tmp_path / "no" / name)


# ------------------------------------------------------------------ there and back

letters = st.text("abƏəİıŞ Яжა'-.(:#|\\=+@,;\"", min_size=1, max_size=12)
names = letters.map(lambda text: " ".join(f"Ab{text}".split()))
days = st.sampled_from([None, "2019", "2019-06", "2019-06-14"])
aliases = st.builds(
    Alias,
    text=names,
    type=st.sampled_from(get_args(AliasType)),
    orthography=st.sampled_from([None, "ru"]),
    case_sensitive=st.booleans(),
    flag_alone=st.booleans(),
    valid_from=days,
    valid_to=st.sampled_from([None, "2021"]),
)
excludes = st.builds(
    Exclude,
    pattern=names.filter(lambda text: " #" not in text),
    regex=st.just(False),
    reason=st.sampled_from(["", "street", "# 5"]),
) | st.just(Exclude(pattern=r"a|b\|c \d\\", regex=True, reason="x"))
entities = st.builds(
    Entity,
    id=st.just("a"),
    kind=st.sampled_from(["person", "organisation", "outlet", "case"]),
    canonical=names,
    aliases=st.lists(aliases, max_size=3, unique=True).map(tuple),
    excludes=st.lists(excludes, max_size=3, unique=True).map(tuple),
    family_unambiguous=st.booleans(),
    given=st.none() | names,
    family=st.none() | names,
    valid_from=days,
    note=st.just("") | names,
    source=st.sampled_from(["", "=HYPERLINK(1)", "'=x", "'quoted'", "-", "@a", "+1"]),
)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
@settings(deadline=None, max_examples=60)
@given(entity=entities)
def test_what_is_written_is_read_back_as_it_was(tmp_path_factory, name, entity):
    path = tmp_path_factory.getbasetemp() / name
    write_watchlist([entity], path)
    assert read_watchlist(path) == (entity,)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_no_cell_that_is_written_can_run_as_a_formula(tmp_path, name):
    path = tmp_path / name
    evil = Entity(
        id="a", kind="person", canonical="=cmd|' /C calc'!A0", note="@SUM(1)", source="+1-1"
    )
    write_watchlist([evil], path)
    if name.endswith("csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for cells in csv.reader(file) for cell in cells]
    else:
        sheet = openpyxl.load_workbook(path).active
        assert {cell.data_type for cells in sheet.iter_rows() for cell in cells} <= {
            "s",
            "n",
            "inlineStr",
        }
        cells = [str(cell or "") for cells in sheet.iter_rows(values_only=True) for cell in cells]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert read_watchlist(path) == (evil,)


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ({"aliases": (Alias(text="x"),)}, 'alias "x" cannot be written'),
        ({"excludes": (Exclude(pattern="re:x y"),)}, 'exclude "re:x y" cannot be written'),
        ({"excludes": (Exclude(pattern="ab # cd"),)}, 'exclude "ab # cd" cannot be written'),
    ],
)
def test_what_would_not_be_read_back_is_not_written(tmp_path, entity, words):
    with pytest.raises(BadInput, match=words):
        write_watchlist(
            [Entity(id="a", kind="case", canonical="Şəki işi", **entity)], tmp_path / "list.csv"
        )
    assert not (tmp_path / "list.csv").exists()


# ------------------------------------------------------------------ before an import


def test_a_comparison_tells_what_an_import_would_do():
    old = (
        Entity(id="a", kind="person", canonical="Günel Şahbazova", aliases=(Alias(text="Gülya"),)),
        Entity(id="b", kind="person", canonical="Elçin Nur"),
        Entity(id="c", kind="case", canonical="Şəki işi"),
    )
    new = (
        Entity(id="d", kind="outlet", canonical="Səs TV"),
        Entity(id="b", kind="person", canonical="Elçin Nur"),
        Entity(
            id="a",
            kind="person",
            canonical="Günel Şahbazlı",
            aliases=(Alias(text="Günel Bəşirova", type="legal"),),
            family_unambiguous=True,
        ),
    )
    changes = compare_watchlists(old, new)
    assert list(preview(changes)) == [
        "+ d: Səs TV (outlet)",
        "~ a: canonical: Günel Şahbazova → Günel Şahbazlı; + alias legal:Günel Bəşirova; "
        "- alias same_person:Gülya; family_unambiguous: no → yes",
        "- c: Şəki işi (case)",
    ]


def test_another_order_is_no_change():
    one, two = Alias(text="Gülya"), Alias(text="Gülüş")
    old = Entity(id="a", kind="person", canonical="Günel Nur", aliases=(one, two))
    new = Entity(id="a", kind="person", canonical="Günel Nur", aliases=(two, one))
    assert not compare_watchlists([old], [new])


# ------------------------------------------------------------------ documents


def test_the_document_explains_every_column_and_alias_type():
    text = (DOCS / "watchlist.md").read_text(encoding="utf-8")
    words = (*COLUMNS, *EXTRA_COLUMNS, *get_args(AliasType))
    assert [word for word in words if f"| `{word}` |" not in text] == []
    assert HEADINGS in text
