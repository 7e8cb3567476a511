"""Transfers as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class StockTransferRow(Base):
    __tablename__ = "inventory_stock_transfer"
    __table_args__ = (
        # Two to one table: the convention would give both the same name.
        ForeignKeyConstraint(
            ["company_id", "from_warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
            name="fk_inventory_stock_transfer_from_warehouse",
        ),
        ForeignKeyConstraint(
            ["company_id", "to_warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
            name="fk_inventory_stock_transfer_to_warehouse",
        ),
        Index(None, "company_id", "from_warehouse_id", "id"),
        Index(None, "company_id", "to_warehouse_id", "id"),
        Index(None, "company_id", "state", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    from_warehouse_id: Mapped[UUID]
    to_warehouse_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(text(200))
    state: Mapped[str] = mapped_column(text(16))
    dispatched_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(text(200))


class StockTransferLineRow(Base):
    __tablename__ = "inventory_stock_transfer_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "transfer_id"],
            ["inventory_stock_transfer.company_id", "inventory_stock_transfer.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        # The last line of defence: what arrives was sent.
        CheckConstraint("arrived >= 0 AND arrived <= quantity", name="arrived"),
        Index(None, "company_id", "transfer_id", "position"),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    transfer_id: Mapped[UUID]
    position: Mapped[int]
    product_id: Mapped[UUID]
    lot: Mapped[str] = mapped_column(text(64))
    quantity: Mapped[Decimal]
    arrived: Mapped[Decimal]
