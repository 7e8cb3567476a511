"""The rules of goods under way, told through their use cases, in memory."""

from dataclasses import replace
from decimal import Decimal

import pytest

from erp_core.catalog.entities import Tracking
from erp_core.inventory.entities import (
    TRANSFER_LINES_MAX,
    TRANSIT_CODE,
    InsufficientStockError,
    Parcel,
    Reason,
    ShortRowsError,
    StockTransferState,
    WarehouseId,
)
from erp_core.inventory.ports import (
    StockTransferQuery,
)
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    ChangeWarehouseCommand,
    EndTransferCommand,
    VerifyStockQuery,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.testing import NOON, context
from erp_core.testing.inventory import a_warehouse
from tests.inventory.firms import CLERK, PAGE, Firm, a_firm, line, of, refusal_of


@pytest.fixture
def firm() -> Firm:
    return a_firm()


def test_goods_are_sent_are_under_way_and_arrive(firm: Firm) -> None:
    tea, pot = firm.product("10"), firm.product("3")
    sent = firm.send(line(tea, "4"), line(pot, "3"))

    assert (sent.state, sent.version, sent.dispatched_at) == (
        StockTransferState.DISPATCHED,
        1,
        NOON,
    )
    assert [firm.on_hand(each) for each in (tea, pot)] == [[6, 4, 0], [0, 3, 0]]
    arrived = firm.arrive(sent)
    assert (arrived.state, arrived.ended_at) == (StockTransferState.ARRIVED, NOON)
    assert arrived.under_way == ()
    assert [firm.on_hand(each) for each in (tea, pot)] == [[6, 0, 4], [0, 0, 3]]
    assert firm.erp.inventory.get_transfer(CLERK, sent.id) == arrived
    listed = firm.erp.inventory.list_transfers(CLERK, StockTransferQuery(page=PAGE))
    assert listed.items == (arrived.summary,)
    assert firm.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent


def test_every_movement_names_its_transfer(firm: Firm) -> None:
    tea = firm.product()
    sent = firm.send(line(tea, "4"))
    firm.arrive(sent)
    _, *steps = firm.story(tea)

    assert [each.posting.reason for each in steps] == [
        Reason.TRANSFER_OUT,
        Reason.TRANSFER_IN,
        Reason.TRANSFER_OUT,
        Reason.TRANSFER_IN,
    ]
    assert {each.posting.origin for each in steps} == {f"inventory.stock_transfer:{sent.id}"}
    assert {(each.posting.label, each.posting.by) for each in steps} == {("by van", "tester")}


def test_goods_under_way_count_in_the_average_cost(firm: Firm) -> None:
    tea = firm.product("10", "2")
    firm.send(line(tea, "10"))

    assert firm.receive(tea, "10", "4").average_cost_after == UnitPrice(Decimal(3), "EUR")


def test_goods_arrive_in_parts(firm: Firm) -> None:
    tea, pot = firm.product("10"), firm.product("10")
    sent = firm.send(line(tea, "4"), line(pot, "2"))
    part = firm.arrive(sent, "1.5")

    assert part.state is StockTransferState.PARTLY_ARRIVED
    assert [each.quantity for each in part.under_way] == [of("2.5"), of("2")]
    part = firm.arrive(part, "2.5")
    assert [(each.line_id, each.quantity) for each in part.under_way] == [
        (sent.lines[1].id, of("2"))
    ]
    assert firm.arrive(part).state is StockTransferState.ARRIVED
    assert [firm.on_hand(each) for each in (tea, pot)] == [[6, 0, 4], [8, 0, 2]]


def test_no_more_arrives_than_is_under_way(firm: Firm) -> None:
    tea = firm.product()
    sent = firm.send(line(tea, "1"), line(tea, "4"))
    refusal = refusal_of(lambda: firm.arrive(sent, "1", "4.1"))
    assert (refusal.code, refusal.field) == (
        "inventory.stock_transfer.too_much",
        "lines/1/quantity",
    )
    assert refusal.details == {"wanted": of("4.1"), "under_way": of("4")}

    twice = (Parcel(line_id=sent.lines[0].id, quantity=of("1")),) * 2
    command = ArriveTransferCommand(id=sent.id, parcels=twice)
    refusal = refusal_of(lambda: firm.erp.inventory.arrive_transfer(CLERK, command))
    assert refusal.field == "lines/1/quantity"
    assert firm.on_hand(tea) == [5, 5, 0]


@pytest.mark.parametrize("quantity", ["0", "-1"])
def test_what_arrives_is_more_than_nothing(firm: Firm, quantity: str) -> None:
    sent = firm.send(line(firm.product(), "4"))

    assert refusal_of(lambda: firm.arrive(sent, quantity)).field == "lines/0/quantity"
    command = ArriveTransferCommand(id=sent.id, parcels=())
    refusal = refusal_of(lambda: firm.erp.inventory.arrive_transfer(CLERK, command))
    assert refusal.code == "inventory.stock_transfer.nothing"


