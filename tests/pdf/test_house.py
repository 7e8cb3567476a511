"""The house's look: what a reader of the file finds in it, however long it is."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from erp_core.documents.entities import (
    Fact,
    Paper,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    RowKind,
)
from erp_core.testing.documents import PNG, a_printed_document
from erp_pdf import house


def read(document: PrintedDocument) -> PdfReader:
    return PdfReader(BytesIO(house.render(document)))


def texts(document: PrintedDocument) -> list[str]:
    return [page.extract_text() for page in read(document).pages]


def with_rows(*rows: PrintedRow) -> PrintedDocument:
    document = a_printed_document()
    return replace(document, lines=replace(document.lines, rows=rows))


def test_every_letter_of_our_languages_can_be_read() -> None:
    letters = "çã € ñ ß œ Œ ÿ ğ ő ł á à â ä é è ê ë í î ï ó ô õ ö ú û ü ¿ ¡ « » º ª £ ¥"
    document = replace(a_printed_document(), notes=(Fact("Nota", letters),))
    assert letters in texts(document)[0].replace("\n", " ")


def test_fonts_are_embedded_and_there_is_no_other() -> None:
    fonts = set()
    for page in read(a_printed_document()).pages:
        for font in page["/Resources"]["/Font"].values():
            found = font.get_object()
            fonts.add(str(found["/BaseFont"]))
            if "OpenSans" in found["/BaseFont"]:
                assert "/FontFile2" in found["/FontDescriptor"]
    assert {each.partition("+")[2] for each in fonts if "+" in each} == {
        "OpenSans",
        "OpenSans-Bold",
    }
    assert all("OpenSans" in each for each in fonts)


@pytest.mark.parametrize(("paper", "size"), [(Paper.A4, (595, 842)), (Paper.LETTER, (612, 792))])
def test_the_sheet_is_the_one_that_was_asked_for(paper: Paper, size: tuple[int, int]) -> None:
    document = a_printed_document()
    (page,) = read(replace(document, style=replace(document.style, paper=paper))).pages
    assert (round(page.mediabox.width), round(page.mediabox.height)) == size


def test_every_sheet_says_which_it_is_and_repeats_the_headings() -> None:
    found = texts(a_printed_document(200))
    assert len(found) > 3
    for at, text in enumerate(found, start=1):
        assert f"Página {at} de {len(found)}" in text
        assert "RASCUNHO" in text
        assert "CNPJ 12.345.678/0001-95" in text
    assert all("Descrição" in text for text in found[:-1])
    assert all("INV2026-00042" in text for text in found)


def test_no_line_is_lost_between_sheets() -> None:
    whole = "\n".join(texts(a_printed_document(3000)))
    told = [int(each) for each in re.findall(r"Größe (\d+), niño", whole)]
    assert sorted({*told}) == list(range(3000))


def test_a_heading_stands_above_what_it_heads() -> None:
    rows = []
    for at in range(60):
        rows += [
            PrintedRow(kind=RowKind.HEADING, cells=(f"Part {at}",)),
            PrintedRow(cells=(f"Item {at}", "1", "2")),
        ]
    for text in texts(with_rows(*rows)):
        headings = re.findall(r"Part (\d+)", text)
        items = re.findall(r"Item (\d+)", text)
        assert headings == items


def test_a_subtotal_does_not_stand_alone_on_the_next_sheet() -> None:
    for before in range(50, 90):
        rows = [PrintedRow(cells=(f"Item {at}", "1", "2")) for at in range(before)]
        rows.append(PrintedRow(kind=RowKind.SUBTOTAL, cells=("Up to here", "2")))
        (sheet,) = (text for text in texts(with_rows(*rows)) if "Up to here" in text)
        assert f"Item {before - 1}" in sheet


def test_a_signature_stands_under_what_is_signed() -> None:
    for rows in range(20, 60):
        (sheet,) = (text for text in texts(a_printed_document(rows)) if "Recebido" in text)
        assert "R$ 12.345,00" in sheet
        assert "Obrigado" in sheet


def test_subtotals_without_end_are_set_all_the_same() -> None:
    rows = [PrintedRow(kind=RowKind.SUBTOTAL, cells=(f"Sum {at}", "2")) for at in range(200)]
    found = texts(with_rows(*rows))
    assert len(found) < 9
    assert "Sum 199" in "\n".join(found)


def test_the_rule_under_a_running_head_is_as_wide_as_the_table() -> None:
    _, second, *_ = read(a_printed_document(100)).pages
    lines = re.findall(
        rb"n ([\d.]+) [\d.]+ m ([\d.]+) [\d.]+ l S", second.get_contents().get_data()
    )
    assert {round(float(end) - float(start), 2) for start, end in lines} == {498.9}


def test_a_text_longer_than_a_sheet_goes_on_on_the_next() -> None:
    text = "\n".join(f"line {at}" for at in range(300))
    whole = "\n".join(texts(with_rows(PrintedRow(cells=(text, "1", "2")))))
    assert all(f"line {at}" in whole for at in range(300))


def test_a_word_longer_than_its_column_is_broken() -> None:
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 3
    whole = "".join(texts(with_rows(PrintedRow(cells=(word, "1", "2"))))).replace("\n", "")
    assert word in whole


def test_names_and_facts_without_end_leave_room_for_the_rest() -> None:
    document = a_printed_document()
    long = replace(
        document,
        title="Extraordinary " * 20,
        number="N" * 300,
        sender=replace(document.sender, name="S" * 900, lines=("x " * 2000,)),
        receivers=tuple(
            replace(each, name="R" * 900, lines=("y " * 2000,)) for each in document.receivers
        ),
        facts=tuple(Fact(f"Label {at}", "z " * 900) for at in range(12)),
        totals=(PrintedTotal(label="t" * 300, amount="1,00", strong=True),),
        footer="f " * 2000,
    )
    assert "Größe 4" in "".join(texts(long))


def test_taxes_that_are_many_stand_above_the_totals() -> None:
    document = a_printed_document()
    (table,) = document.tables
    rows = tuple(PrintedRow(cells=(f"Tax {at}", "1", "2")) for at in range(200))
    found = texts(replace(document, tables=(replace(table, rows=rows),)))
    whole = "\n".join(found)
    assert all(f"Tax {at}" in whole for at in range(200))


def test_what_is_no_markup_is_printed_as_it_stands() -> None:
    text = "<b>1 & 2</b> <img src='/etc/passwd'/> {{ 7 * 7 }}"
    document = replace(a_printed_document(), notes=(Fact("<i>", text),))
    assert text in texts(document)[0].replace("\n", " ")


def test_a_document_of_nothing_but_a_title_can_be_set() -> None:
    empty = replace(
        a_printed_document(),
        lines=PrintedTable(columns=(), rows=()),
        tables=(),
        totals=(),
        notes=(),
        codes=(),
        signatures=(),
        facts=(),
        receivers=(),
        watermark="",
        footer="",
        number="",
    )
    assert "Fatura" in texts(empty)[0]


def test_the_file_says_what_it_is_and_of_which_day() -> None:
    made = read(a_printed_document())
    assert made.metadata is not None
    assert made.metadata.title == "Fatura INV2026-00042"
    assert made.metadata.author == "Comércio São José Ltda"
    assert str(made.metadata.creation_date_raw).startswith("D:20261123")
    assert made.trailer["/Root"]["/Lang"] == "pt-BR"


def test_a_logo_and_a_code_are_drawn() -> None:
    document = a_printed_document()
    drawn = read(replace(document, style=replace(document.style, logo=PNG)))
    assert drawn.pages[0].images
    codeless = house.render(replace(document, codes=()))
    assert len(house.render(document)) > len(codeless) + 500
