"""What a call costs the database: so many statements, and no more when there is more data."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from erp_core.catalog.entities import standard_units
from erp_core.erp import Erp
from erp_core.inventory.entities import Posting, Reason, StockKey
from erp_core.inventory.ports import MovementQuery, StockQuery, WarehouseQuery
from erp_core.inventory.use_cases import (
    AdjustStockCommand,
    ChangeWarehouseCommand,
    IssueStockCommand,
    ReceiveStockCommand,
    TransferStockCommand,
    VerifyStockQuery,
)
from erp_core.kernel.context import Context, Usage
from erp_core.kernel.money import UnitPrice
from erp_core.kernel.page import PageRequest
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import TaxId, TaxIdKind
from erp_core.parties.ports import PartyQuery
from erp_core.parties.use_cases import ChangePartyCommand, MergePartiesCommand
from erp_core.testing import NOON, context
from erp_core.testing.catalog import a_product
from erp_core.testing.inventory import a_warehouse
from erp_core.testing.parties import another_party
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.wiring import an_erp

ONE, TEN = Quantity.of("1"), Quantity.of("10")
COST = UnitPrice(Decimal("2.50"), "EUR")
OPENING = ("BEGIN", "BEGIN IMMEDIATE")  # SQLite's, which the other drivers say by themselves


class House:
    """An ERP over one database, and a count of what it says to it."""

    def __init__(self, engine: Engine) -> None:
        self.store = SqlStore(engine)
        self.erp = an_erp(self.store)
        self.said: list[str] = []
        self.guard = int(engine.dialect.name == "mysql")  # the lock before a first insert
        event.listen(engine, "before_cursor_execute", self._hear)

    def _hear(self, _connection, _cursor, statement: str, *_: object) -> None:
        if statement not in OPENING:
            self.said.append(statement)

    @contextmanager
    def costs(self, most: int) -> Iterator[None]:
        self.said.clear()
        yield
        assert len(self.said) == most, "\n".join(self.said)

    def key(self) -> StockKey:
        ctx = context()
        with self.store(ctx) as uow:
            uow.units.add_absent(ctx, standard_units())
            product = uow.products.add(ctx, replace(a_product(), tax_class_id=None))
            return StockKey(product.id, uow.warehouses.add(ctx, a_warehouse()).id)


@pytest.fixture(params=KINDS)
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    with database(request.param, tmp_path) as engine:
        yield House(engine)


def clerk() -> Context:
    return context("inventory.*")


def receive(erp: Erp, key: StockKey, quantity: Quantity = TEN) -> None:
    command = ReceiveStockCommand(key=key, quantity=quantity, unit_cost=COST)
    erp.inventory.receive_stock(clerk(), command)


def test_an_issue_of_stock_takes_six_statements(house: House) -> None:
    key = house.key()
    receive(house.erp, key)
    for _ in range(3):
        with house.costs(6):
            house.erp.inventory.issue_stock(clerk(), IssueStockCommand(key=key, quantity=ONE))


def test_what_moves_stock_costs_the_same_however_much_there_is(house: House) -> None:
    here = house.key()
    there = replace(house.key(), product_id=here.product_id)
    with house.costs(9 + house.guard):  # the first of its product: its valuation is made
        receive(house.erp, here)
    with house.costs(7):  # a new row; the average is as it was
        receive(house.erp, there)
    carry = TransferStockCommand(
        product_id=here.product_id,
        from_warehouse_id=here.warehouse_id,
        to_warehouse_id=there.warehouse_id,
        quantity=ONE,
    )
    for _ in range(3):
        with house.costs(7):
            receive(house.erp, here)
        with house.costs(6):
            house.erp.inventory.transfer_stock(clerk(), carry)
        with house.costs(6):
            adjust = AdjustStockCommand(key=here, counted=ONE, label="counted")
            house.erp.inventory.adjust_stock(clerk(), adjust)


def test_reading_takes_one_statement_and_verifying_one_for_each_rule(house: House) -> None:
    key = house.key()
    for rows in range(3):
        receive(house.erp, key)
        page = PageRequest(limit=2)
        with house.costs(1):
            house.erp.inventory.list_stock(clerk(), StockQuery(page=page))
        with house.costs(1):
            found = house.erp.inventory.list_movements(clerk(), MovementQuery(page=page))
        assert len(found.items) == min(rows + 1, 2)
        with house.costs(4):
            house.erp.inventory.verify_stock(clerk(), VerifyStockQuery())
        with house.costs(1):
            house.erp.inventory.list_warehouses(clerk(), WarehouseQuery(page=page))


def test_a_master_is_added_in_two_and_changed_in_three(house: House) -> None:
    with house.costs(2 + house.guard):
        warehouse = house.erp.inventory.add_warehouse(clerk(), a_warehouse())
    with house.costs(3):
        rename = ChangeWarehouseCommand(id=warehouse.id, version=None, changes={"name": "B"})
        house.erp.inventory.change_warehouse(clerk(), rename)


@pytest.mark.parametrize("lines", [2, 40])
def test_a_document_of_many_lines_costs_the_same(house: House, lines: int) -> None:
    keys, ctx = [house.key() for _ in range(lines)], context()
    posting = Posting(reason=Reason.ISSUE, at=NOON, by="ada")
    with house.store(ctx) as uow:
        stock = uow.stock.lock(ctx, keys, receiving=True)
        for key in keys:
            stock = stock.receive(key, TEN, COST, posting)
        uow.stock.save(ctx, stock)
    with house.costs(5), house.store(ctx) as uow:
        stock = uow.stock.lock(ctx, keys)
        for key in keys:
            stock = stock.issue(key, ONE, posting)
        uow.stock.save(ctx, stock)


def test_a_context_tells_what_its_request_has_cost(house: House) -> None:
    key, ctx = house.key(), replace(clerk(), usage=Usage())
    command = ReceiveStockCommand(key=key, quantity=TEN, unit_cost=COST)
    with house.costs(9 + house.guard):
        house.erp.inventory.receive_stock(ctx, command)

    assert ctx.usage.statements >= 9
    assert ctx.usage.seconds > 0


@pytest.mark.parametrize("known", [1, 10])
def test_a_party_costs_the_same_however_much_is_known_of_it(house: House, known: int) -> None:
    ctx, parties = context("parties.*"), house.erp.parties

    def tax_ids(first: int) -> tuple[TaxId, ...]:
        numbers = range(first, first + known)
        return tuple(TaxId("US", TaxIdKind.OTHER, f"{number:09d}") for number in numbers)

    bare = replace(another_party("Ana"), customer_code=None)
    with house.costs(10):  # four of them for the code
        party = parties.create_party(ctx, replace(bare, tax_ids=tax_ids(100))).party
    renamed = {"name": " ".join(f"Bia{n}" for n in range(known))}
    with house.costs(5):
        command = ChangePartyCommand(id=party.id, version=None, changes=renamed)
        parties.change_party(ctx, command)
    with house.costs(8):
        changes = {"tax_ids": tax_ids(200)}
        command = ChangePartyCommand(id=party.id, version=None, changes=changes)
        parties.change_party(ctx, command)
    survivor = parties.create_party(ctx, replace(another_party("Eva"), customer_code=None)).party
    with house.costs(17):  # seven for what is its own: price lists, papers, templates, payments
        merge = MergePartiesCommand(id=survivor.id, version=None, from_id=party.id)
        parties.merge_parties(ctx, merge)
    with house.costs(1):
        query = PartyQuery(page=PageRequest(sort="name"), text="eva us000")
        found = parties.list_parties(ctx, query)
    assert [each.id for each in found.items] == [survivor.id]
