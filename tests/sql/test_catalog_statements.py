"""What the catalog costs the database: as many statements for a long price list as for a short."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from erp_core.catalog.entities import LineRequest, PriceEntry, Product, standard_units
from erp_core.catalog.ports import ProductQuery
from erp_core.catalog.use_cases import (
    ChangePriceListCommand,
    ChangeProductCommand,
    FindPriceCommand,
    PreviewPricingCommand,
    PriceListCommand,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import context
from erp_core.testing.catalog import a_price_list, a_product, a_tax_class
from erp_core.testing.identity import a_company
from erp_core.testing.parties import another_party
from tests.databases import KINDS, database
from tests.sql.test_statements import House

CLERK = context("catalog.*")


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def steps(product: Product, many: int) -> tuple[PriceEntry, ...]:
    price = UnitPrice(Decimal(10), "EUR")
    return tuple(
        PriceEntry(product_id=product.id, minimum_quantity=Quantity(Decimal(step)), price=price)
        for step in range(many)
    )


def test_a_product_costs_the_same_whatever_its_name(house: House) -> None:
    catalog = house.erp.catalog
    catalog.add_product(CLERK, a_product())
    for name in ("Tea", " ".join(f"word{number}" for number in range(20))):
        with house.costs(4):  # its unit, the product, its words, the audit record
            product = catalog.add_product(CLERK, replace(a_product(), name=name))
        with house.costs(3):  # read, written, audited: the words are as they were
            changes = {"description": "new"}
            command = ChangeProductCommand(id=product.id, version=None, changes=changes)
            catalog.change_product(CLERK, command)
    with house.costs(1):
        catalog.list_products(CLERK, ProductQuery(page=PageRequest(), text="word1 word2"))


@pytest.mark.parametrize("many", [1, 300])
def test_a_long_price_list_costs_what_a_short_one_does(house: House, many: int) -> None:
    catalog = house.erp.catalog
    product = catalog.add_product(CLERK, a_product())
    with house.costs(3):  # the list, its entries, the audit record
        level = catalog.add_price_list(CLERK, a_price_list(*steps(product, many)))
    with house.costs(2):
        catalog.get_price_list(CLERK, PriceListCommand(id=level.id))
    with house.costs(6):  # two to read, three to write, the audit record
        changes = {"entries": steps(product, many + 1)}
        command = ChangePriceListCommand(id=level.id, version=None, changes=changes)
        catalog.change_price_list(CLERK, command)
    with house.costs(3):  # the product, the lists, the entries of this product
        quantity = Quantity(Decimal(many))
        asked = FindPriceCommand(product_id=product.id, quantity=quantity, price_list_id=level.id)
        assert catalog.find_price(CLERK, asked).minimum_quantity == quantity


@pytest.mark.parametrize("many", [1, 300])
def test_the_lines_of_a_document_are_read_at_once(house: House, many: int) -> None:
    catalog, ctx = house.erp.catalog, context()
    vat = catalog.add_tax_class(CLERK, a_tax_class())
    price = UnitPrice(Decimal(10), "EUR")
    products = [replace(a_product(), tax_class_id=vat.id, sale_price=price) for _ in range(many)]
    ana = another_party("Ana")
    with house.store(ctx) as uow:
        uow.companies.add(ctx, replace(a_company(), currency="EUR"))
        uow.parties.add(ctx, ana)
        uow.units.add_absent(ctx, standard_units())
        uow.products.add_many(ctx, products)
    lines = tuple(
        LineRequest(product_id=each.id, quantity=Quantity(Decimal(1))) for each in products
    )
    with house.costs(6):  # company, party, products, taxes, units, prices
        asked = PreviewPricingCommand(currency="EUR", lines=lines, party_id=ana.id)
        assert len(catalog.preview_pricing(CLERK, asked).lines) == many
