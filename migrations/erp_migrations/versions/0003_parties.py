"""Parties, their codes, tax ids and words, and payment terms."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "parties_payment_term",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("name_key", text(200), nullable=False),
        sa.Column("instalments", sa.JSON(), nullable=False),
        sa.Column("deposit_percent", ExactDecimal()),
        sa.Column("state", text(16), nullable=False),
        sa.UniqueConstraint("company_id", "name"),
        sa.Index(None, "company_id", "name_key", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "parties_party",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("name_key", text(200), nullable=False),
        sa.Column("trade_name", text(200), nullable=False),
        sa.Column("is_customer", sa.Boolean(), nullable=False),
        sa.Column("is_supplier", sa.Boolean(), nullable=False),
        sa.Column("is_prospect", sa.Boolean(), nullable=False),
        sa.Column("code", text(32), nullable=False),
        sa.Column("customer_code", text(32)),
        sa.Column("supplier_code", text(32)),
        sa.Column("prospect_code", text(32)),
        sa.Column("tax_ids", sa.JSON(), nullable=False),
        sa.Column("addresses", sa.JSON(), nullable=False),
        sa.Column("contacts", sa.JSON(), nullable=False),
        sa.Column("emails", sa.JSON(), nullable=False),
        sa.Column("phones", sa.JSON(), nullable=False),
        sa.Column("site", text(200), nullable=False),
        sa.Column("language", text(35)),
        sa.Column("currency", text(3)),
        sa.Column("payment_term_id", sa.Uuid()),
        sa.Column("price_level", sa.Integer()),
        sa.Column("discount_percent", ExactDecimal(), nullable=False),
        sa.Column("credit_limit", ExactDecimal()),
        sa.Column("credit_currency", text(3)),
        sa.Column("representative_id", sa.Uuid()),
        sa.Column("bank_accounts", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("custom_fields", sa.JSON(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("merged_into_id", sa.Uuid()),
        sa.UniqueConstraint("company_id", "customer_code"),
        sa.UniqueConstraint("company_id", "supplier_code"),
        sa.UniqueConstraint("company_id", "prospect_code"),
        sa.ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "merged_into_id"],
            ["parties_party.company_id", "parties_party.id"],
        ),
        sa.Index(None, "company_id", "name_key", "id"),
        sa.Index(None, "company_id", "code", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "parties_party_tax_id",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("country", text(2), primary_key=True),
        sa.Column("kind", text(8), primary_key=True),
        sa.Column("number", text(32), primary_key=True),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.Index(None, "company_id", "party_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "parties_party_word",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("word", text(40), primary_key=True),
        sa.Column("party_id", sa.Uuid(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.Index(None, "company_id", "party_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "parties_party_code",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("series", text(8), primary_key=True),
        sa.Column("last", sa.Integer(), nullable=False),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("parties_party_code")
    op.drop_table("parties_party_word")
    op.drop_table("parties_party_tax_id")
    op.drop_table("parties_party")
    op.drop_table("parties_payment_term")
