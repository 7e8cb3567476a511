"""Which paper takes an order's goods: each piece leaves once, whatever is shipped and invoiced."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.catalog.entities import Product, Tracking
from erp_core.identity.entities import StockLeavesAt
from erp_core.inventory.entities import InsufficientStockError
from erp_core.inventory.ports import LotQuery
from erp_core.invoicing.entities import Invoice
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.quantity import ZERO, Quantity
from erp_core.sales.entities import Order, OrderState, Shipment, ShipmentState
from erp_core.testing import expect
from tests.invoicing.offices import Office, part
from tests.invoicing.test_sources import some as billed
from tests.sales.docks import Dock, a_dock, some
from tests.sales.shops import PAGE, SELLER, of

SOON, LATE, OLD = date(2024, 3, 1), date(2024, 12, 1), date(2024, 2, 28)


@dataclass
class House:
    """A shop that ships and invoices what it sells."""

    dock: Dock
    office: Office

    def invoice(self, order: Order, *quantities: object) -> Invoice:
        """Validate an invoice of so much of each line."""
        pairs = zip(order.lines, quantities, strict=False)
        lines = tuple(billed(line.id, each) for line, each in pairs if each)
        return self.office.validate(self.office.of_order(order, lines=lines))

    def progress(self, order: Order) -> list[tuple[str, str, str]]:
        lines = self.dock.find(order).lines
        return [(str(each.issued), str(each.shipped), str(each.invoiced)) for each in lines]


@pytest.fixture
def house() -> House:
    return a_house()


def a_house() -> House:
    dock = a_dock()
    return House(dock, Office(dock))


# What is on hand and kept of ten, of which five are ordered, after three went by the first paper
# and after three went by the other.
SHIPPED_FIRST = {
    StockLeavesAt.SHIPMENT: (("7", "2"), ("7", "2")),
    StockLeavesAt.ORDER: (("5", "0"), ("5", "0")),
    StockLeavesAt.INVOICE: (("10", "5"), ("7", "2")),
}
INVOICED_FIRST = {
    StockLeavesAt.SHIPMENT: (("10", "5"), ("7", "2")),
    StockLeavesAt.ORDER: (("5", "0"), ("5", "0")),
    StockLeavesAt.INVOICE: (("7", "2"), ("7", "2")),
}


@pytest.mark.parametrize("paper", StockLeavesAt)
@pytest.mark.parametrize("shipped_first", [True, False])
def test_what_is_shipped_and_invoiced_leaves_once_in_either_order(
    house: House, paper: StockLeavesAt, *, shipped_first: bool
) -> None:
    dock = house.dock
    dock.leaves_at(paper)
    tea = dock.product(10)
    order = dock.sold((tea, 5))
    steps = [
        lambda: dock.ship(order, some(order.lines[0], 3)),
        lambda: house.invoice(order, 3),
    ]
    wanted = (SHIPPED_FIRST if shipped_first else INVOICED_FIRST)[paper]
    for step, stock in zip(steps if shipped_first else reversed(steps), wanted, strict=True):
        step()
        assert dock.stock(tea) == stock
    issued = "5" if paper is StockLeavesAt.ORDER else "3"
    assert house.progress(order) == [(issued, "3", "3")]
    assert dock.find(order).state is OrderState.IN_SHIPMENT
    house.invoice(order, 2)
    dock.ship(order)
    assert house.progress(order) == [("5", "5", "5")]
    assert dock.stock(tea) == ("5", "0")
    assert dock.find(order).state is OrderState.SHIPPED
    assert house.office.is_consistent()


def test_how_goods_leave_is_settled_when_the_order_is_confirmed(house: House) -> None:
    dock, tea = house.dock, house.dock.product(10)
    draft = dock.order(dock.line(tea, 5))
    assert draft.stock_leaves_at is None
    dock.leaves_at(StockLeavesAt.INVOICE)
    order = dock.confirm(draft)
    assert order.stock_leaves_at is StockLeavesAt.INVOICE
    dock.leaves_at(StockLeavesAt.SHIPMENT)
    dock.ship(order, some(order.lines[0], 2))
    assert dock.stock(tea) == ("10", "5")
    house.invoice(order, 4)
    assert dock.stock(tea) == ("6", "1")


def test_lines_of_an_invoices_own_leave_as_the_company_chooses_now(house: House) -> None:
    dock, office = house.dock, house.office
    tea, coffee = dock.product(10), dock.product(10)
    order = dock.sold((tea, 5))
    dock.leaves_at(StockLeavesAt.INVOICE)
    office.validate(
        office.of_order(order, lines=(billed(order.lines[0].id, 5), office.line(coffee, 2)))
    )
    assert (dock.stock(tea), dock.stock(coffee)) == (("10", "5"), ("8", "0"))


def test_what_the_customer_has_already_does_not_leave_when_it_is_billed_again(
    house: House,
) -> None:
    dock, office = house.dock, house.office
    dock.leaves_at(StockLeavesAt.INVOICE)
    tea = dock.product(10)
    order = dock.sold((tea, 5))
    first = house.invoice(order, 3)
    office.credit(first, part(first, 0, "2"), reopens_order=True)  # the price was wrong
    assert house.progress(order) == [("3", "0", "1")]
    again = house.invoice(order, 4)
    assert again.lines[0].issued == of(2)
    assert dock.stock(tea) == ("5", "0")
    with expect(InvariantError, "invoicing.credit_note.not_out") as refusals:
        office.credit(again, part(again, 0, "3", returns_stock=True))
    assert refusals[0].details["missing"] == of(1)


def test_what_came_back_for_good_is_not_kept_nor_does_it_leave_again(house: House) -> None:
    dock, office = house.dock, house.office
    dock.leaves_at(StockLeavesAt.INVOICE)
    tea = dock.product(10)
    order = dock.sold((tea, 5))
    first = house.invoice(order, 3)
    office.credit(first, part(first, 0, "2", returns_stock=True))
    assert dock.stock(tea) == ("9", "2")
    house.invoice(order, 2)
    assert dock.stock(tea) == ("7", "0")


def test_an_order_whose_goods_the_customer_has_is_not_cancelled(house: House) -> None:
    dock, office = house.dock, house.office
    dock.leaves_at(StockLeavesAt.INVOICE)
    tea = dock.product(10)
    order = dock.sold((tea, 5))
    office.credit(house.invoice(order, 5), reopens_order=True)
    with expect(TransitionError, "sales.order.is_issued"):
        dock.cancel(order)
    office.abandon(house.invoice(order, 5))
    assert dock.stock(tea) == ("5", "0")


def test_lots_that_come_back_by_a_replacement_leave_again_by_it(house: House) -> None:
    dock, office = house.dock, house.office
    dock.leaves_at(StockLeavesAt.INVOICE)
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "only", LATE)
    order = dock.sold((tea, 5))
    wrong = house.invoice(order, 5)
    right = office.replacing(wrong, lines=(billed(order.lines[0].id, 3),))
    assert office.validate(right).lines[0].issued == of(3)
    assert dock.lots(tea) == {"only": ("2", "2")}
    assert office.is_consistent()


def test_of_what_is_kept_nothing_that_has_expired_leaves_by_an_invoice(house: House) -> None:
    dock = house.dock
    dock.leaves_at(StockLeavesAt.INVOICE)
    tea = dock.product(tracking=Tracking.LOT)
    dock.receive(tea.id, 5, "bad", SOON)
    order = dock.sold((tea, 3))
    with dock.store(SELLER) as uow:
        (lot,) = uow.lots.page(SELLER, LotQuery(page=PAGE)).items
        uow.lots.save(SELLER, lot.change({"expires_on": OLD}))
    with expect(InsufficientStockError) as refusals:
        house.invoice(order, 3)
    assert (refusals[0].field, refusals[0].details["available"]) == ("lines/0/quantity", of(0))
    dock.receive(tea.id, 5, "good", LATE)
    house.invoice(order, 3)
    assert dock.lots(tea) == {"bad": ("5", "0"), "good": ("2", "0")}
    assert house.office.is_consistent()


@dataclass
class Story:
    """An order, what was done with it, and what that must have come to."""

    house: House
    order: Order
    stocked: dict[int, tuple[Product, Quantity]]  # by the order's lines
    plenty: set[int]
    shipments: list[Shipment] = field(default_factory=list)
    invoices: list[Invoice] = field(default_factory=list)
    for_good: dict[int, Quantity] = field(default_factory=dict)  # came back, not to leave again

    def ship(self, place: int, quantity: int, _: object) -> None:
        line = self.order.lines[place % 3]
        self.shipments.append(self.house.dock.ship(self.order, some(line, quantity)))

    def call_off(self, place: int, *_: object) -> None:
        if place < len(self.shipments):
            self.shipments[place] = self.house.dock.call_off(self.shipments[place])

    def invoice(self, place: int, quantity: int, _: object) -> None:
        wanted = [quantity if place in (each, 3) else 0 for each in range(3)]
        self.invoices.append(self.house.invoice(self.order, *wanted))

    def credit(self, place: int, quantity: int, how: tuple[bool, bool]) -> None:
        returns, reopens = how
        if place < len(self.invoices):
            invoice = self.invoices[place]
            back = part(invoice, 0, str(quantity), returns_stock=returns)
            self.house.office.credit(invoice, back, reopens_order=reopens)
            if returns and not reopens:
                ids = [each.id for each in self.order.lines]
                line = ids.index(invoice.lines[0].order_line_id)
                self.for_good[line] = self.for_good.get(line, ZERO) + of(quantity)

    def replace(self, place: int, *_: object) -> None:
        if place < len(self.invoices):
            other = self.house.office.replacing(self.invoices[place])
            self.invoices[place] = self.house.office.validate(other)

    def abandon(self, place: int, _: int, how: tuple[bool, bool]) -> None:
        if place < len(self.invoices):
            self.house.office.abandon(self.invoices[place], reopens_order=how[1])

    def cancel(self, *_: object) -> None:
        self.house.dock.cancel(self.order)

    def choose(self, place: int, *_: object) -> None:
        """Let the company choose otherwise: that is for later orders."""
        self.house.dock.leaves_at(list(StockLeavesAt)[place % 3])

    def check(self, paper: StockLeavesAt) -> None:
        seen = self.house.dock.find(self.order)
        gone = [p for s in self.shipments if s.state is ShipmentState.VALIDATED for p in s.parts]
        for place, line in enumerate(seen.lines):
            shipped = sum((each.quantity for each in gone if each.line_id == line.id), ZERO)
            assert line.shipped == shipped
            if place not in self.stocked:
                assert line.issued == ZERO
                continue
            product, had = self.stocked[place]
            on_hand, kept = (of(each) for each in self.house.dock.stock(product))
            assert on_hand + line.issued == had + self.for_good.get(place, ZERO)
            left = line.left_to_issue if seen.is_open else ZERO
            assert kept == left if place in self.plenty else kept <= left
            if paper is StockLeavesAt.SHIPMENT:
                assert line.issued == line.shipped
            elif paper is StockLeavesAt.ORDER:
                assert line.issued == (line.quantity if seen.is_open else ZERO)
            else:
                assert line.issued >= line.invoiced
        assert seen.is_open or seen.state is OrderState.CANCELLED
        assert (seen.state is OrderState.SHIPPED) == (seen.is_open and not seen.left_to_ship)
        assert self.house.office.is_consistent()


def a_story(paper: StockLeavesAt) -> Story:
    """Begin with goods of which there are enough, lots of which there are few, and leaflets."""
    house = a_house()
    dock = house.dock
    dock.leaves_at(paper)
    tea, coffee = dock.product(tracking=Tracking.LOT), dock.product(9)
    leaflet = dock.product(stock_managed=False, reorder_point=None)
    few = 5 if paper is StockLeavesAt.ORDER else 3
    dock.receive(tea.id, few, "soon", SOON)
    dock.receive(tea.id, 1, "late", LATE)
    order = dock.sold((coffee, 6), (tea, 6), (leaflet, 6))
    stocked = {0: (coffee, of(9)), 1: (tea, of(few + 1))}
    return Story(house, order, stocked, {0, 1} if few == 5 else {0})


STEPS: dict[str, Callable[..., None]] = {
    "ship": Story.ship,
    "call_off": Story.call_off,
    "invoice": Story.invoice,
    "credit": Story.credit,
    "replace": Story.replace,
    "abandon": Story.abandon,
    "cancel": Story.cancel,
    "choose": Story.choose,
}
how = st.tuples(st.booleans(), st.booleans())  # the goods come back; it may be billed again
steps = st.lists(
    st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 3), st.integers(1, 6), how),
    max_size=14,
)


@pytest.mark.parametrize("paper", StockLeavesAt)
@settings(max_examples=40, deadline=None)
@given(asked=steps)
def test_whatever_is_done_with_an_order_each_piece_leaves_once(
    paper: StockLeavesAt, asked: list[tuple[str, int, int, tuple[bool, bool]]]
) -> None:
    story = a_story(paper)
    story.check(paper)
    for step, place, quantity, ways in asked:
        try:
            STEPS[step](story, place, quantity, ways)
        except (InvariantError, TransitionError):
            continue
        story.check(paper)
