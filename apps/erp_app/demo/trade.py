"""A year of selling: quotes, orders, shipments, invoices, credit notes and payments."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from random import Random
from typing import Final

from erp_app.demo import words
from erp_app.demo.clock import YearClock
from erp_app.demo.masters import Masters
from erp_app.demo.shelves import Shelves
from erp_core.catalog.entities import LineRequest, Product
from erp_core.erp import Erp
from erp_core.invoicing.entities import CreditPart, Invoice, InvoiceId
from erp_core.invoicing.use_cases import (
    AddCreditNoteCommand,
    AddInvoiceCommand,
    ValidateInvoiceCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import Quantity
from erp_core.parties.entities import Party
from erp_core.sales.entities import Order, OrderId, QuoteId, ShipmentId
from erp_core.sales.use_cases import (
    AddOrderCommand,
    AddQuoteCommand,
    AddShipmentCommand,
    CancelOrderCommand,
    OrderCommand,
    OrderQuoteCommand,
    QuoteCommand,
    RefuseQuoteCommand,
    SendQuoteCommand,
    ShipmentCommand,
    SoldLine,
)
from erp_core.treasury.entities import AllocationRequest, Direction, PaymentId, Purpose
from erp_core.treasury.use_cases import RecordPaymentCommand

_METHODS: Final = ("pix", "boleto", "transfer")
_QUOTED: Final = 0.3  # how many sales begin with a quote
_REFUSED: Final = 0.25  # how many quotes end there
_CANCELLED: Final = 0.03
_CREDITED: Final = 0.05
_WITH_SERVICE: Final = 0.2
_PUNCTUAL: Final = 0.75
_NEVER_PAYS: Final = 0.04

Wanted = list[tuple[Product, int]]


@dataclass
class Trade:
    """What is under way, and what is to happen on which day."""

    erp: Erp
    ctx: Context
    clock: YearClock
    masters: Masters
    shelves: Shelves
    chance: Random
    last: date
    movements: int = 0
    sales: int = 0
    _agenda: list[tuple[date, int, Callable[[date], None]]] = field(default_factory=list)
    _turn: count[int] = field(default_factory=count)

    def plan(self, day: date, step: Callable[[date], None]) -> None:
        """Have a step taken on a day, unless that has not come yet; never on a Sunday."""
        sunday = 6
        day += timedelta(days=1) if day.weekday() == sunday else timedelta(0)
        if day <= self.last:
            heapq.heappush(self._agenda, (day, next(self._turn), step))

    def work(self, day: date) -> None:
        """Take every step of a day."""
        while self._agenda and self._agenda[0][0] <= day:
            heapq.heappop(self._agenda)[2](day)

    def sell(self, day: date) -> None:
        """Begin a sale, with a quote or with an order."""
        self.sales += 1
        customer = self._customer()
        wanted = self._wanted()
        lines = self._lines(wanted)
        if self.chance.random() >= _QUOTED:
            command = AddOrderCommand(id=OrderId(new_id()), party_id=customer.id, lines=lines)
            self._confirm(day, self.erp.sales.add_order(self.ctx, command), customer, wanted)
            return
        quote = AddQuoteCommand(
            id=QuoteId(new_id()),
            party_id=customer.id,
            lines=lines,
            valid_until=day + timedelta(days=30),
        )
        self.erp.sales.add_quote(self.ctx, quote)
        self.erp.sales.send_quote(self.ctx, SendQuoteCommand(id=quote.id))
        refused = self.chance.random() < _REFUSED
        answer = day + timedelta(days=self.chance.randint(1, 12))

        def answered(on: date) -> None:
            if refused:
                command = RefuseQuoteCommand(id=quote.id, reason="preço")
                self.erp.sales.refuse_quote(self.ctx, command)
                return
            self.erp.sales.accept_quote(self.ctx, QuoteCommand(id=quote.id))
            ordered = OrderQuoteCommand(id=quote.id, order_id=OrderId(new_id()))
            order = self.erp.sales.order_quote(self.ctx, ordered)
            self._confirm(on, order, customer, wanted)

        self.plan(answer, answered)

    def _customer(self) -> Party:
        # The first customers buy more often than the last.
        many = len(self.masters.customers)
        return self.masters.customers[int(many * self.chance.random() ** 1.6)]

    def _wanted(self) -> Wanted:
        many = len(self.masters.goods)
        chosen = {
            int(many * self.chance.random() ** 2): self.chance.choice((1, 2, 3, 5, 10, 12))
            for _ in range(self.chance.randint(1, 4))
        }
        return [(self.masters.goods[index], pieces) for index, pieces in chosen.items()]

    def _lines(self, wanted: Wanted) -> tuple[SoldLine, ...]:
        lines = [
            SoldLine(
                request=LineRequest(product_id=product.id, quantity=Quantity(Decimal(pieces))),
                warehouse_id=self.masters.store,
            )
            for product, pieces in wanted
        ]
        if self.chance.random() < _WITH_SERVICE:
            service = self.chance.choice(self.masters.services)
            request = LineRequest(product_id=service.id, quantity=Quantity(Decimal(1)))
            lines.append(SoldLine(request=request))
        return tuple(lines)

    def _confirm(self, day: date, order: Order, customer: Party, wanted: Wanted) -> None:
        store = self.masters.store
        short = self.shelves.lacking(wanted, store)
        self.movements += self.shelves.deliver(self.erp, self.ctx, short, store, day)
        self.erp.sales.confirm_order(self.ctx, OrderCommand(id=order.id))
        for product, pieces in wanted:
            self.shelves.take(product, store, pieces)
        later = day + timedelta(days=self.chance.randint(0, 5))
        if self.chance.random() < _CANCELLED:
            self.plan(later, lambda _: self._cancel(order, wanted))
        else:
            carrier = self.chance.choice(words.CARRIERS)
            self.plan(later, lambda on: self._ship(on, order, customer, carrier))

    def _cancel(self, order: Order, wanted: Wanted) -> None:
        command = CancelOrderCommand(id=order.id, reason="cliente desistiu")
        self.erp.sales.cancel_order(self.ctx, command)
        for product, pieces in wanted:
            self.shelves.take(product, self.masters.store, -pieces)

    def _ship(self, day: date, order: Order, customer: Party, carrier: str) -> None:
        shipment = AddShipmentCommand(
            id=ShipmentId(new_id()),
            order_id=order.id,
            warehouse_id=self.masters.store,
            carrier=carrier,
        )
        self.erp.sales.add_shipment(self.ctx, shipment)
        sent = self.erp.sales.validate_shipment(self.ctx, ShipmentCommand(id=shipment.id))
        self.movements += sum(max(1, len(each.lots)) for each in sent.lines)
        self._bill(day, order, customer)

    def _bill(self, day: date, order: Order, customer: Party) -> None:
        draft = AddInvoiceCommand(id=InvoiceId(new_id()), order_id=order.id)
        self.erp.invoicing.add_invoice(self.ctx, draft)
        invoice = self.erp.invoicing.validate_invoice(
            self.ctx, ValidateInvoiceCommand(id=draft.id)
        )
        if self.chance.random() < _CREDITED:
            self.plan(
                day + timedelta(days=self.chance.randint(1, 6)),
                lambda _: self._credit(invoice),
            )
        elif self.chance.random() >= _NEVER_PAYS:
            self._expect_payments(invoice, customer)

    def _credit(self, invoice: Invoice) -> None:
        line = invoice.lines[0]
        part = CreditPart(invoice_line_id=line.id, quantity=line.creditable, returns_stock=False)
        draft = AddCreditNoteCommand(
            id=InvoiceId(new_id()), invoice_id=invoice.id, parts=(part,), reason="avariado"
        )
        self.erp.invoicing.add_credit_note(self.ctx, draft)
        self.erp.invoicing.validate_invoice(self.ctx, ValidateInvoiceCommand(id=draft.id))

    def _expect_payments(self, invoice: Invoice, customer: Party) -> None:
        for due in invoice.balance.due_dates:
            punctual = self.chance.random() < _PUNCTUAL
            late = self.chance.randint(-3, 1) if punctual else self.chance.randint(4, 45)
            day = max(invoice.invoiced_on, due.due_on + timedelta(days=late))
            method = self.chance.choice(_METHODS)

            def paid(_: date, amount: Money = due.amount, method: str = method) -> None:
                self._pay(invoice, customer, amount, method)

            self.plan(day, paid)

    def _pay(self, invoice: Invoice, customer: Party, amount: Money, method: str) -> None:
        request = AllocationRequest(invoice_id=invoice.id, amount=amount.amount)
        command = RecordPaymentCommand(
            id=PaymentId(new_id()),
            party_id=customer.id,
            direction=Direction.IN,
            amount=amount,
            method=method,
            bank_account_id=self.masters.bank,
            reference=invoice.number,
            purpose=Purpose(requests=(request,)),
        )
        self.erp.treasury.record_payment(self.ctx, command)
