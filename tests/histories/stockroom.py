"""A crowd at work in an ERP, and what each of them was told."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final, NamedTuple

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.inventory.entities import (
    InsufficientStockError,
    ReservationExceededError,
    StockKey,
    StockMovement,
)
from erp_core.inventory.ports import StockQuery
from erp_core.inventory.use_cases import (
    AdjustStock,
    AdjustStockCommand,
    IssueGoods,
    IssueGoodsCommand,
    IssueLine,
    IssueStock,
    IssueStockCommand,
    ListStock,
    ReceiptLine,
    ReceiveGoods,
    ReceiveGoodsCommand,
    ReceiveStock,
    ReceiveStockCommand,
    ReleaseStock,
    ReservationCommand,
    ReserveStock,
    ReturnStock,
    ReturnStockCommand,
    RevalueReceipt,
    RevalueReceiptCommand,
    TransferStock,
    TransferStockCommand,
    VerifyStock,
    VerifyStockQuery,
)
from erp_core.kernel.errors import InvariantError
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import FixedClock, Witness, context
from erp_core.testing.catalog import a_product
from erp_core.testing.histories import Answer, Operation, Recorder, Said, Verdict, explain
from erp_core.testing.histories.calls import millionths
from erp_core.testing.histories.documents import (
    RETURN_EXCEEDED,
    Document,
    Release,
    Reserve,
    Return,
    Revalue,
)
from erp_core.testing.histories.stock import (
    Adjust,
    Issue,
    Look,
    Receive,
    Shelf,
    Transfer,
    cost_of,
    lacking,
    stock_answer,
)
from erp_core.testing.inventory import a_warehouse

CLERK: Final = context("inventory.*")


class Done(NamedTuple):
    """A receipt or an issue that took place, which a later operation may refer to."""

    operation: Receive | Issue
    movement: StockMovement


@dataclass(kw_only=True)
class Stockroom:
    """A few hot rows over any store, moved through the real use cases under a recorder."""

    store: Any
    recorder: Recorder = field(default_factory=Recorder)
    witness: Witness = field(default_factory=Witness)
    keys: dict[Shelf, StockKey] = field(default_factory=dict)
    done: list[Done] = field(default_factory=list)

    def stock_up(self, products: Sequence[str], places: Sequence[Shelf]) -> list[Shelf]:
        """Make products and warehouses; *places* say by their names which, and their rules."""
        with self.store(CLERK) as uow:
            uow.units.add_absent(CLERK, standard_units())
            for place in places:
                rule = {"name": place.place, "may_go_negative": place.may_go_negative}
                where = uow.warehouses.add(CLERK, replace(a_warehouse(), **rule)).id
                for name in products:
                    self.keys[replace(place, product=name)] = StockKey(ProductId(where), where)
            for name in products:
                made = uow.products.add(CLERK, replace(a_product(), tax_class_id=None)).id
                for shelf in (each for each in self.keys if each.product == name):
                    self.keys[shelf] = replace(self.keys[shelf], product_id=made)
        return list(self.keys)

    def receive(self, shelf: Shelf, quantity: Decimal, cost: Decimal) -> Answer | None:
        command = ReceiveStockCommand(
            key=self.keys[shelf], quantity=Quantity(quantity), unit_cost=UnitPrice(cost, "EUR")
        )
        asked = Receive(shelf, millionths(quantity), millionths(cost))
        return self._moves(asked, lambda: [self._ask(ReceiveStock, command)])

    def issue(self, shelf: Shelf, quantity: Decimal) -> Answer | None:
        command = IssueStockCommand(key=self.keys[shelf], quantity=Quantity(quantity))
        asked = Issue(shelf, millionths(quantity))
        return self._moves(asked, lambda: [self._ask(IssueStock, command)])

    def adjust(self, shelf: Shelf, counted: Decimal) -> Answer | None:
        command = AdjustStockCommand(
            key=self.keys[shelf], counted=Quantity(counted), label="counted"
        )
        asked = Adjust(shelf, millionths(counted))
        return self._moves(asked, lambda: [self._ask(AdjustStock, command)])

    def transfer(self, source: Shelf, target: Shelf, quantity: Decimal) -> Answer | None:
        command = TransferStockCommand(
            product_id=self.keys[source].product_id,
            from_warehouse_id=self.keys[source].warehouse_id,
            to_warehouse_id=self.keys[target].warehouse_id,
            quantity=Quantity(quantity),
        )

        def both() -> list[StockMovement]:
            done = self._ask(TransferStock, command)
            return [done.out, done.into]

        return self._moves(Transfer(source, target, millionths(quantity)), both)

    def look(self, product: str) -> Answer | None:
        """Read all rows of a product, which is one statement."""
        shelves = tuple(shelf for shelf in self.keys if shelf.product == product)
        query = StockQuery(page=PageRequest(), product_id=self.keys[shelves[0]].product_id)

        def read() -> Answer:
            found = {each.item.key: each for each in self._ask(ListStock, query).items}
            said: list[Said] = []
            # All rows carry the one average; a row that nobody moved yet is not in the list.
            averages = [each.average_cost for each in found.values()]
            for shelf in shelves:
                row = found.get(self.keys[shelf])
                said += [
                    Said(shelf.on_hand, millionths(row.item.on_hand.value) if row else 0),
                    Said(shelf.reserved, millionths(row.item.reserved.value) if row else 0),
                    Said(shelf.average, cost_of(averages[0] if averages else None)),
                ]
            assert len(set(averages)) <= 1
            return Answer(tuple(said))

        return self.recorder.call(Look(shelves), read)

    def receive_goods(self, lines: Sequence[tuple[Shelf, Decimal, Decimal]]) -> Answer | None:
        command = ReceiveGoodsCommand(
            lines=tuple(
                ReceiptLine(
                    key=self.keys[shelf],
                    quantity=Quantity(quantity),
                    unit_cost=UnitPrice(cost, "EUR"),
                )
                for shelf, quantity, cost in lines
            )
        )
        asked = Document(
            tuple(Receive(each, millionths(many), millionths(cost)) for each, many, cost in lines)
        )
        return self._moves(asked, lambda: self._ask(ReceiveGoods, command).movements)

    def issue_goods(self, lines: Sequence[tuple[Shelf, Decimal]]) -> Answer | None:
        command = IssueGoodsCommand(
            lines=tuple(
                IssueLine(key=self.keys[shelf], quantity=Quantity(quantity))
                for shelf, quantity in lines
            )
        )
        asked = Document(tuple(Issue(each, millionths(many)) for each, many in lines))
        return self._moves(asked, lambda: self._ask(IssueGoods, command).movements)

    def reserve(self, shelf: Shelf, quantity: Decimal, origin: str) -> Answer | None:
        return self._promises(ReserveStock, Reserve(shelf, millionths(quantity), origin))

    def release(self, shelf: Shelf, quantity: Decimal, origin: str) -> Answer | None:
        return self._promises(ReleaseStock, Release(shelf, millionths(quantity), origin))

    def take_back(self, issue: Done, shelf: Shelf, quantity: Decimal) -> Answer | None:
        """Let a part of what went out come back, to a warehouse of one's choice."""
        movement = issue.movement
        asked = Return(
            shelf,
            millionths(quantity),
            millionths(-movement.quantity.value),
            cost_of(movement.unit_cost),
            str(movement.id),
        )
        command = ReturnStockCommand(
            movement_id=movement.id,
            quantity=Quantity(quantity),
            warehouse_id=self.keys[shelf].warehouse_id,
        )

        def back() -> Answer:
            try:
                return stock_answer(self._shelves, lambda: [self._ask(ReturnStock, command)])
            except InvariantError as error:
                if error.code != RETURN_EXCEEDED:
                    raise
                returned = millionths(error.details["returned"].value)
                return Answer((Said(asked.returned, returned),), refused=error.code)

        return self.recorder.call(asked, back)

    def revalue(self, receipt: Done, cost: Decimal) -> Answer | None:
        movement, shelf = receipt.movement, receipt.operation.shelf
        asked = Revalue(
            shelf,
            millionths(movement.quantity.value),
            cost_of(movement.unit_cost),
            millionths(cost),
            str(movement.id),
        )
        command = RevalueReceiptCommand(movement_id=movement.id, unit_cost=UnitPrice(cost, "EUR"))
        return self._moves(asked, lambda: [self._ask(RevalueReceipt, command)])

    def judge(self) -> Verdict:
        """Look once more at everything, when all is quiet, and judge what was recorded."""
        for product in sorted({shelf.product for shelf in self.keys}):
            self.look(product)
        return explain(self.recorder.calls)

    def consistent(self) -> bool:
        return bool(self._ask(VerifyStock, VerifyStockQuery()).consistent)

    def contended(self) -> list[str]:
        """Return what was not served at the first attempt: a deadlock, or a race that was lost."""
        again = [seen.permission for seen in self.witness.seen if seen.attempts > 1]
        return again + [f"{each.operation}: {each.code}" for each in self.recorder.failures]

    @property
    def _shelves(self) -> dict[StockKey, Shelf]:
        return {key: shelf for shelf, key in self.keys.items()}

    def _moves(
        self, asked: Operation, perform: Callable[[], Sequence[StockMovement]]
    ) -> Answer | None:
        def noted() -> Sequence[StockMovement]:
            movements = perform()
            if isinstance(asked, (Receive, Issue)):
                self.done.append(Done(asked, movements[0]))
            return movements

        return self.recorder.call(asked, partial(stock_answer, self._shelves, noted))

    def _promises(self, use_case: Callable[..., Any], asked: Reserve | Release) -> Answer | None:
        command = ReservationCommand(
            key=self.keys[asked.shelf],
            quantity=Quantity(Decimal(asked.quantity).scaleb(-6)),
            origin=asked.origin,
        )

        def promised() -> Answer:
            try:
                kept = self._ask(use_case, command).quantity
            except InsufficientStockError as error:
                return lacking(self._shelves, error)
            except ReservationExceededError as error:
                reserved = millionths(error.details["reserved"].value)
                return Answer((Said(asked.kept, reserved),), refused=error.code)
            return Answer((Said(asked.kept, millionths(kept.value)),))

        return self.recorder.call(asked, promised)

    def _ask(self, use_case: Callable[..., Any], command: object) -> Any:
        wired = use_case(unit_of_work=self.store, clock=FixedClock(), observer=self.witness)
        return wired(CLERK, command)
