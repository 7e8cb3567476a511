"""What a deposit says: a part of what was agreed, with the taxes of that part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from erp_core.catalog.entities import (
    DocumentLine,
    DocumentTerms,
    LineId,
    PricedLine,
    TaxComponent,
    price_document,
)
from erp_core.invoicing.entities import Invoice, InvoiceLine
from erp_core.invoicing.use_cases.drafting import Source
from erp_core.kernel.dataclass import dataclass
from erp_core.kernel.entity import new_id
from erp_core.kernel.errors import ensure
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity

_ONE = Quantity.of("1")


@dataclass(frozen=True, slots=True, kw_only=True)
class DepositPart:
    """How much is asked for beforehand: so much with taxes, or a percentage; never both."""

    percent: Rate | None = None
    amount: Decimal | None = None  # major units of the order's currency, taxes included

    def __post_init__(self) -> None:
        ensure(
            (self.percent is None) != (self.amount is None),
            "invoicing.deposit.part",
            "a deposit is a percentage of the order or an amount: give one of them",
            field="percent",
        )

    def said_of(self, source: Source) -> str:
        """Return what the line says: in figures, which need no language."""
        paper = source.order or source.quote
        number = "" if paper is None else paper.number
        return number if self.percent is None else f"{self.percent} % {number}".strip()

    def of(self, total: Money) -> Money:
        """Return the part of *total*.

        Raises:
            InvariantError: it is nothing, or more than all.
        """
        if self.percent is not None:
            part = self.percent.of(total)
        else:
            part = Money(self.amount or Decimal(0), total.currency)
        ensure(
            Money.zero(total.currency) < part <= total,
            "invoicing.deposit.size",
            f"a deposit is more than nothing, and at most {total}",
            field="amount" if self.percent is None else "percent",
            total=total,
        )
        return part


def with_deposit(draft: Invoice, source: Source, part: DepositPart) -> Invoice:
    """Return the draft with a line for each set of taxes that the source bears.

    Raises:
        InvariantError: nothing was agreed on, or the part is nothing or more than all.
    """
    agreed = [each.priced for each in source.lines.values() if each.line.kind.is_priced]
    terms = DocumentTerms(currency=draft.terms.currency, rounding=draft.terms.rounding)
    nothing = Money.zero(terms.currency)
    part_due = part.of(sum((each.total for each in agreed), nothing))
    sets = _by_taxes(agreed)
    shares = part_due.allocate([max(total.amount, Decimal(0)) for total in sets.values()])
    lines = [
        _line(part.said_of(source), components, share)
        for components, share in zip(sets, shares, strict=True)
        if share.amount
    ]
    document = price_document(lines, terms)
    return draft.with_lines(
        terms, [InvoiceLine(priced=each) for each in document.lines], document.totals
    )


def _by_taxes(lines: Sequence[PricedLine]) -> dict[tuple[TaxComponent, ...], Money]:
    """Return what the lines come to, for each set of taxes."""
    found: dict[tuple[TaxComponent, ...], Money] = {}
    for each in lines:
        key = tuple(replace(one, included=False) for one in each.line.components)
        found[key] = found.get(key, Money.zero(each.total.currency)) + each.total
    return found


def _line(description: str, components: tuple[TaxComponent, ...], share: Money) -> DocumentLine:
    return DocumentLine(
        id=LineId(new_id()),
        description=description,
        quantity=_ONE,
        unit_price=share.amount,
        price_includes_tax=True,
        components=components,
    )
