"""The company's bank accounts, and payments."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "treasury_bank_account",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("name_key", text(200), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("opening_balance", ExactDecimal(), nullable=False),
        sa.Column("iban", text(34), nullable=False),
        sa.Column("bank", text(100), nullable=False),
        sa.Column("agency", text(20), nullable=False),
        sa.Column("account", text(40), nullable=False),
        sa.UniqueConstraint("company_id", "name"),
        sa.Index(None, "company_id", "name_key", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "treasury_payment",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", text(64), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("direction", text(8), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("bank_account_id", sa.Uuid()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("method", text(32), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("unallocated", ExactDecimal(), nullable=False),
        sa.Column("reference", text(100), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("reconciled_at", UtcDateTime()),
        sa.Column("reversed_at", UtcDateTime()),
        sa.Column("reversed_because", text(500), nullable=False),
        sa.UniqueConstraint("company_id", "number"),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "bank_account_id"],
            ["treasury_bank_account.company_id", "treasury_bank_account.id"],
        ),
        sa.CheckConstraint(
            "amount > 0 AND unallocated >= 0 AND unallocated <= amount", name="amount"
        ),
        sa.Index(None, "company_id", "party_id", "unallocated"),
        sa.Index(None, "company_id", "party_id", "day", "id"),
        sa.Index(None, "company_id", "day", "id"),
        sa.Index(None, "company_id", "unallocated"),
        sa.Index(None, "company_id", "bank_account_id", "day"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("treasury_payment")
    op.drop_table("treasury_bank_account")
