"""Identity's entities, with every field filled."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from erp_core.identity.entities import (
    ApiKey,
    ApiKeyId,
    Company,
    CompanySettings,
    PlainKey,
    RefreshToken,
    Role,
    RoleId,
    Rounding,
    StockLeavesAt,
    User,
    UserId,
    UserState,
    digest,
)
from erp_core.kernel.context import CompanyId
from erp_core.kernel.entity import new_id
from erp_core.testing import ACME, NOON


def a_company(company_id: CompanyId = ACME) -> Company:
    """Make a company of which no field is left at its default."""
    return Company(
        id=company_id,
        name="Comércio de Chá São João Ltda., 茶 🍵",
        trade_name="Chá & Cia",
        tax_ids=("11.222.333/0001-81", "ISENTO"),
        address="Rua da Praia 7\nPorto Alegre",
        currency="BRL",
        locale="pt-BR",
        time_zone="America/Sao_Paulo",
        fiscal_month=4,
        settings=CompanySettings(
            rounding=Rounding.PER_DOCUMENT,
            cash_step=Decimal("0.05"),
            stock_leaves_at=StockLeavesAt.INVOICE,
        ),
    )


def a_user() -> User:
    """Make a user of whom no field is left at its default."""
    user_id = UserId(new_id())
    return User(
        id=user_id,
        login=f"ana.{user_id.hex[-12:]}@example.org",
        name="Ana Conceição 茶",
        email="ana@example.org",
        password_hash="$argon2id$" + "x" * 240,
        locale="es",
        state=UserState.DISABLED,
        roles=("clerk", "sales"),
        auth_epoch=7,
    )


def a_role() -> Role:
    """Make a role of which no field is left at its default."""
    role_id = RoleId(new_id())
    return Role(
        id=role_id,
        name=f"role-{role_id.hex[-12:]}",
        grants=("*.*.read", "sales.order.*"),
        built_in=True,
    )


def a_key() -> ApiKey:
    """Make an API key of which no field is left at its default."""
    plain = PlainKey.new()
    return ApiKey(
        id=ApiKeyId(new_id()),
        name="Loja virtual 茶",
        prefix=plain.prefix,
        secret_hash=digest(plain.secret),
        grants=("catalog.*.read", "sales.order.create"),
        issued_by="tester",
        issued_at=NOON,
        expires_at=NOON + timedelta(days=1, microseconds=1),
        revoked_at=NOON + timedelta(hours=1),
    )


def a_refresh_token(user: User) -> RefreshToken:
    """Make the first token of a family."""
    return RefreshToken.first(user, NOON)[0]
