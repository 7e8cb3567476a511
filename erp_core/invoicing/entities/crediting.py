"""What a credit note gives back of an invoice, and never more than is left of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from erp_core.catalog.entities import DocumentTerms, DocumentTotals, LineId
from erp_core.catalog.entities.priced import added_up
from erp_core.catalog.entities.tax import money_of
from erp_core.invoicing.entities.invoice import Invoice
from erp_core.invoicing.entities.invoice_line import InvoiceLine
from erp_core.invoicing.entities.states import InvoiceState
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import NotFoundError, TransitionError, at, ensure
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO, Quantity

_CREDITABLE = (InvoiceState.VALIDATED, InvoiceState.PAID)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditPart:
    """How much of a line is given back, and whether its goods come back."""

    invoice_line_id: LineId
    quantity: Quantity
    returns_stock: bool = False
    line_id: LineId | None = None  # of the credit note's own line, where there is one already


def require_creditable(invoice: Invoice) -> None:
    """Raise TransitionError unless a credit note may refer to *invoice*."""
    if invoice.state not in _CREDITABLE or invoice.type.is_credit:
        raise TransitionError(
            f"it is {invoice.state} and of type {invoice.type}: only what was validated, and is "
            "no credit note itself, can be credited",
            code="invoicing.credit_note.invoice",
            state=invoice.state.value,
        )


def all_parts(invoice: Invoice, *, returns_stock: bool = False) -> tuple[CreditPart, ...]:
    """Return everything of *invoice* that was not credited."""
    return tuple(
        CreditPart(invoice_line_id=each.id, quantity=each.creditable, returns_stock=returns_stock)
        for each in invoice.lines
        if each.creditable != ZERO
    )


def credit_lines(invoice: Invoice, parts: Sequence[CreditPart]) -> tuple[InvoiceLine, ...]:
    """Return the lines of a credit note that gives *parts* of *invoice* back.

    Raises:
        NotFoundError: it has no such line.
        CreditExceededError: less is left of a line; it is named by its place.
        InvariantError: nothing is given back.
    """
    ensure(
        bool(parts),
        "invoicing.credit_note.nothing",
        "nothing of this invoice is left to credit",
        field="lines",
    )
    lines = dict(invoice.by_id)
    credit: list[InvoiceLine] = []
    for index, part in enumerate(parts):
        with at(f"lines/{index}"):
            line = _line_of(lines, part)
            own = LineId(new_id()) if part.line_id is None else part.line_id
            credit.append(
                InvoiceLine(
                    priced=line.part(own, part.quantity),
                    order_line_id=line.order_line_id,
                    quote_line_id=line.quote_line_id,
                    invoice_line_id=line.id,
                    goods=line.goods,
                    warehouse_id=line.warehouse_id,
                    returns_stock=part.returns_stock,
                )
            )
            lines[line.id] = line.credit(part.quantity)
    return tuple(credit)


def credit_totals(invoice: Invoice, lines: Sequence[InvoiceLine]) -> DocumentTotals:
    """Return what *lines* come to; what rounding to coins did is given back in proportion."""
    nothing = Money.zero(invoice.currency)
    total = added_up((each.priced.total for each in lines), nothing)
    return DocumentTotals(
        net=added_up((each.priced.net for each in lines), nothing),
        total=total,
        withheld=added_up((each.priced.withheld for each in lines), nothing),
        cash_rounding=_coins(invoice, invoice.credited + total)
        - _coins(invoice, invoice.credited),
    )


def credit_terms(invoice: Invoice, totals: DocumentTotals) -> DocumentTerms:
    """Return the terms of a credit note; a discount in an amount is given in proportion."""
    discount = invoice.terms.discount
    if discount.amount is None or not invoice.totals.net.amount:
        return invoice.terms
    part = Fraction(totals.net.amount) / Fraction(invoice.totals.net.amount)
    amount = money_of(Fraction(discount.amount) * abs(part), invoice.currency).amount
    return replace(invoice.terms, discount=replace(discount, amount=amount))


def credited_by(invoice: Invoice, credit: Invoice) -> Invoice:
    """Return *invoice* with what *credit* gives back counted: line by line, and as a whole.

    Raises:
        TransitionError: the invoice was abandoned meanwhile.
        NotFoundError: it has no such line.
        CreditExceededError: less is left of a line; it is named by its place.
        InvariantError: more would be credited than the invoice comes to.
    """
    require_creditable(invoice)
    lines = dict(invoice.by_id)
    for index, part in enumerate(parts_of(credit)):
        with at(f"lines/{index}"):
            line = _line_of(lines, part)
            lines[line.id] = line.credit(part.quantity)
    return replace(
        invoice, lines=tuple(lines.values()), credited=invoice.credited + credit.totals.total
    )


def parts_of(credit: Invoice) -> tuple[CreditPart, ...]:
    """Return what a draft credit note gives back, to be reckoned anew."""
    return tuple(
        CreditPart(
            invoice_line_id=each.id if each.invoice_line_id is None else each.invoice_line_id,
            quantity=each.line.quantity,
            returns_stock=each.returns_stock,
            line_id=each.id,
        )
        for each in credit.lines
    )


def _line_of(lines: Mapping[LineId, InvoiceLine], part: CreditPart) -> InvoiceLine:
    if part.invoice_line_id not in lines:
        raise NotFoundError(
            f"this invoice has no line {part.invoice_line_id}",
            field="invoice_line_id",
            kind="invoice line",
            id=part.invoice_line_id,
        )
    return lines[part.invoice_line_id]


def _coins(invoice: Invoice, credited: Money) -> Money:
    """Return how much of the rounding to coins goes with *credited* of the total."""
    rounding, total = invoice.totals.cash_rounding, invoice.totals.total
    if not rounding.amount or not total.amount:
        return Money.zero(invoice.currency)
    part = Fraction(credited.amount) / Fraction(total.amount)
    return money_of(Fraction(rounding.amount) * part, invoice.currency)
