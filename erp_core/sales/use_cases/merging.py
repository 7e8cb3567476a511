"""When two parties become one, what was sold to the one was sold to the other."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.parties.entities import Party
from erp_core.sales.ports import SalesUnitOfWork


def carry_sales(ctx: Context, uow: SalesUnitOfWork, survivor: Party, absorbed: Party) -> None:
    """Let the quotes, orders and shipments of the one that is *absorbed* be the *survivor*'s."""
    uow.quotes.reassign(ctx, absorbed.id, survivor.id)
    uow.orders.reassign(ctx, absorbed.id, survivor.id)
    uow.shipments.reassign(ctx, absorbed.id, survivor.id)
