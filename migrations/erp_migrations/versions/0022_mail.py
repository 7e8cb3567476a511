"""Mails: the envelope with what became of it, and apart from it what it says."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import UtcDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_LONG_TEXT = sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")


def upgrade() -> None:
    op.create_table(
        "documents_mail_message",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", text(300), nullable=False),
        sa.Column("to_addresses", sa.JSON(), nullable=False),
        sa.Column("cc_addresses", sa.JSON(), nullable=False),
        sa.Column("bcc_addresses", sa.JSON(), nullable=False),
        sa.Column("reply_to", text(254), nullable=False),
        sa.Column("subject", text(200), nullable=False),
        sa.Column("locale", text(35), nullable=False),
        sa.Column("cause_kind", text(64)),
        sa.Column("cause_id", sa.Uuid()),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.JSON(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime()),
        sa.Index(None, "company_id", "state", "id"),
        sa.Index(None, "company_id", "cause_id", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "documents_mail_content",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("text", _LONG_TEXT, nullable=False),
        sa.Column("html", _LONG_TEXT, nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "id"],
            ["documents_mail_message.company_id", "documents_mail_message.id"],
        ),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("documents_mail_content")
    op.drop_table("documents_mail_message")
