"""A line of an invoice: what it says, where it came from, and what was credited of it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Self

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    LineId,
    PricedLine,
    TaxAmount,
)
from erp_core.catalog.entities.tax import money_of
from erp_core.inventory.entities import WarehouseId
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.errors import InvariantError, ensure
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import ZERO, Quantity


class CreditExceededError(InvariantError):
    """More was to be credited than is left of a line. Credit no more than that."""

    default_code = "invoicing.credit_exceeded"

    def __init__(self, line: InvoiceLine, wanted: Quantity) -> None:
        super().__init__(
            f"{wanted} to credit, and {line.creditable} of the line is left",
            field="quantity",
            invoice_line_id=line.id,
            wanted=wanted,
            left=line.creditable,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """A priced line, with its links."""

    priced: PricedLine
    order_line_id: LineId | None = None  # what of an order it bills
    quote_line_id: LineId | None = None  # what of a quote it bills without an order
    invoice_line_id: LineId | None = None  # of a credit note: the line that is credited
    goods: bool = False  # services, and what is only described, lie in no warehouse
    warehouse_id: WarehouseId | None = None  # where goods leave, if they leave by the invoice
    returns_stock: bool = False  # of a credit note: the goods come back
    issued: Quantity = ZERO  # how much of the goods left by this invoice
    credited: Quantity = ZERO  # by validated credit notes

    def __post_init__(self) -> None:
        ensure(
            _within(self.credited, self.line.quantity),
            "invoicing.line.credited",
            "no more of a line is credited than it bills",
            field="credited",
        )
        ensure(
            ZERO <= self.issued <= (max(self.line.quantity, ZERO) if self.goods else ZERO),
            "invoicing.line.issued",
            "no more of a line leaves than it bills, and goods alone",
            field="issued",
        )

    @property
    def id(self) -> LineId:
        """What the line is known by."""
        return self.priced.line.id

    @property
    def line(self) -> DocumentLine:
        """What it says, without the amounts."""
        return self.priced.line

    @property
    def creditable(self) -> Quantity:
        """What of it was not credited; of mere text nothing."""
        return self.line.quantity - self.credited

    def credit(self, quantity: Quantity) -> Self:
        """Return the line with *quantity* more credited.

        Raises:
            CreditExceededError: so much is not left.
        """
        if quantity == ZERO or not _within(quantity, self.creditable):
            raise CreditExceededError(self, quantity)
        return replace(self, credited=self.credited + quantity)

    def part(self, line_id: LineId, quantity: Quantity) -> PricedLine:
        """Return what a credit note says that gives *quantity* back after what was credited.

        Its amounts are the difference of what is credited of the line afterwards and before, each
        rounded: however many parts it is credited in, they add up to the line, to the last cent.

        Raises:
            CreditExceededError: so much is not left.
        """
        after = self.credit(quantity).credited
        net = self._share(self.priced.net, after)
        taxes = tuple(
            TaxAmount(
                component=each.component,
                base=self._share(each.base, after),
                amount=self._share(each.amount, after),
            )
            for each in self.priced.taxes
        )
        added = (each.amount for each in taxes if not each.component.withheld)
        said = replace(
            self.line, id=line_id, quantity=quantity, discount=self._discount(net, after)
        )
        return PricedLine(line=said, net=net, total=sum(added, net), taxes=taxes)

    def _discount(self, net: Money, after: Quantity) -> Discount:
        amount = self.line.discount.money(net.currency)
        if amount is None:
            return self.line.discount
        return Discount(amount=self._share(amount, after).amount)

    def _share(self, whole: Money, after: Quantity) -> Money:
        """Return what of *whole* is credited between what was credited before and *after*."""
        return self._until(whole, after) - self._until(whole, self.credited)

    def _until(self, whole: Money, credited: Quantity) -> Money:
        part = Fraction(credited.value) / Fraction(self.line.quantity.value)
        return money_of(Fraction(whole.amount) * part, whole.currency)


def _within(part: Quantity, whole: Quantity) -> bool:
    """Say whether *part* lies between nothing and *whole*, which may be below zero."""
    return ZERO <= part <= whole or whole <= part <= ZERO
