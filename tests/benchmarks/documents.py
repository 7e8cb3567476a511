"""Orders, invoices and payments, as they are measured."""

import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Final
from uuid import UUID

from erp_app.composition import House
from erp_core.catalog.entities import (
    LineRequest,
    ProductId,
    TaxClass,
    TaxClassId,
    TaxComponent,
)
from erp_core.inventory.entities import WarehouseId
from erp_core.invoicing.entities import Invoice, InvoiceId
from erp_core.invoicing.use_cases import (
    AddInvoiceCommand,
    InvoiceLineRequest,
    ValidateInvoiceCommand,
)
from erp_core.kernel.context import Context
from erp_core.kernel.entity import new_id
from erp_core.kernel.money import Rate
from erp_core.parties.entities import Party, PartyId, PartyKind, PartyRole
from erp_core.sales.entities import OrderId
from erp_core.sales.use_cases import AddOrderCommand, OrderCommand, SoldLine
from erp_core.treasury.entities import AllocationRequest, Direction, PaymentId, Purpose
from erp_core.treasury.use_cases import RecordPaymentCommand
from tests.benchmarks.operations import (
    CHOICES,
    GOALS,
    ONE,
    Call,
    Operation,
    Request,
    Shelves,
    slug,
)

LINES: Final = 5
CUSTOMERS: Final = 50
METHOD: Final = "pix"
ORDER: Final = "create an order of 5 lines"
CONFIRMED: Final = "create and confirm an order of 5 lines"
INVOICE: Final = "create and validate an invoice of 5 lines"
PAYMENT: Final = "add a payment"


class Office:
    """Customers without a limit to their credit, a tax of 18 %, and what is sold to them."""

    def __init__(self, house: House, ctx: Context, shelves: Shelves) -> None:
        self.erp = house.erp
        self.ctx = ctx
        self.shelves = shelves
        part = TaxComponent(name="ICMS", rate=Rate(Decimal(18)))
        tax = TaxClass(id=TaxClassId(new_id()), name="ICMS 18 %", components=(part,))
        self.tax = self.erp.catalog.add_tax_class(ctx, tax).id
        self.customers = [self.customer(number) for number in range(CUSTOMERS)]
        # The first number of a year makes its counter: what is recorded later does not.
        self.confirmed(new_id(), self.customers[0])
        self.paid(self.validated(new_id(), self.customers[0]), self.customers[0])

    def customer(self, number: int) -> PartyId:
        party = Party(
            id=PartyId(new_id()),
            kind=PartyKind.COMPANY,
            name=f"Padaria {number} Ltda",
            roles=(PartyRole.CUSTOMER,),
        )
        return self.erp.parties.create_party(self.ctx, party).party.id

    def ordered(self, key: UUID, customer: PartyId) -> None:
        place = WarehouseId(self.shelves.here)
        lines = tuple(SoldLine(request=each, warehouse_id=place) for each in self.lines)
        command = AddOrderCommand(id=OrderId(key), party_id=customer, lines=lines)
        self.erp.sales.add_order(self.ctx, command)

    def confirmed(self, key: UUID, customer: PartyId) -> None:
        self.ordered(key, customer)
        self.erp.sales.confirm_order(self.ctx, OrderCommand(id=OrderId(key)))

    def validated(self, key: UUID, customer: PartyId) -> Invoice:
        lines = tuple(InvoiceLineRequest(request=each) for each in self.lines)
        command = AddInvoiceCommand(id=InvoiceId(key), party_id=customer, lines=lines)
        self.erp.invoicing.add_invoice(self.ctx, command)
        draft = ValidateInvoiceCommand(id=InvoiceId(key))
        return self.erp.invoicing.validate_invoice(self.ctx, draft)

    def paid(self, invoice: Invoice, customer: PartyId) -> None:
        owed = invoice.totals.payable
        part = AllocationRequest(invoice_id=invoice.id, amount=owed.amount)
        command = RecordPaymentCommand(
            id=PaymentId(new_id()),
            party_id=customer,
            direction=Direction.IN,
            amount=owed,
            method=METHOD,
            purpose=Purpose(requests=(part,)),
        )
        self.erp.treasury.record_payment(self.ctx, command)

    @property
    def lines(self) -> list[LineRequest]:
        return [
            LineRequest(product_id=ProductId(each), quantity=ONE, tax_class_id=self.tax)
            for each in self.shelves.products[:LINES]
        ]

    def body(self, products: list[UUID], customer: UUID, **said: str) -> str:
        """Return what is sent for an order or an invoice."""
        line = {"quantity": "1", "tax_class_id": str(self.tax), **said}
        lines = [{"product_id": str(each), **line} for each in products]
        return json.dumps({"id": "@U@", "party_id": str(customer), "lines": lines})


