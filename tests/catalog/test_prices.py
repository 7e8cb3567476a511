"""Price lists, and which price counts."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import (
    PriceEntry,
    PriceList,
    PriceListId,
    PriceQuestion,
    PriceSource,
    Product,
    ProductId,
    TaxComponent,
    find_price,
    require_minimum,
)
from erp_core.catalog.ports import PriceListQuery
from erp_core.catalog.use_cases import (
    PRICE_OVERRIDE,
    CatalogUseCases,
    ChangePriceListCommand,
    FindPriceCommand,
    PriceListCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError
from erp_core.kernel.money import Rate, UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_price_list, a_product, a_tax_class
from erp_core.testing.parties import another_party
from erp_memory.store import MemoryStore

CLERK: Final = context("catalog.*")
SELLER: Final = context("catalog.price.read")
ANA: Final = UUID(int=7)
TODAY: Final = NOON.date()
VAT: Final = (TaxComponent(name="VAT", rate=Rate(Decimal(25))),)


def euros(digits: str) -> UnitPrice:
    return UnitPrice(Decimal(digits), "EUR")


def step(product: Product, quantity: str, price: str) -> PriceEntry:
    return PriceEntry(
        product_id=product.id, minimum_quantity=Quantity.of(quantity), price=euros(price)
    )


def a_question(product: Product, **more: Any) -> PriceQuestion:
    asked = {"product_id": product.id, "on": TODAY, "quantity": Quantity.of("1")} | more
    return PriceQuestion(**asked)


TEA: Final = replace(a_product(), sale_price=euros("10"))
LEVEL: Final = a_price_list(step(TEA, "2", "9"), step(TEA, "10", "8"))
TOO_MANY: Final = tuple(
    replace(LEVEL.entries[0], product_id=ProductId(UUID(int=number))) for number in range(2001)
)
AGREED: Final = replace(a_price_list(step(TEA, "0", "7")), party_id=ANA)


def test_the_products_own_price_is_the_last_resort() -> None:
    found = find_price(TEA, a_question(TEA), (LEVEL, AGREED))
    assert (found.source, found.price, found.price_list_id) == (
        PriceSource.PRODUCT,
        euros("10"),
        None,
    )


@pytest.mark.parametrize(
    ("quantity", "price"), [("1.999999", "10"), ("2", "9"), ("9.5", "9"), ("10", "8")]
)
def test_a_level_counts_from_its_quantities_on(quantity: str, price: str) -> None:
    asked = a_question(TEA, quantity=Quantity.of(quantity), price_list_id=LEVEL.id)
    assert find_price(TEA, asked, (LEVEL,)).price == euros(price)


def test_what_is_agreed_goes_before_the_level() -> None:
    asked = a_question(TEA, quantity=Quantity.of("10"), price_list_id=LEVEL.id, party_id=ANA)
    found = find_price(TEA, asked, (LEVEL, AGREED))
    assert (found.source, found.price) == (PriceSource.AGREED, euros("7"))
    assert (found.includes_tax, found.price_list_id) == (True, AGREED.id)


def test_a_customer_gets_the_prices_of_his_level() -> None:
    second = replace(LEVEL, id=PriceListId(new_id()), level=2)
    third = replace(second, id=PriceListId(new_id()), level=3, entries=(step(TEA, "0", "1"),))
    asked = a_question(TEA, quantity=Quantity.of("10"), party_id=ANA, price_level=2)
    found = find_price(TEA, asked, (second, third))
    assert (found.source, found.price, found.price_list_id) == (
        PriceSource.PRICE_LIST,
        euros("8"),
        second.id,
    )
    assert find_price(TEA, asked, (AGREED, second)).source is PriceSource.AGREED
    of_none = replace(asked, price_level=None)
    assert find_price(TEA, of_none, (second, third)).source is PriceSource.PRODUCT


def test_a_list_that_is_named_goes_before_the_level() -> None:
    of_level = replace(LEVEL, id=PriceListId(new_id()), level=2, valid_from=date(2024, 2, 1))
    asked = a_question(TEA, quantity=Quantity.of("2"), price_level=2, price_list_id=LEVEL.id)
    assert find_price(TEA, asked, (of_level, LEVEL)).price_list_id == LEVEL.id


def test_of_the_lists_of_a_level_the_one_of_the_day_and_currency_counts() -> None:
    old = replace(LEVEL, level=2, valid_to=date(2024, 1, 31))
    cheap = replace(LEVEL.entries[0], price=UnitPrice(Decimal(1), "USD"))
    dollars = replace(LEVEL, id=PriceListId(new_id()), level=2, currency="USD", entries=(cheap,))
    new = replace(
        old,
        id=PriceListId(new_id()),
        valid_from=date(2024, 2, 1),
        valid_to=None,
        entries=(step(TEA, "0", "4"),),
    )
    asked = a_question(TEA, quantity=Quantity.of("2"), price_level=2, currency="EUR")
    lists = (old, dollars, new)
    assert find_price(TEA, asked, lists).price == euros("4")
    assert find_price(TEA, replace(asked, on=date(2024, 1, 31)), lists).price == euros("9")
    assert find_price(TEA, replace(asked, currency="USD"), lists).price.currency == "USD"


def test_what_is_agreed_with_another_does_not_count() -> None:
    asked = a_question(TEA, party_id=UUID(int=8), price_list_id=AGREED.id)
    assert find_price(TEA, asked, (AGREED,)).source is PriceSource.PRODUCT


def test_of_two_agreements_the_later_counts_then_the_newer() -> None:
    endless = replace(AGREED, valid_from=None, entries=(step(TEA, "0", "1"),))
    later = replace(AGREED, id=PriceListId(new_id()), valid_from=date(2024, 2, 1))
    newer = replace(later, id=PriceListId(new_id()), entries=(step(TEA, "0", "6"),))
    asked = a_question(TEA, party_id=ANA)
    assert find_price(TEA, asked, (newer, endless, later)).price == euros("6")
    assert find_price(TEA, asked, (later, endless)).price == euros("7")


def test_an_agreement_that_begins_at_a_larger_quantity_leaves_the_level() -> None:
    large = replace(AGREED, entries=(step(TEA, "100", "1"),))
    asked = a_question(TEA, quantity=Quantity.of("2"), party_id=ANA, price_list_id=LEVEL.id)
    assert find_price(TEA, asked, (large, LEVEL)).source is PriceSource.PRICE_LIST


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "counts"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2024, 3, 1), None, False),
        (None, date(2024, 2, 28), False),
    ],
)
def test_a_list_counts_on_the_days_it_is_valid(
    valid_from: date | None, valid_to: date | None, *, counts: bool
) -> None:
    price_list = replace(AGREED, valid_from=valid_from, valid_to=valid_to)
    found = find_price(TEA, a_question(TEA, party_id=ANA), (price_list,))
    assert (found.source is PriceSource.AGREED) is counts


def test_a_price_is_wanted_in_one_currency() -> None:
    cheap = replace(AGREED.entries[0], price=UnitPrice(Decimal(1), "USD"))
    dollars = replace(AGREED, currency="USD", entries=(cheap,))
    asked = a_question(TEA, party_id=ANA)
    assert find_price(TEA, asked, (dollars,)).price.currency == "USD"
    assert find_price(TEA, replace(asked, currency="EUR"), (dollars,)).price == euros("10")
    with pytest.raises(NotFoundError, match="in USD"):
        find_price(TEA, replace(asked, currency="USD"), ())


def test_what_nobody_priced_has_no_price() -> None:
    with pytest.raises(NotFoundError) as caught:
        find_price(a_product(), a_question(TEA), ())
    assert caught.value.code == "catalog.price.unknown"


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_price_is_that_of_something(quantity: str) -> None:
    with pytest.raises(InvariantError):
        a_question(TEA, quantity=Quantity.of(quantity))


@pytest.mark.parametrize(
    ("minimum", "includes_tax", "allowed"),
    [
        (None, False, True),
        (euros("7"), True, True),
        (euros("7.000001"), True, False),
        (euros("5.6"), False, True),  # 7.00 with 25 % of tax in it
        (euros("5.600001"), False, False),
        (UnitPrice(Decimal(100), "USD"), False, True),
    ],
)
def test_the_minimum_price_is_compared_without_tax(
    minimum: UnitPrice | None, *, includes_tax: bool, allowed: bool
) -> None:
    product = replace(TEA, sale_price=None, minimum_price=minimum, price_includes_tax=includes_tax)
    found = find_price(product, a_question(product, party_id=ANA), (AGREED,))
    if allowed:
        require_minimum(product, found, VAT)
        return
    with pytest.raises(InvariantError) as caught:
        require_minimum(product, found, VAT)
    assert caught.value.code == "catalog.price.below_minimum"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": ""}, "catalog.price_list.name"),
        ({"currency": "eur"}, "money.currency"),
        ({"currency": "USD"}, "catalog.price_list.currency"),
        ({"valid_to": date(2023, 12, 31)}, "catalog.price_list.period"),
        ({"level": 0}, "catalog.price_list.level"),
        ({"level": 100}, "catalog.price_list.level"),
        ({"level": 2, "party_id": ANA}, "catalog.price_list.party_or_level"),
        ({"entries": LEVEL.entries * 2}, "catalog.price_list.entry_twice"),
        ({"entries": TOO_MANY}, "catalog.price_list.entries"),
    ],
)
def test_what_is_no_price_list_cannot_be_made(change: dict[str, Any], code: str) -> None:
    with pytest.raises(InvariantError) as caught:
        replace(LEVEL, **change)
    assert caught.value.code == code


def test_a_price_begins_at_no_negative_quantity() -> None:
    with pytest.raises(InvariantError):
        step(TEA, "-1", "1")


@given(
    st.lists(st.decimals(0, 100, places=2), unique=True, max_size=8),
    st.decimals("0.01", 100, places=2),
)
def test_the_largest_step_that_is_reached_counts(steps: list[Decimal], quantity: Decimal) -> None:
    price_list = a_price_list(*(step(TEA, f"{each:f}", f"{each:f}") for each in steps))
    entry = price_list.entry(TEA.id, Quantity(quantity))
    reached = [each for each in steps if each <= quantity]
    assert (entry.price.amount if entry else None) == max(reached, default=None)


@pytest.fixture
def tea(catalog: CatalogUseCases) -> Product:
    vat = catalog.add_tax_class(CLERK, replace(a_tax_class(), components=VAT))
    return catalog.add_product(
        CLERK,
        replace(
            a_product(), sale_price=euros("10"), minimum_price=euros("6"), tax_class_id=vat.id
        ),
    )


def a_command(product: Product, **more: Any) -> FindPriceCommand:
    return FindPriceCommand(product_id=product.id, quantity=Quantity.of("1"), **more)


def add(catalog: CatalogUseCases, price_list: PriceList) -> PriceList:
    return catalog.add_price_list(CLERK, price_list)


def test_below_the_minimum_only_who_may_sells(
    catalog: CatalogUseCases, store: MemoryStore, tea: Product
) -> None:
    with store(context()) as uow:
        ana = uow.parties.add(context(), another_party("Ana")).id
    add(catalog, replace(a_price_list(step(tea, "0", "7")), party_id=ana))
    command = a_command(tea, party_id=ana)
    with pytest.raises(InvariantError):
        catalog.find_price(SELLER, command)  # 7.00 with tax are 5.60
    boss = context("catalog.price.read", PRICE_OVERRIDE)
    assert catalog.find_price(boss, command).price == euros("7")


def test_without_a_tax_class_prices_are_compared_as_they_are(catalog: CatalogUseCases) -> None:
    product = replace(a_product(), sale_price=euros("10"), minimum_price=euros("10"))
    tea = catalog.add_product(CLERK, product)
    assert catalog.find_price(SELLER, a_command(tea)).price == euros("10")


def test_a_level_that_is_named_must_be_there(catalog: CatalogUseCases, tea: Product) -> None:
    with pytest.raises(NotFoundError) as caught:
        catalog.find_price(SELLER, a_command(tea, price_list_id=PriceListId(new_id())))
    assert caught.value.field == "price_list_id"


def test_a_price_is_that_of_today_unless_a_day_is_named(
    catalog: CatalogUseCases, tea: Product
) -> None:
    level = add(catalog, replace(a_price_list(step(tea, "0", "9")), valid_from=date(2024, 3, 1)))
    today = a_command(tea, price_list_id=level.id)
    assert catalog.find_price(SELLER, today).price == euros("10")
    assert catalog.find_price(SELLER, replace(today, on=date(2024, 3, 1))).price == euros("9")


def test_price_lists_are_read_and_changed(catalog: CatalogUseCases, tea: Product) -> None:
    level = add(catalog, a_price_list(step(tea, "0", "9")))
    command = ChangePriceListCommand(id=level.id, version=1, changes={"name": "B"})
    changed = catalog.change_price_list(CLERK, command)
    assert catalog.get_price_list(CLERK, PriceListCommand(id=level.id)) == changed
    listed = catalog.list_price_lists(CLERK, PriceListQuery(page=PageRequest())).items
    assert listed == (replace(changed, entries=()),)
