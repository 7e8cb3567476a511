"""Payment terms in a dictionary."""

from __future__ import annotations

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PAYMENT_TERM_SORTS, PaymentTerm, PaymentTermId
from erp_core.parties.ports import PaymentTermQuery, PaymentTermRepository
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryPaymentTerms(PaymentTermRepository):
    def __init__(self, tables: Tables, outbox: Outbox, journal: Journal) -> None:
        self._terms = tables.payment_terms
        self._outbox = outbox
        self._journal = journal

    def add(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        if (ctx.company_id, term.id) in self._terms:
            raise AlreadyExistsError("a payment term of this id exists", field="id")
        return self._write(ctx, None, term)

    def get(self, ctx: Context, term_id: PaymentTermId) -> PaymentTerm:
        term = self._terms.get((ctx.company_id, term_id))
        if term is None:
            raise NotFoundError(f"no payment term {term_id}", kind="payment term", id=term_id)
        return term

    def save(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        before = self.get(ctx, term.id)
        if before.version != term.version:
            raise StaleVersionError(f"payment term {term.id} has changed meanwhile")
        return self._write(ctx, before, term)

    def page(self, ctx: Context, query: PaymentTermQuery) -> Page[PaymentTerm]:
        found = (each for each in self._of(ctx) if not query.states or each.state in query.states)
        return page_of(found, query.page, PAYMENT_TERM_SORTS)

    def _of(self, ctx: Context) -> list[PaymentTerm]:
        return [each for (owner, _), each in self._terms.items() if owner == ctx.company_id]

    def _write(self, ctx: Context, before: PaymentTerm | None, term: PaymentTerm) -> PaymentTerm:
        if any(each.name == term.name and each.id != term.id for each in self._of(ctx)):
            raise AlreadyExistsError(
                f"there is a payment term {term.name} already",
                code="parties.payment_term.name_taken",
                field="name",
            )
        self._outbox.append(ctx, term.events)
        self._journal.note_entity("parties.payment_term", before, term)
        stored = term.stored(term.version + 1)
        self._terms[ctx.company_id, term.id] = stored
        return stored
