"""Two invented documents, so that a template is tried before anything is printed by it."""

from __future__ import annotations

from base64 import b64decode
from datetime import date
from typing import Final

from erp_core.documents.entities.number_series import DocumentType
from erp_core.documents.entities.printed import (
    AddressBlock,
    Column,
    Fact,
    PaymentCode,
    PrintedDocument,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    RowKind,
    Style,
    Symbol,
)

_DAY: Final = date(2026, 11, 23)
_PAGE: Final = "Page {page} of {pages}"
_DOT: Final = b64decode(  # a PNG of one pixel
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_COLUMNS: Final = (
    Column(heading="Description", share=60),
    Column(heading="Quantity", share=20, number=True),
    Column(heading="Amount", share=20, number=True),
)
_ITEM: Final = PrintedRow(cells=("Chá <verde> & açúcar", "3", "1,234.50"))
_BUYER: Final = AddressBlock(label="Bill to", name="Müller & Søn", lines=("Curitiba", "Brazil"))


def a_full_document() -> PrintedDocument:
    """Return the draft of an invoice on which stands all that can stand on a document."""
    rows = (
        PrintedRow(kind=RowKind.HEADING, cells=("Part 1",)),
        *[_ITEM] * 5,
        PrintedRow(kind=RowKind.SUBTOTAL, cells=("Subtotal", "6,172.50")),
        PrintedRow(kind=RowKind.NOTE, cells=("Fragile",)),
    )
    code = PaymentCode(
        symbol=Symbol.PIX,
        title="PIX",
        payload="00020126",
        facts=(Fact("Amount", "6,172.50"),),
        typed="To be copied",
    )
    return PrintedDocument(
        document_type=DocumentType("invoicing.invoice"),
        language="en",
        style=Style(logo=_DOT),
        dated=_DAY,
        title="Invoice",
        number="INV2026-00042",
        watermark="DRAFT",
        sender=AddressBlock(name="Casa de Chá & Cia.", lines=("Rua do Chá, 1",)),
        receivers=(_BUYER, AddressBlock(label="Ship to", name="Müller & Søn")),
        facts=(Fact("Date", "23/11/2026"), Fact("Due date", "23/12/2026")),
        lines=PrintedTable(columns=_COLUMNS, rows=rows),
        tables=(PrintedTable(title="Taxes", columns=_COLUMNS, rows=(_ITEM,)),),
        totals=(PrintedTotal(label="Total", amount="6,172.50", strong=True),),
        notes=(Fact("Notes", "Thank you <all> & see you soon."),),
        codes=(code,),
        signatures=("Received by",),
        footer="Casa de Chá & Cia.",
        page=_PAGE,
    )


def a_bare_document() -> PrintedDocument:
    """Return a delivery note on which stands as little as can stand on a document."""
    return PrintedDocument(
        document_type=DocumentType("sales.shipment"),
        language="en",
        style=Style(),
        dated=_DAY,
        title="Delivery note",
        sender=AddressBlock(name="Casa de Chá & Cia."),
        receivers=(AddressBlock(name="Müller & Søn"),),
        lines=PrintedTable(columns=_COLUMNS[:2], rows=(PrintedRow(cells=_ITEM.cells[:2]),)),
        page=_PAGE,
    )
