"""The rules of stock counts, told through their use cases, in memory."""

from dataclasses import replace

import pytest

from erp_core.catalog.entities import ProductId, Tracking
from erp_core.inventory.entities import (
    COUNT_LIFECYCLE,
    COUNT_LINES_MAX,
    COUNT_PRODUCTS_MAX,
    CountId,
    CountState,
    CountTotals,
    StockKey,
    Uncounted,
    WarehouseId,
)
from erp_core.inventory.ports import CountLineQuery, CountQuery
from erp_core.inventory.use_cases import (
    COUNT_ENTRIES_MAX,
    CloseCountCommand,
    CountCommand,
    EnterCountsCommand,
    Found,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    InvariantError,
    MalformedError,
    NotFoundError,
    PermissionDeniedError,
    PreconditionFailedError,
    TransitionError,
)
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import AuditQuery
from erp_core.kernel.quantity import ZERO
from erp_core.testing import context
from erp_core.testing.counts import a_count
from erp_core.testing.inventory import a_warehouse
from tests.inventory.halls import CLERK, Hall, a_hall, of


@pytest.fixture
def hall() -> Hall:
    return a_hall()


def test_the_later_entry_of_a_line_wins_and_both_are_in_the_audit_trail(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    hall.enter(count, {key: 9})
    principal = replace(CLERK.principal, id="bob")
    (line,) = hall.enter(count, {key: 8}, replace(CLERK, principal=principal))

    assert line.entry is not None
    assert (line.entry.counted, line.entry.by, line.version) == (of(8), "bob", 3)
    with hall.store(CLERK, read_only=True) as uow:
        query = AuditQuery(page=PageRequest(), action="inventory.count.enter")
        first, second = uow.audit.page(CLERK, query).items
    assert first.changes[0].after["counted"] == "9"
    assert second.by == second.changes[0].after["counted_by"] == "bob"
    assert second.changes[0].before["counted"] == "9"


def test_a_product_that_was_not_expected_is_added(hall: Hall) -> None:
    hall.row(10)
    new = hall.row()
    count = hall.started()
    hall.enter(count, {new: 3})
    hall.close(count, Uncounted.KEEP)

    assert hall.lines(count)[new].expected == ZERO
    assert hall.on_hand(new) == ["3"]


def test_a_cancelled_count_leaves_the_stock_as_it_was(hall: Hall) -> None:
    key = hall.row(10)
    count = hall.started()
    hall.enter(count, {key: 3})
    cancelled = hall.erp.inventory.cancel_count(CLERK, CountCommand(id=count.id))
    draft = hall.erp.inventory.add_count(CLERK, a_count(hall.where)).count
    never = hall.erp.inventory.cancel_count(CLERK, CountCommand(id=draft.id))

    assert cancelled.totals == CountTotals(lines=1, counted=1, differing=1)
    assert (never.count.state, never.totals) == (CountState.CANCELLED, CountTotals())
    assert hall.on_hand(key) == ["10"]
    assert len(hall.story(key)) == 1


def test_every_step_has_its_time(hall: Hall) -> None:
    key = hall.row(10)
    draft = hall.erp.inventory.add_count(CLERK, a_count(hall.where)).count
    command = CountCommand(id=draft.id)
    with pytest.raises(TransitionError) as refusal:
        hall.enter(draft, {key: 1})
    assert refusal.value.code == "inventory.count.not_counting"
    with pytest.raises(TransitionError):
        hall.close(draft)
    hall.erp.inventory.start_count(CLERK, command)
    with pytest.raises(TransitionError):
        hall.erp.inventory.start_count(CLERK, command)
    hall.close(draft, Uncounted.KEEP)
    for step in (
        lambda: hall.enter(draft, {key: 1}),
        lambda: hall.close(draft),
        lambda: hall.erp.inventory.start_count(CLERK, command),
        lambda: hall.erp.inventory.cancel_count(CLERK, command),
    ):
        with pytest.raises(TransitionError):
            step()


@pytest.mark.parametrize("state", CountState)
def test_the_lifecycle_names_every_state(state: CountState) -> None:
    ended = state in (CountState.CLOSED, CountState.CANCELLED)
    assert (COUNT_LIFECYCLE.steps[state] == set()) is ended


def test_one_count_at_a_time_goes_on_in_one_place(hall: Hall) -> None:
    one, two = hall.row(1), hall.row(1)
    with hall.store(CLERK) as uow:
        elsewhere = uow.warehouses.add(CLERK, a_warehouse()).id
    first = hall.started(one.product_id)
    hall.started(two.product_id)
    hall.started(where=elsewhere)
    for products in ((), (one.product_id,)):
        with pytest.raises(TransitionError) as refusal:
            hall.started(*products)
        assert refusal.value.code == "inventory.count.overlap"
    assert refusal.value.details["count_id"] == first.id
    hall.erp.inventory.cancel_count(CLERK, CountCommand(id=first.id))
    assert hall.started(one.product_id).state is CountState.COUNTING


def test_a_narrowed_count_is_of_its_products_alone(hall: Hall) -> None:
    one, two = hall.row(1), hall.row(1)
    count = hall.started(one.product_id)
    assert set(hall.lines(count)) == {one}
    with pytest.raises(InvariantError) as refusal:
        hall.enter(count, {one: 1, two: 1})

    assert refusal.value.code == "inventory.count.beyond_scope"
    assert refusal.value.field == "entries/1/product_id"


def test_a_change_of_what_has_moved_on_is_refused(hall: Hall) -> None:
    key = hall.row(1)
    count = hall.started()
    found = (Found(product_id=key.product_id, counted=of(1)),)
    inventory = hall.erp.inventory
    for step in (
        lambda: inventory.start_count(CLERK, CountCommand(id=count.id, version=1)),
        lambda: inventory.cancel_count(CLERK, CountCommand(id=count.id, version=1)),
        lambda: inventory.close_count(CLERK, CloseCountCommand(id=count.id, version=1)),
        lambda: inventory.enter_counts(
            CLERK, EnterCountsCommand(id=count.id, version=1, entries=found)
        ),
    ):
        with pytest.raises(PreconditionFailedError):
            step()
    inventory.enter_counts(CLERK, EnterCountsCommand(id=count.id, version=2, entries=found))
    command = CloseCountCommand(id=count.id, version=2)  # entries leave the count's own version
    assert inventory.close_count(CLERK, command).count.version == 3


@pytest.mark.parametrize(
    ("lot", "counted", "changes", "told"),
    [
        ("", -1, {}, ("inventory.counted", "entries/1/counted")),
        ("L", 1, {}, ("inventory.lot", "entries/1/lot")),
        ("", 1, {"tracking": Tracking.LOT}, ("inventory.lot", "entries/1/lot")),
        ("S", 2, {"tracking": Tracking.SERIAL}, ("inventory.serial", "entries/1/counted")),
        ("", 1, {"stock_managed": False}, ("inventory.not_stocked", "entries/1/product_id")),
    ],
)
def test_what_cannot_lie_there_is_not_entered(
    hall: Hall, lot: str, counted: int, changes: dict, told: tuple
) -> None:
    fine, count = hall.row(1), hall.started()
    wrong = hall.row(0, lot, **changes)
    with pytest.raises(InvariantError) as refusal:
        hall.enter(count, {fine: 1, wrong: counted})

    assert (refusal.value.code, refusal.value.field) == told
    assert hall.lines(count)[fine].entry is None


def test_goods_under_way_are_not_counted(hall: Hall) -> None:
    with hall.store(CLERK) as uow:
        under_way = uow.warehouses.transit(CLERK).id
    with pytest.raises(InvariantError) as refusal:
        hall.started(where=under_way)

    assert refusal.value.code == "inventory.warehouse.in_transit"


def test_an_archived_warehouse_is_not_counted(hall: Hall) -> None:
    draft = hall.erp.inventory.add_count(CLERK, a_count(hall.where)).count
    hall.erp.inventory.archive_warehouse(CLERK, WarehouseCommand(id=hall.where))
    with pytest.raises(InvariantError) as refusal:
        hall.erp.inventory.start_count(CLERK, CountCommand(id=draft.id))

    assert refusal.value.code == "inventory.warehouse_archived"


def test_a_count_has_an_end(hall: Hall) -> None:
    product_id = hall.row(tracking=Tracking.LOT).product_id
    keys = [StockKey(product_id, hall.where, str(lot)) for lot in range(COUNT_LINES_MAX)]
    with hall.store(CLERK) as uow:
        stock = uow.stock.lock(CLERK, keys)
        filled = {key: replace(item, on_hand=of(1)) for key, item in stock.items.items()}
        uow.stock.save(CLERK, replace(stock, items=filled))
    count = hall.started()
    new = hall.row()
    with pytest.raises(InvariantError) as refusal:
        hall.enter(count, {new: 1})
    assert (refusal.value.code, refusal.value.field) == (
        "inventory.count.too_large",
        "product_ids",
    )
    hall.erp.inventory.cancel_count(CLERK, CountCommand(id=count.id))
    hall.receive(new, 1)
    with pytest.raises(InvariantError) as refusal:
        hall.started()
    assert refusal.value.code == "inventory.count.too_large"
    assert hall.started(new.product_id).state is CountState.COUNTING


def test_entries_are_some_and_each_line_is_named_once() -> None:
    one = Found(product_id=ProductId(new_id()), counted=of(1))
    many = tuple(replace(one, lot=str(each)) for each in range(COUNT_ENTRIES_MAX + 1))
    for entries, code, field in (
        ((), "inventory.count.entries", "entries"),
        (many, "inventory.count.entries", "entries"),
        ((one, replace(one, lot="A"), one), "inventory.count.entry_twice", "entries/2"),
    ):
        with pytest.raises(InvariantError) as refusal:
            EnterCountsCommand(id=CountId(new_id()), entries=entries)
        assert (refusal.value.code, refusal.value.field) == (code, field)


def test_a_count_is_narrowed_to_a_bounded_number_of_products() -> None:
    where = WarehouseId(new_id())
    products = [ProductId(new_id()) for _ in range(COUNT_PRODUCTS_MAX + 1)]
    count = a_count(where, products[1], products[0], products[1])

    assert count.product_ids == (products[0], products[1])
    with pytest.raises(InvariantError) as refusal:
        a_count(where, *products)
    assert (refusal.value.code, refusal.value.field) == ("inventory.count.products", "product_ids")
    with pytest.raises(InvariantError) as refusal:
        replace(count, label="x" * 201)
    assert (refusal.value.code, refusal.value.field) == ("inventory.count.label", "label")


def test_counts_are_read(hall: Hall) -> None:
    count = hall.started()
    read = hall.erp.inventory.get_count(CLERK, CountCommand(id=count.id))

    assert (read.count, read.totals) == (count, CountTotals())
    page = hall.erp.inventory.list_counts(CLERK, CountQuery(page=PageRequest()))
    assert page.items == (count,)
    unknown = CountId(new_id())
    with pytest.raises(NotFoundError):
        hall.erp.inventory.get_count(CLERK, CountCommand(id=unknown))
    query = CountLineQuery(page=PageRequest(), count_id=unknown)
    with pytest.raises(NotFoundError):
        hall.erp.inventory.list_count_lines(CLERK, query)
    for request in (PageRequest(sort="sku"), PageRequest(descending=True)):
        with pytest.raises(MalformedError):
            CountLineQuery(page=request, count_id=count.id)


def test_each_step_asks_for_a_permission_of_its_own(hall: Hall) -> None:
    reader = context("inventory.count.read", "inventory.count.enter")
    count = hall.started()
    hall.enter(count, {hall.row(): 1}, reader)
    with pytest.raises(PermissionDeniedError) as refusal:
        hall.erp.inventory.close_count(reader, CloseCountCommand(id=count.id))

    assert refusal.value.details["permission"] == "inventory.count.close"
