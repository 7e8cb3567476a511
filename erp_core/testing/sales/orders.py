"""What every keeper of orders must do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from erp_core.catalog.entities import ProductId
from erp_core.identity.entities import StockLeavesAt
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    InvariantError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import Money
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import PartyId, PaymentTermId
from erp_core.sales.entities import (
    Invoiced,
    Order,
    OrderId,
    OrderState,
    OrderSummary,
    Part,
    Quote,
    QuoteId,
)
from erp_core.sales.ports import OrderQuery, SalesUnitOfWork
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.parties import another_party
from erp_core.testing.sales.builders import (
    CUSTOMER,
    OFFERED,
    Trade,
    a_quote,
    an_order,
    stored_trade,
)

LATER = NOON + timedelta(hours=7, microseconds=123456)


def settled(order: Order, number: str = "ORD2024-00001") -> Order:
    """Return the order confirmed under that number."""
    return order.confirm(
        number=number, customer=CUSTOMER, stock_leaves_at=StockLeavesAt.INVOICE, now=NOON
    )


class SalesContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[SalesUnitOfWork]

    def trade(self) -> Trade:
        with self.unit_of_work(context()) as uow:
            return stored_trade(context(), uow)

    def stored(self, order: Order) -> Order:
        with self.unit_of_work(context()) as uow:
            return uow.orders.add(context(), order)

    def saved(self, order: Order) -> Order:
        with self.unit_of_work(context()) as uow:
            return uow.orders.save(context(), order)

    def found(self, order_id: OrderId) -> Order:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.orders.get(context(), order_id)

    def locked(self, order_id: OrderId) -> Order:
        with self.unit_of_work(context()) as uow:
            return uow.orders.lock(context(), order_id)

    def stored_quote(self, quote: Quote) -> Quote:
        with self.unit_of_work(context()) as uow:
            return uow.quotes.add(context(), quote)


class OrderRepositoryContract(SalesContract):
    """One caller at a time, and a crowd."""

    def listed(self, request: PageRequest | None = None, **filters: object) -> list[OrderSummary]:
        found: list[OrderSummary] = []
        query = OrderQuery(page=request or PageRequest(limit=2))
        query = replace(query, **filters)  # type: ignore[arg-type]  # by name
        while True:
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.orders.page(context(), query)
            found += page.items
            if page.next is None:
                return found
            query = replace(query, page=replace(query.page, after=page.next))

    def test_every_field_survives_the_round_trip(self) -> None:
        trade = self.trade()
        quote = self.stored_quote(a_quote(trade))
        order = self.stored(an_order(trade, quote, many=3))
        assert order.version == 1
        assert self.found(order.id) == order == self.locked(order.id)
        confirmed = self.saved(settled(order))
        assert self.found(order.id) == confirmed
        part = Part(line_id=order.lines[2].id, quantity=Quantity.of("0.000001"))
        some = {part.line_id: Quantity.of("0.000002")}
        moved = self.saved(confirmed.ship((part,)).bill((part,)).issue(some))
        assert self.found(order.id) == moved
        assert (moved.version, moved.state) == (3, OrderState.IN_SHIPMENT)
        back = self.saved(moved.unship((part,)).unbill((part,)).unissue(some))
        cancelled = self.saved(back.cancel("mudou de ideia 🙃", LATER))
        assert self.found(order.id) == cancelled
        assert cancelled.reason == "mudou de ideia 🙃"

    def test_a_drafts_lines_are_replaced_as_a_whole(self) -> None:
        trade = self.trade()
        order, other = self.stored(an_order(trade, many=3)), an_order(trade)
        changes = {"lines": (order.lines[2], *other.lines), "totals": order.totals}
        changed = self.saved(order.change(changes))  # type: ignore[arg-type]  # by name
        assert self.found(order.id) == changed
        emptied = self.saved(changed.change({"lines": ()}))
        assert self.found(order.id).lines == emptied.lines == ()

    def test_what_is_saved_twice_is_as_it_was_last(self) -> None:
        order = self.stored(an_order(self.trade(), many=2))
        with self.unit_of_work(context()) as uow:
            seen = uow.orders.lock(context(), order.id)
            once = uow.orders.save(context(), settled(seen))
            part = (Part(line_id=order.lines[1].id, quantity=Quantity.of("3")),)
            twice = uow.orders.save(
                context(), once.ship(part).bill(part).issue({part[0].line_id: part[0].quantity})
            )
        assert self.found(order.id) == twice

    def test_a_change_is_noted_and_told(self) -> None:
        order = an_order(self.trade())
        with self.unit_of_work(context()) as uow:
            stored = uow.orders.add(context(), order)
            (added,) = uow.journal.take()
            uow.orders.save(context(), settled(stored))
            (changed,) = uow.journal.take()
        assert (added.kind, added.id) == ("sales.order", str(order.id))
        assert (changed.before["state"], changed.after["state"]) == ("draft", "confirmed")
        assert "lines" not in changed.after
        with self.unit_of_work(context(), read_only=True) as uow:
            (message,) = uow.outbox.pending(context(), 10)
        assert message.name == "sales.order_confirmed"
        assert message.payload["order_id"] == str(order.id)

    def test_a_draft_is_removed_for_good(self) -> None:
        order = self.stored(an_order(self.trade()))
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.orders.delete(context(), replace(order, version=7))
        assert self.found(order.id) == order
        with self.unit_of_work(context()) as uow:
            uow.orders.delete(context(), order)
            (noted,) = uow.journal.take()
        assert (noted.kind, noted.after) == ("sales.order", {})
        with expect(NotFoundError):
            self.found(order.id)
        assert self.stored(replace(order, version=0)).version == 1

    def test_an_identity_is_taken_once(self) -> None:
        trade = self.trade()
        order = self.stored(an_order(trade))
        for twin in (
            replace(an_order(trade), id=order.id),
            replace(an_order(trade), lines=order.lines),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == "id"

    def test_a_number_is_taken_once(self) -> None:
        trade = self.trade()
        first, second, third = (self.stored(an_order(trade)) for _ in range(3))
        self.saved(settled(first))
        with expect(AlreadyExistsError, "sales.order.number_taken"):
            self.saved(settled(second))
        self.saved(settled(third, "ORD2024-00002"))

    def test_what_is_unknown_is_not_found(self) -> None:
        trade = self.trade()
        order = an_order(trade)
        lost = an_order(replace(trade, product_id=ProductId(new_id())))
        for stranger in (
            replace(order, party_id=PartyId(new_id())),
            replace(order, quote_id=QuoteId(new_id())),
            replace(order, payment_term_id=PaymentTermId(new_id())),
            lost,
        ):
            with expect(NotFoundError):
                self.stored(stranger)
        for unknown in (self.found, self.locked):
            with expect(NotFoundError):
                unknown(order.id)
        with expect(NotFoundError):
            self.saved(order)
        with expect(NotFoundError), self.unit_of_work(context()) as uow:
            uow.orders.head(context(), order.id)

    def test_another_companys_order_does_not_exist(self) -> None:
        order, rival = self.stored(an_order(self.trade())), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            for refused in (uow.orders.get, uow.orders.lock, uow.orders.head):
                with expect(NotFoundError):
                    refused(rival, order.id)
            with expect(NotFoundError):
                uow.orders.save(rival, order)
            assert uow.orders.page(rival, OrderQuery(page=PageRequest())).items == ()
            uow.orders.reassign(rival, order.party_id, PartyId(new_id()))
        assert self.found(order.id) == order

    def test_of_many_writers_who_saw_the_same_version_one_wins(self) -> None:
        seen = self.stored(an_order(self.trade()))

        def notes() -> bool:
            try:
                self.saved(seen.change({"note": "mine"}))
            except StaleVersionError:
                return False
            return True

        assert sum(at_once(*[notes] * 6)) == 1

    def test_never_more_is_shipped_than_was_ordered(self) -> None:
        order = self.saved(settled(self.stored(an_order(self.trade()))))
        three = (Part(line_id=order.lines[1].id, quantity=Quantity.of("3")),)

        def ships() -> bool:
            try:
                with self.unit_of_work(context()) as uow:
                    seen = uow.orders.lock(context(), order.id)
                    uow.orders.save(context(), seen.ship(three))
            except InvariantError:
                return False
            return True

        assert sum(at_once(*[ships] * 8)) == 3
        assert self.found(order.id).lines[1].shipped == Quantity.of("9")

    def test_a_merged_customers_orders_are_the_survivors(self) -> None:
        trade = self.trade()
        order, other = self.stored(an_order(trade)), self.trade()
        mine = self.stored(an_order(other))
        with self.unit_of_work(context()) as uow:
            survivor = uow.parties.add(context(), another_party("Chá & Mel"))
            uow.journal.take()
            uow.orders.reassign(context(), trade.party_id, survivor.id)
            (noted,) = uow.journal.take()
            assert noted.after["count"] == "1"
            uow.orders.reassign(context(), trade.party_id, survivor.id)
            assert uow.journal.take() == ()
        carried = self.found(order.id)
        assert (carried.party_id, carried.version) == (survivor.id, 2)
        assert self.found(mine.id) == mine

    def test_a_list_shows_no_lines_and_is_filtered_sorted_and_counted(self) -> None:
        trade = self.trade()
        quote = self.stored_quote(a_quote(trade))
        first = self.saved(settled(self.stored(an_order(trade)), "ORD2024-00002"))
        second = self.stored(an_order(trade, quote))
        third = replace(an_order(self.trade()), on=OFFERED - timedelta(days=1))
        third = self.saved(settled(self.stored(third), "ORD2024-00001"))
        everything = [each.summary for each in (first, second, third)]
        assert self.listed() == everything
        assert self.listed(states=(OrderState.DRAFT, OrderState.SHIPPED)) == [second.summary]
        assert self.listed(party_id=third.party_id) == [third.summary]
        assert self.listed(quote_id=quote.id) == [second.summary]
        assert self.listed(date_from=OFFERED) == everything[:2]
        assert self.listed(date_to=OFFERED - timedelta(days=1)) == [third.summary]
        assert self.listed(number="ORD2024-0000") == [first.summary, third.summary]
        by_number = [each.number for each in self.listed(PageRequest(limit=1, sort="number"))]
        assert by_number == ["", "ORD2024-00001", "ORD2024-00002"]
        newest = self.listed(PageRequest(limit=1, sort="date", descending=True))
        assert [each.id for each in newest] == [second.id, first.id, third.id]
        with self.unit_of_work(context(), read_only=True) as uow:
            query = OrderQuery(page=PageRequest(limit=1, count=True))
            assert uow.orders.page(context(), query).total == 3
            assert uow.orders.head(context(), first.id) == first.summary
            with expect(MalformedError):
                uow.orders.page(context(), OrderQuery(page=PageRequest(sort="note")))


class CreditLedgerContract(SalesContract):
    """What a customer has ordered and not been invoiced counts, and nothing else."""

    def used(self, party_id: PartyId, currency: str = "BRL", *, rival: bool = False) -> Money:
        ctx = context(company=RIVAL) if rival else context()
        with self.unit_of_work(ctx, read_only=True) as uow:
            return uow.credit.used(ctx, party_id, currency)

    def test_what_is_agreed_and_not_invoiced_uses_credit(self) -> None:
        trade, nothing = self.trade(), Money.zero("BRL")
        order = self.stored(an_order(trade, many=2))
        assert self.used(trade.party_id) == nothing
        confirmed = self.saved(settled(order))
        assert self.used(trade.party_id) == order.totals.total
        another = self.saved(settled(self.stored(an_order(trade)), "ORD2024-00002"))
        both = order.totals.total + another.totals.total
        assert self.used(trade.party_id) == both
        assert self.used(trade.party_id, "EUR") == Money.zero("EUR")
        assert self.used(PartyId(new_id())) == nothing
        assert self.used(trade.party_id, rival=True) == nothing
        half = (Part(line_id=order.lines[1].id, quantity=Quantity.of("4")),)
        billed = self.saved(confirmed.bill(half))
        assert self.used(trade.party_id) == billed.to_invoice + another.to_invoice
        assert billed.to_invoice < order.totals.total
        whole = self.saved(billed.bill(billed.left_to_invoice))
        assert (whole.invoiced, whole.to_invoice) == (Invoiced.FULLY, nothing)
        self.saved(another.cancel("", NOON))
        assert self.used(trade.party_id) == nothing
