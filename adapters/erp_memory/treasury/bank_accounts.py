"""Bank accounts in a dictionary."""

from __future__ import annotations

from erp_core.kernel.audit import Journal
from erp_core.kernel.context import Context
from erp_core.kernel.errors import AlreadyExistsError, NotFoundError, StaleVersionError
from erp_core.kernel.page import Page
from erp_core.treasury.entities import BANK_ACCOUNT_SORTS, BankAccount, BankAccountId
from erp_core.treasury.ports import BankAccountQuery, BankAccountRepository
from erp_memory.pages import page_of
from erp_memory.tables import Tables


class MemoryBankAccounts(BankAccountRepository):
    def __init__(self, tables: Tables, journal: Journal) -> None:
        self._accounts = tables.bank_accounts
        self._journal = journal

    def add(self, ctx: Context, account: BankAccount) -> BankAccount:
        if (ctx.company_id, account.id) in self._accounts:
            raise AlreadyExistsError("a bank account of this id exists", field="id")
        return self._write(ctx, None, account)

    def get(self, ctx: Context, account_id: BankAccountId) -> BankAccount:
        account = self._accounts.get((ctx.company_id, account_id))
        if account is None:
            raise NotFoundError(
                f"no bank account {account_id}", kind="bank account", id=account_id
            )
        return account

    def save(self, ctx: Context, account: BankAccount) -> BankAccount:
        before = self.get(ctx, account.id)
        if before.version != account.version:
            raise StaleVersionError(f"bank account {account.id} has changed meanwhile")
        return self._write(ctx, before, account)

    def page(self, ctx: Context, query: BankAccountQuery) -> Page[BankAccount]:
        found = (
            each
            for each in self._of(ctx)
            if (not query.states or each.state in query.states)
            and (not query.kinds or each.kind in query.kinds)
        )
        return page_of(found, query.page, BANK_ACCOUNT_SORTS)

    def _of(self, ctx: Context) -> list[BankAccount]:
        return [each for (owner, _), each in self._accounts.items() if owner == ctx.company_id]

    def _write(
        self, ctx: Context, before: BankAccount | None, account: BankAccount
    ) -> BankAccount:
        if any(each.name == account.name and each.id != account.id for each in self._of(ctx)):
            raise AlreadyExistsError(
                f"there is a bank account {account.name} already",
                code="treasury.bank_account.name_taken",
                field="name",
            )
        self._journal.note_entity("treasury.bank_account", before, account)
        stored = account.stored(account.version + 1)
        self._accounts[ctx.company_id, account.id] = stored
        return stored
