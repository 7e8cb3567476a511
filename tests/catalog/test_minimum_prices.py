"""Nobody sells below the minimum price unless he may, whatever the discounts."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

import pytest

from erp_core.catalog.entities import (
    DocumentTerms,
    LineRequest,
    price_document,
)
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.quantity import Quantity
from tests.catalog.askings import TERMS, a_request, refusal, written
from tests.catalog.documents import money, off, percent

BELOW: Final = "catalog.price.below_minimum"


@pytest.mark.parametrize(
    ("request_", "terms"),
    [
        (a_request(unit_price=Decimal("7.99")), TERMS),
        (a_request(unit_price=Decimal("9.99"), price_includes_tax=True), TERMS),  # 7.992
        (a_request(discount=percent("20.0001")), TERMS),
        (a_request(discount=off("2.01")), TERMS),
        (a_request(), replace(TERMS, discount=percent("20.0001"))),
        (a_request(), replace(TERMS, discount=off("2.01"))),
        (a_request(discount=percent("10")), replace(TERMS, discount=percent("12"))),
    ],
)
def test_nobody_sells_below_the_minimum_by_whatever_discount(
    request_: LineRequest, terms: DocumentTerms
) -> None:
    place = (InvariantError, BELOW, "lines/0/unit_price")
    assert refusal(request_, terms=terms) == place
    allowed = written(request_, terms=terms, may_undercut=True)
    assert price_document([allowed], terms).net <= money("8", "EUR")


@pytest.mark.parametrize(
    ("request_", "terms"),
    [
        (a_request(unit_price=Decimal(8)), TERMS),
        (a_request(unit_price=Decimal(10), price_includes_tax=True), TERMS),
        (a_request(discount=percent("20")), TERMS),
        (a_request(quantity=Quantity.of("3")), replace(TERMS, discount=off("6"))),
    ],
)
def test_the_minimum_itself_may_be_reached(request_: LineRequest, terms: DocumentTerms) -> None:
    written(request_, terms=terms)


def test_what_is_given_back_has_no_minimum() -> None:
    back = a_request(quantity=Quantity.of("-1"), unit_price=Decimal(1))
    assert written(back, may_give_back=True).unit_price == Decimal(1)
