"""Invoices, when they are due, their taxes, and what settles them."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_INVOICE = ["invoicing_invoice.company_id", "invoicing_invoice.id"]


def upgrade() -> None:
    _create_invoices()
    _create_lines()
    op.create_table(
        "invoicing_due_date",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        **ON_MYSQL,
    )
    op.create_table(
        "invoicing_tax",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), primary_key=True),
        sa.Column("position", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", text(60), nullable=False),
        sa.Column("rate", ExactDecimal(), nullable=False),
        sa.Column("withheld", sa.Boolean(), nullable=False),
        sa.Column("base", ExactDecimal(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        **ON_MYSQL,
    )
    op.create_table(
        "invoicing_settlement",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("source", text(16), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("amount", ExactDecimal(), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("settled_on", sa.Date(), nullable=False),
        sa.Column("reversed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index(None, "company_id", "invoice_id", "id"),
        sa.Index(None, "company_id", "source_id", "source", "id"),
        **ON_MYSQL,
    )


def _create_invoices() -> None:
    op.create_table(
        "invoicing_invoice",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("type", text(16), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("number", text(64)),
        sa.Column("number_key", text(64), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("customer", sa.JSON()),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("payment_term_id", sa.Uuid()),
        sa.Column("reference", text(100), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("reason", text(500), nullable=False),
        sa.Column("order_id", sa.Uuid()),
        sa.Column("quote_id", sa.Uuid()),
        sa.Column("credits_id", sa.Uuid()),
        sa.Column("replaces_id", sa.Uuid()),
        sa.Column("deposit_ids", sa.JSON(), nullable=False),
        sa.Column("reopens_order", sa.Boolean(), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("rounding", text(16), nullable=False),
        sa.Column("cash_step", ExactDecimal()),
        sa.Column("discount_percent", ExactDecimal(), nullable=False),
        sa.Column("discount_amount", ExactDecimal()),
        sa.Column("net", ExactDecimal(), nullable=False),
        sa.Column("total", ExactDecimal(), nullable=False),
        sa.Column("withheld", ExactDecimal(), nullable=False),
        sa.Column("cash_rounding", ExactDecimal(), nullable=False),
        sa.Column("credited", ExactDecimal(), nullable=False),
        sa.Column("settled", ExactDecimal(), nullable=False),
        sa.Column("used", ExactDecimal(), nullable=False),
        sa.Column("next_due_on", sa.Date()),
        sa.Column("validated_at", UtcDateTime()),
        sa.Column("abandoned_because", text(500), nullable=False),
        sa.UniqueConstraint("company_id", "type", "number"),
        sa.ForeignKeyConstraint(
            ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "payment_term_id"],
            ["parties_payment_term.company_id", "parties_payment_term.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "credits_id"], _INVOICE, name=op.f("fk_invoicing_invoice_credits")
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "replaces_id"], _INVOICE, name=op.f("fk_invoicing_invoice_replaces")
        ),
        sa.CheckConstraint("settled >= 0 AND used >= 0 AND used <= settled", name="settled"),
        sa.Index(None, "company_id", "party_id", "state", "next_due_on"),
        sa.Index(None, "company_id", "state", "next_due_on"),
        sa.Index(None, "company_id", "day", "id"),
        sa.Index(None, "company_id", "number_key", "id"),
        sa.Index(None, "company_id", "order_id"),
        sa.Index(None, "company_id", "quote_id"),
        sa.Index(None, "company_id", "credits_id"),
        sa.Index(None, "company_id", "replaces_id"),
        **ON_MYSQL,
    )


def _create_lines() -> None:
    op.create_table(
        "invoicing_line",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("invoice_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("product_id", sa.Uuid()),
        sa.Column("description", text(2000), nullable=False),
        sa.Column("quantity", ExactDecimal(), nullable=False),
        sa.Column("unit", text(16), nullable=False),
        sa.Column("unit_price", ExactDecimal(), nullable=False),
        sa.Column("price_includes_tax", sa.Boolean(), nullable=False),
        sa.Column("discount_percent", ExactDecimal(), nullable=False),
        sa.Column("discount_amount", ExactDecimal()),
        sa.Column("tax_class_id", sa.Uuid()),
        sa.Column("taxes", sa.JSON(), nullable=False),
        sa.Column("unit_cost", ExactDecimal()),
        sa.Column("cost_currency", text(3)),
        sa.Column("net", ExactDecimal(), nullable=False),
        sa.Column("total", ExactDecimal(), nullable=False),
        sa.Column("order_line_id", sa.Uuid()),
        sa.Column("quote_line_id", sa.Uuid()),
        sa.Column("invoice_line_id", sa.Uuid()),
        sa.Column("goods", sa.Boolean(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid()),
        sa.Column("returns_stock", sa.Boolean(), nullable=False),
        sa.Column("issued", ExactDecimal(), nullable=False),
        sa.Column("credited", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(["company_id", "invoice_id"], _INVOICE),
        sa.ForeignKeyConstraint(
            ["company_id", "order_line_id"], ["sales_order_line.company_id", "sales_order_line.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "quote_line_id"], ["sales_quote_line.company_id", "sales_quote_line.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "invoice_line_id"], ["invoicing_line.company_id", "invoicing_line.id"]
        ),
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
        sa.CheckConstraint(
            "(credited >= 0 AND credited <= quantity) OR (credited <= 0 AND credited >= quantity)",
            name="credited",
        ),
        sa.Index(None, "company_id", "invoice_id", "position"),
        sa.Index(None, "company_id", "product_id"),
        sa.Index(None, "company_id", "order_line_id"),
        sa.Index(None, "company_id", "quote_line_id"),
        sa.Index(None, "company_id", "invoice_line_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("invoicing_settlement")
    op.drop_table("invoicing_tax")
    op.drop_table("invoicing_due_date")
    op.drop_table("invoicing_line")
    op.drop_table("invoicing_invoice")
