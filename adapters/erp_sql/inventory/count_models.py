"""Stock counts as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class StockCountRow(Base):
    __tablename__ = "inventory_stock_count"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        Index(None, "company_id", "warehouse_id", "state"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    warehouse_id: Mapped[UUID]
    label: Mapped[str] = mapped_column(text(200))
    state: Mapped[str] = mapped_column(text(16))
    started_at: Mapped[datetime | None]
    started_by: Mapped[str] = mapped_column(text(64))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(text(64))


class CountProductRow(Base):
    """A product that a count is narrowed to."""

    __tablename__ = "inventory_stock_count_product"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "count_id"],
            ["inventory_stock_count.company_id", "inventory_stock_count.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    count_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)


class CountLineRow(Base):
    """One stock row of a count; the four columns of an entry are all filled, or none is."""

    __tablename__ = "inventory_stock_count_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "count_id"],
            ["inventory_stock_count.company_id", "inventory_stock_count.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    count_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    lot: Mapped[str] = mapped_column(text(64), primary_key=True)
    version: Mapped[int]
    expected: Mapped[Decimal]
    counted: Mapped[Decimal | None]
    on_hand_when_counted: Mapped[Decimal | None]
    counted_at: Mapped[datetime | None]
    counted_by: Mapped[str | None] = mapped_column(text(64))
