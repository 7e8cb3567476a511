"""What is derived of products no longer refers to them: it is written with them, and nothing goes.

The words a product is found by had a foreign key and an index of their own, and each valuation a
foreign key: six of the ten checks that an import had made for each product.
"""

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WORDS = "catalog_product_word"
_VALUATION = "inventory_valuation"
_KEYS = {
    _WORDS: "fk_catalog_product_word_catalog_product",
    _VALUATION: "fk_inventory_valuation_catalog_product",
}
_COLUMNS = ["company_id", "product_id"]


def upgrade() -> None:
    for table, key in _KEYS.items():
        with op.batch_alter_table(table) as batch:
            batch.drop_constraint(key, type_="foreignkey")
    op.drop_index(op.f(f"ix_{_WORDS}_company_id_product_id"), _WORDS)


def downgrade() -> None:
    op.create_index(op.f(f"ix_{_WORDS}_company_id_product_id"), _WORDS, _COLUMNS)
    for table, key in _KEYS.items():
        with op.batch_alter_table(table) as batch:
            batch.create_foreign_key(key, "catalog_product", _COLUMNS, ["company_id", "id"])
