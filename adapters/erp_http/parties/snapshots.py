"""A party as a document keeps it, over HTTP."""

from __future__ import annotations

from typing import Any, Final

from erp_core.parties.entities import PartySnapshot
from erp_http.dto import ResponseDto
from erp_http.fields import List, Nested, Text
from erp_http.parties.parts import AddressDto, TaxIdDto, show_address, show_tax_id


class SnapshotDto(ResponseDto[PartySnapshot]):
    """The party as it was when the document was settled."""

    code = Text(required=True)
    name = Text(required=True)
    trade_name = Text(required=True)
    tax_ids = List(Nested(TaxIdDto), required=True)
    billing_address = Nested(AddressDto, required=True, allow_none=True)
    shipping_address = Nested(AddressDto, required=True, allow_none=True)
    emails = List(Text(), required=True)
    phones = List(Text(), required=True)
    language = Text(required=True, allow_none=True)

    def show(self, thing: PartySnapshot) -> dict[str, Any]:
        billing, shipping = thing.billing_address, thing.shipping_address
        return {
            "code": thing.code,
            "name": thing.name,
            "trade_name": thing.trade_name,
            "tax_ids": [show_tax_id(each) for each in thing.tax_ids],
            "billing_address": None if billing is None else show_address(billing),
            "shipping_address": None if shipping is None else show_address(shipping),
            "emails": list(thing.emails),
            "phones": list(thing.phones),
            "language": thing.language,
        }


_SNAPSHOT: Final = SnapshotDto()


def show_snapshot(snapshot: PartySnapshot | None) -> dict[str, Any] | None:
    """Show what a document keeps of a party: nothing before it is settled."""
    return None if snapshot is None else _SNAPSHOT.show(snapshot)
