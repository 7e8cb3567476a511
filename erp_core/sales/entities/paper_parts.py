"""What the printed forms of documents with lines have in common, invoices among them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from erp_core.catalog.entities import (
    STANDARD_UNIT,
    Discount,
    DocumentTerms,
    DocumentTotals,
    LineKind,
    PricedLine,
    TaxTotal,
)
from erp_core.documents.entities import (
    Column,
    Fact,
    PrintedRow,
    PrintedTable,
    PrintedTotal,
    RowKind,
    Wording,
)
from erp_core.kernel.money import Money
from erp_core.kernel.quantity import Quantity

_KINDS: Final = {LineKind.HEADING: RowKind.HEADING, LineKind.NOTE: RowKind.NOTE}


def facts_of(wording: Wording, *facts: tuple[str, str]) -> tuple[Fact, ...]:
    """Return those of *facts*, each a word's code and a text, that say anything."""
    return tuple(Fact(wording(code), text) for code, text in facts if text)


def discount_of(terms: DocumentTerms, wording: Wording) -> str:
    """Write the discount of a whole document, which its lines' amounts have in them already."""
    return _discount(terms.discount, terms.currency, wording)


def counted(quantity: Quantity, unit: str, wording: Wording) -> str:
    """Write how many of what: a bare number where single pieces are counted."""
    written = wording.formats.quantity(quantity)
    return written if unit in ("", STANDARD_UNIT) else f"{written}\u00a0{unit}"


def line_table(lines: Sequence[PricedLine], wording: Wording) -> PrintedTable:
    """Return the lines as a table.

    Where every price contains its taxes, so do the amounts; else they are net, and the prices
    that contain taxes say so.
    """
    items = [each for each in lines if each.line.kind.is_priced]
    gross = bool(items) and all(each.line.price_includes_tax for each in items)
    discounted = any(_line_discount(each, wording) for each in items)
    taxed = any(_rates(each, wording) for each in items)
    columns = [
        Column(heading=wording("description"), share=38),
        Column(heading=wording("quantity"), share=12, number=True),
        Column(heading=wording("unit_price"), share=13, number=True),
    ]
    columns += [Column(heading=wording("discount"), share=10, number=True)] if discounted else []
    columns += [Column(heading=wording("tax"), share=13, number=True)] if taxed else []
    amount = wording("amount_gross" if gross else "amount")
    columns.append(Column(heading=amount, share=14, number=True))
    rows = []
    for each in lines:
        value = wording.formats.amount(each.total if gross else each.net)
        if each.line.kind is LineKind.SUBTOTAL:
            text = each.line.description or wording("subtotal")
            rows.append(PrintedRow(kind=RowKind.SUBTOTAL, cells=(text, value)))
        elif not each.line.kind.is_priced:
            rows.append(PrintedRow(kind=_KINDS[each.line.kind], cells=(each.line.description,)))
        else:
            cells = [
                each.line.description,
                counted(each.line.quantity, each.line.unit, wording),
                _price(each, wording, mixed=not gross),
            ]
            cells += [_line_discount(each, wording)] if discounted else []
            cells += [_rates(each, wording)] if taxed else []
            rows.append(PrintedRow(cells=(*cells, value)))
    return PrintedTable(columns=tuple(columns), rows=tuple(rows))


def tax_tables(taxes: Sequence[TaxTotal], wording: Wording) -> tuple[PrintedTable, ...]:
    """Return the taxes, each at its rate, as a table; none where there are none."""
    if not taxes:
        return ()
    formats = wording.formats
    columns = (
        Column(heading=wording("tax"), share=34),
        Column(heading=wording("rate"), share=17, number=True),
        Column(heading=wording("base"), share=27, number=True),
        Column(heading=wording("amount"), share=22, number=True),
    )
    rows = tuple(
        PrintedRow(
            cells=(
                wording("withheld_tax", name=each.name) if each.withheld else each.name,
                formats.percent(each.rate),
                formats.amount(each.base),
                formats.amount(each.amount),
            )
        )
        for each in taxes
    )
    return (PrintedTable(title=wording("taxes"), columns=columns, rows=rows),)


def totals_of(
    totals: DocumentTotals, wording: Wording, deducted: Sequence[tuple[str, Money]] = ()
) -> tuple[PrintedTotal, ...]:
    """Return the foot of the amounts: what is *deducted* of them, by its label, at the end."""
    money = wording.formats.money
    payable = totals.payable
    lines = [("net", totals.net), ("tax", totals.tax)] if totals.tax.amount else []
    found = [PrintedTotal(label=wording(code), amount=money(value)) for code, value in lines]
    last = payable == totals.total and not deducted
    found.append(PrintedTotal(label=wording("total"), amount=money(totals.total), strong=last))
    if last:
        return tuple(found)
    for code, value in (("withheld", -totals.withheld), ("cash_rounding", totals.cash_rounding)):
        if value.amount:
            found.append(PrintedTotal(label=wording(code), amount=money(value)))
    for label, value in deducted:
        found.append(PrintedTotal(label=label, amount=money(-value)))
        payable -= value
    found.append(PrintedTotal(label=wording("payable"), amount=money(payable), strong=True))
    return tuple(found)


def _price(priced: PricedLine, wording: Wording, *, mixed: bool) -> str:
    written = wording.formats.price(priced.line.unit_price, priced.net.currency)
    if mixed and priced.line.price_includes_tax:
        return wording("gross_price", price=written)
    return written


def _line_discount(priced: PricedLine, wording: Wording) -> str:
    return _discount(priced.line.discount, priced.net.currency, wording)


def _discount(discount: Discount, currency: str, wording: Wording) -> str:
    if discount.amount is not None:
        return wording.formats.price(discount.amount, currency) if discount.amount else ""
    return wording.formats.percent(discount.percent) if discount.percent.percent else ""


def _rates(priced: PricedLine, wording: Wording) -> str:
    rates = [
        wording.formats.percent(each.rate) for each in priced.line.components if not each.withheld
    ]
    return " + ".join(rates)
