"""What treasury asks of whoever keeps bank accounts."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.kernel.context import Context
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.page import Page, PageRequest
from erp_core.treasury.entities import (
    BankAccount,
    BankAccountId,
    BankAccountKind,
    BankAccountState,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccountQuery:
    """Which bank accounts."""

    page: PageRequest
    states: tuple[BankAccountState, ...] = ()  # none: all
    kinds: tuple[BankAccountKind, ...] = ()


class BankAccountRepository(Protocol):
    """Keeps bank accounts. Proved by ``erp_core.testing.treasury.BankAccountRepositoryContract``.

    Names are unique in a company.
    """

    @abstractmethod
    def add(self, ctx: Context, account: BankAccount) -> BankAccount:
        """Store a new account; return it as stored, at version 1.

        Raises:
            AlreadyExistsError: its id or its name is taken in this company.
        """

    @abstractmethod
    def get(self, ctx: Context, account_id: BankAccountId) -> BankAccount:
        """Return the account.

        Raises:
            NotFoundError: this company has none.
        """

    @abstractmethod
    def save(self, ctx: Context, account: BankAccount) -> BankAccount:
        """Store a changed account; return it as stored, one version on.

        Raises:
            NotFoundError: this company has none.
            StaleVersionError: ``account.version`` is not the stored one.
            AlreadyExistsError: its new name is taken.
        """

    @abstractmethod
    def page(self, ctx: Context, query: BankAccountQuery) -> Page[BankAccount]:
        """Return one page of the company's accounts.

        Raises:
            MalformedError: no such sort key, or a cursor of another list.
        """
