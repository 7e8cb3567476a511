"""The transaction as treasury sees it."""

from __future__ import annotations

from abc import abstractmethod
from typing import Protocol

from erp_core.invoicing.ports import InvoicingUnitOfWork
from erp_core.treasury.ports.balances import PartyBalances
from erp_core.treasury.ports.bank_accounts import BankAccountRepository
from erp_core.treasury.ports.ledger import PartyAccounts
from erp_core.treasury.ports.payments import PaymentRepository


class TreasuryUnitOfWork(InvoicingUnitOfWork, Protocol):
    """The transaction as treasury sees it; it settles the invoices below."""

    @property
    @abstractmethod
    def bank_accounts(self) -> BankAccountRepository: ...

    @property
    @abstractmethod
    def payments(self) -> PaymentRepository: ...

    @property
    @abstractmethod
    def balances(self) -> PartyBalances: ...

    @property
    @abstractmethod
    def accounts(self) -> PartyAccounts: ...
