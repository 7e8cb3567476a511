"""Letterheads of companies, and which papers were made."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import UtcDateTime

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "documents_letterhead",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("paper", text(8), nullable=False),
        sa.Column("accent", text(7), nullable=False),
        sa.Column("phone", text(100), nullable=False),
        sa.Column("email", text(100), nullable=False),
        sa.Column("website", text(100), nullable=False),
        sa.Column("footer", text(300), nullable=False),
        sa.Column("payee", text(70), nullable=False),
        sa.Column("city", text(100), nullable=False),
        sa.Column("pix_key", text(77), nullable=False),
        sa.Column("iban", text(34), nullable=False),
        sa.Column("bic", text(11), nullable=False),
        sa.Column("template", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"), nullable=False),
        sa.Column("logo", text(64), nullable=False),
        **ON_MYSQL,
    )
    op.create_table(
        "documents_printout",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("document_type", text(64), primary_key=True),
        sa.Column("document_id", sa.Uuid(), primary_key=True),
        sa.Column("edition", text(16), primary_key=True),
        sa.Column("locale", text(16), primary_key=True),
        sa.Column("paper", text(8), primary_key=True),
        sa.Column("digest", text(64), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("documents_printout")
    op.drop_table("documents_letterhead")
