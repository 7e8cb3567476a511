"""When an invoice was given up, and indexes by which reports find what happened since a day."""

import sqlalchemy as sa
from alembic import op

from erp_sql.types import UtcDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invoicing_invoice", sa.Column("abandoned_at", UtcDateTime()))
    for table, column in _INDEXED:
        name = op.f(f"ix_{table}_company_id_{column}")
        op.create_index(name, table, ["company_id", column])


def downgrade() -> None:
    for table, column in _INDEXED:
        op.drop_index(op.f(f"ix_{table}_company_id_{column}"), table)
    op.drop_column("invoicing_invoice", "abandoned_at")


_INDEXED = (
    ("invoicing_invoice", "validated_at"),
    ("invoicing_settlement", "settled_on"),
    ("invoicing_settlement", "reversed_at"),
)
