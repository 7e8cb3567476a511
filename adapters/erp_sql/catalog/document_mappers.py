"""Lines and terms of documents to columns and back: what every area's own mappers begin with."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from erp_core.catalog.entities import (
    Discount,
    DocumentLine,
    DocumentTerms,
    DocumentTotals,
    LineId,
    LineKind,
    PricedLine,
    ProductId,
    TaxAmount,
    TaxClassId,
)
from erp_core.identity.entities import Rounding
from erp_core.kernel.money import Money, Rate
from erp_core.kernel.quantity import Quantity
from erp_sql.catalog.mappers import read_component, write_component
from erp_sql.values import read_price, write_price


def write_line(position: int, priced: PricedLine) -> dict[str, Any]:
    """Return the columns of a line: its ``id`` too, but no other key."""
    line = priced.line
    unit_cost, cost_currency = write_price(line.unit_cost)
    return {
        "id": line.id,
        "position": position,
        "kind": line.kind.value,
        "product_id": line.product_id,
        "description": line.description,
        "quantity": line.quantity.value,
        "unit": line.unit,
        "unit_price": line.unit_price,
        "price_includes_tax": line.price_includes_tax,
        "discount_percent": line.discount.percent.percent,
        "discount_amount": line.discount.amount,
        "tax_class_id": line.tax_class_id,
        "taxes": [_write_tax(each) for each in priced.taxes],
        "unit_cost": unit_cost,
        "cost_currency": cost_currency,
        "net": priced.net.amount,
        "total": priced.total.amount,
    }


def read_line(row: Any, currency: str) -> PricedLine:
    """Make a line of its row, in the *currency* of its document."""
    taxes = tuple(_read_tax(each, currency) for each in row.taxes)
    line = DocumentLine(
        id=LineId(row.id),
        kind=LineKind(row.kind),
        product_id=None if row.product_id is None else ProductId(row.product_id),
        description=row.description,
        quantity=Quantity(row.quantity),
        unit=row.unit,
        unit_price=row.unit_price,
        price_includes_tax=row.price_includes_tax,
        discount=_read_discount(row),
        tax_class_id=None if row.tax_class_id is None else TaxClassId(row.tax_class_id),
        components=tuple(each.component for each in taxes),
        unit_cost=read_price(row.unit_cost, row.cost_currency),
    )
    return PricedLine(
        line=line,
        net=Money(row.net, currency),
        total=Money(row.total, currency),
        taxes=taxes,
    )


def _write_tax(tax: TaxAmount) -> dict[str, Any]:
    amounts = {"base": f"{tax.base.amount:f}", "amount": f"{tax.amount.amount:f}"}
    return write_component(tax.component) | amounts


def _read_tax(told: dict[str, Any], currency: str) -> TaxAmount:
    return TaxAmount(
        component=read_component(told),
        base=Money(Decimal(told["base"]), currency),
        amount=Money(Decimal(told["amount"]), currency),
    )


def write_terms(terms: DocumentTerms) -> dict[str, Any]:
    return {
        "currency": terms.currency,
        "rounding": terms.rounding.value,
        "cash_step": terms.cash_step,
        "discount_percent": terms.discount.percent.percent,
        "discount_amount": terms.discount.amount,
    }


def read_terms(row: Any) -> DocumentTerms:
    return DocumentTerms(
        currency=row.currency,
        rounding=Rounding(row.rounding),
        cash_step=row.cash_step,
        discount=_read_discount(row),
    )


def write_totals(totals: DocumentTotals) -> dict[str, Any]:
    return {
        "net": totals.net.amount,
        "total": totals.total.amount,
        "withheld": totals.withheld.amount,
        "cash_rounding": totals.cash_rounding.amount,
    }


def read_totals(row: Any) -> DocumentTotals:
    return DocumentTotals(
        net=Money(row.net, row.currency),
        total=Money(row.total, row.currency),
        withheld=Money(row.withheld, row.currency),
        cash_rounding=Money(row.cash_rounding, row.currency),
    )


def _read_discount(row: Any) -> Discount:
    return Discount(percent=Rate(row.discount_percent), amount=row.discount_amount)
