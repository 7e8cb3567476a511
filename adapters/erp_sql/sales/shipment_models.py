"""Shipments as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class ShipmentRow(Base):
    __tablename__ = "sales_shipment"
    __table_args__ = (
        UniqueConstraint("company_id", "number"),
        ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        Index(None, "company_id", "order_id", "id"),
        Index(None, "company_id", "party_id", "id"),
        Index(None, "company_id", "warehouse_id", "id"),
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
    order_id: Mapped[UUID]
    party_id: Mapped[UUID]
    warehouse_id: Mapped[UUID]
    day: Mapped[date]
    carrier: Mapped[str] = mapped_column(text(100))
    tracking_number: Mapped[str] = mapped_column(text(100))
    note: Mapped[str] = mapped_column(text(2000))
    state: Mapped[str] = mapped_column(text(16))
    customer: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    validated_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(text(200))


class ShipmentLineRow(Base):
    __tablename__ = "sales_shipment_line"
    __table_args__ = (
        UniqueConstraint("company_id", "shipment_id", "order_line_id"),
        ForeignKeyConstraint(
            ["company_id", "shipment_id"], ["sales_shipment.company_id", "sales_shipment.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "order_line_id"],
            ["sales_order_line.company_id", "sales_order_line.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "company_id", "shipment_id", "position"),
        Index(None, "company_id", "order_line_id"),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    shipment_id: Mapped[UUID]
    position: Mapped[int]
    order_line_id: Mapped[UUID]
    product_id: Mapped[UUID]
    description: Mapped[str] = mapped_column(text(2000))
    unit: Mapped[str] = mapped_column(text(16))
    quantity: Mapped[Decimal]


class ShipmentLotRow(Base):
    """So much of one lot: chosen by hand, or once the shipment is validated, gone out."""

    __tablename__ = "sales_shipment_lot"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["sales_shipment_line.company_id", "sales_shipment_line.id"],
        ),
        CheckConstraint("quantity > 0", name="quantity"),
        Index(None, "company_id", "line_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    shipment_id: Mapped[UUID] = mapped_column(primary_key=True)
    line_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(text(64), primary_key=True)
    position: Mapped[int]  # of all the shipment's lots
    quantity: Mapped[Decimal]
