"""Whatever is paid, allocated and reversed, in whatever order: the amounts agree."""

from contextlib import suppress
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from erp_core.invoicing.entities import Invoice, InvoiceState
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.money import Money
from erp_core.treasury.entities import PaymentState, Purpose
from erp_core.treasury.use_cases import PaymentSheet
from tests.treasury.tills import Till, a_till, eur

INVOICES = ("100", "0.01", "33.33")

cents = st.integers(1, 15000).map(lambda each: Decimal(each) / 100)
parts = st.dictionaries(st.integers(0, len(INVOICES) - 1), cents, max_size=len(INVOICES))
which = st.integers(0, 5)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("pay"), cents, parts),
        st.tuples(st.just("oldest"), cents),
        st.tuples(st.just("allocate"), which, parts),
        st.tuples(st.just("allocate_oldest"), which),
        st.tuples(st.just("reverse"), which),
    ),
    max_size=12,
)


class History:
    """A till where things happen, and what must hold after each of them."""

    def __init__(self) -> None:
        self.till: Till = a_till()
        self.invoices: list[Invoice] = [self.till.invoice(each) for each in INVOICES]
        self.paid: list[PaymentSheet] = []

    def happen(self, step: tuple) -> None:
        kind, *rest = step
        with suppress(InvariantError, TransitionError):  # what is refused leaves all as it was
            getattr(self, kind)(*rest)
        self.agrees()

    def pay(self, amount: Decimal, of: dict[int, Decimal]) -> None:
        self.paid.append(self.till.pay(amount, *self.named(of)))

    def oldest(self, amount: Decimal) -> None:
        self.paid.append(self.till.record(amount, purpose=Purpose(oldest=True)))

    def allocate(self, index: int, of: dict[int, Decimal]) -> None:
        if index < len(self.paid):
            self.till.allocate(self.paid[index], *self.named(of))

    def allocate_oldest(self, index: int) -> None:
        if index < len(self.paid):
            self.till.allocate_oldest(self.paid[index])

    def reverse(self, index: int) -> None:
        if index < len(self.paid):
            self.till.reverse(self.paid[index])

    def named(self, of: dict[int, Decimal]) -> list[tuple[Invoice, Decimal]]:
        return [(self.invoices[index], amount) for index, amount in of.items()]

    def agrees(self) -> None:
        settled = {each.id: eur(0) for each in self.invoices}
        credit = eur(0)
        for sheet in map(self.till.find, self.paid):
            payment = sheet.payment
            for each in sheet.allocations:
                settled[each.invoice_id] += each.amount
            allocated = sum((each.amount for each in sheet.allocations), eur(0))
            stands = payment.state is PaymentState.RECORDED
            assert allocated == payment.allocated
            assert allocated + payment.unallocated == (payment.amount if stands else eur(0))
            credit += payment.unallocated
        self.invoices_agree(settled)
        (*rows,) = self.till.balance().currencies
        assert sum((each.credit for each in rows), eur(0)) == credit
        assert self.till.office.is_consistent()

    def invoices_agree(self, settled: dict) -> None:
        for invoice in self.invoices:
            found: Invoice = self.till.office.find(invoice)
            left: Money = invoice.totals.payable - settled[invoice.id]
            assert found.receivable.open_amount == left
            assert (found.state is InvoiceState.PAID) == (not left.amount)


@settings(max_examples=60, deadline=None)
@given(steps)
def test_allocations_and_what_is_left_are_the_amount_and_invoices_agree(
    history: list[tuple],
) -> None:
    tale = History()
    for step in history:
        tale.happen(step)
