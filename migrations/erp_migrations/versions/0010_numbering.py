"""The series by which documents are numbered, and their counters."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents_number_series",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("document_type", text(64), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("mask", text(40), nullable=False),
        sa.Column("chronological", sa.Boolean(), nullable=False),
        **ON_MYSQL,
    )
    op.create_table(
        "documents_number_counter",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("document_type", text(64), primary_key=True),
        sa.Column("period", text(8), primary_key=True),
        sa.Column("last_number", sa.BigInteger(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("documents_number_counter")
    op.drop_table("documents_number_series")
