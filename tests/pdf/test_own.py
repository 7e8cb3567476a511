"""A company's own template: what it may do, and that it can do nothing else."""

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from erp_core.documents.entities import PrintedDocument
from erp_core.testing.documents import PNG, a_printed_document
from erp_pdf import own
from erp_pdf.own import BrokenTemplateError


def written(template: str, rows: int = 5) -> PrintedDocument:
    document = a_printed_document(rows)
    return replace(document, style=replace(document.style, template=template, logo=PNG))


def texts(content: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(content)).pages]


def test_the_example_sets_all_that_a_document_says() -> None:
    found = texts(own.render(written(own.example(), 120)))
    whole = "\n".join(found)
    assert len(found) > 1
    for said in ("Fatura", "INV2026-00042", "Müller & Søn", "Größe 119, niño, œuf, ação"):
        assert said in whole
    for said in ("R$ 12.345,00", "Tributos", "Obrigado <pela> preferência & até logo.", "PIX"):
        assert said in whole
    assert f"Página 1 de {len(found)}" in found[0]


def test_no_line_is_set_twice_and_every_sheet_has_the_headings() -> None:
    found = texts(own.render(written(own.example(), 200)))
    whole = "\n".join(found)
    assert len(found) > 3
    assert all(whole.count(f"Größe {each}, niño") == 1 for each in range(1, 200))
    assert all("Quantité" in sheet for sheet in found[:-1])


def test_a_template_is_set_with_the_packaged_fonts() -> None:
    made = PdfReader(BytesIO(own.render(written(own.example()))))
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in made.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert {"OpenSans", "OpenSans-Bold"} <= fonts


def test_what_a_document_says_is_never_markup() -> None:
    document = written("<p>{{ document.number }}</p>")
    said = replace(document, number="<b>1</b> {{ 7 * 7 }}")
    assert "<b>1</b> {{ 7 * 7 }}" in texts(own.render(said))[0]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("{% for %}", "line 1"),
        ("{{ nothing }}", "'nothing' is undefined"),
        ("{{ 1 / 0 }}", "ZeroDivisionError"),
        ("{{ document.nothing.at_all }}", "no attribute"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
        ("{{ document.__class__.__init__.__globals__ }}", "unsafe"),
        ("{% include '/etc/passwd' %}", "no loader"),
        ("<img src='http://127.0.0.1:9/x.png'>", "nothing is fetched"),
        ("<img src='file:///etc/passwd'>", "nothing is fetched"),
        ("<img src='/etc/passwd'>", "nothing is fetched"),
        ("<style>@font-face {font-family: x; src: url(/etc/passwd)}</style><p>a</p>", "fetched"),
        ("<style>@page {background-image: url(/etc/passwd)}</style><p>a</p>", "fetched"),
        ("{% for a in range(99999) %}{{ 'x' * 99 }}{% endfor %}", "characters"),
    ],
)
def test_what_a_template_may_not_do_is_said_to_its_author(template: str, reason: str) -> None:
    with pytest.raises(BrokenTemplateError) as refusal:
        own.render(written(template))
    assert reason in str(refusal.value)


def test_the_same_template_gives_the_same_bytes() -> None:
    document = written(own.example())
    assert own.render(document) == own.render(document)
