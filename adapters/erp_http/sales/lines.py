"""What quotes and orders have in common on the wire."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from marshmallow import Schema

from erp_core.catalog.entities import LINES_MAX, NO_DISCOUNT, LineId, PriceListId
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.context import Context
from erp_core.kernel.errors import at
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import NOTE_LENGTH_MAX, REFERENCE_LENGTH_MAX, Part
from erp_core.sales.use_cases import DraftChanges, SoldLine
from erp_http.catalog.lines import (
    DiscountFields,
    LineRequestDto,
    discount_of,
    line_request,
    made_lines,
)
from erp_http.fields import Day, Exact, Id, List, Nested, Text


class SoldLineDto(LineRequestDto):
    """A line that is to be sold."""

    warehouse_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "where the goods are to be taken from"},
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> SoldLine:
        place = given["warehouse_id"]
        return SoldLine(
            request=line_request(given),
            warehouse_id=None if place is None else WarehouseId(place),
        )


LINE: Final = SoldLineDto()


class AddDraftFields(DiscountFields):
    """What may be said of a new quote and of a new order alike."""

    id = Id(load_default=None)  # a client may choose it, so that it can ask again safely
    party_id = Id(required=True)
    lines = List(Nested(SoldLineDto), required=True, most=LINES_MAX)
    date = Day(load_default=None, allow_none=True, metadata={"description": "today when absent"})
    currency = Text(
        load_default="",
        length=3,
        metadata={"description": "the customer's, or the company's, when absent"},
    )
    price_list_id = Id(load_default=None, allow_none=True)
    payment_term_id = Id(
        load_default=None,
        allow_none=True,
        metadata={"description": "the customer's when absent"},
    )
    reference = Text(load_default="", length=REFERENCE_LENGTH_MAX)
    note = Text(load_default="", length=NOTE_LENGTH_MAX)


class ChangeDraftFields(Schema):
    """A merge patch (RFC 7396): what is absent stays; lines are replaced as a whole."""

    party_id = Id()
    lines = List(Nested(SoldLineDto), most=LINES_MAX)
    date = Day()
    currency = Text(length=3)
    discount_percent = Exact(allow_none=True)
    discount_amount = Exact(allow_none=True)
    price_list_id = Id(allow_none=True)
    payment_term_id = Id(allow_none=True)
    reference = Text(length=REFERENCE_LENGTH_MAX)
    note = Text(length=NOTE_LENGTH_MAX)


def changes_of(ctx: Context, given: dict[str, Any]) -> DraftChanges:
    """Make the changes that ChangeDraftFields have read."""
    changes: DraftChanges = {}
    if "party_id" in given:
        changes["party_id"] = PartyId(given["party_id"])
    if "lines" in given:
        changes["lines"] = made_lines(LINE, ctx, given["lines"])
    if "date" in given:
        changes["on"] = given["date"]
    if "currency" in given:
        changes["currency"] = given["currency"]
    if "discount_percent" in given or "discount_amount" in given:
        percent, amount = given.get("discount_percent"), given.get("discount_amount")
        said = {"discount_percent": percent, "discount_amount": amount}
        changes["discount"] = discount_of(said) or NO_DISCOUNT
    if "price_list_id" in given:
        changes["price_list_id"] = price_list_of(given)
    if "payment_term_id" in given:
        changes["payment_term_id"] = term_of(given)
    if "reference" in given:
        changes["reference"] = given["reference"]
    if "note" in given:
        changes["note"] = given["note"]
    return changes


def term_of(given: dict[str, Any]) -> PaymentTermId | None:
    term = given["payment_term_id"]
    return None if term is None else PaymentTermId(term)


def price_list_of(given: dict[str, Any]) -> PriceListId | None:
    listed = given["price_list_id"]
    return None if listed is None else PriceListId(listed)


def parts_of(key: str, given: Sequence[dict[str, Any]] | None) -> tuple[Part, ...] | None:
    """Make the parts of lines that *key* names; None where nothing is said: all that is left."""
    if given is None:
        return None
    parts = []
    for index, each in enumerate(given):
        with at(f"lines/{index}"):
            quantity = Quantity(each["quantity"])
        parts.append(Part(line_id=LineId(each[key]), quantity=quantity))
    return tuple(parts)
