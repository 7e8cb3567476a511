"""When two parties become one, what the one has paid the other has paid."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.parties.entities import Party
from erp_core.treasury.ports import TreasuryUnitOfWork


def carry_payments(
    ctx: Context, uow: TreasuryUnitOfWork, survivor: Party, absorbed: Party
) -> None:
    """Let the payments of the one that is *absorbed* be the *survivor*'s."""
    uow.payments.reassign(ctx, absorbed.id, survivor.id)
