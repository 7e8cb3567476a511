"""Payments over one connection: load, map and store, and decide nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, CursorResult, bindparam, select, update
from sqlalchemy.exc import IntegrityError

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError
from erp_core.kernel.page import Page
from erp_core.kernel.ports import Outbox
from erp_core.kernel.quantity import ZERO
from erp_core.parties.entities import PartyId
from erp_core.treasury.entities import PAYMENT_SORTS, Payment, PaymentId
from erp_core.treasury.ports import PaymentQuery, PaymentRepository
from erp_sql.dialects import is_foreign_key, violates
from erp_sql.keyset import Keyset, starts_with
from erp_sql.masters import Masters
from erp_sql.treasury.allocations import DIFFERENCES
from erp_sql.treasury.mappers import read_payment, write_payment
from erp_sql.treasury.models import PaymentRow

_MASTERS: Final = Masters(PaymentRow, "payment")
_PAYMENT: Final = _MASTERS.table.c
_KEYSET: Final = Keyset(
    _MASTERS.table, {"date": _PAYMENT.day, "number": _PAYMENT.number}, PAYMENT_SORTS
)
_LOCK: Final = (
    select(_MASTERS.table)
    .where(_PAYMENT.company_id == bindparam("company"), _PAYMENT.id == bindparam("payment"))
    .with_for_update()
)
_REASSIGN: Final = (
    update(_MASTERS.table)
    .where(_PAYMENT.company_id == bindparam("company"), _PAYMENT.party_id == bindparam("absorbed"))
    .values(party_id=bindparam("survivor"), version=_PAYMENT.version + 1)
)


class SqlPayments(PaymentRepository):
    def __init__(self, connection: Connection, outbox: Outbox, journal: Journal) -> None:
        self._connection = connection
        self._outbox = outbox
        self._journal = journal
        self._seen: dict[PaymentId, Payment] = {}  # as they were, for the journal

    def add(self, ctx: Context, payment: Payment) -> Payment:
        with _in_our_words(payment):
            _MASTERS.add(self._connection, write_payment(ctx.company_id, payment))
        return self._told(ctx, None, payment)

    def get(self, ctx: Context, payment_id: PaymentId) -> Payment:
        found = read_payment(_MASTERS.get(self._connection, ctx, payment_id))
        self._seen[payment_id] = found
        return found

    def lock(self, ctx: Context, payment_id: PaymentId) -> Payment:
        asked = {"company": ctx.company_id, "payment": payment_id}
        row = self._connection.execute(_LOCK, asked).one_or_none()
        if row is None:
            raise NotFoundError(f"no payment {payment_id}", kind="payment", id=payment_id)
        found = read_payment(row)
        self._seen[payment_id] = found
        return found

    def save(self, ctx: Context, payment: Payment) -> Payment:
        before = self._seen.get(payment.id) or self.get(ctx, payment.id)
        with _in_our_words(payment):
            _MASTERS.save(self._connection, write_payment(ctx.company_id, payment))
        return self._told(ctx, before, payment)

    def page(self, ctx: Context, query: PaymentQuery) -> Page[Payment]:
        return _KEYSET.page(self._connection, ctx, query.page, _wanted(query), read_payment)

    def differences(self, ctx: Context, limit: int) -> tuple[PaymentId, ...]:
        asked = {"company": ctx.company_id, "most": limit}
        return tuple(
            PaymentId(each) for each in self._connection.execute(DIFFERENCES, asked).scalars()
        )

    def reassign(self, ctx: Context, absorbed: PartyId, survivor: PartyId) -> None:
        asked = {"company": ctx.company_id, "absorbed": absorbed, "survivor": survivor}
        done: CursorResult[Any] = self._connection.execute(_REASSIGN, asked)
        if done.rowcount:
            before, after = {"party_id": str(absorbed)}, {"party_id": str(survivor)}
            count = {"count": str(done.rowcount)}
            self._journal.note("treasury.payment", "many", before, after | count)
        self._seen.clear()

    def _told(self, ctx: Context, before: Payment | None, payment: Payment) -> Payment:
        self._outbox.append(ctx, payment.events)
        self._journal.note_entity("treasury.payment", before, payment)
        stored = payment.stored(payment.version + 1)
        self._seen[stored.id] = stored
        return stored


def _wanted(query: PaymentQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(_PAYMENT.state.in_([each.value for each in query.states]))
    if query.directions:
        wanted.append(_PAYMENT.direction.in_([each.value for each in query.directions]))
    if query.party_id is not None:
        wanted.append(_PAYMENT.party_id == query.party_id)
    if query.bank_account_id is not None:
        wanted.append(_PAYMENT.bank_account_id == query.bank_account_id)
    if query.date_from is not None:
        wanted.append(_PAYMENT.day >= query.date_from)
    if query.date_to is not None:
        wanted.append(_PAYMENT.day <= query.date_to)
    if query.unallocated is not None:
        nothing = ZERO.value
        left = _PAYMENT.unallocated
        wanted.append(left > nothing if query.unallocated else left == nothing)
    if query.number:
        wanted += starts_with(_PAYMENT.number, query.number)
    return wanted


@contextmanager
def _in_our_words(payment: Payment) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if is_foreign_key(error):
            raise NotFoundError("no such party or bank account") from error
        if violates(error, "number"):
            raise AlreadyExistsError(
                f"there is a payment {payment.number} already: change the mask of the numbers",
                code="treasury.payment.number_taken",
                field="number",
            ) from error
        raise AlreadyExistsError("a payment of this id exists", field="id") from error
