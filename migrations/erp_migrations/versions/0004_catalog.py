"""Units, tax classes, products and price lists."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "catalog_unit",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", text(16), nullable=False),
        sa.Column("name", text(60), nullable=False),
        sa.Column("dimension", text(16), nullable=False),
        sa.Column("factor", ExactDecimal(), nullable=False),
        sa.Column("decimals", sa.Integer(), nullable=False),
        sa.UniqueConstraint("company_id", "code"),
        **ON_MYSQL,
    )
    op.create_table(
        "catalog_tax_class",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("archived_at", UtcDateTime()),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )
    _create_product()
    op.create_table(
        "catalog_product_word",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("word", text(40), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )
    op.create_table(
        "catalog_price_list",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(120), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("includes_tax", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("party_id", sa.Uuid()),
        sa.Index(None, "company_id", "name", "id"),
        sa.Index(None, "company_id", "party_id", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "catalog_price_entry",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("price_list_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.Column("minimum_quantity", ExactDecimal(), primary_key=True),
        sa.Column("price", ExactDecimal(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id", "price_list_id"],
            ["catalog_price_list.company_id", "catalog_price_list.id"],
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "product_id"], ["catalog_product.company_id", "catalog_product.id"]
        ),
        sa.Index(None, "company_id", "product_id"),
        **ON_MYSQL,
    )


def _create_product() -> None:
    op.create_table(
        "catalog_product",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sku", text(64), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("kind", text(16), nullable=False),
        sa.Column("description", text(2000), nullable=False),
        sa.Column("translations", sa.JSON(), nullable=False),
        sa.Column("unit", text(16), nullable=False),
        sa.Column("barcode", text(14)),
        sa.Column("sale_price", ExactDecimal()),
        sa.Column("sale_currency", text(3)),
        sa.Column("price_includes_tax", sa.Boolean(), nullable=False),
        sa.Column("tax_class_id", sa.Uuid()),
        sa.Column("minimum_price", ExactDecimal()),
        sa.Column("minimum_currency", text(3)),
        sa.Column("cost_price", ExactDecimal()),
        sa.Column("cost_currency", text(3)),
        sa.Column("stock_managed", sa.Boolean(), nullable=False),
        sa.Column("tracking", text(16), nullable=False),
        sa.Column("reorder_point", ExactDecimal()),
        sa.Column("desired_level", ExactDecimal()),
        sa.Column("lead_time_days", sa.Integer()),
        sa.Column("weight_kg", ExactDecimal()),
        sa.Column("length_cm", ExactDecimal()),
        sa.Column("width_cm", ExactDecimal()),
        sa.Column("height_cm", ExactDecimal()),
        sa.Column("customs_code", text(12), nullable=False),
        sa.Column("origin_country", text(2), nullable=False),
        sa.Column("for_sale", sa.Boolean(), nullable=False),
        sa.Column("for_purchase", sa.Boolean(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("custom_fields", sa.JSON(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("archived_at", UtcDateTime()),
        sa.UniqueConstraint("company_id", "sku"),
        sa.UniqueConstraint("company_id", "barcode"),
        sa.ForeignKeyConstraint(
            ["company_id", "unit"], ["catalog_unit.company_id", "catalog_unit.code"]
        ),
        sa.ForeignKeyConstraint(
            ["company_id", "tax_class_id"],
            ["catalog_tax_class.company_id", "catalog_tax_class.id"],
        ),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("catalog_price_entry")
    op.drop_table("catalog_price_list")
    op.drop_table("catalog_product_word")
    op.drop_table("catalog_product")
    op.drop_table("catalog_tax_class")
    op.drop_table("catalog_unit")
