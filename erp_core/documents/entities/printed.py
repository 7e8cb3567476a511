"""What stands on a printed document, in the reader's own words: neutral, and ready to be set.

Whoever sets it decides where things stand, and nothing else: every text here is translated,
every number and date is written as its reader writes them.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from erp_core.documents.entities.number_series import DocumentType
from erp_core.kernel.dataclass import dataclass


class Paper(StrEnum):
    """The sheet (ISO 216; ANSI/ASME Y14.1)."""

    A4 = "a4"
    LETTER = "letter"


class RowKind(StrEnum):
    ITEM = "item"
    HEADING = "heading"
    NOTE = "note"
    SUBTOTAL = "subtotal"


class Symbol(StrEnum):
    """What a payment code is drawn as, and by whom it is read."""

    PIX = "pix"
    EPC = "epc"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something said under a label: ``Due date``, ``23/11/2026``."""

    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBlock:
    """Who somebody is and where, as a window of an envelope shows it."""

    label: str = ""  # "Bill to"; ours has none
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table."""

    heading: str
    share: int  # of the table's width, beside the shares of the others
    number: bool = False  # set flush right


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedRow:
    """One row. An item has a cell for each column; any other kind has its text and an amount."""

    kind: RowKind = RowKind.ITEM
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTable:
    """Rows under headings, which are repeated on every sheet the table reaches."""

    title: str = ""
    columns: tuple[Column, ...]
    rows: tuple[PrintedRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTotal:
    """One line at the foot of the amounts."""

    label: str
    amount: str
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCode:
    """What a telephone reads to pay."""

    symbol: Symbol
    title: str
    payload: str
    facts: tuple[Fact, ...] = ()
    typed: str = ""  # label of the payload in letters, to be copied; empty: only drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a company's paper looks."""

    paper: Paper = Paper.A4
    accent: str = "#1f4e79"  # sRGB
    logo: bytes = b""  # PNG or JPEG; empty: the company's name instead
    template: str = ""  # the company's own, HTML; empty: that of the house


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedDocument:
    """Everything a sheet of paper says."""

    document_type: DocumentType
    language: str  # BCP 47, of every text in it
    style: Style
    dated: date  # what the file gives as its day of making
    title: str  # "Invoice"
    number: str = ""  # a draft has none
    watermark: str = ""  # "DRAFT", across every sheet
    sender: AddressBlock
    receivers: tuple[AddressBlock, ...] = ()
    facts: tuple[Fact, ...] = ()
    lines: PrintedTable
    tables: tuple[PrintedTable, ...] = ()  # taxes, instalments
    totals: tuple[PrintedTotal, ...] = ()
    notes: tuple[Fact, ...] = ()
    codes: tuple[PaymentCode, ...] = ()
    signatures: tuple[str, ...] = ()  # what stands under each line to sign on
    footer: str = ""
    page: str  # "Page {page} of {pages}"
