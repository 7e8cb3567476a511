"""Reports about invoices over HTTP: JSON by pages, CSV and XLSX whole."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from erp_core.inventory.ports import ReportedProduct
from erp_core.invoicing.entities import InvoiceType
from erp_core.invoicing.ports import (
    AgedBy,
    AgedRow,
    MarginBy,
    MarginQuery,
    MarginRow,
    ReportedParty,
    SalesOfMonth,
    SalesOfProduct,
    SalesQuery,
    SalesToParty,
    Sold,
    TaxBy,
    TaxQuery,
    TaxRow,
)
from erp_core.invoicing.use_cases import InvoicingUseCases, ReportAgedCommand
from erp_core.kernel.context import Context
from erp_http import show
from erp_http.dto import ListDto, MoneyDto, PageDto, ResponseDto
from erp_http.fields import Choice, Day, Exact, Flag, Id, Nested, Text, Whole
from erp_http.messages import Dto
from erp_http.routing import Route


class SalesQueryDto(ListDto):
    date_from = Day(
        load_default=date.min, data_key="from", metadata={"description": "the first day"}
    )
    date_to = Day(load_default=date.max, data_key="to", metadata={"description": "the last day"})
    party_id = Id(load_default=None)
    currency = Text(load_default="", length=3)

    def make(self, ctx: Context, given: dict[str, Any]) -> SalesQuery:
        return SalesQuery(
            page=self.page(given),
            date_from=given["date_from"],
            date_to=given["date_to"],
            party_id=given["party_id"],
            currency=given["currency"],
        )


class MarginQueryDto(SalesQueryDto):
    by = Choice(MarginBy, load_default=MarginBy.DOCUMENT)

    def make(self, ctx: Context, given: dict[str, Any]) -> MarginQuery:
        return MarginQuery(
            page=self.page(given),
            date_from=given["date_from"],
            date_to=given["date_to"],
            party_id=given["party_id"],
            currency=given["currency"],
            by=given["by"],
        )


class TaxQueryDto(SalesQueryDto):
    by = Choice(TaxBy, load_default=TaxBy.PERIOD)

    def make(self, ctx: Context, given: dict[str, Any]) -> TaxQuery:
        return TaxQuery(
            page=self.page(given),
            date_from=given["date_from"],
            date_to=given["date_to"],
            party_id=given["party_id"],
            currency=given["currency"],
            by=given["by"],
        )


class AgedQueryDto(ListDto):
    at = Day(load_default=None, metadata={"description": "at the end of which day; else today"})
    by = Choice(
        AgedBy, load_default=AgedBy.PARTY, metadata={"description": "`currency`: the totals"}
    )
    party_id = Id(load_default=None)
    currency = Text(load_default="", length=3)

    def make(self, ctx: Context, given: dict[str, Any]) -> ReportAgedCommand:
        return ReportAgedCommand(
            page=self.page(given),
            at=given["at"],
            by=given["by"],
            party_id=given["party_id"],
            currency=given["currency"],
        )


class SoldFields(Dto):
    documents = Whole(required=True, metadata={"description": "invoices and credit notes"})
    net = Nested(MoneyDto, required=True)
    tax = Nested(MoneyDto, required=True)
    total = Nested(MoneyDto, required=True)


class PartyFields(Dto):
    party_id = Id(required=True, allow_none=True)
    code = Text(required=True)
    party = Text(required=True, metadata={"description": "its name"})


class ProductFields(Dto):
    product_id = Id(required=True, allow_none=True)
    sku = Text(required=True)
    product = Text(required=True, metadata={"description": "its name"})


class MonthFields(Dto):
    month = Day(required=True, metadata={"description": "its first day"})


class QuantityFields(ProductFields):
    quantity = Exact(
        required=True, allow_none=True, metadata={"description": "in the product's unit"}
    )


# The columns of a file follow the fields: those of the last class come first.
class SalesOfMonthDto(SoldFields, MonthFields, ResponseDto[SalesOfMonth]):
    def show(self, thing: SalesOfMonth) -> dict[str, Any]:
        return {"month": show.day(thing.month), **_sold(thing.sold)}


class SalesToPartyDto(SoldFields, PartyFields, ResponseDto[SalesToParty]):
    def show(self, thing: SalesToParty) -> dict[str, Any]:
        return {**_party(thing.party), **_sold(thing.sold)}


class SalesOfProductDto(SoldFields, QuantityFields, ResponseDto[SalesOfProduct]):
    def show(self, thing: SalesOfProduct) -> dict[str, Any]:
        quantity = None if thing.quantity is None else f"{thing.quantity:f}"
        return {**_product(thing.product), "quantity": quantity, **_sold(thing.sold)}


class DocumentFields(Dto):
    document_id = Id(required=True, allow_none=True)
    type = Choice(InvoiceType, required=True, allow_none=True)
    number = Text(required=True)
    date = Day(required=True, allow_none=True)
    line_id = Id(required=True, allow_none=True)
    description = Text(required=True)


class EarnedFields(Dto):
    net = Nested(MoneyDto, required=True)
    net_without_cost = Nested(
        MoneyDto, required=True, metadata={"description": "of the net: what is in no margin"}
    )
    cost = Nested(MoneyDto, required=True)
    margin = Nested(MoneyDto, required=True)
    percent = Exact(
        required=True,
        allow_none=True,
        metadata={"description": "the margin, of the net that has a cost"},
    )


class MarginRowDto(
    EarnedFields, ProductFields, PartyFields, DocumentFields, ResponseDto[MarginRow]
):
    def show(self, thing: MarginRow) -> dict[str, Any]:
        earned, document = thing.earned, thing.document
        return {
            **_party(thing.party),
            **_product(thing.product),
            "document_id": None if document is None else str(document.id),
            "type": None if document is None else document.type.value,
            "number": "" if document is None else document.number,
            "date": None if document is None else show.day(document.on),
            "line_id": show.key(thing.line_id),
            "description": thing.description,
            "net": _money(earned.net, earned.currency),
            "net_without_cost": _money(earned.net_without_cost, earned.currency),
            "cost": _money(earned.cost, earned.currency),
            "margin": _money(earned.margin, earned.currency),
            "percent": show.exact(earned.percent),
        }


class TaxRowDto(ResponseDto[TaxRow]):
    month = Day(required=True, allow_none=True, metadata={"description": "its first day"})
    name = Text(required=True)
    rate = Exact(required=True, metadata={"description": "percent"})
    withheld = Flag(required=True)
    deposit = Flag(
        required=True, metadata={"description": "of deposits: final invoices say it again"}
    )
    documents = Whole(required=True)
    base = Nested(MoneyDto, required=True)
    amount = Nested(MoneyDto, required=True)

    def show(self, thing: TaxRow) -> dict[str, Any]:
        tax = thing.tax
        return {
            "month": show.day(tax.month),
            "name": tax.name,
            "rate": str(tax.rate),
            "withheld": tax.withheld,
            "deposit": tax.deposit,
            "documents": thing.documents,
            "base": _money(thing.base, tax.currency),
            "amount": _money(thing.amount, tax.currency),
        }


class AgedRowDto(PartyFields, ResponseDto[AgedRow]):
    not_due = Nested(MoneyDto, required=True)
    days_1_30 = Nested(MoneyDto, required=True)
    days_31_60 = Nested(MoneyDto, required=True)
    days_61_90 = Nested(MoneyDto, required=True)
    over_90 = Nested(MoneyDto, required=True)
    open_amount = Nested(MoneyDto, required=True, metadata={"description": "all of these"})
    credit = Nested(MoneyDto, required=True, metadata={"description": "unused credit notes"})
    balance = Nested(
        MoneyDto, required=True, metadata={"description": "what is open, less the credit"}
    )

    def show(self, thing: AgedRow) -> dict[str, Any]:
        return {
            **_party(thing.party),
            "not_due": _money(thing.not_due, thing.currency),
            "days_1_30": _money(thing.days_1_30, thing.currency),
            "days_31_60": _money(thing.days_31_60, thing.currency),
            "days_61_90": _money(thing.days_61_90, thing.currency),
            "over_90": _money(thing.over_90, thing.currency),
            "open_amount": _money(thing.open_amount, thing.currency),
            "credit": _money(thing.credit, thing.currency),
            "balance": _money(thing.balance, thing.currency),
        }


def routes(invoicing: InvoicingUseCases) -> tuple[Route, ...]:
    return (
        Route(
            on="GET /v1/reports/margins",
            call=invoicing.report_margins,
            accepts=MarginQueryDto(),
            returns=PageDto(MarginRowDto()),
        ),
        Route(
            on="GET /v1/reports/sales-by-month",
            call=invoicing.report_sales_by_month,
            accepts=SalesQueryDto(),
            returns=PageDto(SalesOfMonthDto()),
        ),
        Route(
            on="GET /v1/reports/sales-by-customer",
            call=invoicing.report_sales_by_customer,
            accepts=SalesQueryDto(),
            returns=PageDto(SalesToPartyDto()),
        ),
        Route(
            on="GET /v1/reports/sales-by-product",
            call=invoicing.report_sales_by_product,
            accepts=SalesQueryDto(),
            returns=PageDto(SalesOfProductDto()),
        ),
        Route(
            on="GET /v1/reports/aged-receivables",
            call=invoicing.report_aged_receivables,
            accepts=AgedQueryDto(),
            returns=PageDto(AgedRowDto()),
        ),
        Route(
            on="GET /v1/reports/tax-summary",
            call=invoicing.report_taxes,
            accepts=TaxQueryDto(),
            returns=PageDto(TaxRowDto()),
        ),
    )


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": f"{amount:f}", "currency": currency}


def _sold(sold: Sold) -> dict[str, Any]:
    return {
        "documents": sold.documents,
        "net": _money(sold.net, sold.currency),
        "tax": _money(sold.tax, sold.currency),
        "total": _money(sold.total, sold.currency),
    }


def _party(party: ReportedParty | None) -> dict[str, Any]:
    if party is None:
        return {"party_id": None, "code": "", "party": ""}
    return {"party_id": str(party.id), "code": party.code, "party": party.name}


def _product(product: ReportedProduct | None) -> dict[str, Any]:
    if product is None:
        return {"product_id": None, "sku": "", "product": ""}
    return {"product_id": str(product.id), "sku": product.sku, "product": product.name}
