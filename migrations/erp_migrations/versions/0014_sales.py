"""Quotes and orders; and movements that are found by the document that caused them."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

_ORIGIN = "ix_inventory_stock_movement_company_id_origin_id"


def _party() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "party_id"], ["parties_party.company_id", "parties_party.id"]
    )


def _term() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["company_id", "payment_term_id"],
        ["parties_payment_term.company_id", "parties_payment_term.id"],
    )


def _head() -> list[sa.Column[object]]:
    return [
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("number", text(64)),
        sa.Column("number_key", text(64), nullable=False),
        sa.Column("party_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("rounding", text(16), nullable=False),
        sa.Column("cash_step", ExactDecimal()),
        sa.Column("discount_percent", ExactDecimal(), nullable=False),
        sa.Column("discount_amount", ExactDecimal()),
        sa.Column("net", ExactDecimal(), nullable=False),
        sa.Column("total", ExactDecimal(), nullable=False),
        sa.Column("withheld", ExactDecimal(), nullable=False),
        sa.Column("cash_rounding", ExactDecimal(), nullable=False),
        sa.Column("reference", text(100), nullable=False),
        sa.Column("note", text(2000), nullable=False),
        sa.Column("payment_term_id", sa.Uuid()),
        sa.Column("state", text(16), nullable=False),
        sa.Column("customer", sa.JSON()),
        sa.Column("reason", text(200), nullable=False),
    ]


def _line(document: str) -> list[sa.Column[object]]:
    return [
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column(document, sa.Uuid(), nullable=False),
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
        sa.Column("goods", sa.Boolean(), nullable=False),
        sa.Column("warehouse_id", sa.Uuid()),
    ]


def _line_keys() -> list[sa.ForeignKeyConstraint]:
    return [
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
    ]


def upgrade() -> None:
    op.create_index(_ORIGIN, "inventory_stock_movement", ["company_id", "origin", "id"])
    op.create_table(
        "sales_quote",
        *_head(),
        sa.Column("valid_until", sa.Date()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("answered_at", UtcDateTime()),
        sa.UniqueConstraint("company_id", "number"),
        _party(),
        _term(),
        sa.Index(None, "company_id", "party_id", "id"),
        sa.Index(None, "company_id", "day", "id"),
        sa.Index(None, "company_id", "number_key", "id"),
        sa.Index(None, "company_id", "state", "valid_until"),
        **ON_MYSQL,
    )
    op.create_table(
        "sales_quote_line",
        *_line("quote_id"),
        sa.Column("ordered", ExactDecimal(), nullable=False),
        sa.Column("billed", ExactDecimal(), nullable=False),
        sa.Column("order_billed", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        *_line_keys(),
        sa.CheckConstraint(
            "order_billed >= 0 AND order_billed <= ordered AND billed >= 0"
            " AND ordered + billed <= quantity",
            name="progress",
        ),
        sa.Index(None, "company_id", "quote_id", "position"),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )
    _create_orders()


def _create_orders() -> None:
    op.create_table(
        "sales_order",
        *_head(),
        sa.Column("quote_id", sa.Uuid()),
        sa.Column("deliver_on", sa.Date()),
        sa.Column("invoiced", text(16), nullable=False),
        sa.Column("to_invoice", ExactDecimal(), nullable=False),
        sa.Column("stock_leaves_at", text(16)),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("cancelled_at", UtcDateTime()),
        sa.UniqueConstraint("company_id", "number"),
        _party(),
        _term(),
        sa.ForeignKeyConstraint(
            ["company_id", "quote_id"], ["sales_quote.company_id", "sales_quote.id"]
        ),
        sa.Index(None, "company_id", "party_id", "id"),
        sa.Index(None, "company_id", "party_id", "to_invoice"),
        sa.Index(None, "company_id", "quote_id", "id"),
        sa.Index(None, "company_id", "day", "id"),
        sa.Index(None, "company_id", "number_key", "id"),
        sa.Index(None, "company_id", "state", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "sales_order_line",
        *_line("order_id"),
        sa.Column("quote_line_id", sa.Uuid()),
        sa.Column("issued", ExactDecimal(), nullable=False),
        sa.Column("shipped", ExactDecimal(), nullable=False),
        sa.Column("invoiced", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "order_id"], ["sales_order.company_id", "sales_order.id"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "quote_line_id"],
            ["sales_quote_line.company_id", "sales_quote_line.id"],
        ),
        *_line_keys(),
        sa.CheckConstraint(
            "issued >= 0 AND issued <= quantity AND shipped >= 0 AND shipped <= quantity"
            " AND invoiced >= 0 AND invoiced <= quantity",
            name="progress",
        ),
        sa.Index(None, "company_id", "order_id", "position"),
        sa.Index(None, "company_id", "product_id"),
        sa.Index(None, "company_id", "quote_line_id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("sales_order_line")
    op.drop_table("sales_order")
    op.drop_table("sales_quote_line")
    op.drop_table("sales_quote")
    op.drop_index(_ORIGIN, "inventory_stock_movement")
