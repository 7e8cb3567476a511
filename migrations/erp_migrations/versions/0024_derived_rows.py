"""What is derived of products no longer refers to them: it is written with them, and nothing goes.

The words a product is found by had a foreign key and an index of their own, and each valuation a
foreign key: six of the ten checks that an import had made for each product.
"""

import sqlalchemy as sa
from alembic import op

from erp_sql.types import ExactDecimal

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_COLUMNS = ["company_id", "product_id"]
_WORDS_INDEX = "ix_catalog_product_word_company_id_product_id"
_TO_PRODUCT = ["catalog_product.company_id", "catalog_product.id"]


def upgrade() -> None:
    for table in (_words(), _valuation()):
        key = f"fk_{table.name}_catalog_product"
        table.append_constraint(sa.ForeignKeyConstraint(_COLUMNS, _TO_PRODUCT, name=key))
        # SQLite makes the table anew: from what is said here, so that it can be printed as well.
        with op.batch_alter_table(table.name, copy_from=table) as batch:
            batch.drop_constraint(key, type_="foreignkey")
    op.drop_index(op.f(_WORDS_INDEX), "catalog_product_word")


def downgrade() -> None:
    op.create_index(op.f(_WORDS_INDEX), "catalog_product_word", _COLUMNS)
    for table in (_valuation(), _words()):
        key = f"fk_{table.name}_catalog_product"
        with op.batch_alter_table(table.name, copy_from=table) as batch:
            batch.create_foreign_key(key, "catalog_product", _COLUMNS, ["company_id", "id"])


def _words() -> sa.Table:
    return sa.Table(
        "catalog_product_word",
        sa.MetaData(),
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("word", sa.String(40), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.PrimaryKeyConstraint(
            "company_id", "word", "product_id", name="pk_catalog_product_word"
        ),
        sa.Index(_WORDS_INDEX, *_COLUMNS),
    )


def _valuation() -> sa.Table:
    return sa.Table(
        "inventory_valuation",
        sa.MetaData(),
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("product_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("average_cost", ExactDecimal()),
        sa.Column("currency", sa.String(3)),
        sa.PrimaryKeyConstraint("company_id", "product_id", name="pk_inventory_valuation"),
    )