def test_what_arrives_is_of_a_line(firm: Firm) -> None:
    sent, other = (firm.send(line(firm.product(), "4")) for _ in range(2))
    command = ArriveTransferCommand(
        id=sent.id, parcels=(Parcel(line_id=other.lines[0].id, quantity=of("1")),)
    )
    refused = refusal_of(lambda: firm.erp.inventory.arrive_transfer(CLERK, command), NotFoundError)

    assert refused.field == "lines/0/line_id"


def test_too_little_is_refused_by_row_and_nothing_leaves(firm: Firm) -> None:
    tea, pot, cup = firm.product("10"), firm.product("1"), firm.product("2")
    refusal = refusal_of(
        lambda: firm.send(line(pot, "2"), line(tea, "4"), line(cup, "3")), InsufficientStockError
    )

    assert isinstance(refusal, ShortRowsError)
    assert (refusal.code, refusal.field) == ("insufficient_stock", "lines/0/quantity")
    rows = [(each["product_id"], each["available"]) for each in refusal.details["rows"]]
    assert rows == [(pot, of("1")), (cup, of("2"))]
    assert refusal.details["wanted"] == of("2")
    assert "lines/0/quantity: 2 of" in str(refusal)
    assert "lines/2/quantity: 3 of" in str(refusal)
    for product, quantity in ((tea, "10"), (pot, "1"), (cup, "2")):
        assert [each.quantity for each in firm.story(product)] == [of(quantity)]
    assert firm.erp.inventory.list_transfers(CLERK, StockTransferQuery(page=PAGE)).items == ()


def test_lines_of_one_product_share_what_there_is(firm: Firm) -> None:
    tea = firm.product("5")
    refusal = refusal_of(lambda: firm.send(line(tea, "4"), line(tea, "2")), InsufficientStockError)

    assert (refusal.field, refusal.details["available"]) == ("lines/1/quantity", of("1"))


def test_of_very_many_short_rows_some_are_named(firm: Firm) -> None:
    tea = firm.product("1")
    refusal = refusal_of(lambda: firm.send(*(line(tea, "2") for _ in range(60))))

    assert len(refusal.details["rows"]) == 60
    assert str(refusal).endswith("; and 10 more")


def test_what_cannot_be_moved_is_pointed_at(firm: Firm) -> None:
    tea = firm.product()
    refusal = refusal_of(lambda: firm.send(line(tea, "1"), line(tea, "1", lot="L-1")))

    assert (refusal.code, refusal.field) == ("inventory.lot", "lines/1/lot")


def test_what_is_lost_leaves_the_stock_for_a_reason(firm: Firm) -> None:
    tea = firm.product()
    sent = firm.arrive(firm.send(line(tea, "4")), "1")
    assert refusal_of(lambda: firm.close(sent, " ")).field == "reason"
    closed = firm.close(sent, "fell off the van")

    assert (closed.state, closed.reason) == (StockTransferState.ARRIVED, "fell off the van")
    assert (closed.lines[0].arrived, closed.under_way) == (of("1"), ())
    assert firm.on_hand(tea) == [6, 0, 1]
    lost = firm.story(tea)[-1]
    assert (lost.posting.reason, lost.quantity) == (Reason.ADJUSTMENT, of("-3"))
    assert (lost.posting.label, lost.posting.origin) == ("fell off the van", sent.origin)


def test_what_is_called_off_goes_back(firm: Firm) -> None:
    tea = firm.product()
    sent = firm.arrive(firm.send(line(tea, "4")), "1")
    cancelled = firm.cancel(sent, "no room")

    assert (cancelled.state, cancelled.reason) == (StockTransferState.CANCELLED, "no room")
    assert firm.on_hand(tea) == [9, 0, 1]
    assert [each.posting.label for each in firm.story(tea)[-2:]] == ["no room"] * 2


@pytest.mark.parametrize("end", ["arrive", "close", "cancel"])
@pytest.mark.parametrize("again", ["arrive", "close", "cancel"])
def test_a_transfer_ends_once(firm: Firm, end: str, again: str) -> None:
    sent = firm.send(line(firm.product(), "4"))
    getattr(firm, end)(sent)

    refusal_of(lambda: getattr(firm, again)(sent), TransitionError)
    assert firm.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent


