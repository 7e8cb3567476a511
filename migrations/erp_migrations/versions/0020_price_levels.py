"""Price lists of a level: what the customers of that price level pay."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_LEVEL = "ix_catalog_price_list_company_id_level_id"


def upgrade() -> None:
    op.add_column("catalog_price_list", sa.Column("level", sa.Integer()))
    op.create_index(op.f(_LEVEL), "catalog_price_list", ["company_id", "level", "id"])


def downgrade() -> None:
    op.drop_index(op.f(_LEVEL), "catalog_price_list")
    op.drop_column("catalog_price_list", "level")
