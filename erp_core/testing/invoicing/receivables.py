"""What every keeper of what is owed must do, alone and in a crowd."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from functools import partial

from erp_core.invoicing.entities import (
    DueDate,
    ExceedsOpenError,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    SettlementSource,
)
from erp_core.invoicing.ports import Owed
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import StaleVersionError
from erp_core.kernel.money import Money
from erp_core.testing import NOON, at_once, context, expect
from erp_core.testing.invoicing.builders import TODAY, a_credit_note, validated
from erp_core.testing.invoicing.repository import InvoicingContract

TOMORROW = TODAY + timedelta(days=1)


def eur(amount: str) -> Money:
    """Return so many euros."""
    return Money(Decimal(amount), "EUR")


class ReceivableRepositoryContract(InvoicingContract):
    """One caller at a time."""

    def test_a_receivable_is_the_invoice_without_its_lines(self) -> None:
        due = DueDate(due_on=TOMORROW, amount=eur("100"))
        invoice = self.owed("100", "INV1", due)
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
        assert owed == invoice.receivable
        assert owed.next_due_on == TOMORROW

    def test_what_settles_an_invoice_is_written_with_it_and_so_is_its_reversal(self) -> None:
        invoice, payment = self.owed(), new_id()
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            owed = owed.settle(SettlementSource.PAYMENT, payment, eur("100"), TODAY, NOON)
            (stored,) = uow.receivables.save(context(), [owed])
            names = [each.name for each in uow.outbox.pending(context(), 100)]
        found = self.found(invoice.id)
        assert (found.state, found.version) == (InvoiceState.PAID, 2)
        assert found.receivable == stored
        assert names[-1] == "invoicing.invoice_paid"
        with self.unit_of_work(context()) as uow:
            (settlement,) = uow.receivables.settled_by(
                context(), SettlementSource.PAYMENT, payment
            )
            assert uow.receivables.settled_by(context(), SettlementSource.DEPOSIT, payment) == ()
            assert uow.receivables.settlements(context(), invoice.id) == (settlement,)
            (owed,) = uow.receivables.lock(context(), [invoice.id])
            uow.receivables.save(context(), [owed.unsettle(settlement, NOON)])
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.receivables.settled_by(context(), SettlementSource.PAYMENT, payment) == ()
            (gone,) = uow.receivables.settlements(context(), invoice.id)
            assert uow.receivables.differences(context(), 10) == ()
        assert gone == settlement.reverse(NOON)
        assert self.found(invoice.id).balance.open_amount == eur("100")

    def test_what_is_not_locked_is_not_settled(self) -> None:
        invoice = self.owed()
        owed = invoice.receivable.settle(SettlementSource.PAYMENT, new_id(), eur("1"), TODAY, NOON)
        with expect(StaleVersionError), self.unit_of_work(context()) as uow:
            uow.receivables.save(context(), [owed])
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.receivables.settlements(context(), invoice.id) == ()

    def test_a_credit_note_that_settles_is_settled_by_it(self) -> None:
        invoice = self.owed()
        note = self.stored(validated(a_credit_note(invoice), "C1"))
        with self.unit_of_work(context()) as uow:
            credit, owed = uow.receivables.lock(context(), [note.id, invoice.id])
            uow.receivables.save(context(), credit.apply(owed, eur("30"), TODAY, NOON))
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.receivables.differences(context(), 10) == ()
            (settlement,) = uow.receivables.settlements(context(), invoice.id)
        assert settlement.source is SettlementSource.CREDIT_NOTE
        assert self.found(note.id).receivable.spare() == eur("70")

    def test_what_a_party_owes_is_added_up_by_currency(self) -> None:
        late = DueDate(due_on=TODAY, amount=eur("60"))
        later = DueDate(due_on=TOMORROW, amount=eur("40"))
        invoice = self.owed("100", "INV1", late, later)
        soon = DueDate(due_on=TODAY, amount=eur("7"))
        self.owed("7", "INV2", soon, party_id=invoice.party_id)
        self.owed("1000", "INV3")  # another party's
        note = self.stored(validated(a_credit_note(invoice), "C1"))
        self.paid(invoice, eur("50"))
        with self.unit_of_work(context(), read_only=True) as uow:
            today = uow.receivables.owed(context(), invoice.party_id, TODAY)
            tomorrow = uow.receivables.owed(context(), invoice.party_id, TOMORROW)
            used = uow.credit.used(context(), invoice.party_id, "EUR")
            oldest = uow.receivables.oldest(context(), invoice.party_id, "EUR", 10)
            none = uow.receivables.oldest(context(), invoice.party_id, "USD", 10)
        assert today == (Owed(open_amount=eur("57"), overdue=eur("0"), credit=eur("100")),)
        assert tomorrow == (Owed(open_amount=eur("57"), overdue=eur("17"), credit=eur("100")),)
        assert used == eur("57")
        assert [each.number for each in oldest] == ["INV1", "INV2"]
        assert none == ()
        assert note.type is InvoiceType.CREDIT_NOTE


class ConcurrentReceivableContract(InvoicingContract):
    """Many at once; nobody tries again."""

    def test_of_many_who_pay_the_same_invoice_one_does(self) -> None:
        invoice = self.owed()

        def pay() -> bool:
            with self.unit_of_work(context()) as uow:
                (owed,) = uow.receivables.lock(context(), [invoice.id])
                try:
                    owed = owed.settle(SettlementSource.PAYMENT, new_id(), eur("100"), TODAY, NOON)
                except ExceedsOpenError:
                    return False
                uow.receivables.save(context(), [owed])
            return True

        assert sorted(at_once(*[pay] * 8)) == [False] * 7 + [True]
        assert self.found(invoice.id).balance.settled == eur("100")

    def test_who_locks_several_in_any_order_waits_and_never_for_one_another(self) -> None:
        ids = [self.owed(number=f"INV{n}").id for n in range(6)]

        def pay(asked: list[InvoiceId]) -> int:
            with self.unit_of_work(context()) as uow:
                locked = uow.receivables.lock(context(), asked)
                paid = [
                    each.settle(SettlementSource.PAYMENT, new_id(), eur("1"), TODAY, NOON)
                    for each in locked
                ]
                return len(uow.receivables.save(context(), paid))

        assert at_once(*[partial(pay, ids), partial(pay, ids[::-1])] * 4) == [6] * 8
        assert all(self.found(each).balance.settled == eur("8") for each in ids)
        with self.unit_of_work(context(), read_only=True) as uow:
            assert uow.receivables.differences(context(), 10) == ()
