"""What quotes and orders refer to must be there, as the databases see to by their keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from erp_core.catalog.entities import DocumentLine
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.errors import NotFoundError
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_memory.tables import Tables


class Line(Protocol):
    @property
    def line(self) -> DocumentLine: ...

    @property
    def warehouse_id(self) -> WarehouseId | None: ...


class Document(Protocol):
    @property
    def party_id(self) -> PartyId: ...

    @property
    def payment_term_id(self) -> PaymentTermId | None: ...

    @property
    def lines(self) -> Sequence[Line]: ...


def require_references(ctx: Context, tables: Tables, document: Document) -> None:
    """Raise NotFoundError where *document* refers to what this company has not."""
    company, term = ctx.company_id, document.payment_term_id
    there = (company, document.party_id) in tables.parties
    there = there and (term is None or (company, term) in tables.payment_terms)
    for each in document.lines:
        product, taxes, place = each.line.product_id, each.line.tax_class_id, each.warehouse_id
        there = there and (product is None or (company, product) in tables.products)
        there = there and (taxes is None or (company, taxes) in tables.tax_classes)
        there = there and (place is None or (company, place) in tables.warehouses)
    if not there:
        raise NotFoundError("no such customer, product, tax class, warehouse or payment term")
