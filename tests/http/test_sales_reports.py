"""Reports of selling over HTTP: pages, files, and who may ask."""

import csv
import io
from decimal import Decimal

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from erp_core.kernel.money import UnitPrice
from erp_core.testing.invoicing import TODAY
from erp_http.exports import Media
from tests.http.clients import a_client
from tests.invoicing.offices import Office, an_office, part

NAMES = (
    "margins",
    "sales-by-month",
    "sales-by-customer",
    "sales-by-product",
    "aged-receivables",
    "tax-summary",
)
COST = UnitPrice(Decimal(40), "EUR")


@pytest.fixture
def office() -> Office:
    """Two hundred euros of advice with tax, of which half is credited, and some tea."""
    made = an_office()
    vat = made.taxed()
    advice = made.line(quantity=2, tax_class_id=vat, unit_cost=COST)
    invoice = made.issued(advice, made.line(made.shop.product(), 3))
    made.credit(invoice, part(invoice, 0, "1"))
    return made


@pytest.fixture
def client(office: Office) -> FlaskClient:
    return a_client(office.shop.store)


def rows(client: FlaskClient, path: str) -> list[dict]:
    reply = client.get(f"/v1/reports/{path}")
    assert reply.status_code == 200, reply.json
    return reply.json["items"]


def eur(amount: str) -> dict:
    return {"amount": amount, "currency": "EUR"}


def test_sales_are_told_by_month_customer_and_product(client: FlaskClient, office: Office) -> None:
    sold = {"documents": 2, "net": eur("130.00"), "tax": eur("20.00"), "total": eur("150.00")}
    assert rows(client, "sales-by-month") == [{"month": "2024-02-01", **sold}]
    buyer = office.shop.buyer
    (customer,) = rows(client, "sales-by-customer")
    assert customer == {"party_id": str(buyer.id), "code": buyer.code, "party": buyer.name, **sold}
    advice, tea = rows(client, "sales-by-product")
    assert (advice["product_id"], advice["quantity"], advice["net"]) == (None, None, eur("100.00"))
    assert (tea["quantity"], tea["net"], tea["documents"]) == ("3", eur("30.00"), 1)
    assert rows(client, "sales-by-month?to=2024-02-28") == []
    assert rows(client, f"sales-by-month?from={TODAY}&currency=USD") == []


def test_margins_are_told_by_whatever_is_asked(client: FlaskClient) -> None:
    note, invoice = sorted(rows(client, "margins"), key=lambda each: each["type"])
    assert (invoice["number"], invoice["date"]) == ("INV2024-00001", str(TODAY))
    assert [
        invoice[each] for each in ("net", "net_without_cost", "cost", "margin", "percent")
    ] == [
        eur("230.00"),
        eur("30.00"),
        eur("80.00"),
        eur("120.00"),
        "60.00",
    ]
    assert (note["type"], note["margin"]) == ("credit_note", eur("-60.00"))
    assert len(rows(client, "margins?by=line")) == 3
    assert [each["margin"] for each in rows(client, "margins?by=product")] == [
        eur("60.00"),
        eur("0.00"),
    ]
    (customer,) = rows(client, "margins?by=customer")
    assert (customer["margin"], customer["document_id"]) == (eur("60.00"), None)
    assert client.get("/v1/reports/margins?by=colour").status_code == 400


def test_what_is_owed_is_told_by_age_today_and_on_any_day(
    client: FlaskClient, office: Office
) -> None:
    (row,) = rows(client, "aged-receivables")
    assert row["party_id"] == str(office.shop.buyer.id)
    assert (row["not_due"], row["open_amount"], row["credit"], row["balance"]) == (
        eur("150.00"),
        eur("150.00"),
        eur("0.00"),
        eur("150.00"),
    )
    (later,) = rows(client, "aged-receivables?at=2024-03-31&by=currency")
    assert (later["days_31_60"], later["party_id"]) == (eur("150.00"), None)
    assert rows(client, "aged-receivables?at=2024-02-28") == []
    for day in ("1899-12-31", "9999-12-31"):
        reply = client.get(f"/v1/reports/aged-receivables?at={day}")
        assert (reply.status_code, reply.json["code"]) == (422, "invoicing.report.day")


def test_taxes_are_told_as_a_whole_or_by_month(client: FlaskClient) -> None:
    whole = {
        "month": None,
        "name": "VAT",
        "rate": "20",
        "withheld": False,
        "deposit": False,
        "documents": 2,
        "base": eur("100.00"),
        "amount": eur("20.00"),
    }
    assert rows(client, "tax-summary") == [whole]
    assert rows(client, "tax-summary?by=month") == [whole | {"month": "2024-02-01"}]
    reply = client.get("/v1/reports/tax-summary?from=2024-02-02&to=2024-02-01")
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (422, "/to")


@pytest.mark.parametrize("name", NAMES)
def test_every_report_is_a_file_too(client: FlaskClient, name: str) -> None:
    shown = rows(client, name)
    reply = client.get(f"/v1/reports/{name}", headers={"Accept": "text/csv"})
    told = list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))
    assert reply.headers["Content-Disposition"] == f'attachment; filename="{name}.csv"'
    assert len(told) == len(shown)
    money = next(each for each in shown[0] if isinstance(shown[0][each], dict))
    assert [row[money] for row in told] == [row[money]["amount"] for row in shown]
    book = client.get(f"/v1/reports/{name}", headers={"Accept": Media.XLSX.value})
    titles, *lines = load_workbook(io.BytesIO(book.data)).active.iter_rows(values_only=True)
    assert list(titles) == list(told[0])
    assert len(lines) == len(shown)


@pytest.mark.parametrize("name", NAMES)
def test_reports_are_for_those_who_may_read_them(client: FlaskClient, name: str) -> None:
    for grant, status in (("invoicing.report.read", 200), ("invoicing.invoice.read", 403)):
        reply = client.get(f"/v1/reports/{name}", headers={"X-Grants": grant})
        assert reply.status_code == status
