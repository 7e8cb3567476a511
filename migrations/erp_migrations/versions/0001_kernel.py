"""Outbox, audit trail, answered requests."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import UtcDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("company_id", sa.Uuid(), nullable=False),
        sa.Column("name", text(64), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        **ON_MYSQL,
    )
    op.create_table(
        "audit_record",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", text(64), nullable=False),
        sa.Column("request_id", text(64), nullable=False),
        sa.Column("action", text(96), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False),
        sa.Index(None, "company_id", "action", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "idempotency",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("principal", text(64), primary_key=True),
        sa.Column("key", text(255), primary_key=True),
        sa.Column("fingerprint", text(64), nullable=False),
        sa.Column("claimed_at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql")),
        sa.Index(None, "claimed_at"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("idempotency")
    op.drop_table("audit_record")
    op.drop_table("outbox")
