"""An office with a till, and short words for what is paid there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from erp_core.erp import ErpUnitOfWork
from erp_core.invoicing.entities import Invoice
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.parties.entities import Party
from erp_core.testing import context
from erp_core.testing.parties import another_party
from erp_core.treasury.entities import (
    AllocationRequest,
    BankAccount,
    BankAccountId,
    BankAccountKind,
    Direction,
    PartyBalance,
    PaymentId,
    Purpose,
)
from erp_core.treasury.use_cases import (
    AllocatePaymentCommand,
    PaymentSheet,
    RecordPaymentCommand,
    ReversePaymentCommand,
    TreasuryUseCases,
)
from tests.invoicing.offices import Office, an_office, eur

CASHIER = context("*")


@dataclass
class Till:
    """An office whose invoices are paid."""

    office: Office

    @property
    def use(self) -> TreasuryUseCases:
        return self.office.shop.erp.treasury

    @property
    def buyer(self) -> Party:
        return self.office.shop.buyer

    def invoice(self, amount: object = 100, **changes: object) -> Invoice:
        line = self.office.line(unit_price=Decimal(str(amount)))
        return self.office.issued(line, **changes)

    def note(self, amount: object = 100) -> Invoice:
        """Issue a credit note of which all is left: what it credits is paid."""
        invoice = self.invoice(amount)
        self.pay(amount, (invoice, amount))
        return self.office.credit(invoice)

    def another(self, name: str = "Bob") -> Party:
        with self.office.shop.store(CASHIER) as uow:
            return uow.parties.add(CASHIER, another_party(name))

    def account(self, currency: str = "EUR", **changes: object) -> BankAccount:
        account_id = BankAccountId(new_id())
        account = BankAccount(
            id=account_id,
            name=account_id.hex,
            kind=BankAccountKind.BANK,
            opening_balance=Money.zero(currency),
        )
        return self.use.add_bank_account(CASHIER, replace(account, **changes))

    def pay(self, amount: object, *parts: tuple[Invoice, object], **said: object) -> PaymentSheet:
        return self.record(amount, purpose=purpose(*parts), **said)

    def record(self, amount: object, ctx: Context = CASHIER, **said: object) -> PaymentSheet:
        command = RecordPaymentCommand(
            id=PaymentId(new_id()),
            party_id=self.buyer.id,
            direction=Direction.IN,
            amount=eur(amount),
            method="transfer",
        )
        return self.use.record_payment(ctx, replace(command, **said))

    def refund(self, amount: object, *parts: tuple[Invoice, object]) -> PaymentSheet:
        return self.pay(amount, *parts, direction=Direction.OUT)

    def allocate(self, paid: PaymentSheet, *parts: tuple[Invoice, object]) -> PaymentSheet:
        command = AllocatePaymentCommand(id=paid.payment.id, purpose=purpose(*parts))
        return self.use.allocate_payment(CASHIER, command)

    def allocate_oldest(self, paid: PaymentSheet) -> PaymentSheet:
        command = AllocatePaymentCommand(id=paid.payment.id, purpose=Purpose(oldest=True))
        return self.use.allocate_payment(CASHIER, command)

    def reverse(self, paid: PaymentSheet, reason: str = "bounced") -> PaymentSheet:
        command = ReversePaymentCommand(id=paid.payment.id, reason=reason)
        return self.use.reverse_payment(CASHIER, command)

    def find(self, paid: PaymentSheet) -> PaymentSheet:
        return self.use.get_payment(CASHIER, paid.payment.id)

    def balance(self, party: Party | None = None) -> PartyBalance:
        return self.use.get_party_balance(CASHIER, (party or self.buyer).id)

    def open_amount(self, invoice: Invoice) -> Money:
        return self.office.find(invoice).receivable.open_amount


def a_till(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Till:
    return Till(an_office(store, **ports))


def purpose(*parts: tuple[Invoice, object]) -> Purpose:
    requests = (
        AllocationRequest(invoice_id=invoice.id, amount=Decimal(str(amount)))
        for invoice, amount in parts
    )
    return Purpose(requests=tuple(requests))


__all__ = ["CASHIER", "Till", "a_till", "eur", "purpose"]
