"""The lives of what is sold, billed and paid."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from erp_core.catalog.entities import (
    PricedLine,
    ProductId,
    TaxClassId,
)
from erp_core.inventory.entities import (
    WarehouseId,
)
from erp_core.invoicing.entities import (
    ExceedsOpenError,
    Invoice,
    InvoiceId,
    InvoiceState,
    InvoiceType,
    Receivable,
    RecurringInvoice,
    RecurringProblem,
    RecurringState,
    SettlementSource,
)
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import InvariantError, TransitionError
from erp_core.kernel.money import Money
from erp_core.parties.entities import (
    PartyId,
    PaymentTermId,
)
from erp_core.sales.entities import Order, OrderLine, Quote, Shipment, ShipmentState
from erp_core.testing import NOON
from erp_core.testing.invoicing import TODAY, a_recurring_invoice, an_invoice, an_item, validated
from erp_core.testing.sales import CUSTOMER
from erp_core.testing.sales.builders import Trade
from erp_core.testing.sales.shipments import a_shipment
from erp_core.testing.treasury import a_payment
from erp_core.treasury.entities import Payment, PaymentState
from tests.architecture.lives.life import Life, Outcome, always
from tests.sales import test_lifecycles as sold

PARTY = PartyId(UUID(int=7))
ANYWHERE = WarehouseId(UUID(int=8))


def _wrong_is_rule(steps: Mapping[Any, Any]) -> dict[tuple[StrEnum, str], Outcome]:
    return {key: InvariantError if each is None else each for key, each in steps.items()}


def _euros(amount: int) -> Money:
    return Money(Decimal(amount), "EUR")


def _shipped() -> Shipment:
    return _shipment().validate(number="S1", customer=CUSTOMER, lots={}, now=NOON)


def _shipment() -> Shipment:
    trade = Trade(
        party_id=PARTY,
        product_id=ProductId(UUID(int=9)),
        tax_class_id=TaxClassId(UUID(int=10)),
        warehouse_id=ANYWHERE,
        payment_term_id=PaymentTermId(UUID(int=11)),
    )
    order = sold.confirmed()
    lines = (replace(each, priced=_of_product(each)) for each in order.lines[1:])
    return a_shipment(replace(order, lines=(order.lines[0], *lines)), trade)


def _of_product(line: OrderLine) -> PricedLine:
    return replace(
        line.priced, line=replace(line.priced.line, product_id=ProductId(UUID(int=9)), unit="unit")
    )


def _bill() -> Invoice:
    return an_invoice(PARTY, an_item("100"))


def _invoice(state: InvoiceState) -> Invoice:
    issued = validated(_bill())
    return {
        InvoiceState.DRAFT: _bill(),
        InvoiceState.VALIDATED: issued,
        InvoiceState.PAID: issued.settled_as(_owed(InvoiceState.PAID, issued.receivable)),
        InvoiceState.ABANDONED: issued.abandon("lost", NOON),
    }[state]


def _owed(state: InvoiceState, of: Receivable | None = None) -> Receivable:
    owed = (of or validated(_bill()).receivable).stored(1)
    if state is not InvoiceState.PAID:
        return replace(owed, state=state)
    return owed.settle(SettlementSource.PAYMENT, new_id(), owed.open_amount, TODAY, NOON)


def _credit() -> Receivable:
    note = replace(_owed(InvoiceState.VALIDATED), type=InvoiceType.CREDIT_NOTE)
    return replace(note, id=InvoiceId(new_id()))


def _unsettled(it: Receivable) -> Receivable:
    if it.settlements:
        return it.unsettle(it.settlements[-1], NOON)
    paid = _owed(InvoiceState.PAID, replace(it, state=InvoiceState.VALIDATED))
    return it.unsettle(paid.settlements[-1], NOON)


def _unapplied(it: Receivable) -> Receivable:
    note, target = _credit().apply(_owed(InvoiceState.VALIDATED), _euros(40), TODAY, NOON)
    it = replace(it, id=note.id, type=note.type)
    return it.unapply(target, target.settlements[-1], NOON)[0]


def _recurring() -> RecurringInvoice:
    return a_recurring_invoice(PARTY)


def _paid() -> Payment:
    return replace(a_payment(PARTY), version=1)


_D, _V, _P, _A = InvoiceState
_ACTIVE, _PAUSED, _ENDED = RecurringState

PAPERS: dict[type, Life] = {
    Order: Life(
        made=sold.ORDERS,
        commands=sold.ORDER_COMMANDS,
        steps=_wrong_is_rule(sold.ORDER_STEPS),
    ),
    Quote: Life(
        made=sold.QUOTES,
        commands=sold.QUOTE_COMMANDS,
        steps=_wrong_is_rule(sold.QUOTE_STEPS),
    ),
    Shipment: Life(
        made={
            ShipmentState.DRAFT: _shipment,
            ShipmentState.VALIDATED: _shipped,
            ShipmentState.DELIVERED: lambda: _shipped().deliver(NOON, NOON),
            ShipmentState.CANCELLED: lambda: _shipped().cancel("", NOON),
        },
        commands={
            "change": lambda it: it.change({"note": "ring"}),
            "validate": lambda it: it.validate(number="S1", customer=CUSTOMER, lots={}, now=NOON),
            "deliver": lambda it: it.deliver(NOON, NOON),
            "cancel": lambda it: it.cancel("", NOON),
        },
        steps={
            (ShipmentState.DRAFT, "change"): ShipmentState.DRAFT,
            (ShipmentState.DRAFT, "validate"): ShipmentState.VALIDATED,
            (ShipmentState.VALIDATED, "deliver"): ShipmentState.DELIVERED,
            (ShipmentState.VALIDATED, "cancel"): ShipmentState.CANCELLED,
        },
    ),
    Invoice: Life(
        made={state: lambda state=state: _invoice(state) for state in InvoiceState},
        commands={
            "change": lambda it: it.change({"note": "thanks"}),
            "with_deposits": lambda it: it.with_deposits((InvoiceId(new_id()),)),
            "with_lines": lambda it: it.with_lines(it.terms, it.lines, it.totals),
            "validate": lambda it: validated(it, "INV2"),
            "abandon": lambda it: it.abandon("lost", NOON),
        },
        steps={
            (_D, "change"): _D,
            (_D, "with_deposits"): _D,
            (_D, "with_lines"): _D,
            (_D, "validate"): _V,
            (_V, "abandon"): _A,
        },
        # What was read of it elsewhere, and what leaves by it while it is validated.
        kept=frozenset({"settled_as", "with_issued"}),
    ),
    Receivable: Life(
        made={state: lambda state=state: _owed(state) for state in InvoiceState},
        commands={
            "settle": lambda it: it.settle(
                SettlementSource.PAYMENT, new_id(), _euros(100), TODAY, NOON
            ),
            "unsettle": _unsettled,
            "apply": lambda it: _credit().apply(it, _euros(100), TODAY, NOON)[1],
            "unapply": _unapplied,
            "withdraw": lambda it: it.withdraw(_euros(40)),
        },
        steps={
            (_V, "settle"): _P,
            (_P, "settle"): ExceedsOpenError,
            (_V, "apply"): _P,
            (_P, "apply"): ExceedsOpenError,
            (_P, "unsettle"): _V,
            (_P, "unapply"): _V,
            # Nothing of them is settled that could be taken back, or withdrawn of a deposit.
            **{(each, "unsettle"): InvariantError for each in (_D, _V, _A)},
            **{(each, "unapply"): InvariantError for each in (_D, _V, _A)},
            **{(each, "withdraw"): InvariantError for each in (_D, _V, _A)},
            (_P, "withdraw"): _P,
        },
    ),
    RecurringInvoice: Life(
        made={
            _ACTIVE: _recurring,
            _PAUSED: lambda: _recurring().pause(),
            _ENDED: lambda: _recurring().end(),
        },
        commands={
            "make": lambda it: it.make(InvoiceId(new_id()), NOON),
            "fail": lambda it: it.fail(RecurringProblem.of(TransitionError("no"), NOON)),
            "change": lambda it: it.change({"note": "thanks"}),
            "pause": lambda it: it.pause(),
            "resume": lambda it: it.resume(TODAY),
            "end": lambda it: it.end(),
        },
        steps={
            (_ACTIVE, "make"): _ACTIVE,
            (_ACTIVE, "change"): _ACTIVE,
            (_ACTIVE, "pause"): _PAUSED,
            (_ACTIVE, "end"): _ENDED,
            (_PAUSED, "change"): _PAUSED,
            (_PAUSED, "resume"): _ACTIVE,
            (_PAUSED, "end"): _ENDED,
            **always(RecurringState, "fail"),  # it is noted whatever became of it meanwhile
        },
        kept=frozenset({"ended_if_over"}),
    ),
    Payment: Life(
        made={
            PaymentState.RECORDED: _paid,
            PaymentState.REVERSED: lambda: _paid().reverse("bounced", NOON),
        },
        commands={
            "allocate": lambda it: it.allocate(
                _owed(InvoiceState.VALIDATED), _euros(40), TODAY, NOON
            )[0],
            "reverse": lambda it: it.reverse("bounced", NOON),
        },
        steps={
            (PaymentState.RECORDED, "allocate"): PaymentState.RECORDED,
            (PaymentState.RECORDED, "reverse"): PaymentState.REVERSED,
        },
        kept=frozenset({"record"}),  # of one that is made just then
    ),
}
