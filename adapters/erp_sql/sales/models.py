"""Quotes and orders as the database knows them. Only ``erp_sql`` may import this module."""

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


class QuoteRow(DocumentTotalsColumns, Base):
    __tablename__ = "sales_quote"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        Index(None, "company_id", "party_id", "id"),
        Index(None, "company_id", "day", "id"),
        Index(None, "company_id", "number_key", "id"),
        Index(None, "company_id", "state", "valid_until"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str | None] = mapped_column(text(64))
    number_key: Mapped[str] = mapped_column(text(64))  # by this lists are sorted; empty: a draft
    party_id: Mapped[UUID]
    day: Mapped[date]
    valid_until: Mapped[date | None]
    reference: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    payment_term_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(text(16))
    customer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    sent_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(text(200))


class QuoteLineRow(DocumentLineColumns, Base):
    __tablename__ = "sales_quote_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        *line_keys(),
        # The last line of defence: no more is ordered and invoiced than was offered.
        CheckConstraint(
            "order_billed >= 0 AND order_billed <= ordered AND billed >= 0"
            " AND ordered + billed <= quantity",
            name="progress",
        ),
        Index(None, "company_id", "quote_id", "position"),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    quote_id: Mapped[UUID]
    goods: Mapped[bool]
    warehouse_id: Mapped[UUID | None]
    ordered: Mapped[Decimal]
    billed: Mapped[Decimal]
    order_billed: Mapped[Decimal]


class OrderRow(DocumentTotalsColumns, Base):
    __tablename__ = "sales_order"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        Index(None, "company_id", "party_id", "id"),
        # What of a customer's credit his orders use: only those count that are not zero.
        Index(None, "company_id", "party_id", "to_invoice"),
        Index(None, "company_id", "quote_id", "id"),
        Index(None, "company_id", "day", "id"),
        Index(None, "company_id", "number_key", "id"),
        Index(None, "company_id", "state", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[str | None] = mapped_column(text(64))
    number_key: Mapped[str] = mapped_column(text(64))  # by this lists are sorted; empty: a draft
    party_id: Mapped[UUID]
    quote_id: Mapped[UUID | None]
    day: Mapped[date]
    deliver_on: Mapped[date | None]
    reference: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    payment_term_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(text(16))
    invoiced: Mapped[str] = mapped_column(text(16))  # what its lines come to
    to_invoice: Mapped[Decimal]  # what its lines come to, in its currency
    customer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    stock_leaves_at: Mapped[str | None] = mapped_column(text(16))
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(text(200))


class OrderLineRow(DocumentLineColumns, Base):
    __tablename__ = "sales_order_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "quote_line_id"],
            ["sales_quote_line.company_id", "sales_quote_line.id"],
        ),
        *line_keys(),
        # The last line of defence: no more is issued, shipped and invoiced than was ordered.
        CheckConstraint(
            "issued >= 0 AND issued <= quantity AND shipped >= 0 AND shipped <= quantity"
            " AND invoiced >= 0 AND invoiced <= quantity",
            name="progress",
        ),
        Index(None, "company_id", "order_id", "position"),
        Index(None, "company_id", "product_id"),
        Index(None, "company_id", "quote_line_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    order_id: Mapped[UUID]
    goods: Mapped[bool]
    warehouse_id: Mapped[UUID | None]
    quote_line_id: Mapped[UUID | None]
    issued: Mapped[Decimal]
    shipped: Mapped[Decimal]
    invoiced: Mapped[Decimal]
