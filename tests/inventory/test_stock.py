"""The rules of stock, told through its use cases, in memory."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from erp_core.catalog.entities import ProductKind, Tracking
from erp_core.inventory.entities import (
    InsufficientStockError,
    LockedStock,
    Posting,
    Reason,
    StockedProduct,
    StockItem,
    StockKey,
    StockRule,
    Valuation,
    WarehouseId,
)
from erp_core.inventory.ports import MovementQuery, StockQuery
from erp_core.inventory.use_cases import (
    ChangeWarehouseCommand,
    ReceiveStockCommand,
    TransferStockCommand,
    VerifyStockQuery,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, NotFoundError
from erp_core.kernel.money import Money, UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.testing import NOON, expect
from erp_core.testing.catalog import a_product
from tests.inventory.shops import CLERK, Shop, a_shop, euros, of

VECTORS = Path(__file__).parents[1] / "data" / "average_cost.json"


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.mark.parametrize("case", range(3))
def test_the_average_cost_meets_the_recorded_one(shop: Shop, case: int) -> None:
    moves = json.loads(VECTORS.read_text(encoding="utf-8"))["average_cost"][case]["moves"]
    product = shop.product()
    places = {each: shop.warehouse(may_go_negative=True).id for each in (1, 2)}
    for move in moves:
        key = StockKey(product.id, places[move["warehouse"]])
        if move["unit_cost"] is None:
            made = shop.issue(key, move["quantity"].removeprefix("-"))
        else:
            made = shop.receive(key, move["quantity"], move["unit_cost"])
        after = made.average_cost_after
        assert after is not None
        assert abs(after.amount - Decimal(move["average_cost"])) <= Decimal("0.0005")


def test_an_issue_goes_out_at_the_average_cost(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10", "2")
    shop.receive(key, "10", "4")
    issued = shop.issue(key, "5", label="for the fair")

    assert (issued.quantity, issued.on_hand_after) == (of("-5"), of("15"))
    assert (issued.unit_cost, issued.average_cost_after) == (euros("3"), euros("3"))
    assert issued.posting == Posting(
        reason=Reason.ISSUE, at=NOON, by="tester", label="for the fair"
    )


def test_what_was_received_at_no_cost_changes_no_average(shop: Shop) -> None:
    key = shop.key()
    assert shop.receive(key, "1", "0").average_cost_after is None
    shop.receive(key, "10", "2")

    assert shop.receive(key, "10", "0").average_cost_after == euros("2")


def test_too_little_is_refused_with_its_particulars(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "3")
    with pytest.raises(InsufficientStockError) as refusal:
        shop.issue(key, "4")

    assert refusal.value.code == "insufficient_stock"
    assert refusal.value.details["wanted"] == of("4")
    assert refusal.value.details["available"] == of("3")
    assert refusal.value.details["product_id"] == key.product_id
    assert refusal.value.details["warehouse_id"] == key.warehouse_id


def test_a_warehouse_may_run_ahead_of_its_receipts(shop: Shop) -> None:
    key = StockKey(shop.product().id, shop.warehouse(may_go_negative=True).id)

    assert shop.issue(key, "4").on_hand_after == of("-4")
    assert shop.receive(key, "10", "3").average_cost_after == euros("3")


def test_a_debt_outlives_the_leave_to_make_it_and_only_shrinks(shop: Shop) -> None:
    key = StockKey(shop.product().id, shop.warehouse(may_go_negative=True).id)
    shop.issue(key, "4")
    command = ChangeWarehouseCommand(
        id=key.warehouse_id, version=None, changes={"may_go_negative": False}
    )

    assert not shop.erp.inventory.change_warehouse(CLERK, command).may_go_negative
    with pytest.raises(InsufficientStockError):
        shop.issue(key, "1")
    assert shop.receive(key, "3").on_hand_after == of("-1")


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_a_quantity_is_greater_than_zero(shop: Shop, quantity: str) -> None:
    key = shop.key()
    for refused in (lambda: shop.receive(key, quantity), lambda: shop.issue(key, quantity)):
        with pytest.raises(InvariantError) as refusal:
            refused()
        assert (refusal.value.code, refusal.value.field) == ("inventory.quantity", "quantity")


def test_goods_are_carried_from_one_warehouse_to_another(shop: Shop) -> None:
    here = shop.key()
    there = replace(here, warehouse_id=shop.warehouse().id)
    shop.receive(here, "10", "2")
    command = TransferStockCommand(
        product_id=here.product_id,
        from_warehouse_id=here.warehouse_id,
        to_warehouse_id=there.warehouse_id,
        quantity=of("4"),
    )
    carried = shop.erp.inventory.transfer_stock(CLERK, command)

    assert (carried.out.on_hand_after, carried.into.on_hand_after) == (of("6"), of("4"))
    assert carried.out.posting.reason is Reason.TRANSFER_OUT
    assert carried.into.posting.reason is Reason.TRANSFER_IN
    assert carried.into.average_cost_after == euros("2")
    with pytest.raises(InsufficientStockError):
        shop.erp.inventory.transfer_stock(CLERK, replace(command, quantity=of("7")))
    with pytest.raises(InvariantError) as refusal:
        shop.erp.inventory.transfer_stock(
            CLERK, replace(command, to_warehouse_id=here.warehouse_id)
        )
    assert refusal.value.code == "inventory.same_place"
    listed = shop.erp.inventory.list_stock(CLERK, StockQuery(page=PageRequest())).items
    assert sorted(each.item.on_hand for each in listed) == [of("4"), of("6")]


def test_a_count_sets_what_is_on_hand(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10", "2")

    assert shop.adjust(key, "7").quantity == of("-3")
    assert shop.adjust(key, "9").quantity == of("2")
    assert shop.adjust(key, "9").quantity == of("0")
    assert shop.adjust(key, "0").average_cost_after == euros("2")
    with pytest.raises(InvariantError) as refusal:
        shop.adjust(key, "-1")
    assert refusal.value.field == "counted"


@pytest.mark.parametrize(
    ("changes", "lot", "code"),
    [
        ({"kind": ProductKind.SERVICE, "stock_managed": False}, "", "inventory.not_stocked"),
        ({"stock_managed": False}, "", "inventory.not_stocked"),
        ({}, "L-1", "inventory.lot"),
        ({"tracking": Tracking.LOT}, "", "inventory.lot"),
        ({"tracking": Tracking.SERIAL}, "", "inventory.lot"),
    ],
)
def test_what_cannot_be_moved_is_refused(shop: Shop, changes, lot: str, code: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        shop.receive(shop.key(lot, **changes), "1")

    assert refusal.value.code == code


def test_what_is_archived_does_not_move(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10")
    with shop.store(CLERK) as uow:
        product = uow.products.get(CLERK, key.product_id)
        uow.products.save(CLERK, product.archive(NOON))
    with pytest.raises(InvariantError) as refusal:
        shop.issue(key, "1")
    assert refusal.value.code == "inventory.product_archived"

    other = shop.key()
    shop.erp.inventory.archive_warehouse(CLERK, WarehouseCommand(id=other.warehouse_id))
    with pytest.raises(InvariantError) as refusal:
        shop.receive(other, "1")
    assert refusal.value.code == "inventory.warehouse_archived"


def test_a_serial_is_there_once(shop: Shop) -> None:
    key = shop.key("S-1", tracking=Tracking.SERIAL)
    shop.receive(key, "1")
    with pytest.raises(InvariantError) as refusal:
        shop.receive(key, "1")

    assert refusal.value.code == "inventory.serial"
    assert shop.issue(key, "1").on_hand_after == of("0")
    assert shop.receive(key, "1").on_hand_after == of("1")


@pytest.mark.parametrize("amount", [1, 0])
def test_costs_are_in_one_currency(shop: Shop, amount: int) -> None:
    key = shop.key()
    shop.receive(key, "1")
    reais = UnitPrice(Decimal(amount), "BRL")
    with pytest.raises(InvariantError) as refusal:
        shop.erp.inventory.receive_stock(
            CLERK, ReceiveStockCommand(key=key, quantity=of("1"), unit_cost=reais)
        )

    assert refusal.value.code == "money.currency_mismatch"


def test_movements_tell_the_story(shop: Shop) -> None:
    key = shop.key()
    received, issued = shop.receive(key, "3"), shop.issue(key, "1")
    query = MovementQuery(page=PageRequest(), product_id=key.product_id)

    assert shop.erp.inventory.list_movements(CLERK, query).items == (received, issued)
    assert shop.erp.inventory.get_movement(CLERK, issued.id) == issued
    verified = shop.erp.inventory.verify_stock(CLERK, VerifyStockQuery())
    assert (verified.consistent, verified.differences) == (True, ())


def test_a_row_that_its_movements_do_not_explain_is_named(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "3")
    with shop.store(CLERK) as uow:
        stock = uow.stock.lock(CLERK, [key])
        forged = replace(stock.items[key], on_hand=of("5"))
        uow.stock.save(CLERK, replace(stock, items={key: forged}))
    verified = shop.erp.inventory.verify_stock(CLERK, VerifyStockQuery())

    assert not verified.consistent
    (difference,) = verified.differences
    assert (difference.key, difference.rule) == (key, StockRule.ON_HAND)
    assert (str(difference.found), str(difference.expected)) == ("5", "3")


def test_what_is_reserved_is_not_available() -> None:
    key = StockKey(a_product().id, WarehouseId(new_id()))
    item = StockItem(
        key=key, product=StockedProduct(sku="TEA"), on_hand=of("10"), reserved=of("8")
    )
    stock = LockedStock(
        items={key: item}, valuations={key.product_id: Valuation(product_id=key.product_id)}
    )
    posting = Posting(reason=Reason.ISSUE, at=NOON, by="ada")

    assert item.available == of("2")
    assert stock.issue(key, of("2"), posting).items[key].on_hand == of("8")
    with pytest.raises(InsufficientStockError):
        stock.issue(key, of("3"), posting)


def test_stock_has_a_value() -> None:
    valuation = Valuation(product_id=a_product().id)

    assert valuation.value(of("3")) is None
    valued = replace(valuation, average_cost=euros("0.335"))
    assert valued.value(of("3")) == Money(Decimal("1.01"), "EUR")


def test_a_posting_needs_a_time_zone_and_a_short_label() -> None:
    with pytest.raises(InvariantError):
        Posting(reason=Reason.ISSUE, at=NOON.replace(tzinfo=None), by="ada")
    with pytest.raises(InvariantError) as refusal:
        Posting(reason=Reason.ISSUE, at=NOON, by="ada", label="x" * 201)
    assert refusal.value.field == "label"


def test_an_unknown_movement_is_not_found(shop: Shop) -> None:
    with pytest.raises(NotFoundError):
        shop.erp.inventory.get_movement(CLERK, new_id())


def test_what_is_not_named_is_counted(shop: Shop) -> None:
    keys = [shop.key() for _ in range(3)]
    for key in keys:
        shop.receive(key, "3")
        with shop.store(CLERK) as uow:
            stock = uow.stock.lock(CLERK, [key])
            forged = replace(stock.items[key], on_hand=of("5"))
            uow.stock.save(CLERK, replace(stock, items={key: forged}))
    few = shop.erp.inventory.verify_stock(CLERK, VerifyStockQuery(most=2))
    all_ = shop.erp.inventory.verify_stock(CLERK, VerifyStockQuery())

    assert (len(few.differences), few.more) == (2, 1)
    assert (len(all_.differences), all_.more) == (3, 0)
    with expect(InvariantError, "inventory.verify.most"):
        VerifyStockQuery(most=0)
