"""Warehouses and stock as the database knows them. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from erp_sql.base import ON_MYSQL, Base, text


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
    state: Mapped[str] = mapped_column(text(16))
