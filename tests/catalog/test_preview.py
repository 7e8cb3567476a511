"""What a document would come to: the company's terms, the party's discount, nothing stored."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

import pytest

from erp_core.catalog.entities import (
    PRICE_OVERRIDE,
    DocumentTerms,
    LineQuestion,
    LineRequest,
    PricedDocument,
    PriceEntry,
    Trade,
)
from erp_core.catalog.ports import read_line_materials
from erp_core.catalog.use_cases import CatalogUseCases, PreviewPricingCommand
from erp_core.identity.entities import CompanySettings, Rounding
from erp_core.kernel.errors import InvariantError, NotFoundError, PermissionDeniedError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import Party, PartyId
from erp_core.testing import context
from erp_core.testing.catalog import a_price_list, a_product
from erp_core.testing.identity import a_company
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore
from tests.catalog.documents import money, percent, rate, vat

CLERK: Final = context("catalog.*")
SHOP: Final = context("catalog.price.read")
STEP: Final = CompanySettings(rounding=Rounding.PER_DOCUMENT, cash_step=Decimal("0.05"))
OWN: Final = replace(a_company(), currency="EUR", settings=STEP)
TEA: Final = replace(
    a_product(),
    sale_price=UnitPrice(Decimal("10.01"), "EUR"),
    minimum_price=UnitPrice(Decimal(9), "EUR"),
)
ANA: Final = replace(another_party("Ana"), discount_percent=rate("10"))


@pytest.fixture
def shop(store: MemoryStore, catalog: CatalogUseCases) -> CatalogUseCases:
    with store(CLERK) as uow:
        uow.companies.add(CLERK, OWN)
        uow.parties.add(CLERK, ANA)
    catalog.add_product(CLERK, TEA)
    return catalog


def asked(**more: Any) -> PreviewPricingCommand:
    tea = LineRequest(product_id=TEA.id, quantity=Quantity.of("1"))
    return PreviewPricingCommand(**({"currency": "EUR", "lines": (tea,)} | more))


def previewed(shop: CatalogUseCases, **more: Any) -> PricedDocument:
    return shop.preview_pricing(SHOP, asked(**more))


def test_the_company_says_how_it_is_rounded(shop: CatalogUseCases) -> None:
    document = previewed(shop)
    assert (document.total, document.payable) == (money("10.01", "EUR"), money("10", "EUR"))
    cents = [
        LineRequest(
            description="cents",
            quantity=Quantity.of("1"),
            unit_price=Decimal("1.24"),
            components=vat("10"),
        )
        for _ in range(2)
    ]
    assert previewed(shop, lines=tuple(cents)).tax == money("0.25", "EUR")
    by_line = previewed(shop, lines=tuple(cents), rounding=Rounding.PER_LINE)
    assert by_line.tax == money("0.24", "EUR")


def test_the_step_of_coins_may_be_another(shop: CatalogUseCases) -> None:
    assert previewed(shop, cash_step=Decimal("0.5")).payable == money("10", "EUR")
    assert previewed(shop, cash_step=Decimal("0.01")).payable == money("10.01", "EUR")


def test_the_partys_discount_counts_unless_another_is_given(shop: CatalogUseCases) -> None:
    boss = context("catalog.price.read", PRICE_OVERRIDE)
    mine = asked(party_id=ANA.id, cash_step=Decimal("0.01"))
    assert shop.preview_pricing(boss, mine).net == money("9.01", "EUR")
    other = replace(mine, discount=percent("50"))
    assert shop.preview_pricing(boss, other).net == money("5.01", "EUR")
    with pytest.raises(InvariantError) as caught:
        previewed(shop, party_id=ANA.id, discount=percent("50"))
    assert caught.value.code == "catalog.price.below_minimum"


def test_what_is_agreed_counts_on_its_days(store: MemoryStore, shop: CatalogUseCases) -> None:
    entry = PriceEntry(product_id=TEA.id, price=UnitPrice(Decimal("9.5"), "EUR"))
    shop.add_price_list(
        CLERK,
        replace(a_price_list(entry), party_id=ANA.id, valid_from=None, valid_to=date(2024, 2, 1)),
    )
    for day, net in ((date(2024, 2, 1), "9.50"), (date(2024, 2, 2), "10.01")):
        found = previewed(shop, party_id=ANA.id, on=day, discount=percent("0"))
        assert found.net == money(net, "EUR")


def test_a_level_is_asked_by_its_id(shop: CatalogUseCases) -> None:
    entry = PriceEntry(product_id=TEA.id, price=UnitPrice(Decimal("9.5"), "EUR"))
    level = shop.add_price_list(
        CLERK, replace(a_price_list(entry), valid_from=None, valid_to=None)
    )
    assert previewed(shop, price_list_id=level.id).net == money("9.50", "EUR")


def test_the_level_of_the_party_counts(store: MemoryStore, shop: CatalogUseCases) -> None:
    entry = PriceEntry(product_id=TEA.id, price=UnitPrice(Decimal("9.5"), "EUR"))
    shop.add_price_list(
        CLERK, replace(a_price_list(entry), level=2, valid_from=None, valid_to=None)
    )
    bob = replace(another_party("Bob"), price_level=2)
    with store(CLERK) as uow:
        uow.parties.add(CLERK, bob)
    assert previewed(shop, party_id=bob.id).net == money("9.50", "EUR")
    assert previewed(shop).net == money("10.01", "EUR")


def test_a_party_that_is_not_there_is_refused(shop: CatalogUseCases) -> None:
    nobody: Party = another_party("Nobody")
    with pytest.raises(NotFoundError) as caught:
        previewed(shop, party_id=PartyId(nobody.id))
    assert caught.value.field == "party_id"


def test_a_product_that_is_not_there_is_refused_by_line(shop: CatalogUseCases) -> None:
    unknown = LineRequest(product_id=a_product().id, quantity=Quantity.of("1"))
    with pytest.raises(NotFoundError) as caught:
        previewed(shop, lines=(*asked().lines, unknown))
    assert caught.value.field == "lines/1/product_id"


def test_goods_may_be_given_back(shop: CatalogUseCases) -> None:
    back = LineRequest(product_id=TEA.id, quantity=Quantity.of("-1"))
    assert previewed(shop, lines=(back,)).net == money("-10.01", "EUR")


def test_who_may_not_ask_for_prices_has_no_preview(shop: CatalogUseCases) -> None:
    with pytest.raises(PermissionDeniedError):
        shop.preview_pricing(context("catalog.product.read"), asked())


def test_a_preview_leaves_no_record(store: MemoryStore, shop: CatalogUseCases) -> None:
    assert previewed(shop).totals == previewed(shop).totals
    with store(CLERK, read_only=True) as uow:
        records = uow.audit.page(CLERK, AuditQuery(page=PageRequest())).items
    assert [each.action for each in records] == ["catalog.product.add"]


def test_a_purchase_reads_no_price_that_is_agreed_with_a_customer(
    store: MemoryStore, shop: CatalogUseCases
) -> None:
    entry = PriceEntry(product_id=TEA.id, price=UnitPrice(Decimal("9.5"), "EUR"))
    shop.add_price_list(CLERK, replace(a_price_list(entry), party_id=ANA.id))
    question = LineQuestion(
        on=date(2024, 2, 1), terms=DocumentTerms(currency="EUR"), party_id=ANA.id
    )
    with store(CLERK, read_only=True) as uow:
        sold = read_line_materials(CLERK, uow, asked().lines, question)
        bought = read_line_materials(
            CLERK, uow, asked().lines, replace(question, trade=Trade.PURCHASE)
        )
    assert len(sold.price_lists) == 1
    assert bought.price_lists == ()
