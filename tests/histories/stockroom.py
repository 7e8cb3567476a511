"""A crowd at work in an ERP, and what each of them was told."""

import os
import random
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from erp_core.catalog.entities import ProductId, standard_units
from erp_core.inventory.entities import StockKey, StockMovement
from erp_core.inventory.ports import StockQuery
from erp_core.inventory.use_cases import (
    AdjustStock,
    AdjustStockCommand,
    IssueStock,
    IssueStockCommand,
    ListStock,
    ReceiveStock,
    ReceiveStockCommand,
    TransferStock,
    TransferStockCommand,
    VerifyStock,
    VerifyStockQuery,
)
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.testing import FixedClock, Witness, at_once, context
from erp_core.testing.catalog import a_product
from erp_core.testing.histories import Answer, Operation, Recorder, Said, Verdict, explain
from erp_core.testing.histories.calls import millionths
from erp_core.testing.histories.stock import (
    Adjust,
    Issue,
    Look,
    Receive,
    Shelf,
    Transfer,
    cost_of,
    stock_answer,
)
from erp_core.testing.inventory import a_warehouse

CLERK: Final = context("inventory.*")


def seed_of_this_run() -> int:
    """Return the seed a person gave, or a new one; either way it is printed."""
    given = os.environ.get("ERP_TEST_SEED")
    seed = int(given) if given else secrets.randbits(32)
    print(f"ERP_TEST_SEED={seed}")  # noqa: T201  # pytest shows it where a test fails
    return seed


@dataclass(kw_only=True)
class Stockroom:
    """A few hot rows over any store, moved through the real use cases under a recorder."""

    store: Any
    recorder: Recorder = field(default_factory=Recorder)
    witness: Witness = field(default_factory=Witness)
    keys: dict[Shelf, StockKey] = field(default_factory=dict)

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

    def _moves(
        self, asked: Operation, perform: Callable[[], Sequence[StockMovement]]
    ) -> Answer | None:
        shelves = {key: shelf for shelf, key in self.keys.items()}
        return self.recorder.call(asked, partial(stock_answer, shelves, perform))

    def _ask(self, use_case: Callable[..., Any], command: object) -> Any:
        wired = use_case(unit_of_work=self.store, clock=FixedClock(), observer=self.witness)
        return wired(CLERK, command)


def crowd(room: Stockroom, seed: int, operations: int, threads: int) -> None:
    """Let *threads* callers do *operations* in all, each its own random share of them."""
    shares = [operations // threads + (each < operations % threads) for each in range(threads)]
    scripts = [partial(_work, room, f"{seed}/{n}", share) for n, share in enumerate(shares)]
    at_once(*scripts)


def _work(room: Stockroom, seed: str, operations: int) -> None:
    dice = random.Random(seed)  # to be repeated, not to be kept secret
    for _ in range(operations):
        one_of(room, dice)()


def one_of(room: Stockroom, dice: random.Random) -> Callable[[], object]:
    """Choose an operation: small whole numbers mostly, so that states come again and confuse."""
    shelf = dice.choice(list(room.keys))
    quantity = Decimal(dice.choice(["1", "1", "2", "3", "5", "0.333333"]))
    match dice.choices(range(5), [30, 33, 20, 5, 12])[0]:
        case 0:
            cost = Decimal(dice.choice(["0", "1", "2.5", "3.333333", "7"]))
            return partial(room.receive, shelf, quantity, cost)
        case 1:
            return partial(room.issue, shelf, quantity)
        case 2:
            others = [
                each for each in room.keys if each.product == shelf.product and each != shelf
            ]
            return partial(room.transfer, shelf, dice.choice(others), quantity)
        case 3:
            return partial(room.adjust, shelf, Decimal(dice.randrange(4)))
        case _:
            return partial(room.look, shelf.product)


def hot_rows(room: Stockroom) -> None:
    """Two products in three warehouses, one of which may run ahead of its receipts."""
    places = [Shelf("", "north"), Shelf("", "south"), Shelf("", "ahead", may_go_negative=True)]
    for shelf in room.stock_up(["tea", "rum"], places):
        if shelf.place == "north":
            room.receive(shelf, Decimal(20), Decimal("1.5"))
