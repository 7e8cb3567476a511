"""The rules of goods under way, told through their use cases, in memory."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.erp import Erp
from erp_core.inventory.entities import (
    STOCK_TRANSFER_LIFECYCLE,
    TRANSFER_LINES_MAX,
    TRANSIT_CODE,
    InsufficientStockError,
    Parcel,
    Reason,
    ShortRowsError,
    StockKey,
    StockMovement,
    StockTransfer,
    StockTransferId,
    StockTransferState,
    TransferLine,
    TransferLineId,
    WarehouseId,
)
from erp_core.inventory.ports import (
    MovementQuery,
    StockQuery,
    StockTransferQuery,
    WarehouseQuery,
)
from erp_core.inventory.use_cases import (
    ArriveTransferCommand,
    ChangeWarehouseCommand,
    DispatchTransferCommand,
    EndTransferCommand,
    ReceiveStockCommand,
    VerifyStockQuery,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    ErpError,
    InvariantError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.transfers import a_transfer
from erp_memory.store import MemoryStore
from tests.wiring import an_erp

CLERK = context("inventory.*")
PAGE = PageRequest(limit=200)


def of(value: str) -> Quantity:
    return Quantity.of(value)


def line(product_id: ProductId, quantity: str, lot: str = "") -> TransferLine:
    return TransferLine(
        id=TransferLineId(new_id()), product_id=product_id, quantity=of(quantity), lot=lot
    )


@dataclass
class Firm:
    """Two warehouses, and short words for what goes between them."""

    erp: Erp
    store: MemoryStore
    here: WarehouseId
    there: WarehouseId

    def product(self, on_hand: str = "10", cost: str = "2") -> ProductId:
        with self.store(CLERK) as uow:
            uow.units.add_absent(CLERK, standard_units())
            product = uow.products.add(CLERK, replace(a_product(), tax_class_id=None))
        if of(on_hand) > ZERO:
            self.receive(product.id, on_hand, cost)
        return product.id

    def receive(self, product_id: ProductId, quantity: str, cost: str) -> StockMovement:
        command = ReceiveStockCommand(
            key=StockKey(product_id, self.here),
            quantity=of(quantity),
            unit_cost=UnitPrice(Decimal(cost), "EUR"),
        )
        return self.erp.inventory.receive_stock(CLERK, command)

    def send(self, *lines: TransferLine, **changes: object) -> StockTransfer:
        command = DispatchTransferCommand(
            id=StockTransferId(new_id()),
            from_warehouse_id=self.here,
            to_warehouse_id=self.there,
            lines=lines,
            label="by van",
        )
        return self.erp.inventory.dispatch_transfer(CLERK, replace(command, **changes))

    def arrive(self, transfer: StockTransfer, *quantities: str) -> StockTransfer:
        """Let so much of each line arrive, or all of everything."""
        parcels = tuple(
            Parcel(line_id=each.id, quantity=of(quantity))
            for each, quantity in zip(transfer.lines, quantities, strict=False)
        )
        command = ArriveTransferCommand(id=transfer.id, parcels=parcels or None)
        return self.erp.inventory.arrive_transfer(CLERK, command)

    def close(self, transfer: StockTransfer, reason: str = "fell off") -> StockTransfer:
        command = EndTransferCommand(id=transfer.id, reason=reason)
        return self.erp.inventory.close_transfer(CLERK, command)

    def cancel(self, transfer: StockTransfer, reason: str = "") -> StockTransfer:
        command = EndTransferCommand(id=transfer.id, reason=reason)
        return self.erp.inventory.cancel_transfer(CLERK, command)

    @property
    def transit(self) -> WarehouseId:
        found = self.erp.inventory.list_warehouses(
            CLERK, WarehouseQuery(page=PAGE, code=TRANSIT_CODE)
        )
        return found.items[0].id

    def on_hand(self, product_id: ProductId) -> list[Decimal]:
        """Say how much lies here, on the way, and there."""
        listed = self.erp.inventory.list_stock(CLERK, StockQuery(page=PAGE, product_id=product_id))
        found = {each.item.key.warehouse_id: each.item.on_hand.value for each in listed.items}
        return [found.get(each, Decimal(0)) for each in (self.here, self.transit, self.there)]

    def story(self, product_id: ProductId) -> list[StockMovement]:
        query = MovementQuery(page=PAGE, product_id=product_id)
        return list(self.erp.inventory.list_movements(CLERK, query).items)


def a_firm() -> Firm:
    store = MemoryStore()
    erp = an_erp(store)
    places = [replace(a_warehouse(), may_go_negative=False) for _ in range(2)]
    here, there = (erp.inventory.add_warehouse(CLERK, each).id for each in places)
    return Firm(erp, store, here, there)


@pytest.fixture
def firm() -> Firm:
    return a_firm()


def refusal_of(refused: Callable[[], object], error: type[ErpError] = InvariantError) -> ErpError:
    with pytest.raises(error) as refusal:
        refused()
    return refusal.value


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
    assert (refusal.details["product_id"], refusal.details["rows"]) == (pot, 2)
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

    assert refusal.details["rows"] == 60
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


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quantity": ZERO}, "inventory.quantity"),
        ({"arrived": of("11")}, "inventory.stock_transfer.too_much"),
        ({"arrived": of("-1")}, "inventory.stock_transfer.too_much"),
        ({"lot": "x" * 65}, "inventory.stock_transfer.lot"),
        ({"lot": "\0"}, "text.unstorable"),
    ],
)
def test_what_is_no_line_cannot_exist(changes: dict, code: str) -> None:
    good = line(ProductId(new_id()), "10")

    assert refusal_of(lambda: replace(good, **changes)).code == code


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"label": "x" * 201}, "inventory.stock_transfer.label"),
        ({"reason": "x" * 201}, "inventory.stock_transfer.reason"),
        ({"ended_at": NOON}, "inventory.stock_transfer.moments"),
        ({"dispatched_at": NOON.replace(tzinfo=None)}, "inventory.stock_transfer.moments"),
        ({"state": StockTransferState.ARRIVED}, "inventory.stock_transfer.moments"),
    ],
)
def test_what_is_no_transfer_cannot_exist(changes: dict, code: str) -> None:
    one = line(ProductId(new_id()), "10")
    good = a_transfer(WarehouseId(new_id()), WarehouseId(new_id()), one)

    assert refusal_of(lambda: replace(good, **changes)).code == code
    twice = refusal_of(lambda: replace(good, lines=(one, one)))
    assert twice.code == "inventory.stock_transfer.line_twice"
    early = refusal_of(lambda: replace(good, lines=(replace(one, arrived=of("1")),)))
    assert early.code == "inventory.stock_transfer.arrived"


@pytest.mark.parametrize("source", StockTransferState)
@pytest.mark.parametrize("target", StockTransferState)
def test_every_step_is_allowed_or_refused_by_name(
    source: StockTransferState, target: StockTransferState
) -> None:
    if target in STOCK_TRANSFER_LIFECYCLE.steps[source]:
        assert STOCK_TRANSFER_LIFECYCLE.step(source, target) is target
        return
    refusal = refusal_of(lambda: STOCK_TRANSFER_LIFECYCLE.step(source, target), TransitionError)
    assert refusal.details == {"source": source, "target": target}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["send", "arrive", "arrive", "close", "cancel"]),
        st.integers(0, 5),
        st.decimals("0.000001", "6", places=6),
    ),
    max_size=12,
)


@given(STEPS)
def test_whatever_happens_the_lines_say_what_is_under_way(steps: list) -> None:
    firm = a_firm()
    tea, sent = firm.product("20"), []
    for step, number, quantity in [("send", 0, Decimal(1)), *steps]:
        chosen = sent[number % len(sent)] if sent else None
        try:
            if chosen is None or step == "send":
                made = firm.send(line(tea, str(quantity)), line(tea, "1"))
                sent.append(made)
            elif step == "arrive":
                firm.arrive(chosen, str(quantity))
            else:
                getattr(firm, step)(chosen)
        except (InvariantError, TransitionError):
            pass  # refused, so that nothing has changed: which is what is checked below

    now = [firm.erp.inventory.get_transfer(CLERK, each.id) for each in sent]
    under_way = sum((each.quantity for one in now for each in one.under_way), ZERO)
    arrived = sum((each.arrived for one in now for each in one.lines), ZERO)
    here, transit, there = firm.on_hand(tea)
    assert (transit, there) == (under_way.value, arrived.value)
    closed = [one for one in now if one.state is StockTransferState.ARRIVED]
    lost = sum((each.rest for one in closed for each in one.lines), ZERO)
    assert here == 20 - transit - there - lost.value
    with firm.store(CLERK, read_only=True) as uow:
        assert uow.stock_transfers.differences(CLERK, 10) == ()
    assert firm.erp.inventory.verify_stock(CLERK, VerifyStockQuery()).consistent
