"""How what a person asks for becomes the lines of a document."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest

from erp_core.catalog.entities import (
    LINE_DESCRIPTION_MAX,
    LINES_MAX,
    DocumentLine,
    DocumentTerms,
    LineKind,
    LineMaterials,
    LineRequest,
    PriceEntry,
    PriceListId,
    Trade,
    document_lines,
    price_document,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ErpError, InvariantError, NotFoundError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.quantity import Quantity
from erp_core.testing import NOON
from erp_core.testing.catalog import a_price_list, a_tax_class
from tests.catalog.askings import (
    ASKED,
    KNOWN,
    OLD,
    REDUCED,
    TEA,
    TERMS,
    VAT,
    a_request,
    euros,
    knowing,
    refusal,
    some_words,
    written,
)
from tests.catalog.documents import a_line, percent, vat

ANA: Final = UUID(int=7)


def test_what_is_not_said_the_catalogue_says() -> None:
    request = a_request(quantity=Quantity.of("3"))
    assert written(request) == DocumentLine(
        id=request.id,
        product_id=TEA.id,
        description="Green tea",
        quantity=Quantity.of("3"),
        unit="un",
        unit_price=Decimal(10),
        tax_class_id=VAT.id,
        components=vat("25"),
        unit_cost=euros("6"),
    )


def test_what_is_said_stands() -> None:
    line = written(
        a_request(
            description="Tea, green",
            unit="un",
            unit_price=Decimal("12.5"),
            currency="EUR",
            price_includes_tax=True,
            discount=percent("10"),
            tax_class_id=REDUCED.id,
            unit_cost=euros("7"),
        )
    )
    assert (line.description, line.unit_price, line.price_includes_tax) == (
        "Tea, green",
        Decimal("12.5"),
        True,
    )
    assert (line.discount, line.unit_cost) == (percent("10"), euros("7"))
    assert (line.tax_class_id, line.components) == (REDUCED.id, vat("5"))


def test_taxes_said_outright_go_before_every_class() -> None:
    assert written(a_request(components=vat("7"))).components == vat("7")
    assert written(a_request(components=())).components == ()


def test_a_cost_known_better_goes_before_the_products() -> None:
    average = replace(KNOWN, unit_costs={TEA.id: euros("6.25")})
    assert written(a_request(), materials=average).unit_cost == euros("6.25")


def test_the_price_is_the_agreed_one_then_the_levels_then_the_products() -> None:
    step = PriceEntry(product_id=TEA.id, minimum_quantity=Quantity.of("10"), price=euros("9"))
    level = a_price_list(step)
    agreed = replace(
        a_price_list(replace(step, minimum_quantity=Quantity.of("20"), price=euros("8.5"))),
        party_id=ANA,
        includes_tax=False,
    )
    known = replace(KNOWN, price_lists=(level, agreed))
    for quantity, price, includes_tax in (
        ("9", "10", False),
        ("10", "9", True),
        ("20", "8.5", False),
    ):
        line = written(
            a_request(quantity=Quantity.of(quantity)),
            materials=known,
            party_id=ANA,
            price_list_id=level.id,
            may_undercut=True,
        )
        assert (line.unit_price, line.price_includes_tax) == (Decimal(price), includes_tax)


def test_what_is_given_back_is_priced_by_how_much_it_is() -> None:
    step = PriceEntry(product_id=TEA.id, minimum_quantity=Quantity.of("10"), price=euros("9"))
    level = a_price_list(step)
    line = written(
        a_request(quantity=Quantity.of("-10")),
        materials=replace(KNOWN, price_lists=(level,)),
        price_list_id=level.id,
        may_give_back=True,
    )
    assert line.unit_price == Decimal(9)


def test_a_price_that_is_typed_contains_tax_as_the_products_does() -> None:
    inclusive = replace(TEA, price_includes_tax=True)
    typed = a_request(unit_price=Decimal(12))
    assert written(typed, materials=knowing(inclusive)).price_includes_tax
    assert not written(typed).price_includes_tax
    assert not written(some_words()).price_includes_tax
    bought = written(typed, materials=knowing(inclusive), trade=Trade.PURCHASE)
    assert not bought.price_includes_tax


def test_a_purchase_is_at_cost_and_below_every_minimum() -> None:
    line = written(a_request(), trade=Trade.PURCHASE)
    assert (line.unit_price, line.price_includes_tax) == (Decimal(6), False)
    assert written(a_request(unit_price=Decimal(1)), trade=Trade.PURCHASE).unit_price == 1


@pytest.mark.parametrize("cost", [None, UnitPrice(Decimal(6), "USD")])
def test_a_purchase_without_a_cost_in_its_currency_asks_for_the_price(
    cost: UnitPrice | None,
) -> None:
    known = knowing(replace(TEA, cost_price=cost))
    assert refusal(a_request(), materials=known, trade=Trade.PURCHASE) == (
        NotFoundError,
        "catalog.price.unknown",
        "lines/0/unit_price",
    )


def test_words_are_sold_by_any_unit_or_none() -> None:
    assert written(some_words(quantity=Quantity.of("0.5"))).unit == ""
    assert written(some_words(quantity=Quantity.of("0.5"), unit="h")).unit == "h"
    assert written(some_words(tax_class_id=VAT.id)).components == vat("25")
    assert written(some_words(unit_price=Decimal(-5))).unit_price == Decimal(-5)


@pytest.mark.parametrize("kind", [LineKind.HEADING, LineKind.NOTE, LineKind.SUBTOTAL])
def test_headings_notes_and_subtotals_are_words_alone(kind: LineKind) -> None:
    text = LineRequest(kind=kind, description="Teas")
    assert written(text) == DocumentLine(id=text.id, kind=kind, description="Teas")
    for name, value in (
        ("product_id", TEA.id),
        ("quantity", Quantity.of("1")),
        ("unit", "un"),
        ("unit_price", Decimal(1)),
        ("discount", percent("1")),
        ("tax_class_id", VAT.id),
        ("unit_cost", euros("1")),
    ):
        assert refusal(replace(text, **{name: value})) == (
            InvariantError,
            "catalog.line.text_only",
            f"lines/0/{name}",
        )


ARCHIVED: Final = TEA.archive(NOON)
NOT_SOLD: Final = replace(TEA, for_sale=False)
NOT_BOUGHT: Final = replace(TEA, for_purchase=False)
PRICELESS: Final = replace(TEA, sale_price=None, minimum_price=None)


@pytest.mark.parametrize(
    ("request_", "materials", "question", "told"),
    [
        (a_request(), LineMaterials(), {}, (NotFoundError, "not_found", "product_id")),
        (
            a_request(),
            knowing(ARCHIVED),
            {},
            (InvariantError, "catalog.line.product_archived", "product_id"),
        ),
        (
            a_request(),
            knowing(NOT_SOLD),
            {},
            (InvariantError, "catalog.line.not_for_sale", "product_id"),
        ),
        (
            a_request(),
            knowing(NOT_BOUGHT),
            {"trade": Trade.PURCHASE},
            (InvariantError, "catalog.line.not_for_purchase", "product_id"),
        ),
        (
            a_request(),
            knowing(PRICELESS),
            {},
            (NotFoundError, "catalog.price.unknown", "product_id"),
        ),
        (
            a_request(),
            KNOWN,
            {"terms": DocumentTerms(currency="USD")},
            (NotFoundError, "catalog.price.unknown", "product_id"),
        ),
        (
            a_request(unit_price=Decimal(9), currency="USD"),
            KNOWN,
            {},
            (InvariantError, "money.currency_mismatch", "unit_price"),
        ),
        (a_request(unit="kg"), KNOWN, {}, (InvariantError, "catalog.line.unit", "unit")),
        (
            a_request(quantity=Quantity.of("0.5")),
            KNOWN,
            {},
            (InvariantError, "catalog.unit.too_fine", "quantity"),
        ),
        (
            a_request(),
            replace(KNOWN, units={}),
            {},
            (NotFoundError, "catalog.unit.unknown", "unit"),
        ),
        (some_words(unit="ell"), KNOWN, {}, (NotFoundError, "catalog.unit.unknown", "unit")),
        (
            a_request(quantity=Quantity.of("-1")),
            KNOWN,
            {},
            (InvariantError, "catalog.line.negative_quantity", "quantity"),
        ),
        (
            a_request(quantity=Quantity()),
            KNOWN,
            {"may_give_back": True},
            (InvariantError, "catalog.line.quantity", "quantity"),
        ),
        (
            a_request(unit_price=Decimal(-1)),
            KNOWN,
            {"may_undercut": True},
            (InvariantError, "catalog.line.negative_price", "unit_price"),
        ),
        (
            a_request(tax_class_id=a_tax_class().id),
            KNOWN,
            {},
            (NotFoundError, "not_found", "tax_class_id"),
        ),
        (
            a_request(tax_class_id=OLD.id),
            KNOWN,
            {},
            (InvariantError, "catalog.product.tax_class_archived", "tax_class_id"),
        ),
        (
            some_words(unit_price=None),
            KNOWN,
            {},
            (InvariantError, "catalog.line.unit_price", "unit_price"),
        ),
        (
            some_words(description=""),
            KNOWN,
            {},
            (InvariantError, "catalog.line.description", "description"),
        ),
        (
            some_words(description="x" * (LINE_DESCRIPTION_MAX + 1)),
            KNOWN,
            {},
            (InvariantError, "catalog.line.description", "description"),
        ),
    ],
)
def test_what_cannot_be_a_line_is_refused_at_its_place(
    request_: LineRequest,
    materials: LineMaterials,
    question: dict[str, Any],
    told: tuple[type[ErpError], str, str],
) -> None:
    kind, code, field = told
    found = refusal(request_, materials=materials, **question)
    assert found == (kind, code, f"lines/0/{field}")


def test_a_product_keeps_a_tax_class_that_was_archived_since() -> None:
    known = knowing(replace(TEA, tax_class_id=OLD.id))
    assert written(a_request(), materials=known).components == OLD.components


def test_the_place_of_the_wrong_line_is_said() -> None:
    lines = [a_request(), some_words(), a_request(unit="kg")]
    with pytest.raises(InvariantError) as caught:
        document_lines(lines, KNOWN, ASKED)
    assert caught.value.field == "lines/2/unit"


def test_a_price_list_that_is_not_there_is_refused() -> None:
    with pytest.raises(NotFoundError) as caught:
        written(a_request(), price_list_id=PriceListId(new_id()))
    assert (caught.value.code, caught.value.field) == (
        "catalog.price_list.unknown",
        "price_list_id",
    )


def test_more_lines_than_a_document_has_are_refused() -> None:
    with pytest.raises(InvariantError) as caught:
        document_lines([some_words()] * (LINES_MAX + 1), KNOWN, ASKED)
    assert caught.value.code == "catalog.document.lines"


def test_a_line_of_the_catalogue_is_priced_as_the_line_of_an_entity() -> None:
    line = written(a_request(quantity=Quantity.of("2")))
    same = a_line("2", "10", components=vat("25"))
    assert price_document([line], TERMS).totals == price_document([same], TERMS).totals
