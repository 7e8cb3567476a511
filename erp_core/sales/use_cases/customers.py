"""The customer of a document that is being settled."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.kernel.errors import StaleVersionError
from erp_core.parties.entities import Party, PartyId
from erp_core.sales.ports import SalesUnitOfWork


def hold_customer(ctx: Context, uow: SalesUnitOfWork, party_id: PartyId) -> tuple[Party, Party]:
    """Return the party as it is and as the customer it becomes.

    It is locked where that matters: where its credit is limited, so that what is granted is
    granted one after the other, and where it changes.

    Raises:
        TransitionError: it is archived.
        ContentionError: it was not free in time.
    """
    party = uow.parties.get(ctx, party_id)
    if party.credit_limit is not None or party.as_customer() != party:
        (party,) = uow.parties.lock(ctx, [party_id])
    return party, party.as_customer()


def require_same_party(party_id: PartyId, party: Party) -> None:
    """Raise StaleVersionError where a document has changed hands before it was locked."""
    if party_id != party.id:
        raise StaleVersionError("the document's customer has changed meanwhile")


def save_customer(ctx: Context, uow: SalesUnitOfWork, before: Party, party: Party) -> Party:
    """Store a party that has become a customer, with the code it is given as one."""
    if party == before:
        return party
    for series in party.lacking_codes:
        party = party.with_code(series, uow.party_codes.next(ctx, series))
    return uow.parties.save(ctx, party)
