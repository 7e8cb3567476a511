"""Stock in memory and in a database, moved side by side by whatever hypothesis thinks of.

A new operation is one more rule: ask both through ``self.ask``, and note the movements that come
of it with ``self.moved``.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from erp_core.catalog.entities import ProductId, ProductKind, Tracking, standard_units
from erp_core.catalog.use_cases import ArchiveProduct, ProductCommand, RestoreProduct
from erp_core.inventory.entities import MovementId, StockKey, StockMovement, StockRule, WarehouseId
from erp_core.inventory.ports import MovementQuery, StockQuery
from erp_core.inventory.use_cases import (
    AdjustStock,
    AdjustStockCommand,
    ArchiveWarehouse,
    ChangeWarehouse,
    ChangeWarehouseCommand,
    GetMovement,
    IssueStock,
    IssueStockCommand,
    ListMovements,
    ListStock,
    ReceiveStock,
    ReceiveStockCommand,
    RestoreWarehouse,
    TransferStock,
    TransferStockCommand,
    VerifyStock,
    VerifyStockQuery,
    WarehouseCommand,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from tests.contracts.twins import CLERK, Twins

# What is drawn is a place in a list, so that an example reads alike wherever it fails.
PRODUCTS = ("tea", "rum", "batch", "serial", "advice", "unknown")
PLACES = ("north", "south", "ahead", "nowhere")
products = st.sampled_from([*["tea", "rum"] * 3, *PRODUCTS])
places = st.sampled_from([*PLACES[:3] * 4, *PLACES])

Row = tuple[str, str, str]
_GOOD: list[Row] = [
    *[(product, place, "") for product in ("tea", "rum") for place in PLACES[:3]],
    *[("batch", place, lot) for place in PLACES[:2] for lot in ("L-1", "l-1")],
    *[("serial", place, "S-1") for place in PLACES[:2]],
]
_BAD: list[Row] = [
    ("tea", "nowhere", ""),
    ("unknown", "north", ""),
    ("unknown", "nowhere", ""),
    ("advice", "north", ""),
    ("tea", "north", "L-1"),
    ("batch", "north", ""),
    ("serial", "south", ""),
]
good_rows = st.sampled_from(_GOOD)
rows = st.sampled_from([*_GOOD * 4, *_BAD])
quantities = st.sampled_from([*["1", "2", "3.5", "7"] * 3, "0.000001", "0", "0", "-1"]).map(
    Quantity.of
)
costs = st.sampled_from(["1", "2.5", "0", "3.333333", "1000000"]).map(Decimal)
limits = st.integers(1, 4)
SURROUNDINGS = (
    "close the warehouse",
    *["open the warehouse"] * 2,
    "retire the product",
    *["bring the product back"] * 2,
    "let it go negative",
    "keep it from going negative",
)

_ADVICE: dict[str, Any] = {"sku": "ADVICE", "kind": ProductKind.SERVICE, "stock_managed": False}


@dataclass(frozen=True)
class Step:
    """What was done, and how to take it back."""

    movements: tuple[StockMovement, ...]
    back: Callable[[], Any]


class SideBySide(RuleBasedStateMachine):
    def __init__(self, kind: str, folder: Path) -> None:
        super().__init__()
        self.twins = Twins(kind=kind, folder=folder)
        self.on_hand: dict[StockKey, Quantity] = defaultdict(Quantity)
        self.reserved: dict[StockKey, Quantity] = defaultdict(Quantity)
        self.movements: list[StockMovement] = []
        self.steps: list[Step] = []

    @initialize()
    def open_shop(self) -> None:
        goods = [Tracking.NONE, Tracking.NONE, Tracking.LOT, Tracking.SERIAL]
        made = [replace(a_product(), tax_class_id=None, tracking=each) for each in goods]
        made += [replace(made[0], **_ADVICE, id=ProductId(new_id()))]
        houses = [replace(a_warehouse(), may_go_negative=n == 2) for n in range(3)]
        stored = self.twins.both(partial(_set_up, made, houses))
        self.products = dict(zip(PRODUCTS, [*stored, ProductId(new_id())], strict=True))
        self.places = dict(
            zip(PLACES, [*(each.id for each in houses), WarehouseId(new_id())], strict=True)
        )

    def teardown(self) -> None:
        self.twins.close()

    def ask(self, use_case: type, command: object) -> Any:
        return self.twins.ask(use_case, command)

    def key(self, product: str, place: str, lot: str = "") -> StockKey:
        return StockKey(self.products[product], self.places[place], lot)

    def moved(self, movements: Sequence[StockMovement], back: Callable[[], Any]) -> None:
        """Note what moved, and how it is undone."""
        for each in movements:
            self.on_hand[each.key] += each.quantity
            assert each.on_hand_after == self.on_hand[each.key]
        self.movements += movements
        self.steps.append(Step(tuple(movements), back))

    # Moving it

    @rule(row=rows, quantity=quantities, cost=costs, again=st.booleans())
    def receive(self, row: Row, quantity: Quantity, cost: Decimal, again: bool) -> None:
        """Sometimes under the identity of another movement, which is refused."""
        taken = self.movements[-1].id if again and self.movements and cost == 1 else None
        self._receive(self.key(*row), quantity, UnitPrice(cost, "EUR"), taken)

    @rule(place=places)
    def receive_in_another_currency(self, place: str) -> None:
        self._receive(self.key("tea", place), Quantity.of("1"), UnitPrice(Decimal(1), "BRL"))

    @rule(row=rows, quantity=quantities)
    def issue(self, row: Row, quantity: Quantity) -> None:
        self._issue(self.key(*row), quantity)

    @rule(row=rows, to=places, quantity=quantities)
    def transfer(self, row: Row, to: str, quantity: Quantity) -> None:
        source = self.key(*row)
        self._transfer(source, replace(source, warehouse_id=self.places[to]), quantity)

    @rule(row=rows, counted=quantities)
    def adjust(self, row: Row, counted: Quantity) -> None:
        self._adjust(self.key(*row), counted)

    @precondition(lambda self: self.steps)
    @rule()
    def undo(self) -> None:
        """Do the reverse of what was done last; stock is where it was, unless it is refused."""
        step, before = self.steps.pop(), dict(self.on_hand)
        if step.back() is None:
            return
        self.steps.pop()  # what has been undone is not undone again
        for each in step.movements:
            before[each.key] -= each.quantity
        assert self.on_hand == before

    def _receive(
        self, key: StockKey, quantity: Quantity, cost: UnitPrice, taken: MovementId | None = None
    ) -> Any:
        command = ReceiveStockCommand(
            key=key, quantity=quantity, unit_cost=cost, label="come in ☕", movement_id=taken
        )
        movement = self.ask(ReceiveStock, command)
        if movement is not None:
            self.moved([movement], partial(self._issue, key, quantity))
        return movement

    def _issue(self, key: StockKey, quantity: Quantity) -> Any:
        movement = self.ask(IssueStock, IssueStockCommand(key=key, quantity=quantity))
        if movement is not None:
            cost = movement.unit_cost or UnitPrice(Decimal(0), "EUR")
            self.moved([movement], partial(self._receive, key, quantity, cost))
        return movement

    def _transfer(self, source: StockKey, target: StockKey, quantity: Quantity) -> Any:
        command = TransferStockCommand(
            product_id=source.product_id,
            from_warehouse_id=source.warehouse_id,
            to_warehouse_id=target.warehouse_id,
            lot=source.lot,
            quantity=quantity,
        )
        done = self.ask(TransferStock, command)
        if done is not None:
            self.moved([done.out, done.into], partial(self._transfer, target, source, quantity))
        return done

    def _adjust(self, key: StockKey, counted: Quantity) -> Any:
        command = AdjustStockCommand(key=key, counted=counted, label="counted")
        movement = self.ask(AdjustStock, command)
        if movement is not None:
            self.moved([movement], partial(self._adjust_by, key, -movement.quantity))
        return movement

    def _adjust_by(self, key: StockKey, quantity: Quantity) -> Any:
        return self._adjust(key, self.on_hand[key] + quantity)

    # What surrounds it

    @rule(product=products, place=places, what=st.sampled_from(SURROUNDINGS))
    def change_the_surroundings(self, product: str, place: str, what: str) -> None:
        warehouse = self.places[place]
        match what:
            case "close the warehouse":
                self.ask(ArchiveWarehouse, WarehouseCommand(id=warehouse))
            case "open the warehouse":
                self.ask(RestoreWarehouse, WarehouseCommand(id=warehouse))
            case "retire the product":
                self.ask(ArchiveProduct, ProductCommand(id=self.products[product]))
            case "bring the product back":
                self.ask(RestoreProduct, ProductCommand(id=self.products[product]))
            case rule:
                changes = {"may_go_negative": rule == "let it go negative"}
                command = ChangeWarehouseCommand(id=warehouse, version=None, changes=changes)
                self.ask(ChangeWarehouse, command)

    @rule(seconds=st.sampled_from([0.000001, 1, 3600]))
    def let_time_pass(self, seconds: float) -> None:
        self.twins.clock.move(seconds)

    # Reading it

    @rule(
        product=st.none() | products, place=st.none() | places, limit=limits, count=st.booleans()
    )
    def list_stock(self, product: str | None, place: str | None, limit: int, count: bool) -> None:
        query = StockQuery(
            page=PageRequest(limit=limit, count=count),
            product_id=None if product is None else self.products[product],
            warehouse_id=None if place is None else self.places[place],
        )
        self.pages(ListStock, query)

    @rule(
        product=st.none() | products,
        place=st.none() | places,
        since=st.none() | st.integers(-2, 0),
        until=st.none() | st.integers(-1, 1),
        page=st.builds(PageRequest, limit=limits, descending=st.booleans()),
    )
    def list_movements(
        self,
        product: str | None,
        place: str | None,
        since: int | None,
        until: int | None,
        page: PageRequest,
    ) -> None:
        now = self.twins.clock.now(CLERK)
        query = MovementQuery(
            page=page,
            product_id=None if product is None else self.products[product],
            warehouse_id=None if place is None else self.places[place],
            since=None if since is None else now + timedelta(seconds=since),
            until=None if until is None else now + timedelta(seconds=until),
        )
        self.pages(ListMovements, query)

    @rule(back=st.integers(0, 3))
    def read_a_movement(self, back: int) -> None:
        known = self.movements[-1 - back].id if back < len(self.movements) else new_id()
        self.ask(GetMovement, MovementId(known))

    def pages(self, use_case: type, query: Any) -> list[Any]:
        """Follow the pages to the end."""
        found: list[Any] = []
        while True:
            page = self.ask(use_case, query)
            found += page.items
            if page.next is None:
                return found
            query = replace(query, page=replace(query.page, after=page.next))

    # What is always true

    @invariant()
    def the_books_are_right(self) -> None:
        """On hand is the sum of the movements, and reserved that of the reservations."""
        if not self.on_hand:
            return
        page = self.ask(ListStock, StockQuery(page=PageRequest(limit=200)))
        listed = {each.item.key: each.item for each in page.items}
        assert {key: item.on_hand for key, item in listed.items()} == self.on_hand
        assert all(item.reserved == self.reserved[key] for key, item in listed.items())
        found = self.ask(VerifyStock, VerifyStockQuery()).differences
        # What went below zero stays there when the warehouse becomes strict, and is reported.
        assert {each.rule for each in found} <= {StockRule.NEGATIVE}


def _set_up(made: Sequence[Any], houses: Sequence[Any], store: Any) -> list[ProductId]:
    with store(CLERK) as uow:
        uow.units.add_absent(CLERK, standard_units())
        for house in houses:
            uow.warehouses.add(CLERK, house)
        return [uow.products.add(CLERK, product).id for product in made]
