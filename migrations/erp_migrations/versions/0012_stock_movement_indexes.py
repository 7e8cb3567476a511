"""The indexes by which reports go through movements hold all that reports ask of them.

Instead of those that led to the movements, each of which then had to be read.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The new one first: on MySQL a foreign key stands on it.
    for name, columns in _NEW.items():
        op.create_index(name, _TABLE, columns)
    for name in _OLD:
        op.drop_index(op.f(name), _TABLE)


def downgrade() -> None:
    for name, columns in _OLD.items():
        op.create_index(op.f(name), _TABLE, columns)
    for name in _NEW:
        op.drop_index(name, _TABLE)


_TABLE = "inventory_stock_movement"
_ROW = ["company_id", "product_id", "warehouse_id", "lot"]
_PRODUCT = ["company_id", "product_id", "moved_at", "id"]
_TIME = ["company_id", "moved_at", "id"]
_OLD = {
    f"ix_{_TABLE}_company_id_product_id_warehouse_id_lot_id": [*_ROW, "id"],
    f"ix_{_TABLE}_company_id_product_id_moved_at_id": _PRODUCT,
    f"ix_{_TABLE}_company_id_moved_at_id": _TIME,
}
_ISSUED = ["reason", "quantity"]
_NEW = {
    f"ix_{_TABLE}_of_row": [*_ROW, "moved_at", "quantity"],
    f"ix_{_TABLE}_of_product": [*_PRODUCT, *_ISSUED, "average_cost_after"],
    f"ix_{_TABLE}_of_time": [*_TIME, "product_id", *_ISSUED, "unit_cost", "currency"],
}
