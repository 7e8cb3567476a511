"""Companies, users and sessions as the database knows them. Only ``erp_sql`` may import this."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import JSON, ForeignKeyConstraint, Index, UniqueConstraint

from erp_sql.base import ON_MYSQL, Base, text
from erp_sql.rows import Mapped, mapped_column


class CompanyRow(Base):
    __tablename__ = "identity_company"

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(200))
    trade_name: Mapped[str] = mapped_column(text(200))
    tax_ids: Mapped[list[str]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(text(500))
    currency: Mapped[str] = mapped_column(text(3))
    locale: Mapped[str] = mapped_column(text(16))
    time_zone: Mapped[str] = mapped_column(text(100))
    fiscal_month: Mapped[int]
    rounding: Mapped[str] = mapped_column(text(16))
    cash_step: Mapped[Decimal | None]
    stock_leaves_at: Mapped[str] = mapped_column(text(16))


class UserRow(Base):
    __tablename__ = "identity_user"
    __table_args__ = (
        # Without the company: a login is all that is known of whoever signs in.
        UniqueConstraint("login"),
        Index(None, "company_id", "login", "id"),
        Index(None, "company_id", "name", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    login: Mapped[str] = mapped_column(text(100))
    name: Mapped[str] = mapped_column(text(200))
    email: Mapped[str] = mapped_column(text(254))
    password_hash: Mapped[str] = mapped_column(text(255))
    locale: Mapped[str] = mapped_column(text(16))
    state: Mapped[str] = mapped_column(text(16))
    roles: Mapped[list[str]] = mapped_column(JSON)
    auth_epoch: Mapped[int]


class RoleRow(Base):
    __tablename__ = "identity_role"
    __table_args__ = (UniqueConstraint("company_id", "name"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(64))
    grants: Mapped[list[str]] = mapped_column(JSON)
    built_in: Mapped[bool]


class ApiKeyRow(Base):
    __tablename__ = "identity_api_key"
    __table_args__ = (
        UniqueConstraint("prefix"),  # without the company: the prefix is what tells it
        Index(None, "company_id", "name", "id"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str] = mapped_column(text(200))
    prefix: Mapped[str] = mapped_column(text(12))
    secret_hash: Mapped[str] = mapped_column(text(64))
    grants: Mapped[list[str]] = mapped_column(JSON)
    issued_by: Mapped[str] = mapped_column(text(64))
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class RefreshTokenRow(Base):
    __tablename__ = "identity_refresh_token"
    __table_args__ = (
        UniqueConstraint("secret_hash"),  # without the company: the secret is what tells it
        ForeignKeyConstraint(
            ["company_id", "user_id"], ["identity_user.company_id", "identity_user.id"]
        ),
        Index(None, "company_id", "family_id"),
        Index(None, "company_id", "user_id"),
        Index(None, "expires_at"),
        ON_MYSQL,
    )

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    family_id: Mapped[UUID]
    user_id: Mapped[UUID]
    secret_hash: Mapped[str] = mapped_column(text(64))
    auth_epoch: Mapped[int]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class SignInAttemptsRow(Base):
    __tablename__ = "identity_sign_in_attempts"
    __table_args__ = (Index(None, "last_at"), ON_MYSQL)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    failures: Mapped[int]
    last_at: Mapped[datetime]
