"""The seals of the audit trail."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("record_id", sa.Uuid(), nullable=False),
        sa.Column("digest", text(64), nullable=False),
        sa.UniqueConstraint("company_id", "record_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("audit_seal")
