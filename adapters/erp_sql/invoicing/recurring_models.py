"""Recurring invoices as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index

from erp_core.catalog.entities import LINE_DESCRIPTION_MAX
from erp_core.invoicing.entities.recurring import (
    PROBLEM_LENGTH_MAX,
    RECURRING_NAME_MAX,
)
from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.catalog.document_columns import line_keys
from erp_sql.rows import Mapped, mapped_column

_RECURRING = ["invoicing_recurring.company_id", "invoicing_recurring.id"]


class RecurringRow(Base):
    __tablename__ = "invoicing_recurring"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "price_list_id"],
            ["catalog_price_list.company_id", "catalog_price_list.id"],
        ),
        Index(None, "company_id", "state", "next_on"),
        Index(None, "company_id", "name", "id"),
        Index(None, "company_id", "party_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    state: Mapped[str] = mapped_column(text(16))
    name: Mapped[str] = mapped_column(text(RECURRING_NAME_MAX))
    party_id: Mapped[UUID]
    currency: Mapped[str] = mapped_column(text(3))
    discount_percent: Mapped[Decimal | None]  # none of both: the customer's own
    discount_amount: Mapped[Decimal | None]
    price_list_id: Mapped[UUID | None]
    payment_term_id: Mapped[UUID | None]
    reference: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    frequency: Mapped[str] = mapped_column(text(16))
    every: Mapped[int]  # so many of them
    start_on: Mapped[date]
    position: Mapped[int]
    ends_on: Mapped[date | None]
    most: Mapped[int | None]  # so many in all
    made: Mapped[int]
    last_period_on: Mapped[date | None]
    next_on: Mapped[date | None]  # told by all the others, and sought by
    validates: Mapped[bool]
    sends: Mapped[bool]
    may_undercut: Mapped[bool]
    problem_code: Mapped[str] = mapped_column(text(100))  # empty: there was none
    problem_text: Mapped[str] = mapped_column(text(PROBLEM_LENGTH_MAX))
    tried_at: Mapped[datetime]  # the beginning of 1970: never


class RecurringLineRow(Base):
    __tablename__ = "invoicing_recurring_line"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "recurring_id"], _RECURRING),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        *line_keys(),
        Index(None, "company_id", "recurring_id", "position"),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    recurring_id: Mapped[UUID]
    position: Mapped[int]  # from zero
    kind: Mapped[str] = mapped_column(text(16))
    product_id: Mapped[UUID | None]
    description: Mapped[str] = mapped_column(text(LINE_DESCRIPTION_MAX))
    quantity: Mapped[Decimal]
    unit: Mapped[str] = mapped_column(text(16))
    unit_price: Mapped[Decimal | None]
    price_includes_tax: Mapped[bool | None]
    discount_percent: Mapped[Decimal]
    discount_amount: Mapped[Decimal | None]
    tax_class_id: Mapped[UUID | None]
    warehouse_id: Mapped[UUID | None]


class RecurringPeriodRow(Base):
    """Which invoice was made for which period: the primary key lets none have two."""

    __tablename__ = "invoicing_recurring_period"
    __table_args__ = (
        ForeignKeyConstraint(["company_id", "recurring_id"], _RECURRING),
        Index(None, "company_id", "invoice_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    recurring_id: Mapped[UUID] = mapped_column(primary_key=True)
    period_on: Mapped[date] = mapped_column(primary_key=True)
    invoice_id: Mapped[UUID]  # a draft may be deleted, and its period is not made again