def test_a_serial_travels_and_is_in_one_place(firm: Firm) -> None:
    phone = firm.product("0", tracking=Tracking.SERIAL)
    firm.receive(phone, "1", "500", lot="S-1")
    sent = firm.send(line(phone, "1", lot="S-1"))
    assert firm.on_hand(phone) == [0, 1, 0]

    refusal_of(lambda: firm.send(line(phone, "1", lot="S-1")), InsufficientStockError)
    firm.arrive(sent)
    assert firm.on_hand(phone) == [0, 0, 1]


def test_transfers_share_the_rows_of_transit(firm: Firm) -> None:
    tea = firm.product("10")
    one, two = firm.send(line(tea, "4")), firm.send(line(tea, "5"))
    assert firm.on_hand(tea) == [1, 9, 0]

    assert refusal_of(lambda: firm.arrive(one, "5")).details["under_way"] == of("4")
    firm.arrive(two)
    firm.cancel(one)
    assert firm.on_hand(tea) == [5, 0, 5]


def test_a_change_is_made_of_the_version_that_was_seen(firm: Firm) -> None:
    sent = firm.send(line(firm.product(), "4"))
    firm.arrive(sent, "1")
    inventory, end = firm.erp.inventory, EndTransferCommand(id=sent.id, version=1, reason="x")
    arrive = ArriveTransferCommand(id=sent.id, version=1)
    for refused in (
        lambda: inventory.arrive_transfer(CLERK, arrive),
        lambda: inventory.close_transfer(CLERK, end),
        lambda: inventory.cancel_transfer(CLERK, end),
    ):
        refusal_of(refused, PreconditionFailedError)


def test_both_ends_store_goods_and_are_open(firm: Firm) -> None:
    tea = firm.product()
    firm.send(line(tea, "1"))
    closed = firm.erp.inventory.add_warehouse(CLERK, a_warehouse())
    firm.erp.inventory.archive_warehouse(CLERK, WarehouseCommand(id=closed.id))
    for field, place, error, code in (
        ("from_warehouse_id", firm.transit, InvariantError, "inventory.warehouse.in_transit"),
        ("to_warehouse_id", firm.transit, InvariantError, "inventory.warehouse.in_transit"),
        ("from_warehouse_id", closed.id, InvariantError, "inventory.warehouse_archived"),
        ("to_warehouse_id", closed.id, InvariantError, "inventory.warehouse_archived"),
        ("from_warehouse_id", WarehouseId(new_id()), NotFoundError, "not_found"),
        ("to_warehouse_id", WarehouseId(new_id()), NotFoundError, "not_found"),
        ("to_warehouse_id", firm.here, InvariantError, "inventory.same_place"),
    ):
        changes = {field: place}
        refusal = refusal_of(lambda changes=changes: firm.send(line(tea, "1"), **changes), error)
        assert (refusal.code, refusal.field) == (code, field)


def test_what_goes_back_to_a_closed_warehouse_waits(firm: Firm) -> None:
    sent = firm.send(line(firm.product(), "4"))
    firm.erp.inventory.archive_warehouse(CLERK, WarehouseCommand(id=firm.here))

    assert refusal_of(lambda: firm.cancel(sent)).code == "inventory.warehouse_archived"
    firm.arrive(sent)


def test_the_code_of_transit_may_be_in_use(firm: Firm) -> None:
    tea = firm.product()
    taken = replace(a_warehouse(), code=TRANSIT_CODE)
    firm.erp.inventory.add_warehouse(CLERK, taken)
    refusal = refusal_of(lambda: firm.send(line(tea, "1")), AlreadyExistsError)
    assert refusal.code == "inventory.warehouse.transit_taken"

    command = ChangeWarehouseCommand(id=taken.id, version=None, changes={"code": "ROAD"})
    firm.erp.inventory.change_warehouse(CLERK, command)
    assert firm.send(line(tea, "1")).version == 1


def test_each_step_needs_its_own_permission(firm: Firm) -> None:
    sent = firm.send(line(firm.product(), "4"))
    reader = context("*.*.read")
    for step in (firm.erp.inventory.close_transfer, firm.erp.inventory.cancel_transfer):
        command = EndTransferCommand(id=sent.id, reason="x")
        refusal_of(lambda step=step, command=command: step(reader, command), PermissionDeniedError)
    assert firm.erp.inventory.get_transfer(reader, sent.id) == sent


def test_a_transfer_has_one_to_a_thousand_lines(firm: Firm) -> None:
    tea = firm.product("1000")
    for lines in ((), tuple(line(tea, "1") for _ in range(TRANSFER_LINES_MAX + 1))):
        refusal = refusal_of(lambda lines=lines: firm.send(*lines))
        assert (refusal.code, refusal.field) == ("inventory.stock_transfer.lines", "lines")
    firm.arrive(firm.send(*(line(tea, "1") for _ in range(TRANSFER_LINES_MAX))))
    assert firm.on_hand(tea) == [0, 0, 1000]
