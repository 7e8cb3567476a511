"""What a customer may buy before he pays."""

from __future__ import annotations

from typing import Final

from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.money import Money
from erp_core.parties.entities import Party

CREDIT_OVERRIDE: Final = "sales.credit_limit.override"  # who holds it sells beyond the limit


class CreditLimitExceededError(InvariantError):
    """The customer would owe more than he may. Have him pay first, or raise his limit."""

    default_code = "credit_limit_exceeded"


def require_credit(party: Party, used: Money, wanted: Money) -> None:
    """Refuse what takes *party* beyond its credit limit, of which so much is *used*.

    Raises:
        CreditLimitExceededError: it would owe more than it may.
        InvariantError: the limit is in another currency, so that nobody can tell.
    """
    limit = party.credit_limit
    if limit is None:
        return
    ensure(
        limit.currency == wanted.currency,
        "sales.credit_limit.currency",
        f"the customer's credit limit is in {limit.currency}: give a limit in {wanted.currency}",
        field="currency",
        limit=limit,
    )
    if used + wanted <= limit:
        return
    raise CreditLimitExceededError(
        f"{wanted} wanted, {limit - used} of {limit} left: have the customer pay first",
        field="party_id",
        party_id=party.id,
        limit=limit,
        used=used,
        wanted=wanted,
    )
