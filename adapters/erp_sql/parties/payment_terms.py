"""Payment terms over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.parties.entities import PAYMENT_TERM_SORTS, PaymentTerm, PaymentTermId
from erp_core.parties.ports import PaymentTermQuery, PaymentTermRepository
from erp_sql.dialects import violates
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.parties.mappers import read_payment_term, write_payment_term
from erp_sql.parties.models import PaymentTermRow

_MASTERS: Final = Masters(PaymentTermRow, "payment term")
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _MASTERS.table.c.name_key}, PAYMENT_TERM_SORTS)


class SqlPaymentTerms(PaymentTermRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[PaymentTermId, PaymentTerm] = {}  # as they were, for the journal

    def add(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        with _in_our_words(term):
            _MASTERS.add(self._connection, write_payment_term(ctx.company_id, term))
        return self._told(ctx, None, term)

    def get(self, ctx: Context, term_id: PaymentTermId) -> PaymentTerm:
        found = read_payment_term(_MASTERS.get(self._connection, ctx, term_id))
        self._seen[term_id] = found
        return found

    def save(self, ctx: Context, term: PaymentTerm) -> PaymentTerm:
        before = self._seen.get(term.id) or self.get(ctx, term.id)
        with _in_our_words(term):
            _MASTERS.save(self._connection, write_payment_term(ctx.company_id, term))
        return self._told(ctx, before, term)

    def page(self, ctx: Context, query: PaymentTermQuery) -> Page[PaymentTerm]:
        wanted = []
        if query.states:
            wanted.append(_MASTERS.table.c.state.in_([each.value for each in query.states]))
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_payment_term)

    def _told(self, ctx: Context, before: PaymentTerm | None, term: PaymentTerm) -> PaymentTerm:
        self._outbox.append(ctx, term.events)
        self._journal.note_entity("parties.payment_term", before, term)
        stored = term.stored(term.version + 1)
        self._seen[stored.id] = stored
        return stored


@contextmanager
def _in_our_words(term: PaymentTerm) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if violates(error, "name"):
            raise AlreadyExistsError(
                f"there is a payment term {term.name} already",
                code="parties.payment_term.name_taken",
                field="name",
            ) from error
        raise AlreadyExistsError("a payment term of this id exists", field="id") from error
