"""Recurring invoices, and which invoice was made for which period."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_RECURRING = ["invoicing_recurring.company_id", "invoicing_recurring.id"]


def upgrade() -> None:
    op.create_table(
        "invoicing_recurring",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("name", text(100), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("discount_percent", ExactDecimal()),
        sa.Column("discount_amount", ExactDecimal()),
        sa.Column("price_list_id", sa.Uuid()),
        sa.Column("payment_term_id", sa.Uuid()),
        sa.Column("reference", text(100), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("frequency", text(16), nullable=False),
        sa.Column("every", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("ends_on", sa.Date()),
        sa.Column("most", sa.Integer()),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("last_period_on", sa.Date()),
        sa.Column("next_on", sa.Date()),
        sa.Column("validates", sa.Boolean(), nullable=False),
        sa.Column("sends", sa.Boolean(), nullable=False),
        sa.Column("may_undercut", sa.Boolean(), nullable=False),
        sa.Column("problem_code", text(100), nullable=False),
        sa.Column("problem_text", text(500), nullable=False),
        sa.Column("tried_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "price_list_id"],
            ["catalog_price_list.company_id", "catalog_price_list.id"],
        ),
        sa.Index(None, "company_id", "state", "next_on"),
        sa.Index(None, "company_id", "name", "id"),
        sa.Index(None, "company_id", "party_id"),
        **ON_MYSQL,
    )
    _create_lines()
    op.create_table(
        "invoicing_recurring_period",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("recurring_id", sa.Uuid(), primary_key=True),
        sa.Column("period_on", sa.Date(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["company_id", "recurring_id"], _RECURRING),
        sa.Index(None, "company_id", "invoice_id"),
        **ON_MYSQL,
    )


def _create_lines() -> None:
    op.create_table(
        "invoicing_recurring_line",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("recurring_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("description", text(2000), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.Column("unit", text(16), nullable=False),
        sa.Column("unit_price", ExactDecimal()),
        sa.Column("price_includes_tax", sa.Boolean()),
        sa.Column("discount_percent", ExactDecimal(), nullable=False),
        sa.Column("discount_amount", ExactDecimal()),
        sa.Column("tax_class_id", sa.Uuid()),
        sa.Column("warehouse_id", sa.Uuid()),
        sa.ForeignKeyConstraint(["company_id", "recurring_id"], _RECURRING),
        sa.ForeignKeyConstraint(
            ["company_id", "warehouse_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "tax_class_id"],
            ["catalog_tax_class.company_id", "catalog_tax_class.id"],
        ),
        sa.Index(None, "company_id", "recurring_id", "position"),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("invoicing_recurring_period")
    op.drop_table("invoicing_recurring_line")
    op.drop_table("invoicing_recurring")
