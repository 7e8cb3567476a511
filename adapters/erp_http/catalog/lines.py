"""The lines and the totals of documents over HTTP: what every area's own DTOs are made of."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from erp_core.catalog.entities import (
    LINE_DESCRIPTION_MAX,
    LINES_MAX,
    NO_DISCOUNT,
    Discount,
    LineId,
    LineKind,
    LineRequest,
    Margin,
    PricedDocument,
    PricedLine,
    ProductId,
    TaxAmount,
    TaxClassId,
    TaxTotal,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import at
from erp_core.kernel.money import Rate
from erp_core.kernel.quantity import Quantity
from erp_http import show
from erp_http.dto import MoneyDto, RequestDto, ResponseDto
from erp_http.fields import Choice, Exact, Flag, Id, List, Nested, Price, Text
from erp_http.messages import Dto

TAXES_MAX: Final = 8 * LINES_MAX  # of a document: every component of every line


class DiscountFields(Dto):
    """A discount: in percent, or as an amount in the currency of the document."""

    discount_percent = Exact(load_default=None, allow_none=True)
    discount_amount = Exact(load_default=None, allow_none=True)


class LineRequestDto(DiscountFields, RequestDto):
    """A line as it is asked for; an area that knows more of it adds its fields."""

    id = Id(load_default=None)  # a client may choose it
    kind = Choice(LineKind, load_default=LineKind.ITEM)
    product_id = Id(load_default=None, allow_none=True)
    description = Text(
        load_default="",
        length=LINE_DESCRIPTION_MAX,
        metadata={"description": "the product's name when absent"},
    )
    quantity = Exact(load_default=Decimal(0), metadata={"description": "an item needs one"})
    unit = Text(load_default="", length=16)
    unit_price = Price(
        load_default=None,
        allow_none=True,
        metadata={"description": "the catalogue's when absent; in the document's currency"},
    )
    price_includes_tax = Flag(load_default=None, allow_none=True)
    tax_class_id = Id(
        load_default=None, allow_none=True, metadata={"description": "the product's when absent"}
    )

    def make(self, ctx: Context, given: dict[str, Any]) -> Any:
        return line_request(given)


def line_request(given: dict[str, Any]) -> LineRequest:
    """Make the request of a line that a LineRequestDto has read.

    Raises:
        InvariantError: a value beyond its limits, named by its field.
    """
    amount, currency = given["unit_price"] or (None, None)
    with at("quantity"):
        quantity = Quantity(given["quantity"])
    return LineRequest(
        id=LineId(given["id"] or new_id()),
        kind=given["kind"],
        product_id=None if given["product_id"] is None else ProductId(given["product_id"]),
        description=given["description"],
        quantity=quantity,
        unit=given["unit"],
        unit_price=amount,
        currency=currency or "",
        price_includes_tax=given["price_includes_tax"],
        discount=discount_of(given) or NO_DISCOUNT,
        tax_class_id=None if given["tax_class_id"] is None else TaxClassId(given["tax_class_id"]),
    )


def made_lines(dto: RequestDto, ctx: Context, given: Sequence[dict[str, Any]]) -> tuple[Any, ...]:
    """Let *dto* make every line of ``lines``; what is wrong with one is said at its place."""
    made = []
    for index, line in enumerate(given):
        with at(f"lines/{index}"):
            made.append(dto.make(ctx, line))
    return tuple(made)


def discount_of(given: dict[str, Any]) -> Discount | None:
    """Make the discount that DiscountFields have read; None where none was given.

    Raises:
        InvariantError: more than all of it, less than none, or both kinds at once.
    """
    percent, amount = given["discount_percent"], given["discount_amount"]
    if percent is None and amount is None:
        return None
    with at("discount_percent"):
        rate = Rate(percent or Decimal(0))
    return Discount(percent=rate, amount=amount)


class TaxAmountDto(ResponseDto[TaxAmount]):
    """What one tax of a line comes to."""

    name = Text(required=True)
    rate = Exact(required=True, metadata={"description": "percent"})
    withheld = Flag(required=True)
    base = Nested(MoneyDto, required=True)
    amount = Nested(MoneyDto, required=True)

    def show(self, thing: TaxAmount) -> dict[str, Any]:
        return {
            "name": thing.component.name,
            "rate": show.exact(thing.component.rate.percent),
            "withheld": thing.component.withheld,
            "base": show.money(thing.base),
            "amount": show.money(thing.amount),
        }


class TaxTotalDto(ResponseDto[TaxTotal]):
    """What one tax comes to over the document, at one rate."""

    name = Text(required=True)
    rate = Exact(required=True, metadata={"description": "percent"})
    withheld = Flag(required=True)
    base = Nested(MoneyDto, required=True)
    amount = Nested(MoneyDto, required=True)

    def show(self, thing: TaxTotal) -> dict[str, Any]:
        return {
            "name": thing.name,
            "rate": show.exact(thing.rate.percent),
            "withheld": thing.withheld,
            "base": show.money(thing.base),
            "amount": show.money(thing.amount),
        }


class PricedLineFields(Dto):
    """A line with its amounts; an area that knows more of it adds its fields."""

    id = Id(required=True)
    kind = Choice(LineKind, required=True)
    product_id = Id(required=True, allow_none=True)
    description = Text(required=True, length=LINE_DESCRIPTION_MAX)
    quantity = Exact(required=True)
    unit = Text(required=True)
    unit_price = Nested(MoneyDto, required=True)
    price_includes_tax = Flag(required=True)
    discount_percent = Exact(required=True)
    discount_amount = Exact(required=True, allow_none=True)
    tax_class_id = Id(required=True, allow_none=True)
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)
    taxes = List(Nested(TaxAmountDto), required=True)


class PricedLineDto(PricedLineFields, ResponseDto[PricedLine]):
    """A line with its amounts."""

    def show(self, thing: PricedLine) -> dict[str, Any]:
        line, currency = thing.line, thing.net.currency
        return {
            "id": str(line.id),
            "kind": line.kind.value,
            "product_id": show.key(line.product_id),
            "description": line.description,
            "quantity": show.exact(line.quantity.value),
            "unit": line.unit,
            "unit_price": {"amount": f"{line.unit_price:f}", "currency": currency},
            "price_includes_tax": line.price_includes_tax,
            "discount_percent": show.exact(line.discount.percent.percent),
            "discount_amount": show.exact(line.discount.amount),
            "tax_class_id": show.key(line.tax_class_id),
            "net": show.money(thing.net),
            "tax": show.money(thing.tax),
            "total": show.money(thing.total),
            "taxes": [TAX_AMOUNT.show(each) for each in thing.taxes],
        }


class TotalsFields(Dto):
    """The foot of a document, which ``shown_totals`` shows."""

    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)
    withheld = Nested(MoneyDto, required=True, metadata={"description": "kept back by the buyer"})
    cash_rounding = Nested(MoneyDto, required=True)
    payable = Nested(
        MoneyDto,
        required=True,
        metadata={"description": "total less withheld, rounded to coins"},
    )
    taxes = List(Nested(TaxTotalDto), most=TAXES_MAX, required=True)


def shown_totals(document: PricedDocument) -> dict[str, Any]:
    """Show what TotalsFields describe."""
    return {
        "net": show.money(document.net),
        "tax": show.money(document.tax),
        "total": show.money(document.total),
        "withheld": show.money(document.withheld),
        "cash_rounding": show.money(document.cash_rounding),
        "payable": show.money(document.payable),
        "taxes": [TAX_TOTAL.show(each) for each in document.taxes],
    }


class MarginDto(ResponseDto[Margin]):
    """What is earned: for those who may know what things cost."""

    cost = Nested(MoneyDto, required=True)
    amount = Nested(MoneyDto, required=True)
    percent = Exact(required=True, allow_none=True, metadata={"description": "of the net"})

    def show(self, thing: Margin) -> dict[str, Any]:
        return {
            "cost": show.money(thing.cost),
            "amount": show.money(thing.amount),
            "percent": show.exact(thing.percent),
        }


TAX_AMOUNT: Final = TaxAmountDto()
TAX_TOTAL: Final = TaxTotalDto()
PRICED_LINE: Final = PricedLineDto()
MARGIN: Final = MarginDto()
