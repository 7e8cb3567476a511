"""The catalog as the database knows it. Only ``erp_sql`` may import this module."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class UnitRow(Base):
    __tablename__ = "catalog_unit"
    __table_args__ = (UniqueConstraint("company_id", "code"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    code: Mapped[str] = mapped_column(text(16))
    name: Mapped[str] = mapped_column(text(60))
    dimension: Mapped[str] = mapped_column(text(16))
    factor: Mapped[Decimal]
    decimals: Mapped[int]


class TaxClassRow(Base):
    __tablename__ = "catalog_tax_class"
    __table_args__ = (Index(None, "company_id", "name", "id"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(120))
    components: Mapped[Any] = mapped_column(JSON(), nullable=False)
    archived_at: Mapped[datetime | None]


class ProductRow(Base):
    __tablename__ = "catalog_product"
    __table_args__ = (
        UniqueConstraint("company_id", "sku"),
        UniqueConstraint("company_id", "barcode"),  # NULL where there is none: never a duplicate
        ForeignKeyConstraint(
            ["company_id", "unit"], ["catalog_unit.company_id", "catalog_unit.code"]
        ),
        ForeignKeyConstraint(
            ["company_id", "tax_class_id"],
            ["catalog_tax_class.company_id", "catalog_tax_class.id"],
        ),
        Index(None, "company_id", "name", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    sku: Mapped[str] = mapped_column(text(64))
    name: Mapped[str] = mapped_column(text(200))
    kind: Mapped[str] = mapped_column(text(16))
    description: Mapped[str] = mapped_column(text(2000))
    translations: Mapped[Any] = mapped_column(JSON(), nullable=False)
    unit: Mapped[str] = mapped_column(text(16))
    barcode: Mapped[str | None] = mapped_column(text(14))
    sale_price: Mapped[Decimal | None]
    sale_currency: Mapped[str | None] = mapped_column(text(3))
    price_includes_tax: Mapped[bool]
    tax_class_id: Mapped[UUID | None]
    minimum_price: Mapped[Decimal | None]
    minimum_currency: Mapped[str | None] = mapped_column(text(3))
    cost_price: Mapped[Decimal | None]
    cost_currency: Mapped[str | None] = mapped_column(text(3))
    stock_managed: Mapped[bool]
    tracking: Mapped[str] = mapped_column(text(16))
    reorder_point: Mapped[Decimal | None]
    desired_level: Mapped[Decimal | None]
    lead_time_days: Mapped[int | None]
    weight_kg: Mapped[Decimal | None]
    length_cm: Mapped[Decimal | None]
    width_cm: Mapped[Decimal | None]
    height_cm: Mapped[Decimal | None]
    customs_code: Mapped[str] = mapped_column(text(12))
    origin_country: Mapped[str] = mapped_column(text(2))
    for_sale: Mapped[bool]
    for_purchase: Mapped[bool]
    tags: Mapped[Any] = mapped_column(JSON(), nullable=False)
    custom_fields: Mapped[Any] = mapped_column(JSON(), nullable=False)
    state: Mapped[str] = mapped_column(text(16))
    archived_at: Mapped[datetime | None]


class ProductWordRow(Base):
    """The words a product is found by: each search is a range of this key, never a LIKE.

    It refers to no product: to check that for each word took longer than all the rest of an
    import. Words are written in the transaction of their product, and no product is ever deleted.
    """

    __tablename__ = "catalog_product_word"
    __table_args__ = ON_MYSQL

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(text(40), primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)


class PriceListRow(Base):
    __tablename__ = "catalog_price_list"
    __table_args__ = (
        Index(None, "company_id", "name", "id"),
        Index(None, "company_id", "party_id", "id"),
        Index(None, "company_id", "level", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(120))
    currency: Mapped[str] = mapped_column(text(3))
    includes_tax: Mapped[bool]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    party_id: Mapped[UUID | None]
    level: Mapped[int | None]


class PriceEntryRow(Base):
    __tablename__ = "catalog_price_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["company_id", "price_list_id"],
            ["catalog_price_list.company_id", "catalog_price_list.id"],
        ),
        ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        Index(None, "company_id", "product_id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    price_list_id: Mapped[UUID] = mapped_column(primary_key=True)
    product_id: Mapped[UUID] = mapped_column(primary_key=True)
    minimum_quantity: Mapped[Decimal] = mapped_column(primary_key=True)
    price: Mapped[Decimal]
