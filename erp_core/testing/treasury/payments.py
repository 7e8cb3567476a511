"""What every keeper of payments must do, alone and in a crowd."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from erp_core.invoicing.entities import SettlementSource
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import (
    AlreadyExistsError,
    MalformedError,
    NotFoundError,
    StaleVersionError,
)
from erp_core.kernel.money import Money
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import PartyId
from erp_core.testing import NOON, RIVAL, at_once, context, expect
from erp_core.testing.invoicing import an_invoice, an_item, validated
from erp_core.testing.parties import another_party
from erp_core.testing.treasury.builders import (
    PAID,
    a_bank_account,
    a_full_payment,
    a_payment,
)
from erp_core.treasury.entities import (
    BankAccountId,
    Direction,
    Payment,
    PaymentId,
    PaymentState,
)
from erp_core.treasury.ports import PaymentQuery, TreasuryUnitOfWork

PAGE = PageRequest()
CENT = Money(Decimal("0.01"), "EUR")


class PaymentContract:
    """Set ``unit_of_work`` to a factory over a fresh, empty store before each test."""

    unit_of_work: UnitOfWorkFactory[TreasuryUnitOfWork]

    def party(self, name: str = "Ada") -> PartyId:
        with self.unit_of_work(context()) as uow:
            return uow.parties.add(context(), another_party(name)).id

    def account(self) -> BankAccountId:
        with self.unit_of_work(context()) as uow:
            return uow.bank_accounts.add(context(), a_bank_account()).id

    def stored(self, payment: Payment) -> Payment:
        with self.unit_of_work(context()) as uow:
            return uow.payments.add(context(), payment)

    def saved(self, payment: Payment) -> Payment:
        with self.unit_of_work(context()) as uow:
            return uow.payments.save(context(), payment)

    def found(self, payment_id: PaymentId) -> Payment:
        with self.unit_of_work(context(), read_only=True) as uow:
            return uow.payments.get(context(), payment_id)

    def listed(self, query: PaymentQuery) -> list[PaymentId]:
        ids: list[PaymentId] = []
        while True:
            with self.unit_of_work(context(), read_only=True) as uow:
                page = uow.payments.page(context(), query)
            ids += [each.id for each in page.items]
            if page.next is None:
                return ids
            query = replace(query, page=replace(query.page, after=page.next))


class PaymentRepositoryContract(PaymentContract):
    """One writer at a time."""

    def test_every_field_survives_the_round_trip(self) -> None:
        payment = self.stored(a_full_payment(self.party(), self.account()))
        assert self.found(payment.id) == payment
        assert payment.version == 1
        with self.unit_of_work(context()) as uow:
            assert uow.payments.lock(context(), payment.id) == payment

    def test_a_reversal_survives_the_round_trip_and_is_told_and_noted(self) -> None:
        plain = a_payment(self.party(), allocated=Money(Decimal(40), "EUR"))
        payment = self.stored(plain)
        with self.unit_of_work(context()) as uow:
            seen = uow.payments.lock(context(), payment.id)
            saved = uow.payments.save(context(), seen.reverse("bounced", NOON))
            (change,) = uow.journal.take()
            (message,) = uow.outbox.pending(context(), 10)
        assert self.found(payment.id) == saved
        assert (saved.version, saved.state, saved.events) == (2, PaymentState.REVERSED, ())
        assert saved.allocated == saved.unallocated == Money.zero("EUR")
        assert (change.kind, change.id) == ("treasury.payment", str(payment.id))
        assert set(change.after) == {"state", "allocated", "reversed_at", "reversed_because"}
        assert message.name == "treasury.payment_reversed"

    def test_an_identity_and_a_number_are_taken_once(self) -> None:
        party = self.party()
        payment = self.stored(a_payment(party))
        for twin, field in (
            (a_payment(party, id=payment.id), "id"),
            (a_payment(party, number=payment.number), "number"),
        ):
            with expect(AlreadyExistsError) as refusal:
                self.stored(twin)
            assert refusal[0].field == field

    def test_a_party_and_an_account_must_be_there(self) -> None:
        for payment in (
            a_payment(PartyId(new_id())),
            a_full_payment(self.party(), BankAccountId(new_id())),
        ):
            with expect(NotFoundError):
                self.stored(payment)

    def test_an_unknown_payment_is_not_found_nor_another_companys(self) -> None:
        payment, rival = self.stored(a_payment(self.party())), context(company=RIVAL)
        with self.unit_of_work(rival) as uow:
            with expect(NotFoundError):
                uow.payments.get(rival, payment.id)
            with expect(NotFoundError):
                uow.payments.lock(rival, payment.id)
            with expect(NotFoundError):
                uow.payments.save(rival, payment)
            assert uow.payments.page(rival, PaymentQuery(page=PAGE)).items == ()

    def test_an_old_version_is_refused(self) -> None:
        payment = self.stored(a_payment(self.party()))
        self.saved(payment)
        with expect(StaleVersionError):
            self.saved(payment)

    def test_lists_are_filtered(self) -> None:
        ada, bob, account = self.party(), self.party("Bob"), self.account()
        first = self.stored(a_payment(ada, number="PAY1"))
        spent = a_full_payment(ada, account)
        second = self.stored(replace(spent, number="PAY2", allocated=spent.amount))
        later = a_payment(bob, number="PAX3", paid_on=PAID + timedelta(days=1))
        third = self.saved(self.stored(later).reverse("", NOON))
        for query, wanted in (
            (PaymentQuery(page=PAGE), [first, second, third]),
            (PaymentQuery(page=PAGE, party_id=ada), [first, second]),
            (PaymentQuery(page=PAGE, directions=(Direction.IN,)), [first, third]),
            (PaymentQuery(page=PAGE, states=(PaymentState.REVERSED,)), [third]),
            (PaymentQuery(page=PAGE, bank_account_id=account), [second]),
            (PaymentQuery(page=PAGE, date_from=PAID + timedelta(days=1)), [third]),
            (PaymentQuery(page=PAGE, date_to=PAID), [first, second]),
            (PaymentQuery(page=PAGE, unallocated=True), [first]),
            (PaymentQuery(page=PAGE, unallocated=False), [second, third]),
            (PaymentQuery(page=PAGE, number="PAY"), [first, second]),
        ):
            assert self.listed(query) == [each.id for each in wanted], query

    def test_pages_follow_one_another_in_every_order(self) -> None:
        party = self.party()
        days = [PAID + timedelta(days=each) for each in (2, 0, 1, 0)]
        made = [
            self.stored(a_payment(party, paid_on=day, number=f"PAY{9 - turn}"))
            for turn, day in enumerate(days)
        ]
        for sort, key in (
            ("id", lambda each: (each.id,)),
            ("date", lambda each: (each.paid_on, each.id)),
            ("number", lambda each: (each.number,)),
        ):
            wanted = [each.id for each in sorted(made, key=key)]
            up = PaymentQuery(page=PageRequest(limit=1, sort=sort))
            assert self.listed(up) == wanted
            down = PaymentQuery(page=PageRequest(limit=3, sort=sort, descending=True))
            assert self.listed(down) == wanted[::-1]
        with self.unit_of_work(context(), read_only=True) as uow, expect(MalformedError):
            uow.payments.page(context(), PaymentQuery(page=PageRequest(sort="colour")))

    def test_payments_follow_their_party(self) -> None:
        ada, bob = self.party(), self.party("Bob")
        payment, other = self.stored(a_payment(ada)), self.stored(a_payment(bob))
        with self.unit_of_work(context()) as uow:
            uow.payments.reassign(context(), ada, bob)
            (change,) = uow.journal.take()
            uow.payments.reassign(context(), ada, bob)
            assert uow.journal.take() == ()
        found = self.found(payment.id)
        assert (found.party_id, found.version) == (bob, 2)
        assert self.found(other.id) == other
        assert (change.kind, change.after["count"]) == ("treasury.payment", "1")

    def test_what_is_allocated_and_not_settled_is_named_and_what_is_settled_and_not_allocated(
        self,
    ) -> None:
        party = self.party()
        right, idle = self.settling(party, "30"), self.stored(a_payment(party))
        behind = self.settling(party, "30", said="20")
        ahead = self.stored(a_payment(party, allocated=CENT))
        back = self.saved(self.stored(a_payment(party)).reverse("", NOON))
        missing = PaymentId(new_id())
        self.settle(party, missing, CENT)
        self.settle(party, back.id, CENT)
        wanted = sorted([behind.id, ahead.id, missing, back.id])
        with self.unit_of_work(context(), read_only=True) as uow:
            assert list(uow.payments.differences(context(), 10)) == wanted
            assert list(uow.payments.differences(context(), 1)) == wanted[:1]
            rival = context(company=RIVAL)
            assert uow.payments.differences(rival, 10) == ()
        assert not {right.id, idle.id} & set(wanted)

    def test_what_was_taken_back_is_not_settled(self) -> None:
        party = self.party()
        payment = self.settling(party, "30")
        with self.unit_of_work(context()) as uow:
            (standing,) = uow.receivables.settled_by(
                context(), SettlementSource.PAYMENT, payment.id
            )
            (owed,) = uow.receivables.lock(context(), [standing.invoice_id])
            uow.receivables.save(context(), [owed.unsettle(standing, NOON)])
            assert uow.payments.differences(context(), 10) == (payment.id,)
            uow.payments.save(context(), payment.reverse("", NOON))
            assert uow.payments.differences(context(), 10) == ()

    def settling(self, party: PartyId, amount: str, said: str = "") -> Payment:
        """Store a payment that settles so much, and says so or something else."""
        allocated = Money(Decimal(said or amount), "EUR")
        payment = self.stored(a_payment(party, allocated=allocated))
        self.settle(party, payment.id, Money(Decimal(amount), "EUR"))
        return payment

    def settle(self, party: PartyId, payment: PaymentId, amount: Money) -> None:
        invoice = validated(an_invoice(party, an_item("100")), f"INV{new_id().hex[-12:]}")
        with self.unit_of_work(context()) as uow:
            stored = uow.invoices.add(context(), invoice)
        with self.unit_of_work(context()) as uow:
            (owed,) = uow.receivables.lock(context(), [stored.id])
            paid = owed.settle(SettlementSource.PAYMENT, payment, amount, PAID, NOON)
            uow.receivables.save(context(), [paid])


class ConcurrentPaymentContract(PaymentContract):
    """For stores that admit several writers: who has locked a payment is alone with it."""

    def test_who_locks_waits_for_who_has_locked(self) -> None:
        payment = self.stored(a_payment(self.party()))

        def take() -> int:
            with self.unit_of_work(context()) as uow:
                seen = uow.payments.lock(context(), payment.id)
                more = replace(seen, allocated=seen.allocated + CENT)
                return uow.payments.save(context(), more).version

        assert sorted(at_once(*[take] * 8)) == list(range(2, 10))
        assert self.found(payment.id).allocated == Money(Decimal("0.08"), "EUR")
