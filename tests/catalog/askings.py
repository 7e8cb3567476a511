"""What a clerk asks for, and what the catalogue knows: lines to be written."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest

from erp_core.catalog.entities import (
    DocumentLine,
    DocumentTerms,
    LineMaterials,
    LineQuestion,
    LineRequest,
    Product,
    document_lines,
    standard_units,
)
from erp_core.kernel.errors import ErpError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing import NOON
from erp_core.testing.catalog import a_product, a_tax_class
from tests.catalog.documents import vat

TERMS: Final = DocumentTerms(currency="EUR")
ASKED: Final = LineQuestion(on=NOON.date(), terms=TERMS)
UNITS: Final = {each.code: each for each in standard_units()}
VAT: Final = replace(a_tax_class(), components=vat("25"))
REDUCED: Final = replace(a_tax_class(), components=vat("5"))
OLD: Final = replace(a_tax_class(), archived_at=NOON)


def euros(digits: str) -> UnitPrice:
    return UnitPrice(Decimal(digits), "EUR")


TEA: Final = replace(
    a_product(),
    name="Green tea",
    sale_price=euros("10"),
    minimum_price=euros("8"),
    cost_price=euros("6"),
    tax_class_id=VAT.id,
)
KNOWN: Final = LineMaterials(
    products={TEA.id: TEA},
    tax_classes={each.id: each for each in (VAT, REDUCED, OLD)},
    units=UNITS,
)


def a_request(**said: Any) -> LineRequest:
    return LineRequest(**({"product_id": TEA.id, "quantity": Quantity.of("1")} | said))


def some_words(**said: Any) -> LineRequest:
    """Ask for something that is no product."""
    told = {"description": "Delivery", "unit_price": Decimal(5), "product_id": None}
    return a_request(**(told | said))


def written(
    request: LineRequest, *, materials: LineMaterials = KNOWN, **question: Any
) -> DocumentLine:
    (line,) = document_lines([request], materials, replace(ASKED, **question))
    return line


def knowing(product: Product, **more: Any) -> LineMaterials:
    return replace(KNOWN, products={product.id: product}, **more)


def refusal(request: LineRequest, **more: Any) -> tuple[type[ErpError], str, str]:
    with pytest.raises(ErpError) as caught:
        written(request, **more)
    return type(caught.value), caught.value.code, caught.value.field
