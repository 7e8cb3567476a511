"""Invoices of several years, made for measuring: the same numbers every time."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Engine, select

from erp_core.catalog.entities import LineKind
from erp_core.invoicing.entities import InvoiceState, InvoiceType
from erp_core.invoicing.ports import AgedQuery, MarginQuery, SalesQuery, TaxQuery
from erp_core.kernel.context import Context
from erp_core.kernel.page import PageRequest
from erp_core.testing.parties import another_party
from erp_sql.invoicing.report_parts import INVOICE, LINE, PARTY
from erp_sql.parties.mappers import write_party
from erp_sql.unit_of_work import SqlUnitOfWork
from tests.benchmarks.movements import COMPANY, ENDS, PRODUCT, Row, an_id, analyze, write

YEARS: Final = 4
DAYS: Final = 365 * YEARS
ENDED: Final = ENDS.date()
BEGAN: Final = ENDED - timedelta(days=DAYS)

LINES: Final = 5
_PARTIES: Final = 2000
_CREDITS: Final = 50  # one in so many documents is a credit note
_CENT: Final = Decimal("0.01")
_TAX: Final = Decimal("1.18")
_INVOICES_AT_ONCE: Final = 4000


def fill_invoices(engine: Engine, invoices: int) -> None:
    """Write *invoices* of five lines each, of the products that are there."""
    chance = random.Random(2027)
    with engine.begin() as connection:
        found = select(PRODUCT.c.id).where(PRODUCT.c.company_id == COMPANY).order_by(PRODUCT.c.id)
        products = list(connection.scalars(found))
        parties = [replace(another_party(f"Casa {n}"), id=an_id(6, n)) for n in range(_PARTIES)]
        write(connection, PARTY, [write_party(COMPANY, each) for each in parties])
    for start in range(0, invoices, _INVOICES_AT_ONCE):
        heads: list[Row] = []
        lines: list[Row] = []
        for number in range(start, min(start + _INVOICES_AT_ONCE, invoices)):
            mine = [_line(number, place, products, chance) for place in range(LINES)]
            day = BEGAN + timedelta(days=number * DAYS // invoices)
            lines += mine
            heads.append(_head(number, day, chance.choice(parties).id, mine))
        with engine.begin() as connection:
            write(connection, INVOICE, heads)
            write(connection, LINE, lines)
    analyze(engine, (PARTY, INVOICE, LINE))


def sales_questions(ctx: Context) -> dict[str, Callable[[SqlUnitOfWork], Any]]:
    """Return what is asked of the invoices, by the name it has in the table."""
    page = PageRequest(limit=100)
    years = {"page": page, "date_from": BEGAN, "date_to": ENDED}
    month = {"page": page, "date_from": ENDED - timedelta(days=30), "date_to": ENDED}
    aged = AgedQuery(page=page, at=ENDED, until=ENDS)
    return {
        "sales by month, four years": lambda u: u.sales_reports.by_month(ctx, SalesQuery(**years)),
        "sales by customer, four years": lambda u: u.sales_reports.by_customer(
            ctx, SalesQuery(**years)
        ),
        "sales by product, four years": lambda u: u.sales_reports.by_product(
            ctx, SalesQuery(**years)
        ),
        "sales by product, a month": lambda u: u.sales_reports.by_product(
            ctx, SalesQuery(**month)
        ),
        "margins of a month": lambda u: u.sales_reports.margins(ctx, MarginQuery(**month)),
        "taxes of a month": lambda u: u.sales_reports.taxes(ctx, TaxQuery(**month)),
        "aged receivables": lambda u: u.receivable_reports.aged(ctx, aged),
    }


def _line(number: int, place: int, products: list[UUID], chance: random.Random) -> Row:
    which = min(int(chance.expovariate(3) * len(products)), len(products) - 1)
    quantity, price = Decimal(chance.randrange(1, 20)), Decimal(chance.randrange(1, 10**5)) * _CENT
    net = quantity * price
    return {
        "company_id": COMPANY,
        "id": an_id(8, number * LINES + place),
        "invoice_id": an_id(7, number),
        "position": place,
        "kind": LineKind.ITEM.value,
        "product_id": products[which],
        "description": f"Parafuso x {which}",
        "quantity": quantity,
        "unit": "unit",
        "unit_price": price,
        "price_includes_tax": False,
        "discount_percent": Decimal(0),
        "discount_amount": None,
        "tax_class_id": None,
        "taxes": [],
        "unit_cost": (price / 2).quantize(_CENT),
        "cost_currency": "BRL",
        "net": net,
        "total": (net * _TAX).quantize(_CENT),
        "order_line_id": None,
        "quote_line_id": None,
        "invoice_line_id": None,
        "goods": True,
        "warehouse_id": None,
        "returns_stock": False,
        "issued": Decimal(0),
        "credited": Decimal(0),
    }


def _head(number: int, day: date, party_id: UUID, lines: list[Row]) -> Row:
    credit = number % _CREDITS == 0
    total = sum((each["total"] for each in lines), Decimal(0))
    return {
        "company_id": COMPANY,
        "id": an_id(7, number),
        "version": 1,
        "type": (InvoiceType.CREDIT_NOTE if credit else InvoiceType.STANDARD).value,
        "state": InvoiceState.PAID.value,
        "number": f"{number:08d}",
        "number_key": f"{number:08d}",
        "party_id": party_id,
        "customer": None,
        "day": day,
        "payment_term_id": None,
        "reference": "",
        "note": "",
        "reason": "",
        "order_id": None,
        "quote_id": None,
        "credits_id": None,
        "replaces_id": None,
        "deposit_ids": [],
        "reopens_order": False,
        "credited": Decimal(0),
        "settled": total,
        "used": Decimal(0),
        "next_due_on": None,
        "validated_at": datetime.combine(day, time(12), UTC),
        "abandoned_because": "",
        "abandoned_at": None,
        "currency": "BRL",
        "rounding": "per_line",
        "cash_step": None,
        "discount_percent": Decimal(0),
        "discount_amount": None,
        "net": sum((each["net"] for each in lines), Decimal(0)),
        "total": total,
        "withheld": Decimal(0),
        "cash_rounding": Decimal(0),
    }
