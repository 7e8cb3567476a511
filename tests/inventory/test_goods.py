"""Documents of many lines, what comes back, what it really cost, and what is promised."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    InsufficientStockError,
    LotDates,
    LotId,
    Posting,
    Reason,
    ReservationExceededError,
    StockKey,
    StockRule,
)
from erp_core.inventory.ports import LotQuery, ReservationQuery
from erp_core.inventory.use_cases import (
    ChangeLotCommand,
    IssueGoodsCommand,
    IssueLine,
    ReceiptLine,
    ReceiveGoodsCommand,
    ReservationCommand,
    ReturnStockCommand,
    RevalueReceiptCommand,
    TransferStockCommand,
    VerifyStockQuery,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    ErpError,
    InvariantError,
    NotFoundError,
    PreconditionFailedError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.testing import NOON
from tests.inventory.shops import CLERK, Shop, a_shop, euros, of


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def take_back(shop: Shop, movement_id, quantity: str, **more: object):
    command = ReturnStockCommand(movement_id=movement_id, quantity=of(quantity), **more)
    return shop.erp.inventory.return_stock(CLERK, command)


def revalue(shop: Shop, movement_id, cost: str):
    command = RevalueReceiptCommand(movement_id=movement_id, unit_cost=euros(cost))
    return shop.erp.inventory.revalue_receipt(CLERK, command)


def test_a_delivery_comes_whole_or_not_at_all(shop: Shop) -> None:
    tea, milk = shop.key(), shop.key("L-1", tracking=Tracking.LOT)
    dates = LotDates(expires_on=date(2024, 6, 1))
    lines = (
        ReceiptLine(key=tea, quantity=of("10"), unit_cost=euros("2")),
        ReceiptLine(key=milk, quantity=of("5"), unit_cost=euros("1"), dates=dates),
        ReceiptLine(key=tea, quantity=of("10"), unit_cost=euros("4")),
    )
    received = shop.erp.inventory.receive_goods(CLERK, ReceiveGoodsCommand(lines=lines))

    assert [each.on_hand_after for each in received.movements] == [of("10"), of("5"), of("20")]
    assert received.movements[2].average_cost_after == euros("3")
    bad = replace(lines[1], quantity=of("0"))
    with pytest.raises(InvariantError) as refusal:
        shop.erp.inventory.receive_goods(CLERK, ReceiveGoodsCommand(lines=(lines[0], bad)))
    assert (refusal.value.code, refusal.value.field) == ("inventory.quantity", "lines/1/quantity")
    assert shop.issue(tea, "20").on_hand_after == of("0")


def test_an_issue_of_many_lines_names_the_one_that_fails(shop: Shop) -> None:
    tea, milk = shop.key(), shop.key()
    shop.receive(tea, "10")
    shop.receive(milk, "1")
    lines = (IssueLine(key=tea, quantity=of("4")), IssueLine(key=milk, quantity=of("2")))
    with pytest.raises(InsufficientStockError) as refusal:
        shop.erp.inventory.issue_goods(CLERK, IssueGoodsCommand(lines=lines))
    assert refusal.value.field == "lines/1/quantity"

    fewer = (lines[0], IssueLine(key=milk, quantity=of("1")))
    issued = shop.erp.inventory.issue_goods(CLERK, IssueGoodsCommand(lines=fewer, label="fair"))
    assert [each.on_hand_after for each in issued.movements] == [of("6"), of("0")]
    assert {each.posting.label for each in issued.movements} == {"fair"}


@pytest.mark.parametrize("lines", [0, 1001])
def test_a_document_has_a_bounded_number_of_lines(lines: int) -> None:
    key = StockKey(new_id(), new_id())
    with pytest.raises(InvariantError) as refusal:
        IssueGoodsCommand(lines=(IssueLine(key=key, quantity=of("1")),) * lines)

    assert refusal.value.field == "lines"


def test_goods_come_back_at_the_cost_they_went_out_with(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10", "2")
    issued = shop.issue(key, "5")
    shop.receive(key, "5", "4")
    returned = take_back(shop, issued.id, "3", label="wrong colour")

    assert (returned.unit_cost, returned.posting.reason) == (euros("2"), Reason.RETURN)
    assert returned.posting.reference_id == issued.id
    assert returned.average_cost_after == UnitPrice(Decimal("2.769231"), "EUR")
    with pytest.raises(InvariantError) as refusal:
        take_back(shop, issued.id, "3")
    assert refusal.value.code == "inventory.return.exceeded"
    assert take_back(shop, issued.id, "2").on_hand_after == of("15")


def test_goods_may_come_back_to_another_warehouse(shop: Shop) -> None:
    key, there = shop.key(), shop.warehouse().id
    shop.receive(key, "1")
    returned = take_back(shop, shop.issue(key, "1").id, "1", warehouse_id=there)

    assert returned.key == replace(key, warehouse_id=there)


def test_goods_without_a_cost_come_back_without_one(shop: Shop) -> None:
    key = StockKey(shop.product().id, shop.warehouse(may_go_negative=True).id)
    returned = take_back(shop, shop.issue(key, "1").id, "1")

    assert (returned.unit_cost, returned.average_cost_after) == (euros("0"), None)


def test_only_what_was_issued_comes_back(shop: Shop) -> None:
    with pytest.raises(InvariantError) as refusal:
        take_back(shop, shop.receive(shop.key(), "1").id, "1")
    assert refusal.value.code == "inventory.return.origin"
    with pytest.raises(NotFoundError):
        take_back(shop, new_id(), "1")


def test_a_cost_that_becomes_known_later_changes_what_is_still_here(shop: Shop) -> None:
    key = shop.key()
    receipt = shop.receive(key, "10", "2")
    shop.issue(key, "6")
    revalued = revalue(shop, receipt.id, "3")

    assert (revalued.quantity, revalued.on_hand_after) == (of("0"), of("4"))
    assert (revalued.unit_cost, revalued.average_cost_after) == (euros("3"), euros("3"))
    assert revalued.posting.reason is Reason.REVALUATION
    assert revalue(shop, receipt.id, "2.5").average_cost_after == euros("2.5")
    shop.receive(key, "4", "4.5")
    assert revalue(shop, receipt.id, "3.5").average_cost_after == euros("4.5")


def test_a_cost_of_what_is_gone_changes_no_average(shop: Shop) -> None:
    key = shop.key()
    receipt = shop.receive(key, "10", "2")
    shop.issue(key, "10")

    assert revalue(shop, receipt.id, "3").average_cost_after == euros("2")


def test_an_average_never_falls_below_zero(shop: Shop) -> None:
    key = shop.key()
    dear, _ = shop.receive(key, "10", "10"), shop.issue(key, "9")
    shop.receive(key, "9", "0.10")

    assert revalue(shop, dear.id, "0").average_cost_after == euros("0")


def test_a_receipt_at_no_cost_may_get_one(shop: Shop) -> None:
    key = shop.key()
    receipt = shop.receive(key, "10", "0")

    assert revalue(shop, receipt.id, "2").average_cost_after is None
    with pytest.raises(InvariantError) as refusal:
        revalue(shop, shop.issue(key, "1").id, "2")
    assert refusal.value.code == "inventory.revalue.origin"


def test_stock_is_promised_and_given_free_again(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10")
    command = ReservationCommand(key=key, quantity=of("4"), origin="sales.order:7/1")

    assert shop.erp.inventory.reserve_stock(CLERK, command).quantity == of("4")
    assert shop.erp.inventory.reserve_stock(CLERK, command).quantity == of("8")
    listed = shop.erp.inventory.list_reservations(CLERK, ReservationQuery(page=PageRequest()))
    assert [each.quantity for each in listed.items] == [of("8")]
    with pytest.raises(InsufficientStockError):
        shop.erp.inventory.reserve_stock(CLERK, command)
    assert shop.erp.inventory.release_stock(CLERK, command).quantity == of("4")
    assert shop.erp.inventory.release_stock(CLERK, command).quantity == of("0")
    with pytest.raises(ReservationExceededError):
        shop.erp.inventory.release_stock(CLERK, command)
    shop.erp.inventory.reserve_stock(CLERK, command)
    with pytest.raises(InsufficientStockError):  # a count may not deny what is promised
        shop.adjust(key, "3")


@pytest.mark.parametrize("bad", ["", "sales order", "é", "x" * 65])
def test_a_line_has_a_plain_name(bad: str) -> None:
    with pytest.raises(InvariantError) as refusal:
        ReservationCommand(key=StockKey(new_id(), new_id()), quantity=of("1"), origin=bad)

    assert (refusal.value.code, refusal.value.field) == ("inventory.origin", "origin")


def test_a_lot_is_corrected_by_whoever_saw_it_last(shop: Shop) -> None:
    key = shop.key("L-1", tracking=Tracking.LOT)
    shop.receive(key, "1")
    (lot,) = shop.erp.inventory.list_lots(CLERK, LotQuery(page=PageRequest())).items
    changes = {"made_on": date(2024, 1, 1), "expires_on": date(2024, 6, 1)}
    command = ChangeLotCommand(id=lot.id, version=1, changes=changes)
    changed = shop.erp.inventory.change_lot(CLERK, command)

    assert shop.erp.inventory.get_lot(CLERK, lot.id) == changed
    with pytest.raises(PreconditionFailedError):
        shop.erp.inventory.change_lot(CLERK, command)
    backwards = ChangeLotCommand(id=lot.id, version=2, changes={"expires_on": date(2023, 1, 1)})
    with pytest.raises(InvariantError) as refusal:
        shop.erp.inventory.change_lot(CLERK, backwards)
    assert refusal.value.code == "inventory.lot.dates"
    with pytest.raises(NotFoundError):
        shop.erp.inventory.get_lot(CLERK, LotId(new_id()))


def test_goods_without_lots_have_no_dates(shop: Shop) -> None:
    line = ReceiptLine(
        key=shop.key(),
        quantity=of("1"),
        unit_cost=euros("1"),
        dates=LotDates(expires_on=date(2024, 6, 1)),
    )
    with pytest.raises(ErpError) as refusal:
        shop.erp.inventory.receive_goods(CLERK, ReceiveGoodsCommand(lines=(line,)))

    assert refusal.value.code == "inventory.lot.none"


def test_a_serial_that_left_may_come_to_another_warehouse(shop: Shop) -> None:
    key = shop.key("S-1", tracking=Tracking.SERIAL)
    there = replace(key, warehouse_id=shop.warehouse().id)
    shop.receive(key, "1")
    with pytest.raises(InvariantError):
        shop.receive(there, "1")
    shop.issue(key, "1")

    assert shop.receive(there, "1").on_hand_after == of("1")


def test_goods_under_way_are_touched_by_transfers_alone(shop: Shop) -> None:
    key = shop.key()
    issued = (shop.receive(key, "10"), shop.issue(key, "1"))[1]
    with shop.store(CLERK) as uow:
        transit = uow.warehouses.transit(CLERK)
    away = replace(key, warehouse_id=transit.id)
    carry = TransferStockCommand(
        product_id=key.product_id,
        from_warehouse_id=key.warehouse_id,
        to_warehouse_id=transit.id,
        quantity=of("1"),
    )
    line = IssueLine(key=away, quantity=of("1"))
    receipt = ReceiptLine(key=away, quantity=of("1"), unit_cost=euros("1"))
    inventory = shop.erp.inventory
    for touched in (
        lambda: shop.receive(away, "1"),
        lambda: shop.issue(away, "1"),
        lambda: shop.adjust(away, "1"),
        lambda: inventory.transfer_stock(CLERK, carry),
        lambda: inventory.issue_goods(CLERK, IssueGoodsCommand(lines=(line,))),
        lambda: inventory.receive_goods(CLERK, ReceiveGoodsCommand(lines=(receipt,))),
        lambda: take_back(shop, issued.id, "1", warehouse_id=transit.id),
        lambda: inventory.reserve_stock(
            CLERK, ReservationCommand(key=away, quantity=of("1"), origin="sales.order:7/1")
        ),
    ):
        with pytest.raises(InvariantError) as refusal:
            touched()
        assert refusal.value.code == "inventory.warehouse.in_transit"


def test_goods_under_way_that_no_transfer_explains_are_named(shop: Shop) -> None:
    key = shop.key()
    shop.receive(key, "10")
    with shop.store(CLERK) as uow:
        transit = uow.warehouses.transit(CLERK)
    lost = replace(key, warehouse_id=transit.id)
    with shop.store(CLERK) as uow:
        stock = uow.stock.lock(CLERK, [key, lost])
        posting = Posting(reason=Reason.TRANSFER_OUT, at=NOON, by="ada")
        uow.stock.save(CLERK, stock.transfer(key, lost, of("4"), posting))
    (difference,) = shop.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).differences

    assert (difference.key, difference.rule) == (lost, StockRule.TRANSIT)
    assert (str(difference.found), str(difference.expected)) == ("4", "0")
