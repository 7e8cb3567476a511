"""A failure at every call of a repository in turn leaves no trace, on every database.

Each step of a sale is taken again and again in one company; every call of a repository fails in
turn, until the step passes. After each failure every row of every table is what it was: no number
is used, no stock has moved, no event is told, nothing is written in the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine

from erp_core.catalog.entities import Product
from erp_core.identity.entities import StockLeavesAt
from erp_core.invoicing.entities import Invoice, InvoiceType
from erp_core.kernel.entity import new_id
from erp_core.parties.use_cases import MergePartiesCommand
from erp_core.sales.entities import Order, OrderId
from erp_core.sales.use_cases import OrderQuoteCommand, SendQuoteCommand
from erp_core.testing import MovableClock
from erp_sql.base import Base
from erp_sql.unit_of_work import SqlStore
from tests.databases import KINDS, database
from tests.failing import BrokenError, FailingStore
from tests.invoicing.offices import Office, part
from tests.invoicing.standing import Standing
from tests.invoicing.standing import of as billed
from tests.sales.docks import Dock
from tests.sales.shops import SELLER
from tests.treasury.tills import CASHIER, Till, a_till

CALLS_MAX = 60
LEAP_DAY = date(2024, 2, 29)


@dataclass
class World:
    """One company in a database, where each call of a repository can be made to fail."""

    engine: Engine
    store: FailingStore

    def __post_init__(self) -> None:
        self.clock = MovableClock()
        self.till: Till = a_till(self.store, clock=self.clock)
        self.dock = Dock(**vars(self.till.office.shop))

    @property
    def office(self) -> Office:
        return self.till.office

    def rows(self) -> dict[str, object]:
        """Return of every table what all its rows say, or a digest of it."""
        with self.engine.connect() as connection:
            return digests(connection)

    def tea(self, on_hand: int = 9) -> Product:
        return self.dock.product(on_hand)

    def sold(self, quantity: int = 2) -> Order:
        return self.dock.sold((self.tea(), quantity))

    def leaves_at(self, paper: StockLeavesAt) -> None:
        self.dock.leaves_at(paper)

    def paid_note(self) -> Invoice:
        """Issue a credit note of which all is left."""
        return self.till.note(100)


def digests(connection: Connection) -> dict[str, object]:
    """Return for each table a digest of its rows: of all tables by one statement, if possible."""
    names = [table.name for table in Base.metadata.sorted_tables]
    if connection.dialect.name == "sqlite":
        said = {each: connection.exec_driver_sql(f"SELECT * FROM {each}") for each in names}
        return {each: sorted(map(str, rows)) for each, rows in said.items()}
    if connection.dialect.name == "mysql":
        found = connection.exec_driver_sql(f"CHECKSUM TABLE {', '.join(names)}")
    else:
        digest = "md5(string_agg(each::text, '' ORDER BY each::text))"
        every = (f"SELECT '{each}', {digest} FROM {each} AS each" for each in names)
        found = connection.exec_driver_sql(" UNION ALL ".join(every))
    told = {name.rpartition(".")[2]: digest for name, digest in found}
    assert set(told) == set(names)
    return told


Step = Callable[[], object]


def adds_an_order(world: World) -> Step:
    line = world.dock.line(world.tea(), 2)
    return lambda: world.dock.order(line)


def confirms_an_order(world: World) -> Step:
    order = world.dock.order(world.dock.line(world.tea(), 2))
    return lambda: world.dock.confirm(order)


def confirms_an_order_by_which_goods_leave(world: World) -> Step:
    world.leaves_at(StockLeavesAt.ORDER)
    return confirms_an_order(world)


def cancels_an_order(world: World) -> Step:
    order = world.sold()
    return lambda: world.dock.cancel(order)


def orders_a_quote(world: World) -> Step:
    quote = world.dock.accepted(world.dock.line(world.tea(), 2))
    command = OrderQuoteCommand(id=quote.id, order_id=OrderId(new_id()))
    return lambda: world.dock.erp.sales.order_quote(SELLER, command)


def sends_a_quote(world: World) -> Step:
    quote = world.dock.quote(world.dock.line(world.tea(), 2))
    return lambda: world.dock.erp.sales.send_quote(SELLER, SendQuoteCommand(id=quote.id))


def adds_a_shipment(world: World) -> Step:
    order = world.sold()
    return lambda: world.dock.draft(order)


def validates_a_shipment(world: World) -> Step:
    draft = world.dock.draft(world.sold())
    return lambda: world.dock.validate(draft)


def cancels_a_shipment(world: World) -> Step:
    shipment = world.dock.ship(world.sold())
    return lambda: world.dock.call_off(shipment)


def adds_an_invoice(world: World) -> Step:
    order = world.sold()
    return lambda: world.office.of_order(order)


def validates_an_invoice(world: World) -> Step:
    draft = world.office.of_order(world.sold())
    return lambda: world.office.validate(draft)


def validates_an_invoice_by_which_goods_leave(world: World) -> Step:
    world.leaves_at(StockLeavesAt.INVOICE)
    return validates_an_invoice(world)


def deducts_a_deposit(world: World) -> Step:
    deposit = world.till.invoice(40, type=InvoiceType.DEPOSIT)
    world.till.pay(40, (deposit, 40))
    draft = world.office.draft(deposit_ids=(deposit.id,))
    return lambda: world.office.validate(draft)


def credits_an_invoice(world: World) -> Step:
    world.leaves_at(StockLeavesAt.INVOICE)
    invoice = world.office.validate(world.office.of_order(world.sold()))
    back = part(invoice, 0, "1", returns_stock=True)
    note = world.office.note(invoice, back, reopens_order=True)
    return lambda: world.office.validate(note)


def replaces_an_invoice(world: World) -> Step:
    draft = world.office.replacing(world.office.issued())
    return lambda: world.office.validate(draft)


def abandons_an_invoice(world: World) -> Step:
    world.leaves_at(StockLeavesAt.INVOICE)
    invoice = world.office.validate(world.office.of_order(world.sold()))
    return lambda: world.office.abandon(invoice, reopens_order=True)


def applies_a_credit(world: World) -> Step:
    note, invoice = world.paid_note(), world.till.invoice(60)
    return lambda: world.office.apply(note, invoice)


def takes_a_credit_back(world: World) -> Step:
    note, invoice = world.paid_note(), world.till.invoice(60)
    world.office.apply(note, invoice)
    return lambda: world.office.unapply(note, invoice)


def records_a_payment(world: World) -> Step:
    one, two = world.till.invoice(100), world.till.invoice(50)
    return lambda: world.till.pay(200, (one, 60), (two, 50))


def allocates_a_payment(world: World) -> Step:
    paid, invoice = world.till.pay(60), world.till.invoice(100)
    return lambda: world.till.allocate(paid, (invoice, 60))


def reverses_a_payment(world: World) -> Step:
    paid = world.till.pay(100, (world.till.invoice(100), 100))
    return lambda: world.till.reverse(paid)


def runs_what_recurs(world: World) -> Step:
    standing = Standing(world.office, world.clock)
    standing.add(billed(), start_on=LEAP_DAY)
    return standing.run


def merges_two_parties(world: World) -> Step:
    double = world.till.another("Ada L.")
    world.till.pay(5, party_id=double.id)
    command = MergePartiesCommand(id=world.till.buyer.id, version=None, from_id=double.id)
    return lambda: world.dock.erp.parties.merge_parties(CASHIER, command)


STEPS = (
    adds_an_order,
    confirms_an_order,
    confirms_an_order_by_which_goods_leave,
    cancels_an_order,
    sends_a_quote,
    orders_a_quote,
    adds_a_shipment,
    validates_a_shipment,
    cancels_a_shipment,
    adds_an_invoice,
    validates_an_invoice,
    validates_an_invoice_by_which_goods_leave,
    deducts_a_deposit,
    credits_an_invoice,
    replaces_an_invoice,
    abandons_an_invoice,
    applies_a_credit,
    takes_a_credit_back,
    records_a_payment,
    allocates_a_payment,
    reverses_a_payment,
    runs_what_recurs,
    merges_two_parties,
)


def fails_at_every_call(world: World, step: Step, name: str) -> int:
    """Let every call fail in turn until the step passes; return how many there are."""
    before = world.rows()
    for at in range(1, CALLS_MAX + 1):
        world.store.arm(at)
        try:
            step()
        except BrokenError:
            found = world.rows()
            changed = [table for table, rows in before.items() if found[table] != rows]
            assert changed == [], f"{name}, call {at}: something is left in {changed}"
            continue
        finally:
            world.store.disarm()
        assert world.store.calls == at - 1
        assert world.rows() != before
        return at - 1
    pytest.fail(f"{name} calls the repositories more than {CALLS_MAX} times")


@pytest.mark.parametrize("kind", KINDS)
def test_wherever_a_step_of_a_sale_fails_no_row_of_any_table_is_another(
    kind: str, tmp_path: Path
) -> None:
    with database(kind, tmp_path) as engine:
        world = World(engine, FailingStore(SqlStore(engine)))
        for prepare in STEPS:
            world.leaves_at(StockLeavesAt.SHIPMENT)
            calls = fails_at_every_call(world, prepare(world), prepare.__name__)
            assert calls >= 4, prepare.__name__
        assert world.till.office.is_consistent()
