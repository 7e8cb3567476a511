"""Warehouses and stock as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column

_ROW: Final = ("company_id", "product_id", "warehouse_id", "lot")
_OF_PRODUCT: Final = ("company_id", "product_id", "moved_at", "id")
_OF_TIME: Final = ("company_id", "moved_at", "id")
_OF_REASON: Final = ("company_id", "reason", "moved_at", "product_id", "quantity")
_WORTH: Final = ("unit_cost", "currency")
_COST: Final = "average_cost_after"


class WarehouseRow(Base):
    __tablename__ = "inventory_warehouse"
    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        # With the company in the key, another company's warehouse cannot even be referred to.
        ForeignKeyConstraint(
            ["company_id", "parent_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        Index(None, "company_id", "name", "id"),
        Index(None, "company_id", "parent_id", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(text(32))
    name: Mapped[str] = mapped_column(text(200))
    address: Mapped[str] = mapped_column(text(500))
    parent_id: Mapped[UUID | None]
    may_go_negative: Mapped[bool]
    kind: Mapped[str] = mapped_column(text(16), server_default="storage")
    state: Mapped[str] = mapped_column(text(16))


class WarehouseTreeRow(Base):
    """One a company, and nothing but a lock: of whoever changes which warehouse is part of which.

    Not the warehouses' own rows: those who move stock hold on to them, in an order of their own.
    Where many must not wait for one insert, it is also the lock of who moves a product first.
    """

    __tablename__ = "inventory_warehouse_tree"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)


class ValuationRow(Base):
    """One a product: what it costs on average, and the first lock of whoever moves its stock.

    It refers to no product: the stock rows that are written with it do, and those alone mean
    anything.
    """

    __tablename__ = "inventory_valuation"
    __table_args__ = ON_MYSQL

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    average_cost: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(text(3))


class StockItemRow(Base):
    __tablename__ = "inventory_stock_item"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        # The last line of defence: a negative row says of itself that it may be so.
        CheckConstraint("on_hand >= 0 OR may_go_negative", name="not_negative"),
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        Index(None, "company_id", "warehouse_id"),
        Index(None, "company_id", "product_id", "lot", "warehouse_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    warehouse_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(text(64), primary_key=True)
    version: Mapped[int]
    on_hand: Mapped[Decimal]
    reserved: Mapped[Decimal]
    may_go_negative: Mapped[bool]


class StockMovementRow(Base):
    __tablename__ = "inventory_stock_movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "product_id", "warehouse_id", "lot"],
            [
                "inventory_stock_item.company_id",
                "inventory_stock_item.product_id",
                "inventory_stock_item.warehouse_id",
                "inventory_stock_item.lot",
            ],
        ),
        # All that is asked of the movements of a row, a product or a time, so that none of them
        # need be read: they lie in the order of their ids, far from each other.
        Index("ix_inventory_stock_movement_of_row", *_ROW, "moved_at", "quantity"),
        Index("ix_inventory_stock_movement_of_product", *_OF_PRODUCT, "reason", "quantity", _COST),
        Index("ix_inventory_stock_movement_of_reason", *_OF_REASON, *_WORTH),
        Index("ix_inventory_stock_movement_of_time", *_OF_TIME),
        Index(None, "company_id", "reference_id", "id"),
        Index(None, "company_id", "origin", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    warehouse_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(text(64))
    reason: Mapped[str] = mapped_column(text(16))
    quantity: Mapped[Decimal]
    unit_cost: Mapped[Decimal | None]
    on_hand_after: Mapped[Decimal]
    average_cost_after: Mapped[Decimal | None]
    currency: Mapped[str | None] = mapped_column(text(3))
    label: Mapped[str] = mapped_column(text(200))
    origin: Mapped[str] = mapped_column(text(64))
    moved_at: Mapped[datetime]
    moved_by: Mapped[str] = mapped_column(text(64))
    reference_id: Mapped[UUID | None]


class LotRow(Base):
    __tablename__ = "inventory_lot"
    __table_args__ = (
        UniqueConstraint("company_id", "product_id", "number"),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        Index(None, "company_id", "expires_on", "id"),
        Index(None, "company_id", "number", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    product_id: Mapped[UUID]
    number: Mapped[str] = mapped_column(text(64))
    made_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(text(500))


class ReservationRow(Base):
    __tablename__ = "inventory_reservation"
    __table_args__ = (
        UniqueConstraint("company_id", "product_id", "warehouse_id", "lot", "origin"),
        ForeignKeyConstraint(
            ["company_id", "product_id", "warehouse_id", "lot"],
            [
                "inventory_stock_item.company_id",
                "inventory_stock_item.product_id",
                "inventory_stock_item.warehouse_id",
                "inventory_stock_item.lot",
            ],
        ),
        CheckConstraint("quantity > 0", name="positive"),
        Index(None, "company_id", "origin", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID]
    warehouse_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(text(64))
    origin: Mapped[str] = mapped_column(text(64))
    quantity: Mapped[Decimal]
