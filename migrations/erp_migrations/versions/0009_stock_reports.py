"""Indexes by which the reports find a product's movements by time, and the rows of a lot."""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        op.f(_MOVED), "inventory_stock_movement", ["company_id", "product_id", "moved_at", "id"]
    )
    op.create_index(
        op.f(_LOT), "inventory_stock_item", ["company_id", "product_id", "lot", "warehouse_id"]
    )


def downgrade() -> None:
    op.drop_index(op.f(_LOT), "inventory_stock_item")
    op.drop_index(op.f(_MOVED), "inventory_stock_movement")


_MOVED = "ix_inventory_stock_movement_company_id_product_id_moved_at_id"
_LOT = "ix_inventory_stock_item_company_id_product_id_lot_warehouse_id"
