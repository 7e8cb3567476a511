"""Invoices as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.catalog.document_columns import (
    DocumentLineColumns,
    DocumentTotalsColumns,
    line_keys,
)
from erp_sql.rows import Mapped, mapped_column

_INVOICE = ["invoicing_invoice.company_id", "invoicing_invoice.id"]


class InvoiceRow(DocumentTotalsColumns, Base):
    __tablename__ = "invoicing_invoice"
    __table_args__ = (
        # Each type has a series of its own.
        UniqueConstraint("company_id", "type", "number"),
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        # Two to one table: the convention would give both the same name.
        ForeignKeyConstraint(
            ["company_id", "credits_id"], _INVOICE, name="fk_invoicing_invoice_credits"
        ),
        ForeignKeyConstraint(
            ["company_id", "replaces_id"], _INVOICE, name="fk_invoicing_invoice_replaces"
        ),
        # The last line of defence: no more is settled than is payable.
        CheckConstraint("settled >= 0 AND used >= 0 AND used <= settled", name="settled"),
        Index(None, "company_id", "party_id", "state", "next_due_on"),
        Index(None, "company_id", "state", "next_due_on"),
        Index(None, "company_id", "day", "id"),
        Index(None, "company_id", "number_key", "id"),
        Index(None, "company_id", "order_id"),
        Index(None, "company_id", "quote_id"),
        Index(None, "company_id", "credits_id"),
        Index(None, "company_id", "replaces_id"),
        Index(None, "company_id", "validated_at"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    type: Mapped[str] = mapped_column(text(16))
    state: Mapped[str] = mapped_column(text(16))
    number: Mapped[str | None] = mapped_column(text(64))
    number_key: Mapped[str] = mapped_column(text(64))  # by this lists are sorted; empty: a draft
    party_id: Mapped[UUID]
    customer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    day: Mapped[date]
    payment_term_id: Mapped[UUID | None]
    reference: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    reason: Mapped[str] = mapped_column(text(500))
    order_id: Mapped[UUID | None]
    quote_id: Mapped[UUID | None]
    credits_id: Mapped[UUID | None]
    replaces_id: Mapped[UUID | None]
    deposit_ids: Mapped[Any] = mapped_column(JSON(), nullable=False)
    reopens_order: Mapped[bool]
    credited: Mapped[Decimal]
    settled: Mapped[Decimal]
    used: Mapped[Decimal]
    next_due_on: Mapped[date | None]  # of what is open; none: nothing is
    validated_at: Mapped[datetime | None]
    abandoned_because: Mapped[str] = mapped_column(text(500))
    abandoned_at: Mapped[datetime | None]


class InvoiceLineRow(DocumentLineColumns, Base):
    __tablename__ = "invoicing_line"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        ForeignKeyConstraint(
            ["company_id", "order_line_id"], ["sales_order_line.company_id", "sales_order_line.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "quote_line_id"], ["sales_quote_line.company_id", "sales_quote_line.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "invoice_line_id"],
            ["invoicing_line.company_id", "invoicing_line.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        *line_keys(),
        # The last line of defence: no more is credited than was billed.
        CheckConstraint(
            "(credited >= 0 AND credited <= quantity) OR (credited <= 0 AND credited >= quantity)",
            name="credited",
        ),
        Index(None, "company_id", "invoice_id", "position"),
        Index(None, "company_id", "product_id"),
        Index(None, "company_id", "order_line_id"),
        Index(None, "company_id", "quote_line_id"),
        Index(None, "company_id", "invoice_line_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID]
    order_line_id: Mapped[UUID | None]
    quote_line_id: Mapped[UUID | None]
    invoice_line_id: Mapped[UUID | None]
    goods: Mapped[bool]
    warehouse_id: Mapped[UUID | None]
    returns_stock: Mapped[bool]
    issued: Mapped[Decimal]
    credited: Mapped[Decimal]


class DueDateRow(Base):
    __tablename__ = "invoicing_due_date"
    __table_args__ = (ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    amount: Mapped[Decimal]


class TaxRow(Base):
    """The taxes of validated invoices, as reports add them up."""

    __tablename__ = "invoicing_tax"
    __table_args__ = (ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(text(60))
    rate: Mapped[Decimal]
    withheld: Mapped[bool]
    base: Mapped[Decimal]
    amount: Mapped[Decimal]


class SettlementRow(Base):
    __tablename__ = "invoicing_settlement"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        CheckConstraint("amount > 0", name="amount"),
        Index(None, "company_id", "invoice_id", "id"),
        Index(None, "company_id", "source_id", "source", "id"),
        Index(None, "company_id", "settled_on"),
        Index(None, "company_id", "reversed_at"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID]
    source: Mapped[str] = mapped_column(text(16))
    source_id: Mapped[UUID]  # of a payment, a credit note or a deposit
    amount: Mapped[Decimal]
    currency: Mapped[str] = mapped_column(text(3))
    settled_on: Mapped[date]
    reversed_at: Mapped[datetime | None]