def documents(
    house: House, ctx: Context, shelves: Shelves, only: str, payments: int
) -> list[Operation]:
    """Return what is written of documents; *payments* can be made, if they are wanted at all."""
    wanted = [each for each in (ORDER, CONFIRMED, INVOICE, PAYMENT) if only in each]
    if not wanted:
        return []
    office = Office(house, ctx, shelves)
    orders = {"path": "/v1/orders", "warehouse_id": str(shelves.here)}
    made: dict[str, Callable[[], Operation]] = {
        ORDER: lambda: _document(office, ORDER, office.ordered, **orders),
        CONFIRMED: lambda: _document(
            office, CONFIRMED, office.confirmed, then="confirm", **orders
        ),
        INVOICE: lambda: _document(
            office, INVOICE, office.validated, then="validate", path="/v1/invoices"
        ),
        PAYMENT: lambda: _payments(office, payments),
    }
    return [made[each]() for each in wanted]


def _document(
    office: Office,
    name: str,
    record: Callable[[UUID, PartyId], object],
    *,
    path: str,
    then: str = "",
    **said: str,
) -> Operation:
    """Return the writing of a document, and what is done with it *then*, as one call."""
    chance = random.Random(LINES)
    requests: list[Call] = []
    floor: list[Call] = []
    for _ in range(CHOICES):
        products = chance.sample(office.shelves.products, LINES)
        customer = chance.choice(office.customers)
        asked = [("POST", path, office.body(products, customer, **said))]
        asked += [("POST", f"{path}/@U@/{then}", "")] if then else []
        ids = [*(each.hex for each in (*products, customer)), "@U@"]
        requests.append(asked)
        floor.append(_least(name, ids, len(asked)))
    key, customer = new_id(), office.customers[0]
    return Operation(
        name=name,
        requests=requests,
        floor=floor,
        samples=(*office.shelves.products[:LINES], customer, key),
        record=lambda: record(key, customer),
        goal=GOALS["documents"],
    )


def _least(name: str, ids: list[str], requests: int) -> list[Request]:
    """Return what the floor is asked: all of it at first, then nothing, as often as the ERP is."""
    first = ("POST", f"/{slug(name)}", json.dumps(ids))
    return [first, *[("POST", "/nothing", "[]")] * (requests - 1)]


def _payments(office: Office, number: int) -> Operation:
    """Return the payment in full of so many invoices, and of as many by the floor."""
    requests: list[Call] = []
    floor: list[Call] = []
    customer = office.customers[0]
    for place in range(number):
        customer = office.customers[place % CUSTOMERS]
        bills = [office.validated(new_id(), customer) for _ in range(2)]
        amount = str(bills[0].totals.payable.amount)
        payment = {
            "party_id": str(customer),
            "direction": Direction.IN.value,
            "amount": amount,
            "method": METHOD,
            "allocations": [{"invoice_id": str(bills[0].id), "amount": amount}],
        }
        requests.append(("POST", "/v1/payments", json.dumps(payment)))
        floor.append(("POST", f"/{slug(PAYMENT)}", json.dumps([customer.hex, bills[1].id.hex])))
    sample = office.validated(new_id(), customer)
    return Operation(
        name=PAYMENT,
        requests=requests,
        floor=floor,
        samples=(customer, sample.id),
        record=lambda: office.paid(sample, customer),
        once=True,
    )
