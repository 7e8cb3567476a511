"""What was sold, reckoned from the invoices themselves: what the databases are measured by."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeVar

from erp_core.catalog.entities import ProductId, TaxTotal
from erp_core.inventory.ports import ReportedProduct
from erp_core.invoicing.entities import Invoice, InvoiceLine, InvoiceState, InvoiceType
from erp_core.invoicing.ports import (
    Earned,
    MarginBy,
    MarginQuery,
    MarginRow,
    ReportedDocument,
    ReportedParty,
    SalesOfMonth,
    SalesOfProduct,
    SalesQuery,
    SalesReports,
    SalesToParty,
    Sold,
    TaxBy,
    TaxPlace,
    TaxQuery,
    TaxRow,
)
from erp_core.invoicing.ports.report_rows import dated_place, in_currency, ranking_place
from erp_core.invoicing.ports.sales_reports import month_place, tax_place
from erp_core.kernel.context import Context
from erp_core.kernel.page import Page
from erp_core.parties.entities import PartyId
from erp_memory.invoicing.ranked import placed
from erp_memory.tables import Tables

K = TypeVar("K", bound=Hashable)
_NOTHING = Decimal(0)
_COUNTS = (InvoiceState.VALIDATED, InvoiceState.PAID)


@dataclass(frozen=True, slots=True)
class _Part:
    """A line, or a whole document as one, with the sign it counts with."""

    invoice: Invoice
    line: InvoiceLine | None = None

    @property
    def sign(self) -> int:
        return -1 if self.invoice.type.is_credit else 1

    @property
    def net(self) -> Decimal:
        said = self.invoice.totals if self.line is None else self.line.priced
        return self.sign * said.net.amount

    @property
    def total(self) -> Decimal:
        said = self.invoice.totals if self.line is None else self.line.priced
        return self.sign * said.total.amount

    @property
    def quantity(self) -> Decimal:
        return _NOTHING if self.line is None else self.sign * self.line.line.quantity.value

    @property
    def cost(self) -> Decimal | None:
        cost = None if self.line is None else self.line.priced.cost
        return None if cost is None else self.sign * cost.amount


class MemorySalesReports(SalesReports):
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def by_month(self, ctx: Context, query: SalesQuery) -> Page[SalesOfMonth]:
        whole = [_Part(each) for each in self._sold(ctx, query)]
        groups = _grouped((_month(each.invoice.invoiced_on), each) for each in whole)
        rows = [
            SalesOfMonth(month=month, sold=_sold(currency, parts))
            for (currency, month), parts in groups.items()
        ]
        return placed(rows, query.page, month_place)

    def by_customer(self, ctx: Context, query: SalesQuery) -> Page[SalesToParty]:
        whole = [_Part(each) for each in self._sold(ctx, query)]
        groups = _grouped((each.invoice.party_id, each) for each in whole)
        rows = [
            SalesToParty(party=self._party(ctx, party_id), sold=_sold(currency, parts))
            for (currency, party_id), parts in groups.items()
        ]
        return placed(rows, query.page, ranking_place)

    def by_product(self, ctx: Context, query: SalesQuery) -> Page[SalesOfProduct]:
        groups = _grouped((_product_id(each), each) for each in self._lines(ctx, query))
        rows = [
            SalesOfProduct(
                product=self._product(ctx, product_id),
                quantity=None if product_id is None else _added(each.quantity for each in parts),
                sold=_sold(currency, parts),
            )
            for (currency, product_id), parts in groups.items()
        ]
        return placed(rows, query.page, ranking_place)

    def margins(self, ctx: Context, query: MarginQuery) -> Page[MarginRow]:
        groups = _grouped((_KEYS[query.by](each), each) for each in self._lines(ctx, query))
        rows = [
            self._margin(ctx, query.by, currency, parts) for (currency, _), parts in groups.items()
        ]
        return placed(rows, query.page, dated_place if query.by in _DATED else ranking_place)

    def taxes(self, ctx: Context, query: TaxQuery) -> Page[TaxRow]:
        groups: dict[TaxPlace, list[tuple[int, TaxTotal]]] = defaultdict(list)
        for invoice in self._counting(ctx, query):
            for each in invoice.taxes:
                place = TaxPlace(
                    month=_month(invoice.invoiced_on) if query.by is TaxBy.MONTH else None,
                    currency=invoice.currency,
                    name=each.name,
                    rate=each.rate,
                    withheld=each.withheld,
                    deposit=self._is_deposit(ctx, invoice),
                )
                groups[place].append((-1 if invoice.type.is_credit else 1, each))
        rows = [
            TaxRow(
                tax=place,
                documents=len(parts),
                base=in_currency(
                    _added(sign * each.base.amount for sign, each in parts), place.currency
                ),
                amount=in_currency(
                    _added(sign * each.amount.amount for sign, each in parts), place.currency
                ),
            )
            for place, parts in groups.items()
        ]
        return placed(rows, query.page, tax_place)

    def _margin(self, ctx: Context, by: MarginBy, currency: str, parts: list[_Part]) -> MarginRow:
        first = parts[0]
        by_line = by is MarginBy.LINE
        of_product = by_line or by is MarginBy.PRODUCT
        return MarginRow(
            earned=_earned(currency, parts),
            document=_document(first.invoice) if by in _DATED else None,
            line_id=first.line.id if by_line and first.line else None,
            description=first.line.line.description if by_line and first.line else "",
            product=self._product(ctx, _product_id(first)) if of_product else None,
            party=None if by is MarginBy.PRODUCT else self._party(ctx, first.invoice.party_id),
        )

    def _counting(self, ctx: Context, query: SalesQuery) -> Iterator[Invoice]:
        """Yield what is validated and of the period, deposits too."""
        for (owner, _), each in self._tables.invoices.items():
            if (
                owner == ctx.company_id
                and each.state in _COUNTS
                and query.date_from <= each.invoiced_on <= query.date_to
                and query.party_id in (None, each.party_id)
                and query.currency in ("", each.currency)
            ):
                yield each

    def _sold(self, ctx: Context, query: SalesQuery) -> Iterator[Invoice]:
        for each in self._counting(ctx, query):
            if not self._is_deposit(ctx, each):
                yield each

    def _lines(self, ctx: Context, query: SalesQuery) -> Iterator[_Part]:
        for invoice in self._sold(ctx, query):
            for each in invoice.lines:
                if each.line.kind.is_priced:
                    yield _Part(invoice, each)

    def _is_deposit(self, ctx: Context, invoice: Invoice) -> bool:
        credits_id = invoice.links.credits_id
        of = invoice if credits_id is None else self._tables.invoices[ctx.company_id, credits_id]
        return of.type is InvoiceType.DEPOSIT

    def _party(self, ctx: Context, party_id: PartyId) -> ReportedParty:
        party = self._tables.parties[ctx.company_id, party_id]
        return ReportedParty(id=party_id, code=party.code, name=party.name)

    def _product(self, ctx: Context, product_id: ProductId | None) -> ReportedProduct | None:
        if product_id is None:
            return None
        product = self._tables.products[ctx.company_id, product_id]
        return ReportedProduct(id=product_id, sku=product.sku, name=product.name)


def _grouped(keyed: Iterable[tuple[K, _Part]]) -> dict[tuple[str, K], list[_Part]]:
    groups: dict[tuple[str, K], list[_Part]] = defaultdict(list)
    for key, each in keyed:
        groups[each.invoice.currency, key].append(each)
    return groups


def _sold(currency: str, parts: list[_Part]) -> Sold:
    return Sold.of(
        currency,
        len({each.invoice.id for each in parts}),
        _added(each.net for each in parts),
        _added(each.total for each in parts),
    )


def _earned(currency: str, parts: list[_Part]) -> Earned:
    return Earned.of(
        currency,
        _added(each.net for each in parts),
        _added(each.net for each in parts if each.cost is None),
        _added(each.cost or _NOTHING for each in parts),
    )


def _document(invoice: Invoice) -> ReportedDocument:
    return ReportedDocument(
        id=invoice.id, type=invoice.type, number=invoice.number, on=invoice.invoiced_on
    )


def _product_id(part: _Part) -> ProductId | None:
    return None if part.line is None else part.line.line.product_id


_DATED = (MarginBy.DOCUMENT, MarginBy.LINE)
_KEYS: Mapping[MarginBy, Callable[[_Part], Hashable]] = {
    MarginBy.DOCUMENT: lambda part: part.invoice.id,
    MarginBy.LINE: lambda part: part.line and part.line.id,
    MarginBy.PRODUCT: _product_id,
    MarginBy.CUSTOMER: lambda part: part.invoice.party_id,
}


def _added(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, _NOTHING)


def _month(on: date) -> date:
    return on.replace(day=1)
