"""A party as it was: what a document keeps of it once it is settled."""

from __future__ import annotations

from typing import Self

from erp_core.kernel.dataclass import dataclass
from erp_core.parties.entities.address import Address, AddressKind
from erp_core.parties.entities.party import Party
from erp_core.parties.entities.tax_id import TaxId


@dataclass(frozen=True, slots=True, kw_only=True)
class PartySnapshot:
    """How a party called itself, and where it was, when a document was settled.

    A later change of the party changes no document: it goes on saying what it said.
    """

    code: str
    name: str
    trade_name: str = ""
    tax_ids: tuple[TaxId, ...] = ()
    billing_address: Address | None = None
    shipping_address: Address | None = None
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    language: str | None = None  # BCP 47; None: the company's

    @classmethod
    def of(cls, party: Party) -> Self:
        """Return what a document settled now keeps of *party*."""
        return cls(
            code=party.code,
            name=party.name,
            trade_name=party.trade_name,
            tax_ids=party.tax_ids,
            billing_address=_address(party, AddressKind.BILLING),
            shipping_address=_address(party, AddressKind.SHIPPING),
            emails=party.emails,
            phones=party.phones,
            language=party.language,
        )


def _address(party: Party, kind: AddressKind) -> Address | None:
    """Return the first address of that kind, else the registered one, else any."""
    for wanted in (kind, AddressKind.REGISTERED):
        for each in party.addresses:
            if each.kind is wanted:
                return each
    return next(iter(party.addresses), None)
