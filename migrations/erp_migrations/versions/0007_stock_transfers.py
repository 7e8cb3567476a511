"""Goods under way between warehouses, and warehouses in a tree."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_WAREHOUSE = ["inventory_warehouse.company_id", "inventory_warehouse.id"]
_PARTS = "ix_inventory_warehouse_company_id_parent_id_id"


def upgrade() -> None:
    op.add_column(
        "inventory_warehouse",
        sa.Column("kind", text(16), nullable=False, server_default="storage"),
    )
    op.create_index(_PARTS, "inventory_warehouse", ["company_id", "parent_id", "id"])
    op.create_table(
        "inventory_warehouse_tree",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        **ON_MYSQL,
    )
    _create_transfers()
    _create_lines()


def _create_transfers() -> None:
    op.create_table(
        "inventory_stock_transfer",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("from_warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("to_warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("label", text(200), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("dispatched_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime()),
        sa.Column("reason", text(200), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "from_warehouse_id"],
            _WAREHOUSE,
            name=op.f("fk_inventory_stock_transfer_from_warehouse"),
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "to_warehouse_id"],
            _WAREHOUSE,
            name=op.f("fk_inventory_stock_transfer_to_warehouse"),
        ),
        sa.Index(None, "company_id", "from_warehouse_id", "id"),
        sa.Index(None, "company_id", "to_warehouse_id", "id"),
        sa.Index(None, "company_id", "state", "id"),
        **ON_MYSQL,
    )


def _create_lines() -> None:
    op.create_table(
        "inventory_stock_transfer_line",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("transfer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("lot", text(64), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.Column("arrived", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "transfer_id"],
            ["inventory_stock_transfer.company_id", "inventory_stock_transfer.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.CheckConstraint("arrived >= 0 AND arrived <= quantity", name="arrived"),
        sa.Index(None, "company_id", "transfer_id", "position"),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("inventory_stock_transfer_line")
    op.drop_table("inventory_stock_transfer")
    op.drop_table("inventory_warehouse_tree")
    _drop_parts()
    op.drop_column("inventory_warehouse", "kind")


def _drop_parts() -> None:
    on_mysql = op.get_bind().dialect.name == "mysql"
    key = "fk_inventory_warehouse_inventory_warehouse"
    if on_mysql:  # whose foreign key leans on this index, and made its own give way
        op.drop_constraint(key, "inventory_warehouse", type_="foreignkey")
    op.drop_index(_PARTS, "inventory_warehouse")
    if on_mysql:
        columns = ["company_id", "parent_id"], ["company_id", "id"]
        op.create_foreign_key(key, "inventory_warehouse", "inventory_warehouse", *columns)
