"""What everyone must do who adds up what stands with a party."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from erp_core.invoicing.entities import (
    DueDate,
    Invoice,
    InvoiceId,
    SettlementSource,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON, RIVAL, context
from erp_core.testing.invoicing import TODAY, a_credit_note, an_invoice, an_item, validated
from erp_core.testing.parties import another_party
from erp_core.testing.sales import an_order, settled, stored_trade
from erp_core.testing.treasury.builders import a_payment
from erp_core.treasury.entities import CurrencyBalance, Direction, Payment
from erp_core.treasury.ports import TreasuryUnitOfWork

TOMORROW = TODAY + timedelta(days=1)


def eur(amount: object) -> Money:
    return Money(Decimal(str(amount)), "EUR")


class PartyBalancesContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[TreasuryUnitOfWork]

    def party(self, name: str = "Ada") -> PartyId:
        with self.unit_of_work(context()) as uow:
            return uow.parties.add(context(), another_party(name)).id

    def billed(self, party_id: PartyId, amount: str, number: str, *due: DueDate) -> Invoice:
        draft = an_invoice(party_id, an_item(amount))
        with self.unit_of_work(context()) as uow:
            stored = uow.invoices.add(context(), draft)
            return uow.invoices.save(context(), validated(stored, number, *due))

    def settle(self, invoice_id: InvoiceId, amount: str) -> None:
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice_id])
            source = SettlementSource.PAYMENT
            paid = owed.settle(source, new_id(), eur(amount), TODAY, NOON)
            uow.receivables.save(context(), [paid])

    def paid(self, payment: Payment) -> Payment:
        with self.unit_of_work(context()) as uow:
            return uow.payments.add(context(), payment)

    def balances(
        self, party_id: PartyId, today: date = TODAY, *, rival: bool = False
    ) -> tuple[CurrencyBalance, ...]:
        ctx = context(company=RIVAL) if rival else context()
        with self.unit_of_work(ctx, read_only=True) as uow:
            return uow.balances.of(ctx, party_id, today)

    def test_where_nothing_stands_nothing_is_said(self) -> None:
        assert self.balances(self.party()) == ()
        assert self.balances(PartyId(new_id())) == ()

    def test_what_is_open_and_what_of_it_is_late(self) -> None:
        party = self.party()
        halves = (
            DueDate(due_on=TODAY, amount=eur(60)),
            DueDate(due_on=TOMORROW, amount=eur(40)),
        )
        invoice = self.billed(party, "100", "INV1", *halves)
        with self.unit_of_work(context()) as uow:
            uow.invoices.add(context(), an_invoice(party, an_item("7")))  # a draft is not owed
        self.settle(invoice.id, "25.5")
        zero = CurrencyBalance.zero("EUR")
        owed = replace(zero, open_amount=eur("74.5"))
        assert self.balances(party) == (owed,)
        assert self.balances(party, TOMORROW) == (replace(owed, overdue=eur("34.5")),)
        later = TOMORROW + timedelta(days=1)
        assert self.balances(party, later) == (replace(owed, overdue=eur("74.5")),)

    def test_what_payments_have_left_in_either_direction(self) -> None:
        party = self.party()
        self.paid(a_payment(party, "100", allocated=eur("99.99")))
        self.paid(a_payment(party, "5"))
        self.paid(a_payment(party, "70", allocated=eur(70)))
        self.paid(a_payment(party, "30", direction=Direction.OUT, allocated=eur(10)))
        gone = self.paid(a_payment(party, "11"))
        with self.unit_of_work(context()) as uow:
            uow.payments.save(context(), gone.reverse("", NOON))
        (balance,) = self.balances(party)
        zero = CurrencyBalance.zero("EUR")
        assert balance == replace(zero, payments=eur("5.01"), advances=eur(20))
        assert balance.credit == eur("5.01")
        assert balance.balance == eur("14.99")

    def test_what_credit_notes_have_left(self) -> None:
        party = self.party()
        invoice = self.billed(party, "100", "INV1")
        note = a_credit_note(invoice)
        with self.unit_of_work(context()) as uow:
            stored = uow.invoices.add(context(), note)
            uow.invoices.save(context(), validated(stored, "CRN1"))
        self.settle(stored.id, "30")  # refunded
        (balance,) = self.balances(party)
        assert (balance.open_amount, balance.credit_notes) == (eur(100), eur(70))
        assert (balance.credit, balance.balance) == (eur(70), eur(30))

    def test_what_is_ordered_counts_until_it_is_invoiced(self) -> None:
        with self.unit_of_work(context()) as uow:
            trade = stored_trade(context(), uow)
            draft = uow.orders.add(context(), an_order(trade))
        assert self.balances(trade.party_id) == ()
        with self.unit_of_work(context()) as uow:
            order = uow.orders.save(context(), settled(draft))
        wanted = replace(CurrencyBalance.zero("BRL"), to_invoice=order.totals.total)
        assert self.balances(trade.party_id) == (wanted,)
        with self.unit_of_work(context()) as uow:
            uow.orders.save(context(), order.bill(order.left_to_invoice))
        assert self.balances(trade.party_id) == ()

    def test_currencies_are_apart_and_in_order(self) -> None:
        with self.unit_of_work(context()) as uow:
            trade = stored_trade(context(), uow)
            uow.orders.add(context(), an_order(trade))
        party = trade.party_id
        with self.unit_of_work(context()) as uow:
            order = uow.orders.add(context(), an_order(trade))
            order = uow.orders.save(context(), settled(order))
        self.billed(party, "100", "INV1")
        yen = Money(Decimal(500), "JPY")
        nothing = Money.zero("JPY")
        self.paid(a_payment(party, amount="1", number="P1", allocated=eur(0)))
        self.paid(replace(a_payment(party), amount=yen, allocated=nothing))
        found = self.balances(party)
        assert [each.currency for each in found] == ["BRL", "EUR", "JPY"]
        assert [each.open_amount.amount for each in found] == [0, 100, 0]
        assert [each.payments.amount for each in found] == [0, 1, 500]
        assert found[0].to_invoice == order.totals.total

    def test_others_are_not_counted(self) -> None:
        party, other = self.party(), self.party("Bob")
        self.billed(other, "100", "INV1")
        self.paid(a_payment(other))
        assert self.balances(party) == ()
        assert self.balances(other, rival=True) == ()

    def test_it_agrees_with_the_credit_that_is_used(self) -> None:
        with self.unit_of_work(context()) as uow:
            trade = stored_trade(context(), uow)
            order = uow.orders.add(context(), an_order(trade))
            uow.orders.save(context(), settled(order))
        self.billed(trade.party_id, "100", "INV1")
        found = {each.currency: each for each in self.balances(trade.party_id)}
        with self.unit_of_work(context(), read_only=True) as uow:
            for currency, each in found.items():
                used = uow.credit.used(context(), trade.party_id, currency)
                assert used == each.open_amount + each.to_invoice
        assert len(found) == 2
