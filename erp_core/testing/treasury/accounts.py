"""What everyone must do who tells a party's account."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from erp_core.invoicing.entities import Invoice, SettlementSource
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON, RIVAL, context
from erp_core.testing.invoicing import TODAY, a_credit_note, an_invoice, an_item, validated
from erp_core.testing.parties import another_party
from erp_core.testing.treasury.balances import eur
from erp_core.testing.treasury.builders import a_payment
from erp_core.treasury.entities import Direction, EntryKind, Payment, StatementEntry
from erp_core.treasury.ports import AccountQuery, TreasuryUnitOfWork

TOMORROW = TODAY + timedelta(days=1)


class PartyAccountsContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[TreasuryUnitOfWork]

    def party(self, name: str = "Ada") -> PartyId:
        with self.unit_of_work(context()) as uow:
            return uow.parties.add(context(), another_party(name)).id

    def billed(self, party_id: PartyId, amount: str, number: str) -> Invoice:
        draft = replace(an_invoice(party_id, an_item(amount)), reference="PO-1")
        with self.unit_of_work(context()) as uow:
            return uow.invoices.save(
                context(), validated(uow.invoices.add(context(), draft), number)
            )

    def paid(self, payment: Payment) -> Payment:
        with self.unit_of_work(context()) as uow:
            return uow.payments.add(context(), payment)

    def asked(
        self, party_id: PartyId, since: date = TODAY, until: date = TODAY, currency: str = "EUR"
    ) -> AccountQuery:
        return AccountQuery(party_id=party_id, currency=currency, since=since, until=until)

    def found(
        self, query: AccountQuery, *, limit: int = 100, rival: bool = False
    ) -> tuple[Money, list[tuple[EntryKind, str, str]]]:
        ctx = context(company=RIVAL) if rival else context()
        with self.unit_of_work(ctx, read_only=True) as uow:
            opening = uow.accounts.opening(ctx, query)
            entries = uow.accounts.entries(ctx, query, limit)
        assert all(query.since <= each.on <= query.until for each in entries)
        return opening, [(each.kind, each.number, f"{each.amount.amount}") for each in entries]

    def test_nothing_moves_an_account_that_nobody_used(self) -> None:
        assert self.found(self.asked(self.party())) == (eur(0), [])

    def test_every_field_of_a_movement_is_told(self) -> None:
        party = self.party()
        invoice = self.billed(party, "100", "INV1")
        with self.unit_of_work(context(), read_only=True) as uow:
            (entry,) = uow.accounts.entries(context(), self.asked(party), 10)
        assert entry == StatementEntry(
            on=invoice.invoiced_on,
            kind=EntryKind.STANDARD,
            number="INV1",
            reference="PO-1",
            amount=invoice.totals.payable,
        )

    def test_what_counts_is_told_in_order_and_drafts_are_not(self) -> None:
        party = self.party()
        invoice = self.billed(party, "100", "INV1")
        self.billed(party, "20", "INV2")
        with self.unit_of_work(context()) as uow:
            uow.invoices.add(context(), an_invoice(party, an_item("7")))
            note = uow.invoices.add(context(), a_credit_note(invoice))
            uow.invoices.save(context(), validated(note, "CRN1"))
        self.paid(a_payment(party, "50", number="P1"))
        self.paid(a_payment(party, "5", number="P2", direction=Direction.OUT))
        gone = self.paid(a_payment(party, "11", number="P3"))
        with self.unit_of_work(context()) as uow:
            uow.payments.save(context(), gone.reverse("", NOON))
        opening, entries = self.found(self.asked(party, TODAY - timedelta(days=400), TOMORROW))
        assert opening == eur(0)
        assert sorted(entries) == [
            (EntryKind.CREDIT_NOTE, "CRN1", "100.00"),
            (EntryKind.PAID_IN, "P1", "50.00"),
            (EntryKind.PAID_OUT, "P2", "5.00"),
            (EntryKind.STANDARD, "INV1", "100.00"),
            (EntryKind.STANDARD, "INV2", "20.00"),
        ]

    def test_what_was_before_is_summed_up(self) -> None:
        party = self.party()
        self.billed(party, "100", "INV1")
        self.paid(replace(a_payment(party, "30", number="P1"), paid_on=TODAY))
        opening, entries = self.found(self.asked(party, TOMORROW, TOMORROW))
        assert (opening, entries) == (eur(70), [])

    def test_a_deposit_that_is_deducted_is_not_owed_twice(self) -> None:
        party = self.party()
        invoice = self.billed(party, "100", "INV1")
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            less = owed.settle(SettlementSource.DEPOSIT, new_id(), eur(40), TODAY, NOON)
            paid = less.settle(SettlementSource.PAYMENT, new_id(), eur(10), TODAY, NOON)
            uow.receivables.save(context(), [paid])
        _, entries = self.found(self.asked(party))
        assert entries == [
            (EntryKind.STANDARD, "INV1", "100.00"),
            (EntryKind.DEDUCTED, "INV1", "40.00"),
        ]

    def test_no_more_than_asked_for(self) -> None:
        party = self.party()
        for at in range(3):
            self.billed(party, "10", f"INV{at}")
        _, entries = self.found(self.asked(party), limit=2)
        assert [number for _, number, _ in entries] == ["INV0", "INV1"]

    def test_other_parties_currencies_and_companies_are_left_out(self) -> None:
        party, other = self.party(), self.party("Bob")
        self.billed(other, "100", "INV1")
        yen = Money(Decimal(500), "JPY")
        zero = Money.zero("JPY")
        self.paid(replace(a_payment(party, number="P1"), amount=yen, allocated=zero))
        wide = (TODAY - timedelta(days=400), TOMORROW)
        assert self.found(self.asked(party, *wide)) == (eur(0), [])
        _, entries = self.found(self.asked(party, *wide, currency="JPY"))
        assert entries == [(EntryKind.PAID_IN, "P1", "500")]
        assert self.found(self.asked(other, *wide), rival=True)[1] == []
