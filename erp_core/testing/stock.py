"""What every keeper of stock must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from erp_core.catalog.entities import Product, ProductId, Tracking, standard_units
from erp_core.inventory.entities import (
    InsufficientStockError,
    LockedStock,
    MovementId,
    Posting,
    Reason,
    StockItem,
    StockKey,
    StockMovement,
    StockRule,
    Valuation,
    WarehouseId,
)
from erp_core.inventory.ports import InventoryUnitOfWork, MovementQuery, StockQuery
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import Cursor, PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.testing import NOON, RIVAL, context, expect
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse

ONE = Quantity.of("1")
TEN = Quantity.of("10")
COST = UnitPrice(Decimal("7.123456"), "EUR")
RECEIPT = Posting(
    reason=Reason.RECEIPT, at=NOON, by="ada", label="Lieferschein 7 ☕", origin="purchasing:7"
)
ISSUE = Posting(reason=Reason.ISSUE, at=NOON, by="ada")


class StockContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[InventoryUnitOfWork]

    def a_stored_product(self, tracking: Tracking = Tracking.NONE) -> Product:
        with self.unit_of_work(context()) as uow:
            uow.units.add_absent(context(), standard_units())
            product = replace(a_product(), tracking=tracking, tax_class_id=None)
            return uow.products.add(context(), product)

    def a_stored_warehouse(self, *, may_go_negative: bool = False) -> WarehouseId:
        with self.unit_of_work(context()) as uow:
            warehouse = replace(a_warehouse(), may_go_negative=may_go_negative)
            return uow.warehouses.add(context(), warehouse).id

    def a_key(self, on_hand: Quantity = ZERO, *, may_go_negative: bool = False) -> StockKey:
        """Store a product and a warehouse, put *on_hand* there, and say where that is."""
        product = self.a_stored_product()
        where = self.a_stored_warehouse(may_go_negative=may_go_negative)
        key = StockKey(product.id, where)
        if on_hand > ZERO:
            self.receive(key, on_hand)
        return key

    def elsewhere(self, key: StockKey) -> StockKey:
        """Name the same product in another warehouse."""
        return replace(key, warehouse_id=self.a_stored_warehouse())

    def item(self, key: StockKey) -> StockItem:
        with self.unit_of_work(context()) as uow:
            return uow.stock.lock(context(), [key]).items[key]

    def valuation(self, key: StockKey) -> Valuation:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            return stock.valuations[key.product_id]

    def story(self, key: StockKey) -> tuple[StockMovement, ...]:
        query = MovementQuery(
            page=PageRequest(limit=200), product_id=key.product_id, warehouse_id=key.warehouse_id
        )
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.stock.movements(context(), query).items

    def receive(self, key: StockKey, quantity: Quantity, cost: UnitPrice = COST) -> LockedStock:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            return uow.stock.save(context(), stock.receive(key, quantity, cost, RECEIPT))

    def issue(self, key: StockKey, quantity: Quantity, ctx: Context | None = None) -> LockedStock:
        ctx = ctx or context()
        with self.unit_of_work(ctx) as uow:
            stock = uow.stock.lock(ctx, [key])
            return uow.stock.save(ctx, stock.issue(key, quantity, ISSUE))

    def transfer(self, source: StockKey, target: StockKey) -> None:
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [source, target])
            uow.stock.save(context(), stock.transfer(source, target, ONE, ISSUE))

    def assert_explained(self, *keys: StockKey) -> None:
        """On hand is the sum of the movements, always."""
        for key in keys:
            moved = sum((movement.quantity for movement in self.story(key)), ZERO)
            assert self.item(key).on_hand == moved
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.stock.differences(context(), 10) == ()


class StockRepositoryContract(StockContract):
    """One caller at a time."""

    def test_every_field_survives_the_round_trip(self) -> None:
        key = self.a_key()
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key], receiving=True)
            changed = stock.receive(key, Quantity.of("123456789012.345678"), COST, RECEIPT)
            saved = uow.stock.save(context(), changed)
        assert self.item(key) == saved.items[key]
        assert self.story(key) == changed.movements
        assert (saved.items[key].version, saved.movements) == (1, ())
        assert self.valuation(key).average_cost == COST

    def test_a_row_that_does_not_exist_is_empty(self) -> None:
        key = self.a_key()
        item = self.item(key)
        assert (item.on_hand, item.reserved, item.version) == (ZERO, ZERO, 0)
        assert self.valuation(key).average_cost is None
        assert self.story(key) == ()

    def test_an_item_knows_its_product_and_its_warehouse(self) -> None:
        product = self.a_stored_product(Tracking.LOT)
        key = StockKey(product.id, self.a_stored_warehouse(may_go_negative=True), "L-1")
        item = self.item(key)
        assert (item.product.sku, item.product.tracking) == (product.sku, Tracking.LOT)
        assert (item.product.active, item.product.stock_managed) == (True, True)
        assert (item.may_go_negative, item.warehouse_active) == (True, True)
        with self.unit_of_work(context()) as uow:
            warehouse = uow.warehouses.get(context(), key.warehouse_id)
            uow.warehouses.save(context(), warehouse.archive())
            found = uow.products.get(context(), product.id)
            uow.products.save(context(), found.archive(NOON))
        item = self.item(key)
        assert (item.product.active, item.warehouse_active) == (False, False)

    def test_many_rows_are_locked_and_saved_at_once(self) -> None:
        one, two = self.a_key(TEN), self.a_key()
        keys = [two, one, self.elsewhere(one), two]
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), keys, receiving=True)
            assert set(stock.items) == set(keys)
            assert uow.stock.lock(context(), []).items == {}
            stock = stock.issue(one, ONE, ISSUE).receive(keys[2], ONE, COST, RECEIPT)
            stock = stock.receive(two, TEN, COST, RECEIPT).receive(two, ONE, COST, RECEIPT)
            uow.stock.save(context(), stock)
        assert [self.item(key).on_hand.value for key in keys] == [11, 9, 1, 11]
        self.assert_explained(*keys)

    def test_lots_of_one_product_are_rows_of_their_own(self) -> None:
        product, where = self.a_stored_product(Tracking.LOT), self.a_stored_warehouse()
        one, two = StockKey(product.id, where, "L-1"), StockKey(product.id, where, "l-1")
        self.receive(one, TEN)
        self.receive(two, ONE)
        assert (self.item(one).on_hand, self.item(two).on_hand) == (TEN, ONE)

    def test_the_average_cost_is_the_companys_over_all_warehouses(self) -> None:
        here = self.a_key()
        there = self.elsewhere(here)
        self.receive(here, TEN, UnitPrice(Decimal(10), "EUR"))
        self.receive(there, Quantity.of("30"), UnitPrice(Decimal(20), "EUR"))
        assert self.valuation(here).average_cost == UnitPrice(Decimal("17.5"), "EUR")
        assert self.valuation(here).on_hand == Quantity.of("40")
        issued = self.issue(here, ONE)
        assert issued.valuations[here.product_id].average_cost == UnitPrice(Decimal("17.5"), "EUR")

    def test_only_a_receipt_learns_how_much_there_is(self) -> None:
        key = self.a_key(TEN)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            with expect(StaleVersionError):
                stock.receive(key, ONE, COST, RECEIPT)

    def test_stock_of_an_unknown_product_or_warehouse_is_not_found(self) -> None:
        key = self.a_key()
        strangers = {
            "product_id": replace(key, product_id=ProductId(new_id())),
            "warehouse_id": replace(key, warehouse_id=WarehouseId(new_id())),
        }
        for field, stranger in strangers.items():
            with expect(NotFoundError) as refusal, self.unit_of_work(context()) as uow:
                uow.stock.lock(context(), [key, stranger])
            assert refusal[0].field == field
            assert refusal[0].details["id"] == getattr(stranger, field)
            assert self.story(stranger) == ()
        with expect(NotFoundError) as refusal, self.unit_of_work(context()) as uow:
            uow.stock.lock(context(), [strangers["warehouse_id"], strangers["product_id"]])
        assert refusal[0].field == "product_id"  # of several, products are named first

    def test_another_companys_stock_does_not_exist(self) -> None:
        key, rival = self.a_key(TEN), context(company=RIVAL)
        with expect(NotFoundError), self.unit_of_work(rival) as uow:
            uow.stock.lock(rival, [key])
        with self.unit_of_work(rival, read_only=True) as uow:
            page = PageRequest()
            assert uow.stock.movements(rival, MovementQuery(page=page)).items == ()
            assert uow.stock.items(rival, StockQuery(page=page)).items == ()
            with expect(NotFoundError):
                uow.stock.movement(rival, self.story(key)[0].id)
        assert self.item(key).on_hand == TEN

    def test_a_failed_unit_of_work_leaves_no_trace(self) -> None:
        key = self.a_key(TEN)
        before, story = self.item(key), self.story(key)
        with expect(InsufficientStockError), self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            stock = uow.stock.save(context(), stock.issue(key, ONE, ISSUE))
            stock.issue(key, TEN, ISSUE)
        assert (self.item(key), self.story(key)) == (before, story)

    def test_stock_that_was_locked_in_another_unit_of_work_is_stale(self) -> None:
        key = self.a_key(TEN)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.stock.save(context(), stock.issue(key, ONE, ISSUE))
        assert self.item(key) == stock.items[key]

    def test_what_was_saved_may_be_changed_and_saved_again(self) -> None:
        key = self.a_key()
        with self.unit_of_work(context()) as uow:
            first = uow.stock.lock(context(), [key], receiving=True)
            once = first.receive(key, TEN, COST, RECEIPT)
            saved = uow.stock.save(context(), once)
            with expect(StaleVersionError):
                uow.stock.save(context(), once)
            twice = saved.receive(key, ONE, UnitPrice(Decimal(1), "EUR"), RECEIPT)
            again = uow.stock.save(context(), twice)
        assert self.item(key) == again.items[key]
        assert self.valuation(key).average_cost == again.valuations[key.product_id].average_cost
        self.assert_explained(key)

    def test_a_change_is_noted_in_the_journal(self) -> None:
        key = self.a_key(TEN)
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            uow.stock.save(context(), stock.issue(key, ONE, ISSUE))
            (change,) = uow.journal.take()
        assert (change.kind, change.id) == ("inventory.stock_item", str(key))
        assert change.before == {"on_hand": "10", "reserved": "0"}
        assert change.after == {"on_hand": "9", "reserved": "0"}

    def test_a_first_count_that_finds_nothing_is_a_movement_all_the_same(self) -> None:
        key = self.a_key()
        with self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            uow.stock.save(context(), stock.adjust(key, ZERO, ISSUE))
        assert self.item(key).version == 1
        assert [movement.quantity for movement in self.story(key)] == [ZERO]
        with self.unit_of_work(context(), read_only=True) as uow:
            listed = uow.stock.items(context(), StockQuery(page=PageRequest()))
        assert [each.item.key for each in listed.items] == [key]

    def test_the_identity_of_a_movement_is_taken_once(self) -> None:
        key = self.a_key(TEN)
        (movement,) = self.story(key)
        again = replace(ISSUE, movement_id=movement.id)
        with expect(AlreadyExistsError), self.unit_of_work(context()) as uow:
            stock = uow.stock.lock(context(), [key])
            uow.stock.save(context(), stock.issue(key, ONE, again))
        assert self.item(key).on_hand == TEN

    def test_a_movement_is_found_by_its_id(self) -> None:
        (movement,) = self.story(self.a_key(TEN))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.stock.movement(context(), movement.id) == movement
            with expect(NotFoundError):
                uow.stock.movement(context(), MovementId(new_id()))

    def test_stock_below_zero_is_kept_where_the_warehouse_allows_it(self) -> None:
        key = self.a_key(ONE, may_go_negative=True)
        self.issue(key, TEN)
        assert self.item(key).on_hand == Quantity.of("-9")
        with self.unit_of_work(context()) as uow:
            strict = uow.warehouses.get(context(), key.warehouse_id)
            uow.warehouses.save(context(), strict.change({"may_go_negative": False}))
        with expect(InsufficientStockError):
            self.issue(key, ONE)
        self.receive(key, ONE)  # a debt may shrink, step by step
        assert self.item(key).on_hand == Quantity.of("-8")
        with self.unit_of_work(context(), read_only=True) as uow:
            (difference,) = uow.stock.differences(context(), 10)
        assert (difference.rule, str(difference.found)) == (StockRule.NEGATIVE, "-8")


class StockQueriesContract(StockContract):
    """What is read of stock."""

    def keys_of(self, request: PageRequest, **filters: object) -> list[StockKey]:
        found: list[StockKey] = []
        while True:
            query = replace(StockQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.stock.items(context(), query)
            found += [each.item.key for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)

    def test_rows_are_read_in_the_order_of_their_keys(self) -> None:
        one, two = self.a_key(TEN), self.a_key(ONE)
        three = self.elsewhere(one)
        self.receive(three, ONE)
        assert self.keys_of(PageRequest(limit=1)) == sorted([one, two, three])
        assert self.keys_of(PageRequest(), product_id=one.product_id) == sorted([one, three])
        assert self.keys_of(PageRequest(), warehouse_id=two.warehouse_id) == [two]
        with self.unit_of_work(context(), read_only=True) as uow:
            page = uow.stock.items(context(), StockQuery(page=PageRequest(limit=1, count=True)))
        assert page.total == 3
        assert page.items[0].average_cost == COST
        assert page.items[0].item == self.item(page.items[0].item.key)

    def test_what_lies_in_the_parts_of_a_warehouse_may_be_included(self) -> None:
        here = self.a_key(TEN)
        part, aside = self.elsewhere(here), self.elsewhere(here)
        with self.unit_of_work(context()) as uow:
            below = uow.warehouses.get(context(), part.warehouse_id)
            uow.warehouses.save(context(), replace(below, parent_id=here.warehouse_id))
        for key in (part, aside):
            self.receive(key, ONE)
        place = {"warehouse_id": here.warehouse_id}
        assert self.keys_of(PageRequest(), **place) == [here]
        found = self.keys_of(PageRequest(limit=1), **place, include_below=True)
        assert found == sorted([here, part])
        whole = self.keys_of(PageRequest(), include_below=True)
        assert whole == sorted([here, part, aside])

    def test_goods_under_way_are_known_as_such(self) -> None:
        here = self.a_key(TEN)
        with self.unit_of_work(context()) as uow:
            transit = uow.warehouses.transit(context())
        under_way = replace(here, warehouse_id=transit.id)
        with self.unit_of_work(context()) as uow:
            items = uow.stock.lock(context(), [here, under_way]).items
        assert [items[key].in_transit for key in (here, under_way)] == [False, True]

    def test_lots_follow_one_another(self) -> None:
        product, where = self.a_stored_product(Tracking.LOT), self.a_stored_warehouse()
        keys = [StockKey(product.id, where, lot) for lot in ("A", "a", "b", "é")]
        for key in keys:
            self.receive(key, ONE)
        assert self.keys_of(PageRequest(limit=1)) == keys

    def test_another_order_or_a_strange_cursor_is_malformed(self) -> None:
        for request in (
            PageRequest(sort="sku"),
            PageRequest(descending=True),
            PageRequest(after=Cursor("x", new_id())),
        ):
            with expect(MalformedError), self.unit_of_work(context(), read_only=True) as uow:
                uow.stock.items(context(), StockQuery(page=request))

    def test_movements_are_read_by_product_warehouse_and_time(self) -> None:
        here = self.a_key(TEN)
        there = self.elsewhere(here)
        self.transfer(here, there)
        first, out, into = (*self.story(here), *self.story(there))
        assert self.moved() == [first.id, out.id, into.id]
        assert self.moved(warehouse_id=there.warehouse_id) == [into.id]
        assert self.moved(product_id=ProductId(new_id())) == []
        assert self.moved(since=NOON, until=NOON + timedelta(seconds=1)) == self.moved()
        assert self.moved(until=NOON) == self.moved(since=NOON + timedelta(seconds=1)) == []

    def moved(self, **filters: object) -> list[MovementId]:
        found: list[MovementId] = []
        request = PageRequest(limit=2)
        while True:
            query = replace(MovementQuery(page=request), **filters)  # type: ignore[arg-type]  # by name
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.stock.movements(context(), query)
            found += [each.id for each in page.items]
            if page.next is None:
                return found
            request = replace(request, after=page.next)
