"""What treasury asks of the outside."""

from erp_core.treasury.ports.balances import PartyBalances
from erp_core.treasury.ports.bank_accounts import BankAccountQuery, BankAccountRepository
from erp_core.treasury.ports.ledger import AccountQuery, PartyAccounts
from erp_core.treasury.ports.payments import PaymentQuery, PaymentRepository
from erp_core.treasury.ports.unit_of_work import TreasuryUnitOfWork

__all__ = [
    "AccountQuery",
    "BankAccountQuery",
    "BankAccountRepository",
    "PartyAccounts",
    "PartyBalances",
    "PaymentQuery",
    "PaymentRepository",
    "TreasuryUnitOfWork",
]
