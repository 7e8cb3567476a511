"""Warehouses, stock, what it cost, and its movements."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inventory_warehouse",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", text(32), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("address", text(500), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("may_go_negative", sa.Boolean(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.UniqueConstraint("company_id", "code"),
        sa.ForeignKeyConstraint(
            ["company_id", "parent_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "inventory_valuation",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("average_cost", ExactDecimal()),
        sa.Column("currency", text(3)),
        _product(),
        **ON_MYSQL,
    )
    _create_items()
    _create_movements()


def _create_items() -> None:
    op.create_table(
        "inventory_stock_item",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.Column("warehouse_id", sa.Uuid(), primary_key=True),
        sa.Column("lot", text(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("on_hand", ExactDecimal(), nullable=False),
        sa.Column("reserved", ExactDecimal(), nullable=False),
        sa.Column("may_go_negative", sa.Boolean(), nullable=False),
        _product(),
        sa.ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.CheckConstraint("on_hand >= 0 OR may_go_negative", name="not_negative"),
        sa.CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        sa.Index(None, "company_id", "warehouse_id"),
        **ON_MYSQL,
    )


def _create_movements() -> None:
    stock_key = ["company_id", "product_id", "warehouse_id", "lot"]
    op.create_table(
        "inventory_stock_movement",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("lot", text(64), nullable=False),
        sa.Column("reason", text(16), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.Column("unit_cost", ExactDecimal()),
        sa.Column("on_hand_after", ExactDecimal(), nullable=False),
        sa.Column("average_cost_after", ExactDecimal()),
        sa.Column("currency", text(3)),
        sa.Column("label", text(200), nullable=False),
        sa.Column("origin", text(64), nullable=False),
        sa.Column("moved_at", UtcDateTime(), nullable=False),
        sa.Column("moved_by", text(64), nullable=False),
        sa.ForeignKeyConstraint(stock_key, [f"inventory_stock_item.{name}" for name in stock_key]),
        sa.Index(None, *stock_key, "id"),
        sa.Index(None, "company_id", "moved_at", "id"),
        **ON_MYSQL,
    )


def _product() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
    )


def downgrade() -> None:
    op.drop_table("inventory_stock_movement")
    op.drop_table("inventory_stock_item")
    op.drop_table("inventory_valuation")
    op.drop_table("inventory_warehouse")
