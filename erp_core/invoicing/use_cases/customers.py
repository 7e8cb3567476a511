"""The customer of an invoice, who becomes one by it."""

from __future__ import annotations

from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.kernel.context import Context
from erp_core.parties.entities import CodeSeries, Party, PartyId


def customer_of(ctx: Context, uow: InvoicingUnitOfWork, party_id: PartyId) -> Party:
    """Return the party as a customer; a prospect is locked, and becomes one.

    Raises:
        NotFoundError: no such party.
        TransitionError: it is archived, or was merged into another.
    """
    party = uow.parties.get(ctx, party_id)
    if party.as_customer() == party:
        return party
    (party,) = uow.parties.lock(ctx, (party_id,))
    party = party.as_customer()
    if CodeSeries.CUSTOMER in party.lacking_codes:
        party = party.with_code(
            CodeSeries.CUSTOMER, uow.party_codes.next(ctx, CodeSeries.CUSTOMER)
        )
    return uow.parties.save(ctx, party)


def carry_invoices(
    ctx: Context, uow: InvoicingUnitOfWork, survivor: Party, absorbed: Party
) -> None:
    """When two parties become one, the invoices of the one, and to come, are the other's."""
    uow.invoices.reassign(ctx, absorbed.id, survivor.id)
    uow.recurring_invoices.reassign(ctx, absorbed.id, survivor.id)
