"""Companies, users, roles, API keys, refresh tokens, failures to sign in."""

import sqlalchemy as sa
from alembic import op

from erp_sql.base import ON_MYSQL, text
from erp_sql.types import ExactDecimal, UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _companies()
    _users()
    _keys()
    _sessions()


def downgrade() -> None:
    op.drop_table("identity_sign_in_attempts")
    op.drop_table("identity_refresh_token")
    op.drop_table("identity_api_key")
    op.drop_table("identity_role")
    op.drop_table("identity_user")
    op.drop_table("identity_company")


def _companies() -> None:
    op.create_table(
        "identity_company",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("trade_name", text(200), nullable=False),
        sa.Column("tax_ids", sa.JSON(), nullable=False),
        sa.Column("address", text(500), nullable=False),
        sa.Column("currency", text(3), nullable=False),
        sa.Column("locale", text(16), nullable=False),
        sa.Column("time_zone", text(100), nullable=False),
        sa.Column("fiscal_month", sa.Integer(), nullable=False),
        sa.Column("rounding", text(16), nullable=False),
        sa.Column("cash_step", ExactDecimal()),
        sa.Column("stock_leaves_at", text(16), nullable=False),
        **ON_MYSQL,
    )


def _users() -> None:
    op.create_table(
        "identity_user",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("login", text(100), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("email", text(254), nullable=False),
        sa.Column("password_hash", text(255), nullable=False),
        sa.Column("locale", text(16), nullable=False),
        sa.Column("state", text(16), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("auth_epoch", sa.Integer(), nullable=False),
        sa.UniqueConstraint("login"),
        sa.Index(None, "company_id", "login", "id"),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )
    op.create_table(
        "identity_role",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(64), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("built_in", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("company_id", "name"),
        **ON_MYSQL,
    )


def _keys() -> None:
    op.create_table(
        "identity_api_key",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", text(200), nullable=False),
        sa.Column("prefix", text(12), nullable=False),
        sa.Column("secret_hash", text(64), nullable=False),
        sa.Column("grants", sa.JSON(), nullable=False),
        sa.Column("issued_by", text(64), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.UniqueConstraint("prefix"),
        sa.Index(None, "company_id", "name", "id"),
        **ON_MYSQL,
    )


def _sessions() -> None:
    op.create_table(
        "identity_refresh_token",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", text(64), nullable=False),
        sa.Column("auth_epoch", sa.Integer(), nullable=False),
        sa.Column("issued_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("ended_at", UtcDateTime()),
        sa.UniqueConstraint("secret_hash"),
        sa.ForeignKeyConstraint(
            ["company_id", "user_id"], ["identity_user.company_id", "identity_user.id"]
        ),
        sa.Index(None, "company_id", "family_id"),
        sa.Index(None, "company_id", "user_id"),
        sa.Index(None, "expires_at"),
        **ON_MYSQL,
    )
    op.create_table(
        "identity_sign_in_attempts",
        sa.Column("company_id", sa.Uuid(), primary_key=True),
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Index(None, "last_at"),
        **ON_MYSQL,
    )
