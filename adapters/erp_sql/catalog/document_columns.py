"""The columns that every document's table has, whichever area it is of.

An area adds the keys: the company first, the document, the line. Only ``erp_sql`` may import this.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint

from erp_core.catalog.entities import LINE_DESCRIPTION_MAX
from erp_sql.base import text
from erp_sql.rows import Mapped, mapped_column


class DocumentLineColumns:
    """A line and its amounts, which are in the currency of its document."""

    position: Mapped[int]  # from zero
    kind: Mapped[str] = mapped_column(text(16))
    product_id: Mapped[UUID | None]
    description: Mapped[str] = mapped_column(text(LINE_DESCRIPTION_MAX))
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(text(16))
    unit_price: Mapped[Decimal]
    price_includes_tax: Mapped[bool]
    discount_percent: Mapped[Decimal]
    discount_amount: Mapped[Decimal | None]
    tax_class_id: Mapped[UUID | None]
    taxes: Mapped[Any] = mapped_column(JSON(), nullable=False)  # components with their amounts
    unit_cost: Mapped[Decimal | None]
    cost_currency: Mapped[str | None] = mapped_column(text(3))
    net: Mapped[Decimal]
    total: Mapped[Decimal]


class DocumentTotalsColumns:
    """The terms of a document and its amounts, all in its currency."""

    currency: Mapped[str] = mapped_column(text(3))
    rounding: Mapped[str] = mapped_column(text(16))
    cash_step: Mapped[Decimal | None]
    discount_percent: Mapped[Decimal]
    discount_amount: Mapped[Decimal | None]
    net: Mapped[Decimal]
    total: Mapped[Decimal]
    withheld: Mapped[Decimal]
    cash_rounding: Mapped[Decimal]


def line_keys() -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """Return what a line refers to in the catalogue; each table needs its own."""
    return (
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "tax_class_id"],
            ["catalog_tax_class.company_id", "catalog_tax_class.id"],
        ),
    )
