"""Bank accounts over one connection: load, map and store, and decide nothing."""

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
from erp_core.treasury.entities import BANK_ACCOUNT_SORTS, BankAccount, BankAccountId
from erp_core.treasury.ports import BankAccountQuery, BankAccountRepository
from erp_sql.dialects import violates
from erp_sql.keyset import Keyset
from erp_sql.masters import Masters
from erp_sql.treasury.mappers import read_bank_account, write_bank_account
from erp_sql.treasury.models import BankAccountRow

_MASTERS: Final = Masters(BankAccountRow, "bank account")
_ACCOUNT: Final = _MASTERS.table.c
_KEYSET: Final = Keyset(_MASTERS.table, {"name": _ACCOUNT.name_key}, BANK_ACCOUNT_SORTS)


class SqlBankAccounts(BankAccountRepository):
    def __init__(self, connection: Connection, journal: Journal) -> None:
        self._connection = connection
        self._journal = journal
        self._seen: dict[BankAccountId, BankAccount] = {}  # as they were, for the journal

    def add(self, ctx: Context, account: BankAccount) -> BankAccount:
        with _in_our_words(account):
            _MASTERS.add(self._connection, write_bank_account(ctx.company_id, account))
        return self._told(None, account)

    def get(self, ctx: Context, account_id: BankAccountId) -> BankAccount:
        found = read_bank_account(_MASTERS.get(self._connection, ctx, account_id))
        self._seen[account_id] = found
        return found

    def save(self, ctx: Context, account: BankAccount) -> BankAccount:
        before = self._seen.get(account.id) or self.get(ctx, account.id)
        with _in_our_words(account):
            _MASTERS.save(self._connection, write_bank_account(ctx.company_id, account))
        return self._told(before, account)

    def page(self, ctx: Context, query: BankAccountQuery) -> Page[BankAccount]:
        wanted = []
        if query.states:
            wanted.append(_ACCOUNT.state.in_([each.value for each in query.states]))
        if query.kinds:
            wanted.append(_ACCOUNT.kind.in_([each.value for each in query.kinds]))
        return _KEYSET.page(self._connection, ctx, query.page, wanted, read_bank_account)

    def _told(self, before: BankAccount | None, account: BankAccount) -> BankAccount:
        self._journal.note_entity("treasury.bank_account", before, account)
        stored = account.stored(account.version + 1)
        self._seen[stored.id] = stored
        return stored


@contextmanager
def _in_our_words(account: BankAccount) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if violates(error, "name"):
            raise AlreadyExistsError(
                f"there is a bank account {account.name} already",
                code="treasury.bank_account.name_taken",
                field="name",
            ) from error
        raise AlreadyExistsError("a bank account of this id exists", field="id") from error
