"""What companies say in their mails; papers that go with mails, and the age of what mails say."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import UtcDateTime

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_CONTENT = "documents_mail_content"
_MEDIUM_TEXT = sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql", "mariadb")
_AGE = "ix_documents_mail_content_created_at"
_FILE = "ix_documents_printout_company_id_digest"
_EVER = "1970-01-01 00:00:00"  # until the next statement says when


def upgrade() -> None:
    op.create_table(
        "documents_mail_template",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("kind", text(32), primary_key=True),
        sa.Column("locale", text(16), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("subject", text(300), nullable=False),
        sa.Column("text", _MEDIUM_TEXT, nullable=False),
        sa.Column("html", _MEDIUM_TEXT, nullable=False),
        **ON_MYSQL,
    )
    op.add_column(_CONTENT, sa.Column("paper", sa.JSON()))
    op.add_column(
        _CONTENT, sa.Column("created_at", UtcDateTime(), nullable=False, server_default=_EVER)
    )
    op.execute(
        "UPDATE documents_mail_content SET created_at = (SELECT m.created_at"
        " FROM documents_mail_message m WHERE m.company_id = documents_mail_content.company_id"
        " AND m.id = documents_mail_content.id)"
    )
    op.create_index(op.f(_AGE), _CONTENT, ["created_at"])
    op.create_index(op.f(_FILE), "documents_printout", ["company_id", "digest"])


def downgrade() -> None:
    op.drop_index(op.f(_FILE), "documents_printout")
    op.drop_index(op.f(_AGE), _CONTENT)
    op.drop_column(_CONTENT, "created_at")
    op.drop_column(_CONTENT, "paper")
    op.drop_table("documents_mail_template")
