"""Payments in a dictionary."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from erp_core.invoicing.entities import SettlementSource
from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import PAYMENT_SORTS, Payment, PaymentId
from erp_core.treasury.ports import PaymentQuery, PaymentRepository
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryPayments(PaymentRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._tables = tables
        self._payments = tables.payments
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, payment: Payment) -> Payment:
        if (ctx.company_id, payment.id) in self._payments:
            raise AlreadyExistsError("a payment of this id exists", field="id")
        if payment.number in {each.number for each in self._of(ctx)}:
            raise AlreadyExistsError(
                f"there is a payment {payment.number} already: change the mask of the numbers",
                code="treasury.payment.number_taken",
                field="number",
            )
        account = payment.bank_account_id
        if (ctx.company_id, payment.party_id) not in self._tables.parties or (
            account is not None and (ctx.company_id, account) not in self._tables.bank_accounts
        ):
            raise NotFoundError("no such party or bank account")
        return self._write(ctx, None, payment)

    def get(self, ctx: Context, payment_id: PaymentId) -> Payment:
        payment = self._payments.get((ctx.company_id, payment_id))
        if payment is None:
            raise NotFoundError(f"no payment {payment_id}", kind="payment", id=payment_id)
        return payment

    def lock(self, ctx: Context, payment_id: PaymentId) -> Payment:
        return self.get(ctx, payment_id)

    def save(self, ctx: Context, payment: Payment) -> Payment:
        before = self.get(ctx, payment.id)
        if before.version != payment.version:
            raise StaleVersionError(f"payment {payment.id} has changed meanwhile")
        return self._write(ctx, before, payment)

    def page(self, ctx: Context, query: PaymentQuery) -> Page[Payment]:
        found = (each for each in self._of(ctx) if _is_wanted(each, query))
        return page_of(found, query.page, PAYMENT_SORTS)

    def differences(self, ctx: Context, limit: int) -> tuple[PaymentId, ...]:
        settled: dict[PaymentId, dict[str, Decimal]] = {}
        for (owner, _), each in self._tables.settlements.items():
            ours = owner == ctx.company_id and each.reversed_at is None
            if ours and each.source is SettlementSource.PAYMENT:
                sums = settled.setdefault(PaymentId(each.source_id), {})
                currency = each.amount.currency
                sums[currency] = sums.get(currency, ZERO.value) + each.amount.amount
        said = {
            each.id: {each.currency: each.allocated.amount}
            for each in self._of(ctx)
            if each.allocated.amount
        }
        differing = {each for each in (*said, *settled) if said.get(each) != settled.get(each)}
        return tuple(sorted(differing)[:limit])

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        theirs = [each for each in self._of(ctx) if each.party_id == absorbed]
        for each in theirs:
            carried = replace(each, party_id=survivor, version=each.version + 1)
            self._payments[ctx.company_id, each.id] = carried
        if theirs:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(len(theirs))}
            self._journal.note("treasury.payment", "many", before, after | count)

    def _of(self, ctx: Context) -> list[Payment]:
        return [each for (owner, _), each in self._payments.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: Payment | None, payment: Payment) -> Payment:
        self._outbox.append(ctx, payment.events)
        self._journal.note_entity("treasury.payment", before, payment)
        stored = payment.stored(payment.version + 1)
        self._payments[ctx.company_id, payment.id] = stored
        return stored


def _is_wanted(payment: Payment, query: PaymentQuery) -> bool:
    return (
        (not query.states or payment.state in query.states)
        and (not query.directions or payment.direction in query.directions)
        and query.party_id in (None, payment.party_id)
        and query.bank_account_id in (None, payment.bank_account_id)
        and (query.date_from is None or payment.paid_on >= query.date_from)
        and (query.date_to is None or payment.paid_on <= query.date_to)
        and query.unallocated in (None, bool(payment.unallocated.amount))
        and payment.number.startswith(query.number)
    )
