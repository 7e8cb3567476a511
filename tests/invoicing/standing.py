"""An office that bills the same again and again, and short words for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from erp_core.catalog.entities import LineRequest
from erp_core.erp import ErpUnitOfWork
from erp_core.invoicing.entities import (
    Frequency,
    MadeInvoice,
    RecurringInvoice,
    RecurringInvoiceId,
    RecurringLine,
)
from erp_core.invoicing.ports import MadeQuery
from erp_core.invoicing.use_cases import (
    AddRecurringInvoiceCommand,
    ChangeRecurringInvoiceCommand,
    PeriodResult,
    RecurringInvoiceCommand,
    RunRecurringInvoicesCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.page import PageRequest
from erp_core.kernel.ports import UnitOfWorkFactory
from erp_core.kernel.quantity import Quantity
from erp_core.testing import MovableClock
from tests.invoicing.offices import CLERK, Office, an_office


def of(price: str | None = "100", quantity: str = "1", **said: object) -> RecurringLine:
    """Ask for something that is only described, or for a product that is named."""
    said = {"description": "" if "product_id" in said else "care"} | said
    price_said = None if price is None else Decimal(price)
    request = LineRequest(quantity=Quantity.of(quantity), unit_price=price_said)
    warehouse = said.pop("warehouse_id", None)
    return RecurringLine(request=replace(request, **said), warehouse_id=warehouse)


@dataclass
class Standing:
    """An office whose clock can be moved."""

    office: Office
    clock: MovableClock

    def add(self, *lines: RecurringLine, **changes: object) -> RecurringInvoice:
        command = AddRecurringInvoiceCommand(
            id=RecurringInvoiceId(new_id()),
            name="Care",
            party_id=self.office.shop.buyer.id,
            lines=lines or (of(),),
            frequency=Frequency.MONTH,
            start_on=date(2024, 1, 31),
            validates=True,
        )
        use = self.office.use.add_recurring_invoice
        return use(CLERK, replace(command, **changes))

    def run(self, ctx: Context = CLERK, **said: object) -> tuple[PeriodResult, ...]:
        use = self.office.use.run_recurring_invoices
        return use(ctx, RunRecurringInvoicesCommand(**said)).done

    def change(self, recurring: RecurringInvoice, **said: object) -> RecurringInvoice:
        command = ChangeRecurringInvoiceCommand(
            **({"id": recurring.id, "version": None, "changes": {}} | said)
        )
        return self.office.use.change_recurring_invoice(CLERK, command)

    def pause(self, recurring: RecurringInvoice, version: int | None = None) -> RecurringInvoice:
        command = RecurringInvoiceCommand(id=recurring.id, version=version)
        return self.office.use.pause_recurring_invoice(CLERK, command)

    def resume(self, recurring: RecurringInvoice, version: int | None = None) -> RecurringInvoice:
        command = RecurringInvoiceCommand(id=recurring.id, version=version)
        return self.office.use.resume_recurring_invoice(CLERK, command)

    def end(self, recurring: RecurringInvoice, version: int | None = None) -> RecurringInvoice:
        command = RecurringInvoiceCommand(id=recurring.id, version=version)
        return self.office.use.end_recurring_invoice(CLERK, command)

    def find(self, recurring: RecurringInvoice) -> RecurringInvoice:
        command = RecurringInvoiceCommand(id=recurring.id)
        return self.office.use.get_recurring_invoice(CLERK, command)

    def made(self, recurring: RecurringInvoice) -> tuple[MadeInvoice, ...]:
        query = MadeQuery(page=PageRequest(limit=200, sort="period"), id=recurring.id)
        return self.office.use.list_made_invoices(CLERK, query).items

    def days(self, count: float) -> None:
        """Let days pass."""
        self.clock.move(timedelta(days=count).total_seconds())


def a_standing(store: UnitOfWorkFactory[ErpUnitOfWork] | None = None, **ports: object) -> Standing:
    clock = MovableClock()
    return Standing(an_office(store, **({"clock": clock} | ports)), clock)
