"""Lots, reservations, and movements that refer to another."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_MOVEMENT = "inventory_stock_movement"
_STOCK_KEY = ["company_id", "product_id", "warehouse_id", "lot"]


def upgrade() -> None:
    op.add_column(_MOVEMENT, sa.Column("reference_id", sa.Uuid()))
    op.create_index(op.f(_INDEX), _MOVEMENT, ["company_id", "reference_id", "id"])
    op.create_table(
        "inventory_lot",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("number", text(64), nullable=False),
        sa.Column("made_on", sa.Date()),
        sa.Column("expires_on", sa.Date()),
        sa.Column("note", text(500), nullable=False),
        sa.UniqueConstraint("company_id", "product_id", "number"),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.Index(None, "company_id", "expires_on", "id"),
        sa.Index(None, "company_id", "number", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "inventory_reservation",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("lot", text(64), nullable=False),
        sa.Column("origin", text(64), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.UniqueConstraint(*_STOCK_KEY, "origin"),
        sa.ForeignKeyConstraint(
            _STOCK_KEY, [f"inventory_stock_item.{name}" for name in _STOCK_KEY]
        ),
        sa.CheckConstraint("quantity > 0", name="positive"),
        sa.Index(None, "company_id", "origin", "id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("inventory_reservation")
    op.drop_table("inventory_lot")
    op.drop_index(op.f(_INDEX), _MOVEMENT)
    op.drop_column(_MOVEMENT, "reference_id")


_INDEX = "ix_inventory_stock_movement_company_id_reference_id_id"
