"""Domain values as JSON shows them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

from erp_core.kernel.money import Money, UnitPrice
from erp_core.kernel.totals import Worth


def money(value: Money | UnitPrice | Worth | None) -> dict[str, str] | None:
    """Show an amount or a unit price: decimals are strings, always."""
    return None if value is None else {"amount": f"{value.amount:f}", "currency": value.currency}


def exact(value: Decimal | None) -> str | None:
    """Show a decimal without an exponent."""
    return None if value is None else f"{value:f}"


def moment(value: datetime | None) -> str | None:
    """Show a moment in UTC, with a Z (RFC 3339)."""
    return None if value is None else f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"


def day(value: date | None) -> str | None:
    """Show a date (RFC 3339, full-date)."""
    return None if value is None else value.isoformat()


def key(value: UUID | None) -> str | None:
    """Show an id, or that there is none."""
    return None if value is None else str(value)
