"""What a person can do with the company's bank accounts."""

from __future__ import annotations

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page
from erp_core.kernel.use_case import UseCase
from erp_core.treasury.entities import BankAccount, BankAccountChanges, BankAccountId
from erp_core.treasury.ports import BankAccountQuery, TreasuryUnitOfWork


@dataclass(frozen=True, kw_only=True)
class AddBankAccount(UseCase[TreasuryUnitOfWork, BankAccount, BankAccount]):
    """Enter a new bank account. The command is the entity itself: it has nothing to decide.

    Raises:
        AlreadyExistsError: its id or its name is taken.
    """

    permission = "treasury.bank_account.add"

    def execute(self, ctx: Context, uow: TreasuryUnitOfWork, command: BankAccount) -> BankAccount:
        return uow.bank_accounts.add(ctx, command)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountCommand:
    """Names a bank account, and the version of it that the caller has seen (None: any)."""

    id: BankAccountId
    version: int | None = None


@dataclass(frozen=True, kw_only=True)
class GetBankAccount(UseCase[TreasuryUnitOfWork, BankAccountCommand, BankAccount]):
    """Read one bank account.

    Raises:
        NotFoundError: no such bank account.
    """

    permission = "treasury.bank_account.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: BankAccountCommand
    ) -> BankAccount:
        return uow.bank_accounts.get(ctx, command.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBankAccountCommand:
    id: BankAccountId
    version: int | None
    changes: BankAccountChanges


@dataclass(frozen=True, kw_only=True)
class ChangeBankAccount(UseCase[TreasuryUnitOfWork, ChangeBankAccountCommand, BankAccount]):
    """Correct what is known of a bank account.

    Raises:
        NotFoundError: no such bank account.
        PreconditionFailedError: it is not at the version the caller saw.
        AlreadyExistsError: the new name is taken.
        InvariantError: what comes of it is no bank account, or is in another currency.
    """

    permission = "treasury.bank_account.change"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: ChangeBankAccountCommand
    ) -> BankAccount:
        account = uow.bank_accounts.get(ctx, command.id).expect(command.version)
        return uow.bank_accounts.save(ctx, account.change(command.changes))


@dataclass(frozen=True, kw_only=True)
class ArchiveBankAccount(UseCase[TreasuryUnitOfWork, BankAccountCommand, BankAccount]):
    """Use a bank account no more; its payments stay.

    Raises:
        NotFoundError: no such bank account.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is archived already.
    """

    permission = "treasury.bank_account.archive"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: BankAccountCommand
    ) -> BankAccount:
        account = uow.bank_accounts.get(ctx, command.id).expect(command.version)
        return uow.bank_accounts.save(ctx, account.archive())


@dataclass(frozen=True, kw_only=True)
class RestoreBankAccount(UseCase[TreasuryUnitOfWork, BankAccountCommand, BankAccount]):
    """Use an archived bank account again.

    Raises:
        NotFoundError: no such bank account.
        PreconditionFailedError: it is not at the version the caller saw.
        TransitionError: it is not archived.
    """

    permission = "treasury.bank_account.restore"

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: BankAccountCommand
    ) -> BankAccount:
        account = uow.bank_accounts.get(ctx, command.id).expect(command.version)
        return uow.bank_accounts.save(ctx, account.restore())


@dataclass(frozen=True, kw_only=True)
class ListBankAccounts(UseCase[TreasuryUnitOfWork, BankAccountQuery, Page[BankAccount]]):
    """Read bank accounts a page at a time.

    Raises:
        MalformedError: no such sort key, or a cursor of another list.
    """

    permission = "treasury.bank_account.read"
    read_only = True

    def execute(
        self, ctx: Context, uow: TreasuryUnitOfWork, command: BankAccountQuery
    ) -> Page[BankAccount]:
        return uow.bank_accounts.page(ctx, command)
