"""Stock counts: what they are narrowed to, and their lines."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inventory_stock_count",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("label", text(200), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("started_at", UtcDateTime()),
        sa.Column("started_by", text(64), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("ended_by", text(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.Index(None, "company_id", "warehouse_id", "state"),
        **ON_MYSQL,
    )
    op.create_table(
        "inventory_stock_count_product",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("count_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        _count(),
        _product(),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "inventory_stock_count_line",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("count_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.Column("lot", text(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("expected", ExactDecimal(), nullable=False),
        sa.Column("counted", ExactDecimal()),
        sa.Column("on_hand_when_counted", ExactDecimal()),
        sa.Column("counted_at", UtcDateTime()),
        sa.Column("counted_by", text(64)),
        _count(),
        _product(),
        sa.CheckConstraint("counted >= 0", name="counted_not_negative"),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )


def _count() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "count_id"],
        ["inventory_stock_count.company_id", "inventory_stock_count.id"],
    )


def _product() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
    )


def downgrade() -> None:
    op.drop_table("inventory_stock_count_line")
    op.drop_table("inventory_stock_count_product")
    op.drop_table("inventory_stock_count")
