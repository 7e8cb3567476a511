"""What was issued in a period is found by its reason, without reading what else moved then.

The index by time keeps only what finds the movements of a period.
"""

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(_BY_REASON, _TABLE, ["company_id", "reason", "moved_at", *_ISSUED])
    op.drop_index(_BY_TIME, _TABLE)
    op.create_index(_BY_TIME, _TABLE, [*_TIME])


def downgrade() -> None:
    op.drop_index(_BY_TIME, _TABLE)
    op.create_index(
        _BY_TIME, _TABLE, [*_TIME, "product_id", "reason", "quantity", "unit_cost", "currency"]
    )
    op.drop_index(_BY_REASON, _TABLE)


_TABLE = "inventory_stock_movement"
_BY_REASON = f"ix_{_TABLE}_of_reason"
_BY_TIME = f"ix_{_TABLE}_of_time"
_TIME = ["company_id", "moved_at", "id"]
_ISSUED = ["product_id", "quantity", "unit_cost", "currency"]
