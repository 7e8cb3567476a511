"""An office in memory or in a database, and short words for what is invoiced in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from erp_core.catalog.entities import Product, TaxClass, TaxClassId, TaxComponent
from erp_core.erp import ErpUnitOfWork
from erp_core.invoicing.entities import (
    CreditPart,
    Invoice,
    InvoiceId,
    InvoiceType,
    SettlementSource,
)
from erp_core.invoicing.use_cases import (
    AbandonInvoiceCommand,
    AddCreditNoteCommand,
    AddInvoiceCommand,
    ApplyCreditCommand,
    InvoiceCommand,
    InvoiceLineRequest,
    InvoiceSheet,
    InvoicingUseCases,
    UnapplyCreditCommand,
    ValidateInvoiceCommand,
    VerifyInvoicesQuery,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import Quantity
from erp_core.sales.entities import Order, Quote
from erp_core.testing import NOON, context
from erp_core.testing.invoicing import TODAY
from tests.sales.shops import SELLER, Shop, a_shop

CLERK = context("invoicing.*", "sales.*", "inventory.*", "parties.*", "identity.*")


def eur(amount: object) -> Money:
    return Money(Decimal(str(amount)), "EUR")


@dataclass
class Office:
    """A shop that writes invoices, and short words for it."""

    shop: Shop

    @property
    def use(self) -> InvoicingUseCases:
        return self.shop.erp.invoicing

    def line(
        self, product: Product | None = None, quantity: object = 1, **said: object
    ) -> InvoiceLineRequest:
        if product is None:
            said = {"description": "advice", "unit_price": Decimal(100)} | said
        sold = self.shop.line(product, quantity, **said)
        return InvoiceLineRequest(request=sold.request, warehouse_id=sold.warehouse_id)

    def taxed(self, rate: str = "20") -> TaxClassId:
        made = TaxClass(
            id=TaxClassId(new_id()),
            name=f"VAT {new_id().hex[-6:]}",
            components=(TaxComponent(name="VAT", rate=Rate(Decimal(rate))),),
        )
        with self.shop.store(CLERK) as uow:
            return uow.tax_classes.add(CLERK, made).id

    def draft(self, *lines: InvoiceLineRequest, **changes: object) -> Invoice:
        command = AddInvoiceCommand(
            id=InvoiceId(new_id()), party_id=self.shop.buyer.id, lines=lines or (self.line(),)
        )
        return self.use.add_invoice(CLERK, replace(command, **changes))

    def of_order(self, order: Order, **changes: object) -> Invoice:
        command = AddInvoiceCommand(id=InvoiceId(new_id()), order_id=order.id)
        return self.use.add_invoice(CLERK, replace(command, **changes))

    def of_quote(self, quote: Quote, **changes: object) -> Invoice:
        command = AddInvoiceCommand(id=InvoiceId(new_id()), quote_id=quote.id)
        return self.use.add_invoice(CLERK, replace(command, **changes))

    def validate(self, invoice: Invoice, **said: object) -> Invoice:
        return self.use.validate_invoice(CLERK, ValidateInvoiceCommand(id=invoice.id, **said))

    def issued(self, *lines: InvoiceLineRequest, **changes: object) -> Invoice:
        return self.validate(self.draft(*lines, **changes))

    def credit(self, invoice: Invoice, *parts: CreditPart, **said: object) -> Invoice:
        """Validate a credit note of *parts*, or of all that is left."""
        return self.validate(self.note(invoice, *parts, **said))

    def note(self, invoice: Invoice, *parts: CreditPart, **said: object) -> Invoice:
        command = AddCreditNoteCommand(
            id=InvoiceId(new_id()), invoice_id=invoice.id, parts=parts or None, reason="broken"
        )
        return self.use.add_credit_note(CLERK, replace(command, **said))

    def replacing(self, invoice: Invoice, **changes: object) -> Invoice:
        command = AddInvoiceCommand(
            id=InvoiceId(new_id()), type=InvoiceType.REPLACEMENT, replaces_id=invoice.id
        )
        return self.use.add_invoice(CLERK, replace(command, **changes))

    def abandon(self, invoice: Invoice, reason: str = "bankrupt", **said: object) -> Invoice:
        command = AbandonInvoiceCommand(id=invoice.id, reason=reason, **said)
        return self.use.abandon_invoice(CLERK, command)

    def apply(self, note: Invoice, invoice: Invoice, amount: object = None) -> Invoice:
        command = ApplyCreditCommand(
            id=note.id,
            invoice_id=invoice.id,
            amount=None if amount is None else eur(amount),
        )
        return self.use.apply_credit(CLERK, command)

    def unapply(self, note: Invoice, invoice: Invoice, **said: object) -> Invoice:
        command = UnapplyCreditCommand(id=note.id, invoice_id=invoice.id, **said)
        return self.use.unapply_credit(CLERK, command)

    def pay(self, invoice: Invoice, amount: object = None) -> UUID:
        """Pay an invoice, or some of it; return the payment's id."""
        payment = new_id()
        with self.shop.store(CLERK) as uow:
            (owed,) = uow.receivables.lock(CLERK, [invoice.id])
            paid = owed.open_amount if amount is None else eur(amount)
            after = owed.settle(SettlementSource.PAYMENT, payment, paid, TODAY, NOON)
            uow.receivables.save(CLERK, [after])
        return payment

    def reverse(self, payment: UUID) -> None:
        with self.shop.store(CLERK) as uow:
            found = uow.receivables.settled_by(CLERK, SettlementSource.PAYMENT, payment)
            for settlement in found:
                (owed,) = uow.receivables.lock(CLERK, [settlement.invoice_id])
                uow.receivables.save(CLERK, [owed.unsettle(settlement, NOON)])

    def sheet(self, invoice: Invoice) -> InvoiceSheet:
        return self.use.get_invoice(CLERK, InvoiceCommand(id=invoice.id))

    def find(self, invoice: Invoice) -> Invoice:
        return self.sheet(invoice).invoice

    def is_consistent(self) -> bool:
        found = self.use.verify_invoices(CLERK, VerifyInvoicesQuery())
        return found.consistent and self.shop.is_consistent()


def an_office(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Office:
    return Office(a_shop(store, **ports))


def part(invoice: Invoice, index: int, quantity: str, **said: object) -> CreditPart:
    line = invoice.lines[index]
    return CreditPart(invoice_line_id=line.id, quantity=Quantity.of(quantity), **said)


__all__ = ["CLERK", "SELLER", "Office", "an_office", "eur", "part"]
