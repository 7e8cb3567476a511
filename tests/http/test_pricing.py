"""What a document would come to, over HTTP: a web shop's cart."""

from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

import pytest
from flask.testing import FlaskClient

from erp_core.catalog.entities import LINES_MAX
from erp_core.identity.entities import CompanySettings
from erp_core.kernel.entity import new_id
from erp_core.testing import context
from erp_core.testing.identity import a_company
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

HERE: Final = "/v1/pricing/preview"
VAT: Final = {"name": "VAT", "rate": "10"}
LINE: Final[dict[str, Any]] = {
    "quantity": "1",
    "unit_price": "1.24",
    "price_includes_tax": False,
    "discount_percent": "0",
    "taxes": [VAT],
}


@pytest.fixture
def client() -> FlaskClient:
    store = MemoryStore()
    with store(context()) as uow:
        plain = replace(a_company(), currency="EUR", settings=CompanySettings())
        uow.companies.add(context(), plain)
    return a_client(store)


def previewed(client: FlaskClient, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    reply = client.post(HERE, json={"currency": "EUR", "lines": list(lines)} | more)
    assert reply.status_code == 200, reply.json
    return dict(reply.json)


def refused(client: FlaskClient, *lines: dict[str, Any], **more: Any) -> tuple[int, str, str]:
    reply = client.post(HERE, json={"currency": "EUR", "lines": list(lines)} | more)
    problem: dict[str, Any] = reply.json
    return reply.status_code, problem["errors"][0]["code"], problem["errors"][0]["pointer"]


def euros(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def test_lines_go_in_and_totals_and_taxes_come_out(client: FlaskClient) -> None:
    body = previewed(client, LINE, LINE, rounding="per_document")
    tax = {"name": "VAT", "rate": "10", "withheld": False, "base": euros("1.24")}
    line = {
        "kind": "item",
        "product_id": None,
        "quantity": "1",
        "unit": "",
        "unit_price": euros("1.24"),
        "price_includes_tax": False,
        "net": euros("1.24"),
    }
    assert body == {
        "lines": [
            line
            | {
                "tax": euros(amount),
                "total": euros(total),
                "taxes": [tax | {"amount": euros(amount)}],
            }
            for amount, total in (("0.12", "1.36"), ("0.13", "1.37"))
        ],
        "net": euros("2.48"),
        "tax": euros("0.25"),
        "total": euros("2.73"),
        "withheld": euros("0.00"),
        "cash_rounding": euros("0.00"),
        "payable": euros("2.73"),
        "taxes": [tax | {"base": euros("2.48"), "amount": euros("0.25")}],
    }


def test_every_line_is_rounded_unless_something_else_is_said(client: FlaskClient) -> None:
    assert previewed(client, LINE, LINE)["tax"] == euros("0.24")
    assert previewed(client, LINE, LINE, rounding="per_line")["tax"] == euros("0.24")


def test_discounts_coins_and_what_is_withheld(client: FlaskClient) -> None:
    kept = {"name": "ISS", "rate": "5", "withheld": True}
    line = LINE | {"unit_price": "100", "taxes": [VAT | {"rate": "20"}, kept]}
    body = previewed(client, line, discount_percent="10", cash_step="0.5")
    assert (body["net"], body["total"], body["withheld"]) == (
        euros("90.00"),
        euros("108.00"),
        euros("4.50"),
    )
    assert (body["payable"], body["cash_rounding"]) == (euros("103.50"), euros("0.00"))
    other = previewed(client, line | {"discount_amount": "7", "discount_percent": None})
    assert other["net"] == euros("93.00")
    assert previewed(client, line, discount_amount="0.05")["net"] == euros("99.95")


def test_a_price_may_say_its_currency_if_it_is_the_documents(client: FlaskClient) -> None:
    assert previewed(client, LINE | {"unit_price": euros("2")})["net"] == euros("2.00")
    said = refused(client, LINE | {"unit_price": {"amount": "2", "currency": "USD"}})
    assert said == (422, "money.currency_mismatch", "/lines/0/unit_price")


def test_a_product_brings_its_price_its_unit_and_its_taxes(client: FlaskClient) -> None:
    vat = client.post("/v1/tax-classes", json={"name": "VAT", "components": [VAT]}).json
    tea = {"sku": "TEA", "name": "Tea", "kind": "goods", "sale_price": "12.5"}
    product = client.post("/v1/products", json=tea | {"tax_class_id": vat["id"]}).json
    body = previewed(client, {"product_id": product["id"], "quantity": "2"})
    (line,) = body["lines"]
    assert (line["product_id"], line["unit"], line["unit_price"]) == (
        product["id"],
        "un",
        euros("12.5"),
    )
    assert body["total"] == euros("27.50")


def test_a_customer_brings_his_discount_and_his_prices(client: FlaskClient) -> None:
    ana = {"kind": "person", "name": "Ana", "roles": ["customer"], "discount_percent": "10"}
    party = client.post("/v1/parties", json=ana).json
    line = LINE | {"unit_price": "10", "taxes": []}
    assert previewed(client, line, party_id=party["id"])["net"] == euros("9.00")


def test_headings_and_subtotals_come_along(client: FlaskClient) -> None:
    heading = {"kind": "heading", "description": "Teas"}
    body = previewed(client, heading, LINE, LINE, {"kind": "subtotal"})
    assert [each["net"]["amount"] for each in body["lines"]] == ["0.00", "1.24", "1.24", "2.48"]
    assert body["net"] == euros("2.48")


@pytest.mark.parametrize(
    ("line", "more", "told"),
    [
        ({"quantity": "0"}, {}, (422, "catalog.line.quantity", "/lines/0/quantity")),
        ({"quantity": 1.5}, {}, (422, "decimal_string", "/lines/0/quantity")),
        ({"quantity": "1.1234567"}, {}, (422, "quantity.places", "/lines/0/quantity")),
        ({"unit_price": None}, {}, (422, "catalog.line.unit_price", "/lines/0/unit_price")),
        (
            {"discount_percent": "101"},
            {},
            (422, "catalog.line.discount", "/lines/0/discount_percent"),
        ),
        ({"discount_percent": "-1"}, {}, (422, "rate.range", "/lines/0/discount_percent")),
        (
            {"discount_percent": "1", "discount_amount": "1"},
            {},
            (422, "catalog.discount.twice", "/lines/0/discount_amount"),
        ),
        (
            {"taxes": [VAT | {"rate": "-1"}]},
            {},
            (422, "rate.range", "/lines/0/taxes/0/rate"),
        ),
        ({"colour": "red"}, {}, (422, "unknown_field", "/lines/0/colour")),
        ({}, {"discount_amount": "9"}, (422, "catalog.discount.too_large", "/discount_amount")),
        ({}, {"cash_step": "0.001"}, (422, "catalog.document.cash_step", "/cash_step")),
        ({}, {"rounding": "never"}, (422, "choice", "/rounding")),
        ({}, {"currency": "euro"}, (422, "length", "/currency")),
        ({}, {"currency": "eur"}, (422, "money.currency", "/currency")),
        ({}, {"currency": "XQZ"}, (422, "money.currency", "/currency")),
        ({"product_id": str(new_id())}, {}, (404, "not_found", "/lines/0/product_id")),
        ({}, {"party_id": str(new_id())}, (404, "not_found", "/party_id")),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(
    client: FlaskClient, line: dict[str, Any], more: dict[str, Any], told: tuple[int, str, str]
) -> None:
    assert refused(client, LINE | line, **more) == told


def test_a_cart_has_a_thousand_lines_at_most(client: FlaskClient) -> None:
    many = [LINE] * LINES_MAX
    total = Decimal("1.24") * LINES_MAX
    assert previewed(client, *many)["net"] == euros(str(total))
    assert refused(client, *many, LINE) == (422, "items", "/lines")


def test_asking_twice_needs_no_key_and_keeps_none(client: FlaskClient) -> None:
    body = {"currency": "EUR", "lines": [LINE]}
    keyed = {"Idempotency-Key": "cart-1"}
    first = client.post(HERE, json=body, headers=keyed)
    other = client.post(HERE, json=body | {"lines": [LINE, LINE]}, headers=keyed)
    assert (first.status_code, other.status_code) == (200, 200)
    assert "Idempotency-Replayed" not in other.headers
    assert other.json["net"] == euros("2.48")
