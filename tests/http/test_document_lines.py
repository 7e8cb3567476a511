"""The parts that every document's DTOs are made of: a line that is asked for, and one that is."""

from decimal import Decimal
from typing import Any

from erp_core.catalog.entities import (
    NO_DISCOUNT,
    Discount,
    LineKind,
    LineRequest,
    price_document,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing import context
from erp_http.catalog.lines import MARGIN, PRICED_LINE, LineRequestDto, discount_of
from tests.catalog.documents import TERMS, a_line, off, percent, rate


def asked(**said: Any) -> Any:
    return LineRequestDto().read(context(), said, {}, None)


def test_every_field_of_a_line_is_read() -> None:
    line, product, tax_class = (new_id() for _ in range(3))
    request = asked(
        id=str(line),
        kind="item",
        product_id=str(product),
        description="Tea",
        quantity="2.5",
        unit="kg",
        unit_price={"amount": "1.25", "currency": "BRL"},
        price_includes_tax=True,
        discount_amount="1",
        tax_class_id=str(tax_class),
    )
    assert request == LineRequest(
        id=line,
        product_id=product,
        description="Tea",
        quantity=Quantity.of("2.5"),
        unit="kg",
        unit_price=Decimal("1.25"),
        currency="BRL",
        price_includes_tax=True,
        discount=off("1"),
        tax_class_id=tax_class,
    )


def test_a_line_need_not_say_more_than_its_kind() -> None:
    request = asked(kind="note")
    assert request == LineRequest(id=request.id, kind=LineKind.NOTE)
    assert request.discount == NO_DISCOUNT


def test_a_discount_that_is_not_given_is_none() -> None:
    for percent_, amount, found in (
        (None, None, None),
        (Decimal(5), None, percent("5")),
        (None, Decimal(5), off("5")),
        (Decimal(0), None, Discount(percent=rate("0"))),
    ):
        given = {"discount_percent": percent_, "discount_amount": amount}
        assert discount_of(given) == found


def test_a_line_is_shown_with_its_amounts_and_its_margin_apart() -> None:
    line = a_line("2", "10.50", discount=off("1"), unit_cost=UnitPrice(Decimal(5), "BRL"))
    (priced,) = price_document([line], TERMS).lines
    shown = PRICED_LINE.show(priced)
    assert shown == PRICED_LINE.show(priced)
    assert set(shown) == set(PRICED_LINE.fields)
    assert (shown["unit_price"], shown["discount_percent"], shown["discount_amount"]) == (
        {"amount": "10.5", "currency": "BRL"},
        "0",
        "1",
    )
    assert shown["net"] == {"amount": "20.00", "currency": "BRL"}
    assert priced.margin is not None
    assert MARGIN.show(priced.margin) == {
        "cost": {"amount": "10.00", "currency": "BRL"},
        "amount": {"amount": "10.00", "currency": "BRL"},
        "percent": "50.00",
    }
