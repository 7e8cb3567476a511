"""Shipments, their lines, and the lots these take."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sales_shipment",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", text(64)),
        sa.Column("number_key", text(64), nullable=False),
        sa.Column("order_id", sa.Uuid(), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("carrier", text(100), nullable=False),
        sa.Column("tracking_number", text(100), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("customer", sa.JSON()),
        sa.Column("validated_at", UtcDateTime()),
        sa.Column("delivered_at", UtcDateTime()),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.Column("reason", text(200), nullable=False),
        sa.UniqueConstraint("company_id", "number"),
        sa.ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.Index(None, "company_id", "order_id", "id"),
        sa.Index(None, "company_id", "party_id", "id"),
        sa.Index(None, "company_id", "warehouse_id", "id"),
        sa.Index(None, "company_id", "day", "id"),
        sa.Index(None, "company_id", "number_key", "id"),
        sa.Index(None, "company_id", "state", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "sales_shipment_line",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("shipment_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("description", text(2000), nullable=False),
        sa.Column("unit", text(16), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.UniqueConstraint("company_id", "shipment_id", "order_line_id"),
        sa.ForeignKeyConstraint(
            ["company_id", "shipment_id"], ["sales_shipment.company_id", "sales_shipment.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "order_line_id"],
            ["sales_order_line.company_id", "sales_order_line.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.Index(None, "company_id", "shipment_id", "position"),
        sa.Index(None, "company_id", "order_line_id"),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "sales_shipment_lot",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("shipment_id", sa.Uuid(), primary_key=True),
        sa.Column("line_id", sa.Uuid(), primary_key=True),
        sa.Column("lot", text(64), primary_key=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "line_id"],
            ["sales_shipment_line.company_id", "sales_shipment_line.id"],
        ),
        sa.CheckConstraint("quantity > 0", name="quantity"),
        sa.Index(None, "company_id", "line_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("sales_shipment_lot")
    op.drop_table("sales_shipment_line")
    op.drop_table("sales_shipment")
