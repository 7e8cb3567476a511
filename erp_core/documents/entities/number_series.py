"""How the documents of one type are numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final, NewType, Self, TypedDict

from erp_core.documents.entities.mask import NumberMask
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import Aggregate
from erp_core.kernel.errors import InvariantError, NotFoundError, ensure

DocumentType = NewType("DocumentType", str)

DOCUMENT_TYPE_LENGTH_MAX: Final = 64

# Council directive 2006/112/EC, article 226 (2): a sequential number. Some countries want dates in
# its order, as France does (code général des impôts, annexe II, article 242 nonies A, I, 7°).
_ALWAYS_FORWARDS: Final = "invoicing."


class NumberSeriesChanges(TypedDict, total=False):
    """What of a series may be changed; what is absent stays."""

    mask: NumberMask | None  # None: that which the house gives
    chronological: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeries(Aggregate):
    """How the documents of one type are numbered. At version 0 it is as the house gives it.

    Another mask may be chosen at any time: numbers that were given stay, and the counter of a
    period never goes back. Another reset means another period, though, whose counter begins at
    one, and so may come to a number that an older mask made: it is the documents' own unique
    number that refuses it then. Going on from a higher count, ``{00000@year+57}``, is the way out.
    """

    document_type: DocumentType
    mask: NumberMask
    chronological: bool = False  # within a period no number is dated before the one it follows

    def __post_init__(self) -> None:
        ensure(
            self.chronological or not self.document_type.startswith(_ALWAYS_FORWARDS),
            "documents.number_series.chronological",
            "invoices are numbered in the order of their dates: this cannot be left out",
            field="chronological",
        )

    @property
    def id(self) -> DocumentType:
        """What the series is known by: each document type has one."""
        return self.document_type

    def change(self, changes: NumberSeriesChanges) -> Self:
        """Return the series with *changes* made.

        Raises:
            InvariantError: what would come of it is no series.
        """
        mask = changes.get("mask", self.mask) or series_of(self.document_type).mask
        chronological = changes.get("chronological", self.chronological)
        return replace(self, mask=mask, chronological=chronological)

    def backdated(self, on: date, last: date) -> InvariantError:
        """Return the refusal of a number dated *on* behind the last one, dated *last*."""
        return InvariantError(
            f"the last number of {self.document_type} is dated {last}: take that date or a later "
            f"one instead of {on}, since its numbers never run backwards in date",
            code="documents.number.backdated",
            field="date",
            document_type=self.document_type,
            last=last,
        )


def _given(document_type: str, prefix: str, *, chronological: bool = False) -> NumberSeries:
    mask = NumberMask(f"{prefix}{{yyyy}}-{{00000@year}}")
    return NumberSeries(
        document_type=DocumentType(document_type), mask=mask, chronological=chronological
    )


# Every document type there is, and how a company that has not chosen otherwise numbers it.
SERIES: Final[Mapping[DocumentType, NumberSeries]] = {
    each.document_type: each
    for each in (
        _given("accounting.entry", "ENT"),
        _given("invoicing.credit_note", "CRN", chronological=True),
        _given("invoicing.deposit", "DEP", chronological=True),
        _given("invoicing.invoice", "INV", chronological=True),
        _given("invoicing.replacement", "REP", chronological=True),
        _given("purchasing.order", "PUR"),
        _given("purchasing.reception", "REC"),
        _given("purchasing.supplier_invoice", "BIL"),
        _given("sales.order", "ORD"),
        _given("sales.quote", "QUO"),
        _given("sales.shipment", "SHP"),
        _given("treasury.payment", "PAY"),
    )
}


def series_of(document_type: str) -> NumberSeries:
    """Return how the house numbers *document_type* where a company has not chosen otherwise.

    Raises:
        NotFoundError: there is no such document type.
    """
    found = SERIES.get(DocumentType(document_type))
    if found is None:
        raise NotFoundError(
            f"no documents are called {document_type}", kind="number series", id=document_type
        )
    return found
