"""Warehouses."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text

revision = "0005"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inventory_warehouse",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", text(32), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("address", text(500), nullable=False),
        sa.Column("parent_id", sa.Uuid()),
        sa.Column("may_go_negative", sa.Boolean(), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.UniqueConstraint("company_id", "code"),
        sa.ForeignKeyConstraint(
            ["company_id", "parent_id"],
            ["inventory_warehouse.company_id", "inventory_warehouse.id"],
        ),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )


def downgrade() -> None:
    op.drop_table("inventory_warehouse")
