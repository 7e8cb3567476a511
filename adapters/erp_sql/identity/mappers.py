"""Identity's entities to rows and back: plain functions, side by side to be compared."""

from __future__ import annotations

from typing import Any

from erp_core.identity.entities import (
    ApiKey,
    ApiKeyId,
    Company,
    CompanySettings,
    RefreshToken,
    RefreshTokenId,
    Role,
    RoleId,
    Rounding,
    SignInAttempts,
    SignInAttemptsId,
    StockLeavesAt,
    User,
    UserId,
    UserState,
)
from erp_core.kernel.context import CompanyId


def write_company(company_id: CompanyId, company: Company) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "version": company.version + 1,
        "name": company.name,
        "trade_name": company.trade_name,
        "tax_ids": list(company.tax_ids),
        "address": company.address,
        "currency": company.currency,
        "locale": company.locale,
        "time_zone": company.time_zone,
        "fiscal_month": company.fiscal_month,
        "rounding": company.settings.rounding.value,
        "cash_step": company.settings.cash_step,
        "stock_leaves_at": company.settings.stock_leaves_at.value,
    }


def read_company(row: Any) -> Company:
    return Company(
        id=CompanyId(row.company_id),
        version=row.version,
        name=row.name,
        trade_name=row.trade_name,
        tax_ids=tuple(row.tax_ids),
        address=row.address,
        currency=row.currency,
        locale=row.locale,
        time_zone=row.time_zone,
        fiscal_month=row.fiscal_month,
        settings=CompanySettings(
            rounding=Rounding(row.rounding),
            cash_step=row.cash_step,
            stock_leaves_at=StockLeavesAt(row.stock_leaves_at),
        ),
    )


def write_user(company_id: CompanyId, user: User) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": user.id,
        "version": user.version + 1,
        "login": user.login,
        "name": user.name,
        "email": user.email,
        "password_hash": user.password_hash,
        "locale": user.locale,
        "state": user.state.value,
        "roles": list(user.roles),
        "auth_epoch": user.auth_epoch,
    }


def read_user(row: Any) -> User:
    return User(
        id=UserId(row.id),
        version=row.version,
        login=row.login,
        name=row.name,
        email=row.email,
        password_hash=row.password_hash,
        locale=row.locale,
        state=UserState(row.state),
        roles=tuple(row.roles),
        auth_epoch=row.auth_epoch,
    )


def write_role(company_id: CompanyId, role: Role) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": role.id,
        "version": role.version + 1,
        "name": role.name,
        "grants": list(role.grants),
        "built_in": role.built_in,
    }


def read_role(row: Any) -> Role:
    return Role(
        id=RoleId(row.id),
        version=row.version,
        name=row.name,
        grants=tuple(row.grants),
        built_in=row.built_in,
    )


def write_api_key(company_id: CompanyId, key: ApiKey) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": key.id,
        "version": key.version + 1,
        "name": key.name,
        "prefix": key.prefix,
        "secret_hash": key.secret_hash,
        "grants": list(key.grants),
        "issued_by": key.issued_by,
        "issued_at": key.issued_at,
        "expires_at": key.expires_at,
        "revoked_at": key.revoked_at,
    }


def read_api_key(row: Any) -> ApiKey:
    return ApiKey(
        id=ApiKeyId(row.id),
        version=row.version,
        name=row.name,
        prefix=row.prefix,
        secret_hash=row.secret_hash,
        grants=tuple(row.grants),
        issued_by=row.issued_by,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )


def write_refresh_token(company_id: CompanyId, token: RefreshToken) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": token.id,
        "version": token.version + 1,
        "family_id": token.family_id,
        "user_id": token.user_id,
        "secret_hash": token.secret_hash,
        "auth_epoch": token.auth_epoch,
        "issued_at": token.issued_at,
        "expires_at": token.expires_at,
        "used_at": token.used_at,
        "ended_at": token.ended_at,
    }


def read_refresh_token(row: Any) -> RefreshToken:
    return RefreshToken(
        id=RefreshTokenId(row.id),
        version=row.version,
        family_id=RefreshTokenId(row.family_id),
        user_id=UserId(row.user_id),
        secret_hash=row.secret_hash,
        auth_epoch=row.auth_epoch,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        ended_at=row.ended_at,
    )


def write_sign_in_attempts(company_id: CompanyId, attempts: SignInAttempts) -> dict[str, Any]:
    return {
        "company_id": company_id,
        "id": attempts.id,
        "version": attempts.version + 1,
        "failures": attempts.failures,
        "last_at": attempts.last_at,
    }


def read_sign_in_attempts(row: Any) -> SignInAttempts:
    return SignInAttempts(
        id=SignInAttemptsId(row.id),
        version=row.version,
        failures=row.failures,
        last_at=row.last_at,
    )
