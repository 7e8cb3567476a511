"""What confirming an order does: number, credit, goods; all of it or nothing."""

from datetime import date

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import InsufficientStockError
from erp_core.inventory.ports import ReservationQuery
from erp_core.kernel.errors import (
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyRole, PartyState
from erp_core.parties.use_cases import PartyCommand
from erp_core.sales.entities import CreditLimitExceededError, OrderState
from erp_core.sales.use_cases import OrderCommand
from erp_core.testing import RIVAL, context
from tests.failing import FailingStore, fails_everywhere
from tests.sales.shops import PAGE, SELLER, Shop, a_prospect, a_shop, of


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def test_a_confirmed_order_has_a_number_and_keeps_its_customer(shop: Shop) -> None:
    order = shop.confirm(shop.order(shop.line(shop.product(10), 3)))

    assert (order.number, order.state) == ("ORD2024-00001", OrderState.CONFIRMED)
    assert order.customer is not None
    shop.has_party(name="Ada, Countess of Lovelace")
    assert shop.find(order).customer.name == "Ada"
    assert shop.confirm(shop.order(shop.line(None, 1, description="x", unit_price=of(1).value)))


def test_what_there_is_of_each_line_is_reserved(shop: Shop) -> None:
    much, little, none = shop.product(10), shop.product(2), shop.product()
    order = shop.confirm(shop.order(*(shop.line(each, 5) for each in (much, little, none))))

    assert [shop.stock(each) for each in (much, little, none)] == [
        ("10", "5"),
        ("2", "2"),
        ("0", "0"),
    ]
    kept = shop.erp.inventory.list_reservations(SELLER, ReservationQuery(page=PAGE)).items
    assert {each.origin for each in kept} == {f"sales.order:{order.id}/{n}" for n in (1, 2)}


def test_two_lines_of_one_product_do_not_keep_the_same_goods(shop: Shop) -> None:
    product = shop.product(7)
    shop.confirm(shop.order(shop.line(product, 5), shop.line(product, 5)))

    assert shop.stock(product) == ("7", "7")
    assert shop.is_consistent()


def test_of_several_lots_those_that_expire_first_are_kept(shop: Shop) -> None:
    tea = shop.product(tracking=Tracking.LOT)
    for lot, until in (
        ("old", date(2024, 2, 28)),
        ("late", date(2024, 12, 1)),
        ("soon", date(2024, 3, 1)),
        ("ever", None),
    ):
        shop.receive(tea.id, 4, lot, until)
    shop.confirm(shop.order(shop.line(tea, 6)))

    kept = {lot: str(each.reserved) for lot, each in shop.items(tea).items()}
    assert kept == {"old": "0", "soon": "4", "late": "2", "ever": "0"}


def test_services_and_what_is_only_described_keep_nothing(shop: Shop) -> None:
    lines = (
        shop.line(shop.service(), 2),
        shop.line(None, 1, description="freight", unit_price=of(5).value),
    )
    order = shop.confirm(shop.order(*lines))

    assert order.left_to_ship == ()
    assert len(order.left_to_invoice) == 2


def test_goods_leave_at_once_where_the_company_chose_so(shop: Shop) -> None:
    shop.leaves_at(StockLeavesAt.ORDER)
    plain, tea = shop.product(10), shop.product(tracking=Tracking.LOT)
    shop.receive(tea.id, 4, "late", date(2024, 12, 1))
    shop.receive(tea.id, 4, "soon", date(2024, 3, 1))
    order = shop.confirm(shop.order(shop.line(plain, 3), shop.line(tea, 5)))

    assert order.stock_leaves_at is StockLeavesAt.ORDER
    assert [each.issued for each in order.lines] == [of(3), of(5)]
    assert shop.stock(plain) == ("7", "0")
    assert {lot: str(each.on_hand) for lot, each in shop.items(tea).items()} == {
        "soon": "0",
        "late": "3",
    }
    cancelled = shop.cancel(order)
    assert cancelled.state is OrderState.CANCELLED
    assert (shop.stock(plain), shop.stock(tea)) == (("10", "0"), ("8", "0"))
    assert shop.is_consistent()


def test_goods_that_leave_at_once_must_all_be_there(shop: Shop) -> None:
    shop.leaves_at(StockLeavesAt.ORDER)
    little, tea, enough = shop.product(2), shop.product(tracking=Tracking.LOT), shop.product(9)
    shop.receive(tea.id, 1, "L")
    order = shop.order(shop.line(enough, 1), shop.line(tea, 5))
    with pytest.raises(InsufficientStockError) as refusal:
        shop.confirm(order)
    assert refusal.value.field == "lines/1/quantity"
    assert (refusal.value.details["wanted"], refusal.value.details["available"]) == (of(5), of(1))
    order = shop.order(shop.line(enough, 1), shop.line(little, 5))
    with pytest.raises(InsufficientStockError) as refusal:
        shop.confirm(order)
    assert refusal.value.details["rows"][0]["field"] == "lines/1/quantity"
    assert shop.stock(enough) == ("9", "0")
    assert shop.find(order).number == ""


def test_goods_that_leave_at_once_leave_from_somewhere(shop: Shop) -> None:
    shop.leaves_at(StockLeavesAt.ORDER)
    line = shop.line(shop.product(5), 1)
    order = shop.order(type(line)(request=line.request))
    with pytest.raises(InvariantError) as refusal:
        shop.confirm(order)
    assert (refusal.value.code, refusal.value.field) == (
        "sales.order.warehouse",
        "lines/0/warehouse_id",
    )


def test_nobody_buys_beyond_his_credit(shop: Shop) -> None:
    product = shop.product()
    shop.limit(100)
    first = shop.confirm(shop.order(shop.line(product, 6)))
    second = shop.order(shop.line(product, 5))
    with pytest.raises(CreditLimitExceededError) as refusal:
        shop.confirm(second)
    assert {name: str(refusal.value.details[name]) for name in ("limit", "used", "wanted")} == {
        "limit": "100.00 EUR",
        "used": "60.00 EUR",
        "wanted": "50.00 EUR",
    }
    assert shop.confirm(shop.order(shop.line(product, 4))).state is OrderState.CONFIRMED
    shop.cancel(first)
    assert shop.confirm(second).state is OrderState.CONFIRMED


def test_who_may_sells_beyond_the_limit(shop: Shop) -> None:
    shop.limit(1)
    order = shop.order(shop.line(shop.product(), 6))
    chief = context("sales.order.confirm", "sales.credit_limit.override")

    assert shop.confirm(order, chief).state is OrderState.CONFIRMED


def test_a_limit_in_another_currency_is_no_limit_one_can_check(shop: Shop) -> None:
    shop.limit(10_000, "BRL")
    with pytest.raises(InvariantError) as refusal:
        shop.confirm(shop.order(shop.line(shop.product(), 1)))
    assert refusal.value.code == "sales.credit_limit.currency"


def test_a_prospect_becomes_a_customer(shop: Shop) -> None:
    a_prospect(shop)
    order = shop.confirm(shop.order(shop.line(shop.product(), 1)))
    party = shop.erp.parties.get_party(SELLER, PartyCommand(id=shop.buyer.id))

    assert party.roles == (PartyRole.CUSTOMER,)
    assert party.customer_code is not None
    assert order.customer is not None
    assert order.customer.code == party.customer_code


def test_an_archived_customer_buys_nothing(shop: Shop) -> None:
    order = shop.order(shop.line(shop.product(), 1))
    shop.has_party(state=PartyState.ARCHIVED)
    for refused in (lambda: shop.confirm(order), shop.order):
        with pytest.raises(TransitionError) as refusal:
            refused()
        assert refusal.value.code == "parties.party.not_active"


def test_an_order_of_nothing_is_not_confirmed(shop: Shop) -> None:
    with pytest.raises(InvariantError) as refusal:
        shop.confirm(shop.order())
    assert refusal.value.code == "sales.document.empty"


def test_who_saw_another_version_confirms_nothing(shop: Shop) -> None:
    order = shop.order(shop.line(shop.product(), 1))
    with pytest.raises(PreconditionFailedError):
        shop.erp.sales.confirm_order(SELLER, OrderCommand(id=order.id, version=7))
    rival = context("sales.*", company=RIVAL)
    with pytest.raises(NotFoundError):
        shop.erp.sales.confirm_order(rival, OrderCommand(id=order.id))


def test_cancelling_gives_free_what_was_kept(shop: Shop) -> None:
    product = shop.product(10)
    order = shop.confirm(shop.order(shop.line(product, 4), shop.line(product, 4)))
    cancelled = shop.cancel(order, "changed his mind")

    assert (cancelled.state, cancelled.reason) == (OrderState.CANCELLED, "changed his mind")
    assert shop.stock(product) == ("10", "0")
    assert cancelled.to_invoice.amount == ZERO.value
    assert shop.is_consistent()


@pytest.mark.parametrize("paper", [StockLeavesAt.SHIPMENT, StockLeavesAt.ORDER])
def test_a_failure_anywhere_leaves_nothing_of_a_confirmation(paper: StockLeavesAt) -> None:
    def prepare(store: FailingStore):
        shop = a_shop(store)
        shop.leaves_at(paper)
        shop.limit(1000)
        a_prospect(shop)
        tea = shop.product(tracking=Tracking.LOT)
        shop.receive(tea.id, 4, "L", date(2024, 12, 1))
        order = shop.order(shop.line(shop.product(9), 2), shop.line(tea, 2))
        return lambda: shop.confirm(order)

    assert fails_everywhere(prepare) > 12


@pytest.mark.parametrize("paper", [StockLeavesAt.SHIPMENT, StockLeavesAt.ORDER])
def test_a_failure_anywhere_leaves_nothing_of_a_cancellation(paper: StockLeavesAt) -> None:
    def prepare(store: FailingStore):
        shop = a_shop(store)
        shop.leaves_at(paper)
        order = shop.confirm(shop.order(shop.line(shop.product(9), 2)))
        return lambda: shop.cancel(order)

    assert fails_everywhere(prepare) > 5
